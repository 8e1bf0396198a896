/**
 * The places of a run: made from its extent and the frame, never from a step, so that a card keeps its
 * place while one steps.
 */
import { columns, SLIM_FROM, type Column } from './columns.ts';
import {
  axisOf,
  folioHeight,
  folioLines,
  GAP,
  holderAt,
  holderAxis,
  LINE_SLIM,
  RIM,
  stripOf,
  type Air,
  type FolioForm,
  type FolioPlace,
  type Head,
  type HolderPlace,
  type PictureFrame,
  type Plan,
  type ProcessPlace,
} from './places.ts';
import { planPhone } from './plan-phone.ts';
import type { Extent } from './scene.ts';
import { BAND, bandOf } from './stack.ts';

const FULL_MOST = 3;
const FOLDED_MOST = 6;
const COMPACT_FROM = 3;
const GAP_DENSE = 8;
const GAP_TIGHT = 6;
/** What stands beside two bands may be a little higher than they are. */
const TWO_BANDS = 2 * BAND.full + GAP + 4;

/**
 * The roomiest picture that is not higher than its frame; where even the densest is, that one, since it
 * scrolls least. A frame without a height takes the roomiest.
 */
export function plan(extent: Extent, frame: PictureFrame): Plan {
  if (frame.shape === 'phone') return planPhone(extent, frame);
  const folded = { ...frame, open: [] };
  let density = ROOMY;
  let best = planAt(extent, folded, density);
  for (const next of DENSER) {
    if (frame.height <= 0 || best.height <= frame.height) break;
    const denser = planAt(extent, folded, next);
    if (denser.height >= best.height) continue;
    // A line for each folio hides who holds it: only where then all can be seen at once, or nearly.
    const over = (one: Plan): number => one.height - frame.height;
    if (next.lines && over(denser) > 0 && 3 * over(denser) > 2 * over(best)) continue;
    best = denser;
    density = next;
  }
  // What somebody unfolds makes its card higher, and nothing else denser.
  return (frame.open ?? []).length === 0 ? best : planAt(extent, frame, density);
}

interface Density {
  /** Between cards. */
  readonly gap: number;
  /** Folios, or bands and holders, too, are drawn as they are where there is little room. */
  readonly dense: 'nothing' | 'folios' | 'all';
  /** How much air is around a line: in the last case an entry is one line with its words. */
  readonly air: Air;
  /** Each folio is a line. */
  readonly lines: boolean;
}

const ROOMY: Density = { gap: GAP, dense: 'nothing', air: 'full', lines: false };
const DENSE: Density = { gap: GAP_DENSE, dense: 'all', air: 'full', lines: false };
const SNUG: Density = { gap: GAP_DENSE, dense: 'all', air: 'snug', lines: false };
const TIGHT: Density = { gap: GAP_TIGHT, dense: 'all', air: 'tight', lines: false };
/** From the second roomiest to the densest. */
const DENSER: readonly Density[] = [
  { ...DENSE, dense: 'folios' },
  DENSE,
  SNUG,
  TIGHT,
  { ...TIGHT, air: 'slim' },
  { ...DENSE, lines: true },
  { ...TIGHT, lines: true },
  { ...TIGHT, air: 'slim', lines: true },
];

function planAt(extent: Extent, frame: PictureFrame, density: Density): Plan {
  const { gap } = density;
  const dense = density.dense === 'all';
  const folded = frame.shape === 'folded';
  // A stale entry is rare: one lane for all of them.
  const edges = extent.processes.reduce((all, one) => all + one.ptes, 1);
  const wanted = { folded, air: density.air, holders: extent.holders.length > 0, edges };
  const at = columns(frame.width, wanted);
  // One line for an entry needs a column that is wide enough for it.
  const air = density.air === 'slim' && (at.table ?? at.process).w < SLIM_FROM ? 'tight' : density.air;
  const compact = dense || extent.processes.length >= COMPACT_FROM;
  const form = folded ? 'folded' : compact ? 'compact' : 'full';
  const processes: ProcessPlace[] = [];
  let y = RIM;
  for (const need of extent.processes) {
    const band = bandOf(
      need,
      { form, dense, air, open: frame.open?.includes(need.id) ?? false },
      at.process,
      at.table,
      y,
    );
    processes.push(band);
    y += band.card.h + gap;
  }
  const { folios, open } = placeFolios(extent, at.folio, {
    folded: folded || dense,
    density: { ...density, air },
  });
  const holders = at.holder
    ? placeHolders(extent, at.holder, { folios, open }, folded || dense ? low(air) : 'full')
    : [];
  const bottoms = [...processes.map(({ card }) => card), ...[...folios, ...holders].map(({ box }) => box)];
  if (open) bottoms.push(open.box);
  return {
    shape: frame.shape,
    width: frame.width,
    height: Math.max(RIM, ...bottoms.map(({ y: top, h }) => top + h)) + RIM,
    heads: heads(at),
    processes,
    folios,
    open,
    holders,
  };
}

