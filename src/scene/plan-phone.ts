/**
 * The phone: owners two abreast, edges downward, the folio of the step in full, every other folio a line
 * below it.
 */
import {
  folioHeight,
  stripOf,
  folioLines,
  holderAt,
  RIM,
  type FolioPlace,
  type HolderPlace,
  type PictureFrame,
  type Plan,
  type ProcessPlace,
} from './places.ts';
import type { Column } from './columns.ts';
import type { Extent } from './scene.ts';
import { phoneCard } from './stack.ts';

const GAP = 14;
/** Under a row of cards: room to turn into the channel between the two columns. */
const TURN = 18;
/** Between the owners and the folio: a bend, an arrow head, or the disc of a reference. */
const DROP = 46;
const LINE = { height: 44, pitch: 52 };

interface Sides {
  readonly left: Column;
  readonly right: Column;
}

export function planPhone(extent: Extent, frame: PictureFrame): Plan {
  const margin = frame.width < 376 ? 12 : 16;
  const { processes, holders, bottom } = placeOwners(extent, sidesOf(extent, frame.width, margin));
  const most = Math.max(1, ...extent.folios.map(folioLines));
  const wide = { x: margin, w: frame.width - 2 * margin };
  // When nothing but one folio ever lives, it needs no list below.
  const alone = extent.folios.length === 1 ? extent.folios[0] : undefined;
  const strip = Math.max(0, ...extent.folios.map((need) => stripOf(need, 'phone')));
  const box = { ...wide, y: bottom + DROP, h: folioHeight('phone', most, strip) };
  const open: FolioPlace = { id: alone?.id ?? '', form: 'phone', lines: most, strip, box };
  const first = box.y + box.h + GAP;
  const list = extent.folios.map(({ id }, i): FolioPlace => ({
    id,
    form: 'line',
    lines: 1,
    strip: 0,
    box: { ...wide, y: first + LINE.pitch * i, h: LINE.height },
  }));
  const last = (alone ? open : list.at(-1))?.box ?? box;
  return {
    shape: 'phone',
    width: frame.width,
    height: last.y + last.h + RIM,
    heads: [],
    processes,
    folios: alone ? [open] : list,
    open: alone ? null : open,
    holders,
  };
}

/** Edges of upper rows come down between the two columns, a lane each. */
function sidesOf(extent: Extent, width: number, margin: number): Sides {
  const through = Math.max(0, extent.processes.length - 2) + Math.max(0, extent.holders.length - 2);
  const channel = through > 0 ? Math.min(40, 16 + 4 * through) : GAP;
  const w = Math.floor((width - 2 * margin - channel) / 2);
  return { left: { x: margin, w }, right: { x: width - margin - w, w } };
}

interface Owners {
  readonly processes: readonly ProcessPlace[];
  readonly holders: readonly HolderPlace[];
  readonly bottom: number;
}

function placeOwners(extent: Extent, { left, right }: Sides): Owners {
  const processes: ProcessPlace[] = [];
  let y = RIM;
  for (let i = 0; i < extent.processes.length; i += 2) {
    const pair = extent.processes.slice(i, i + 2);
    const cards = pair.map((need, side) => phoneCard(need, side === 1 ? right : left, y));
    const h = Math.max(...cards.map(({ card }) => card.h));
    // Neighbours are equally high, so that a short one leaves no hole over its edge.
    processes.push(...cards.map((one) => ({ ...one, card: { ...one.card, h } })));
    y += h + TURN;
  }
  const odd = extent.processes.length % 2 === 1 ? processes.at(-1)?.card : undefined;
  const beside = odd ? stacked(extent.holders, right, odd.y, odd.y + odd.h) : [];
  const rest = extent.holders.slice(beside.length);
  // Two more stand on the right, so that the edges of the left column pass; from three on on both sides.
  const sides = rest.length > 2 ? [left, right] : [right];
  const below: HolderPlace[] = [];
  for (let i = 0; i < rest.length; i += sides.length) {
    const row = rest
      .slice(i, i + sides.length)
      .map((need, side) => holderAt(need.id, 'compact', need.rows, { ...(sides[side] ?? right), y }));
    below.push(...row);
    y += Math.max(...row.map(({ box }) => box.h)) + TURN;
  }
  const placed = [...beside, ...below];
  const holders = extent.holders.flatMap(({ id }) => placed.find((one) => one.id === id) ?? []);
  return { processes, holders, bottom: y - TURN };
}

/** As many as fit between two heights: the empty half beside an odd process. */
function stacked(needs: Extent['holders'], at: Column, top: number, bottom: number): readonly HolderPlace[] {
  const placed: HolderPlace[] = [];
  let y = top;
  for (const need of needs) {
    const place = holderAt(need.id, 'compact', need.rows, { ...at, y });
    y += place.box.h + TURN;
    if (place.box.y + place.box.h > bottom) break;
    placed.push(place);
  }
  return placed;
}
