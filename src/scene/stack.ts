/** What stands inside a process card and its page table, line under line. */
import type { Column } from './columns.ts';
import { WALK, type Air, type Box, type ProcessPlace } from './places.ts';
import type { Extent } from './scene.ts';

export type Need = Extent['processes'][number];
/** Bands of the mock-ups: their heights and where all edges meet. */
export const BAND = { full: 212, compact: 172 } as const;
export const AXIS = { full: 92, compact: 68 } as const;
const VIEW_LARGE = 52;
/** Heights of lines, and where the first area of memory and the first entry have their middle. */
const LINES = {
  full: { head: 40, vma: 32, rest: 98, pte: 56, thread: 24, view: 44, viewLine: 30, end: 6 },
  snug: { head: 42, vma: 32, rest: 91, pte: 52, thread: 22, view: 42, viewLine: 28, end: 5 },
  tight: { head: 34, vma: 32, rest: 80, pte: 48, thread: 21, view: 39, viewLine: 24, end: 4 },
  slim: { head: 35, vma: 30, rest: 66, pte: 28, thread: 20, view: 36, viewLine: 20, end: 4 },
} as const;
const LEAST = { full: BAND.compact, snug: 156, tight: 128, slim: 96 } as const;
/** Of the TLB rows under an entry: above and below them, one, and from one to the next. */
const TLBS = { full: [3, 24, 25], snug: [3, 22, 22], tight: [2, 20, 20], slim: [1, 20, 20] } as const;
const VIEW = LINES.full.view;
/** The middle of the first entry, where the first tokens of the folios have theirs. */
const MIDDLE = { snug: 68, tight: 58, slim: 49 } as const;
/** A label and six small cells beside each other. */
const VIEW_LINE_FROM = 248;
/** Of the line of a CPU, for its TLB. */
const TLB_PART = 124;
/** Of the line of an entry. */
const TLB_END = 104;
/** The page, its bits and where it leads, beside that. */
const BESIDE_FROM = 320;

const times = (count: number): readonly number[] => [...Array(Math.max(0, count)).keys()];
const line = (column: Column, y: number, h: number): Box => ({ ...column, y, h });

export interface Look {
  readonly form: 'full' | 'compact' | 'folded';
  /** What somebody would see stands in one line with its label, where the column is wide enough. */
  readonly dense: boolean;
  readonly air: Air;
  /** The walk is unfolded. */
  readonly open: boolean;
}

/** One process: its card and, in the wide picture, its page table beside it, equally high. */
export function bandOf(
  need: Need,
  { form, dense, air, open }: Look,
  process: Column,
  table: Column | null,
  y: number,
): ProcessPlace {
  if (form === 'folded' || !table) return foldedCard(need, process, y, { air, open });
  const card = form === 'full' ? fullCard(need, process, y) : compactCard(need, process, y, { dense, air });
  const axis = air === 'full' ? AXIS[form] : MIDDLE[air];
  const rows = tableRows(need, table, y + axis - LINES[air].pte / 2, { roomy: form === 'full', air });
  const under = walkBoxes(need, table, rows.bottom + 3, open);
  const h = Math.max(
    air === 'full' ? BAND[form] : LEAST[air],
    card.bottom - y,
    rows.bottom - y,
    under.bottom - y,
  );
  return {
    ...card.place,
    id: need.id,
    form,
    ptes: rows.ptes,
    tlbs: rows.tlbs,
    // In full a line of its own, else the corner of the card.
    walk: form === 'full' ? line(table, y + 38, 24) : corner(table, y),
    walks: under.walks,
    card: line(process, y, h),
    table: line(table, y, h),
  };
}

const CORNER = 24;
const corner = (at: Column, y: number): Box => ({
  x: at.x + at.w - CORNER - 6,
  y: y + 8,
  w: CORNER,
  h: CORNER,
});

/** Under the entries, so that the row where the edges begin stays where it is. */
function walkBoxes(
  need: Need,
  at: Column,
  top: number,
  open: boolean,
): { readonly walks: readonly Box[]; readonly bottom: number } {
  const walks = open ? times(need.walks).map((i) => line(at, top + WALK.height * i, WALK.height)) : [];
  return { walks, bottom: open ? top + WALK.height * walks.length + 1 : 0 };
}

type Inside = Pick<ProcessPlace, 'summary' | 'threads' | 'vmas' | 'views'>;
interface Stacked {
  readonly place: Inside;
  readonly bottom: number;
}

function fullCard(need: Need, at: Column, y: number): Stacked {
  const pitch = 36;
  const vmas = times(Math.max(1, need.vmas)).map((i) =>
    line(at, y + AXIS.full - pitch / 2 + pitch * i, pitch),
  );
  let free = y + AXIS.full + 28 + pitch * (vmas.length - 1);
  const summary = line(at, y + 40, 20);
  let threads: readonly Box[] = [summary];
  if (need.threads > 1) {
    threads = times(need.threads).map((i) => line(at, free + 6 + 28 * i, 28));
    free += 6 + 28 * need.threads;
  }
  if (need.views > 1) {
    const views = times(need.views).map((i) => line(at, free + VIEW * i, VIEW));
    return { place: { summary, threads, vmas, views }, bottom: free + VIEW * need.views + 4 };
  }
  const views = times(need.views).map(() => line(at, free + 12, VIEW_LARGE));
  return { place: { summary, threads, vmas, views }, bottom: free + 12 + VIEW_LARGE + 12 };
}

