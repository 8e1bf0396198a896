/**
 * Edges of the wide and the folded picture: right angles, in the gutter between two columns only, a lane
 * each, ordered so that as few as possible cross. An edge that ends on a token ends at the height of the
 * token; a stale one ends on the card.
 */
import { LANE } from './columns.ts';
import { insideOf, TOKEN_PITCH, type Box, type Plan } from './places.ts';
import type { Edge, FolioCard, Scene } from './scene.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface RoutedEdge {
  readonly edge: Edge;
  readonly points: readonly Point[];
  /** The points as an SVG path with rounded corners. */
  readonly path: string;
}

/** An edge between the sides of two columns, before it has a lane. `x0` is left of `x1`. */
interface Wire {
  readonly edge: Edge;
  readonly x0: number;
  y0: number;
  readonly x1: number;
  y1: number;
  /** It runs from right to left. */
  readonly back: boolean;
  readonly order: number;
}

const CORNER = 8;
/** A bend must not touch an arrow head or the disc of a reference. */
const CLEAR = { head: 18, disc: 30, plain: 8 } as const;
export const STRENGTH: readonly Edge['kind'][] = [
  'belongs',
  'away',
  'get',
  'pin',
  'read-only',
  'stale',
  'writable',
];

export function route(scene: Scene, plan: Plan, at: (id: string) => Box | undefined): readonly RoutedEdge[] {
  const wires: Wire[] = [];
  for (const [order, edge] of scene.edges.entries()) {
    const from = at(edge.from);
    const to = at(edge.to);
    if (!from || !to) continue;
    const card = cardOf(scene, plan, edge.to) ?? to;
    const back = from.x > card.x;
    const a: Point = { x: back ? from.x : from.x + from.w, y: middle(from) };
    const b: Point = { x: back ? card.x + card.w : card.x, y: middle(to) };
    const [left, right] = back ? [b, a] : [a, b];
    wires.push({ edge, x0: left.x, y0: left.y, x1: right.x, y1: right.y, back, order });
  }
  endOnCards(scene, plan, at, wires);
  return [...gutters(wires).values()]
    .flatMap(lanes)
    .sort((a, b) => STRENGTH.indexOf(a.edge.kind) - STRENGTH.indexOf(b.edge.kind));
}

const middle = (box: Box): number => box.y + box.h / 2;

export const owns = (folio: FolioCard, id: string): boolean =>
  folio.id === id || [...folio.mapped, ...folio.held].some((token) => token.id === id);

/** The card whose border an edge ends at: that of a folio for its tokens. */
function cardOf(scene: Scene, plan: Plan, id: string): Box | undefined {
  const folio = scene.folios.find((one) => owns(one, id));
  return plan.folios.find((place) => place.id === folio?.id)?.box;
}

/**
 * Nobody counts a stale entry, so its edge ends on the card and keeps clear of the heights where tokens are
 * counted. So do the edges of a folio whose tokens are not drawn.
 */
function endOnCards(
  scene: Scene,
  plan: Plan,
  at: (id: string) => Box | undefined,
  wires: readonly Wire[],
): void {
  const taken = new Map<string, number[]>();
  for (const wire of wires) {
    const folio = scene.folios.find((one) => owns(one, wire.edge.to));
    const box = folio && at(folio.id);
    if (!folio || !box || (folio.id !== wire.edge.to && at(wire.edge.to)?.h !== box.h)) continue;
    const side = `${folio.id} ${wire.back}`;
    const used = taken.get(side) ?? [];
    taken.set(side, used);
    const place = [plan.open, ...plan.folios].find((one) => one?.box === box);
    if (used.length === 0 && place && place.form !== 'line') {
      const first = box.y + insideOf(place).token + 14;
      folio[wire.back ? 'held' : 'mapped'].forEach((_, i) => used.push(first + TOKEN_PITCH * i));
    }
    const end = freeHeight(wire.back ? wire.y1 : wire.y0, box, used);
    if (wire.back) wire.y0 = end;
    else wire.y1 = end;
    used.push(end);
  }
}

/** The height nearest to the wish that keeps clear of what ends there already. */
function freeHeight(wish: number, box: Box, used: readonly number[]): number {
  const apart = box.h < 60 ? 8 : 14;
  const [low, high] = [box.y + apart, box.y + box.h - apart];
  const start = Math.min(high, Math.max(low, wish));
  for (let off = 0; off <= box.h; off += 2) {
    for (const y of [start + off, start - off]) {
      if (y >= low && y <= high && used.every((one) => Math.abs(one - y) >= apart)) return y;
    }
  }
  return start;
}

