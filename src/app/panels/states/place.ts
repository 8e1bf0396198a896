/** Where the states of the map stand: a column for each depth, the run first, children near parents. */
import type { MapNode } from '../../../worker/protocol/structure.ts';

export interface Placed {
  readonly x: number;
  readonly y: number;
}
export interface Places {
  readonly nodes: readonly Placed[];
  readonly width: number;
  readonly height: number;
  readonly pitch: number;
}

export const PAD = 16,
  ROW = 14,
  TOP = 12;
const LEAST = 14,
  MOST = 36;

export function placesOf(nodes: readonly MapNode[], layers: number, width: number): Places {
  const pitch = Math.min(MOST, Math.max(LEAST, (width - 2 * PAD) / Math.max(1, layers - 1)));
  const rows: number[] = [];
  const byDepth = new Map<number, number[]>();
  nodes.forEach(({ depth }, i) => byDepth.set(depth, [...(byDepth.get(depth) ?? []), i]));
  let most = 0;
  for (const mine of byDepth.values()) {
    const above = (i: number): number => rows[nodes[i]!.up] ?? 0;
    const on = (i: number): number => (nodes[i]!.steps.length > 0 ? 0 : 1);
    const order = [...mine].sort((a, b) => on(a) - on(b) || above(a) - above(b) || a - b);
    // A row is kept free for the run in every column, so that nothing crosses it.
    order.forEach((i, place) => (rows[i] = place + on(order[0]!)));
    most = Math.max(most, rows[order.at(-1)!]!);
  }
  return {
    nodes: nodes.map(({ depth }, i) => ({ x: PAD + depth * pitch, y: TOP + rows[i]! * ROW })),
    width: Math.max(width, 2 * PAD + (layers - 1) * pitch),
    height: 2 * TOP + most * ROW,
    pitch,
  };
}

/** Nodes that the run comes to, by its steps. */
export function runIn(nodes: readonly MapNode[]): readonly number[] {
  const out: number[] = [];
  nodes.forEach(({ steps }, place) => {
    for (const step of steps) out[step] = place;
  });
  return out;
}

/** What comes before a node: of the run its step before, else what it was first met from. */
export function before(nodes: readonly MapNode[], place: number): number {
  const { steps, up } = nodes[place]!,
    [first = 0] = steps;
  return first > 0 ? runIn(nodes)[first - 1]! : up;
}

/** All moves from the start to a node. */
export function wayTo(nodes: readonly MapNode[], place: number): readonly number[] {
  const out: number[][] = [];
  for (let at = nodes[place]; at && at.up >= 0; at = nodes[at.up]) out.unshift([...at.moves]);
  return out.flat();
}

/** The next node in that direction: along the moves, or up and down in a column. */
export function nextOf(nodes: readonly MapNode[], places: Places, from: number, key: string): number {
  const here = nodes[from];
  if (!here) return 0;
  if (key === 'ArrowLeft') return Math.max(0, before(nodes, from));
  const nearest = (of: readonly number[]): number => {
    const y = places.nodes[from]!.y;
    const far = (i: number): number => Math.abs(places.nodes[i]!.y - y);
    return of.reduce((best, i) => (far(i) < far(best) ? i : best), of[0] ?? from);
  };
  const all = [...nodes.keys()];
  if (key === 'ArrowRight') {
    const children = all.filter((i) => before(nodes, i) === from);
    return nearest(children);
  }
  const way = key === 'ArrowDown' ? 1 : -1;
  const column = all.filter(
    (i) => nodes[i]!.depth === here.depth && (places.nodes[i]!.y - places.nodes[from]!.y) * way > 0,
  );
  return nearest(column);
}