function compactCard(
  need: Need,
  at: Column,
  y: number,
  { dense, air }: Pick<Look, 'dense' | 'air'>,
): Stacked {
  const { vma: pitch, thread: high, rest } = LINES[air];
  const tight = air !== 'full';
  const vmas = times(Math.max(1, need.vmas)).map((i) =>
    line(at, y + (tight ? MIDDLE[air] : AXIS.compact) - pitch / 2 + pitch * i, pitch),
  );
  let free = y + rest + pitch * (vmas.length - 1);
  const threads = times(need.threads).map((i) => line(at, free + high * i, high));
  free += high * need.threads + (tight ? 0 : 2);
  const height = viewHeight(dense && (tight || need.views > 1) && at.w >= VIEW_LINE_FROM, air);
  const views = times(need.views).map((i) => line(at, free + height * i, height));
  return { place: { summary: null, threads, vmas, views }, bottom: free + height * need.views + 4 };
}

const viewHeight = (inOneLine: boolean, air: Air): number =>
  inOneLine ? LINES[air].viewLine : LINES[air].view;

interface Rows {
  readonly ptes: readonly Box[];
  readonly tlbs: readonly (readonly Box[])[];
  readonly bottom: number;
}

/** One entry per page, its TLB rows under it. */
function tableRows(
  need: Need,
  at: Column,
  top: number,
  { roomy = false, air }: { readonly roomy?: boolean; readonly air: Air },
): Rows {
  const airy = roomy && need.ptes < 2 && need.tlbs < 5;
  const { pte } = LINES[air];
  const [gap, height, pitch] = airy ? [8, 28, 32] : TLBS[air];
  const ptes: Box[] = [];
  const tlbs: (readonly Box[])[] = [];
  let free = top;
  for (let page = 0; page < need.ptes; page += 1) {
    ptes.push(line(at, free, pte));
    free += pte;
    const first = free + gap;
    tlbs.push(times(need.tlbs).map((i) => line(at, first + pitch * i, height)));
    if (need.tlbs > 0) free = first + pitch * need.tlbs + gap;
  }
  return { ptes, tlbs, bottom: free + (airy ? 4 : 1) };
}

function foldedCard(
  need: Need,
  at: Column,
  y: number,
  { air, open }: Pick<Look, 'air' | 'open'>,
): ProcessPlace {
  const { head, thread: high, end } = LINES[air];
  const tight = air !== 'full';
  // With one page the line of a CPU says both what runs there and what its TLB believes.
  const shared = need.ptes === 1 && need.tlbs > 0 && need.tlbs <= need.threads;
  // With several, and hardly any height, what the only TLB believes ends the line of its entry.
  const many = air === 'slim' && need.ptes > 1 && at.w >= BESIDE_FROM;
  const beside = many && need.tlbs === 1;
  const own = tableRows(shared || beside ? { ...need, tlbs: 0 } : need, at, y + head, { air });
  const part = beside ? TLB_END : TLB_PART;
  const belief = (box: Box): Box => ({ ...box, x: box.x + box.w - part, w: part });
  const table = beside
    ? {
        ...own,
        ptes: own.ptes.map((box) => ({ ...box, w: box.w - part })),
        tlbs: own.ptes.map((box) => [belief(box)]),
      }
    : own;
  let free = table.bottom + (tight ? 1 : 3);
  const lines = times(need.threads).map((i) => line(at, free + high * i, high));
  const threads = lines.map((box, i) => (shared && i < need.tlbs ? { ...box, w: box.w - TLB_PART } : box));
  const rows = shared ? { ...table, tlbs: [lines.slice(0, need.tlbs).map(belief)] } : table;
  free += high * need.threads + (tight ? 0 : 3);
  const roomy = need.views < 2 && !tight;
  const height = roomy ? VIEW_LARGE : viewHeight(at.w >= VIEW_LINE_FROM, air);
  // Then also what would be seen: two beside each other.
  const across = many ? 2 : 1;
  const half = Math.floor(at.w / across);
  const views = times(need.views).map((i) => ({
    x: at.x + half * (i % across),
    y: free + height * Math.floor(i / across),
    w: half,
    h: height,
  }));
  free += height * Math.ceil(need.views / across) + end;
  const under = walkBoxes(need, at, free, open);
  const h = Math.max(LEAST[air], free - y, under.bottom - y);
  return {
    ...rows,
    walk: corner(at, y),
    walks: under.walks,
    id: need.id,
    form: 'folded',
    card: line(at, y, h),
    table: null,
    summary: null,
    threads,
    vmas: [],
    views,
  };
}

/** The smallest card: entries, threads, and one line of what the owner would see. */
export function phoneCard(need: Need, at: Column, y: number): ProcessPlace {
  const ptes = times(need.ptes).map((i) => line(at, y + 41 + 54 * i, 54));
  let free = y + 43 + 54 * need.ptes;
  const threads = times(need.threads).map((i) => line(at, free + 24 * i, 24));
  free += 24 * need.threads + 2;
  const views = times(Math.min(1, need.views)).map(() => line(at, free, VIEW));
  const h = free + VIEW * views.length + 6 - y;
  return {
    id: need.id,
    form: 'phone',
    card: line(at, y, h),
    table: null,
    summary: null,
    threads,
    vmas: [],
    ptes,
    tlbs: ptes.map(() => []),
    views,
    walk: null,
    walks: [],
  };
}
