/**
 * Edges of the phone: out of the bottom of an owner, down between the columns where a card is in the way,
 * into the top of the one folio that is drawn in full. Page tables arrive over the left half, where their
 * tokens stand, all others over the right.
 */
import { FOLIO_HALF, type Box, type Plan } from './places.ts';
import { owns, routed, STRENGTH, type Point, type RoutedEdge } from './route.ts';
import type { Edge, Scene } from './scene.ts';

interface Fall {
  readonly edge: Edge;
  readonly card: Box;
  readonly back: boolean;
  /** Where it leaves its card, where it comes down above the folio, where it ends. */
  port: number;
  down: number;
  end: number;
}

/** From the lowest owner to the first bend, and from the last bend to the folio: an arrow head or a disc. */
const ABOVE = 30;
const APART = 14;
const DISC_APART = 28;

export function routePhone(
  scene: Scene,
  plan: Plan,
  at: (id: string) => Box | undefined,
  opened: string | null,
): readonly RoutedEdge[] {
  const place = plan.open ?? plan.folios[0];
  const folio = scene.folios.find(({ id }) => id === (plan.open ? opened : place?.id));
  if (!place || !folio || folio.state !== 'live') return [];
  const falls: Fall[] = [];
  for (const edge of scene.edges) {
    const from = at(edge.from);
    const card = cardUnder(plan, from);
    if (!card || !owns(folio, edge.to)) continue;
    falls.push({ edge, card, back: edge.kind === 'get' || edge.kind === 'pin', port: 0, down: 0, end: 0 });
  }
  leavePorts(falls);
  const owners = [...plan.processes.map(({ card }) => card), ...plan.holders.map(({ box }) => box)];
  const blocked = falls.filter((fall) => owners.some((card) => isUnder(card, fall)));
  channel(plan, blocked);
  arrive(falls, place.box);
  return falls
    .map((fall) => draw(fall, falls, blocked, place.box))
    .sort((a, b) => STRENGTH.indexOf(a.edge.kind) - STRENGTH.indexOf(b.edge.kind));
}

function cardUnder(plan: Plan, from: Box | undefined): Box | undefined {
  if (!from) return undefined;
  const inside = (card: Box): boolean =>
    card.x <= from.x &&
    card.x + card.w >= from.x + from.w &&
    card.y <= from.y &&
    card.y + card.h >= from.y + from.h;
  return [...plan.processes.map(({ card }) => card), ...plan.holders.map(({ box }) => box)].find(inside);
}

function leavePorts(falls: readonly Fall[]): void {
  for (const fall of falls) {
    const same = falls.filter(({ card }) => card === fall.card);
    const shift = same.indexOf(fall) - (same.length - 1) / 2;
    fall.port = Math.round(fall.card.x + fall.card.w / 2 + shift * DISC_APART);
    fall.down = fall.port;
  }
}

const isUnder = (card: Box, fall: Fall): boolean =>
  card.y >= fall.card.y + fall.card.h && card.x <= fall.port && card.x + card.w >= fall.port;

/** A lane between the columns for every edge that has a card in its way: those of the left column left. */
function channel(plan: Plan, blocked: readonly Fall[]): void {
  const cards = plan.processes.map(({ card }) => card);
  const left = Math.max(...cards.map(({ x, w }) => (x < plan.width / 2 ? x + w : 0)));
  const right = plan.width - left;
  const sorted = [...blocked].sort((a, b) => a.card.x - b.card.x || laterFirst(a, b));
  sorted.forEach((fall, i) => {
    fall.down = Math.round(left + ((right - left) * (i + 1)) / (sorted.length + 1));
  });
}

/**
 * On the left the lower rows take the outer lanes, on the right the inner ones, so that they do not cross.
 */
const laterFirst = (a: Fall, b: Fall): number => (a.back ? a.card.y - b.card.y : b.card.y - a.card.y);

/** Ends as near to straight below as the half of the folio allows, and apart. */
function arrive(falls: readonly Fall[], box: Box): void {
  for (const back of [false, true]) {
    const side = falls.filter((fall) => fall.back === back).sort((a, b) => a.down - b.down);
    const [low, high] = back
      ? [box.x + box.w / 2 + FOLIO_HALF, box.x + box.w - FOLIO_HALF]
      : [box.x + FOLIO_HALF, box.x + box.w / 2 - FOLIO_HALF];
    const apart = Math.min(back ? DISC_APART : APART, (high - low) / Math.max(1, side.length - 1));
    let free = low;
    side.forEach((fall, i) => {
      const last = high - apart * (side.length - 1 - i);
      fall.end = Math.round(Math.min(last, Math.max(free, fall.down)));
      free = fall.end + apart;
    });
  }
}

function draw(fall: Fall, falls: readonly Fall[], blocked: readonly Fall[], folio: Box): RoutedEdge {
  const { card, port, down, end } = fall;
  const points: Point[] = [{ x: port, y: card.y + card.h }];
  if (port !== down) {
    const row = blocked.filter((one) => one.card.y === card.y && one.card.x === card.x);
    const y = card.y + card.h + 6 + (4 * (row.indexOf(fall) + 1)) / Math.max(1, row.length / 2);
    points.push({ x: port, y }, { x: down, y });
  }
  if (down !== end) {
    const bent = falls.filter((one) => one.down !== one.end);
    // Those that go right turn the later the further left they come down; those that go left the other way.
    const same = bent.filter((one) => one.end > one.down === end > down).sort((a, b) => b.down - a.down);
    const rank = end > down ? same.indexOf(fall) : same.length - 1 - same.indexOf(fall);
    const y = folio.y - ABOVE - 14 + Math.round((12 * (rank + 1)) / (same.length + 1));
    points.push({ x: down, y }, { x: end, y });
  }
  points.push({ x: end, y: folio.y });
  return routed(fall.edge, points);
}