function heads(at: ReturnType<typeof columns>): readonly Head[] {
  const others = (at.holder?.w ?? 0) < 120 ? 'Holders' : 'Other holders';
  const named: readonly (readonly [string, Column | null])[] = [
    ['Processes', at.process],
    ['Page tables', at.table],
    ['Folios', at.folio],
    [others, at.holder],
  ];
  return named.flatMap(([text, column]) => (column ? [{ text, x: column.x, w: column.w }] : []));
}

/** Cards whose first tokens stand where the first entries do, with as much air. */
type Low = 'folded' | 'tight' | 'slim';
const low = (air: Air): Low => (air === 'slim' || air === 'tight' ? air : 'folded');

const heightOf = (need: Extent['folios'][number], form: FolioForm): number =>
  folioHeight(need.never === true ? 'line' : form, folioLines(need), stripOf(need, form));

interface Rows {
  readonly folded: boolean;
  readonly density: Density;
}

/**
 * Up to three in full, up to six folded; beyond that a line each, under one place for the folio of the
 * step.
 */
function placeFolios(extent: Extent, at: Column, { folded, density }: Rows): Pick<Plan, 'folios' | 'open'> {
  const count = extent.folios.length;
  const high = (one: FolioForm): number =>
    extent.folios.reduce((all, need) => all + heightOf(need, one) + GAP, -GAP);
  // Two that would just not fit beside two bands are drawn denser.
  const fits = high('full') > TWO_BANDS && high('dense') <= TWO_BANDS;
  const { gap, air } = density;
  const full = fits || density.dense !== 'nothing' ? 'dense' : 'full';
  const rich = folded ? low(air) : full;
  const form: FolioForm = density.lines || count > FOLDED_MOST ? 'line' : count > FULL_MOST ? low(air) : rich;
  const most = Math.max(1, ...extent.folios.map(folioLines));
  let y = RIM;
  let open: FolioPlace | null = null;
  if (form === 'line') {
    const strip = Math.max(0, ...extent.folios.map((need) => stripOf(need, rich)));
    open = { id: '', form: rich, lines: most, strip, box: { ...at, y, h: folioHeight(rich, most, strip) } };
    y += open.box.h + gap;
  }
  const folios = extent.folios.map((need): FolioPlace => {
    const lines = folioLines(need);
    const slim = form === 'line' && air === 'slim';
    const high = slim ? LINE_SLIM : heightOf(need, form);
    const box = { ...at, y, h: high };
    y += box.h + (slim ? 4 : form === 'line' ? Math.min(8, gap) : gap);
    return { id: need.id, form, lines, strip: stripOf(need, form), box };
  });
  return { folios, open };
}

/**
 * A holder stands beside the folio that it holds first, so that its edge is straight where there is room
 * for that.
 */
function placeHolders(
  extent: Extent,
  at: Column,
  { folios, open }: Pick<Plan, 'folios' | 'open'>,
  roomy: 'full' | Low,
): readonly HolderPlace[] {
  const form = extent.holders.length > 2 ? 'compact' : roomy;
  const rank = (id: string | null): number => {
    const found = folios.findIndex((one) => one.id === id);
    return found < 0 ? folios.length : found;
  };
  const sorted = extent.holders
    .map((need, order) => ({ need, order, rank: rank(need.folio) }))
    .sort((a, b) => a.rank - b.rank || a.order - b.order);
  let free = RIM;
  const placed = sorted.map(({ need }) => {
    // Where folios are lines, their tokens are drawn in the one place above them.
    const beside = open ?? folios.find((one) => one.id === need.folio);
    const wish = beside ? beside.box.y + axisOf(beside) - holderAxis(form, need.rows) : free;
    const place = holderAt(need.id, form, need.rows, { ...at, y: Math.max(free, wish) });
    free = place.box.y + place.box.h + (form === 'compact' ? 8 : GAP);
    return place;
  });
  return extent.holders.flatMap(({ id }) => placed.find((one) => one.id === id) ?? []);
}