function gutters(wires: readonly Wire[]): ReadonlyMap<string, readonly Wire[]> {
  const found = new Map<string, Wire[]>();
  for (const wire of wires) {
    const key = `${wire.x0} ${wire.x1}`;
    found.set(key, [...(found.get(key) ?? []), wire]);
  }
  return found;
}

const isStraight = (wire: Wire): boolean => Math.abs(wire.y0 - wire.y1) < 1;

const between = (y: number, wire: Wire): boolean =>
  y > Math.min(wire.y0, wire.y1) - 4 && y < Math.max(wire.y0, wire.y1) + 4;

/** Crossings when `a` has the lane left of `b`. */
const crossings = (a: Wire, b: Wire): number => (between(b.y0, a) ? 1 : 0) + (between(a.y1, b) ? 1 : 0);

function lanes(wires: readonly Wire[]): readonly RoutedEdge[] {
  const bent = wires
    .filter((wire) => !isStraight(wire))
    .sort((a, b) => a.y0 - b.y0 || a.y1 - b.y1 || a.order - b.order);
  const ordered = untangle(bent);
  const lane = new Map<Wire, number>();
  let most = 0;
  ordered.forEach((wire, i) => {
    // Edges that never stand beside each other share a lane.
    const left = ordered.slice(0, i).filter((one) => overlap(one, wire));
    const own = left.reduce((far, one) => Math.max(far, (lane.get(one) ?? 0) + 1), 0);
    lane.set(wire, own);
    most = Math.max(most, own);
  });
  return wires.map((wire) => {
    const from = { x: wire.x0, y: wire.y0 };
    const to = { x: wire.x1, y: wire.y1 };
    const own = lane.get(wire);
    const x = own === undefined ? 0 : laneAt(wire, own, most + 1);
    const points = own === undefined ? [from, to] : [from, { x, y: wire.y0 }, { x, y: wire.y1 }, to];
    return routed(wire.edge, wire.back ? points.toReversed() : points);
  });
}

const overlap = (a: Wire, b: Wire): boolean =>
  Math.max(a.y0, a.y1) + LANE > Math.min(b.y0, b.y1) && Math.max(b.y0, b.y1) + LANE > Math.min(a.y0, a.y1);

function laneAt(wire: Wire, own: number, count: number): number {
  const end = wire.edge.kind === 'belongs' ? CLEAR.plain : wire.back ? CLEAR.disc : CLEAR.head;
  const [left, right] = wire.back
    ? [wire.x0 + end, wire.x1 - CLEAR.plain]
    : [wire.x0 + CLEAR.plain, wire.x1 - end];
  const pitch = count < 2 ? 0 : Math.min(LANE, (right - left) / (count - 1));
  return Math.round((left + right) / 2 + pitch * (own - (count - 1) / 2));
}

/** Neighbours change places as long as that saves a crossing. */
function untangle(wires: readonly Wire[]): readonly Wire[] {
  const order = [...wires];
  for (let round = 0; round < order.length; round += 1) {
    let better = false;
    for (let i = 0; i + 1 < order.length; i += 1) {
      const [a, b] = [order[i], order[i + 1]];
      if (!a || !b || crossings(b, a) >= crossings(a, b)) continue;
      order[i] = b;
      order[i + 1] = a;
      better = true;
    }
    if (!better) break;
  }
  return order;
}

export function routed(edge: Edge, points: readonly Point[]): RoutedEdge {
  return { edge, points, path: rounded(points) };
}

/** Straight pieces with a quarter circle at every corner, smaller where a piece is short. */
export function rounded(points: readonly Point[]): string {
  const [first] = points;
  if (!first) return '';
  let path = `M${first.x} ${first.y}`;
  points.slice(1).forEach((point, i) => {
    const before = points[i] ?? first;
    const after = points[i + 2];
    if (!after) {
      path += `L${point.x} ${point.y}`;
      return;
    }
    const r = Math.min(CORNER, length(before, point) / 2, length(point, after) / 2);
    const start = toward(point, before, r);
    const end = toward(point, after, r);
    path += `L${start.x} ${start.y}Q${point.x} ${point.y} ${end.x} ${end.y}`;
  });
  return path;
}

const length = (a: Point, b: Point): number => Math.abs(a.x - b.x) + Math.abs(a.y - b.y);

const toward = (from: Point, to: Point, by: number): Point => ({
  x: from.x + Math.sign(to.x - from.x) * Math.min(by, Math.abs(to.x - from.x)),
  y: from.y + Math.sign(to.y - from.y) * Math.min(by, Math.abs(to.y - from.y)),
});
