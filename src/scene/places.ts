/**
 * The words of the layout: boxes, forms of cards, and the heights inside them. `plan.ts` and `plan-
 * phone.ts` hand out the places, `layout.ts` puts a scene into them, `app/picture` draws in them. All boxes
 * are in pixels of the picture.
 */
import type { Extent } from './scene.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export type Shape = 'wide' | 'folded' | 'phone';

export interface PictureFrame {
  readonly width: number;
  readonly height: number;
  readonly shape: Shape;
  /** Ids of the process cards whose page-table walk is unfolded. */
  readonly open?: readonly string[];
}

/** How much room lines have: as in the mock-ups; less; none around them; one line for what else has two. */
export type Air = 'full' | 'snug' | 'tight' | 'slim';

export type FolioForm = 'full' | 'dense' | 'folded' | 'tight' | 'slim' | 'phone' | 'line';

export interface FolioPlace {
  readonly id: string;
  readonly form: FolioForm;
  readonly box: Box;
  /** Lines of tokens that the card has room for. */
  readonly lines: number;
  /** Room for the pages of a large folio, under the head. */
  readonly strip: number;
}

export interface HolderPlace {
  readonly id: string;
  readonly form: 'full' | 'folded' | 'tight' | 'slim' | 'compact';
  readonly box: Box;
  readonly rows: readonly Box[];
}

export type ProcessForm = 'full' | 'compact' | 'folded' | 'phone';

export interface ProcessPlace {
  readonly id: string;
  readonly form: ProcessForm;
  readonly card: Box;
  /** null: the rows of the table stand in the process card. */
  readonly table: Box | null;
  /**
   * One line for the only thread, or for how many there are; null where the threads have their own lines
   * only.
   */
  readonly summary: Box | null;
  readonly threads: readonly Box[];
  readonly vmas: readonly Box[];
  readonly ptes: readonly Box[];
  /** Per page-table entry. Empty on a phone: there the line of the thread says it. */
  readonly tlbs: readonly (readonly Box[])[];
  readonly views: readonly Box[];
  /** What unfolds the walk, null on a phone; and, unfolded, one box for each table of PTEs. */
  readonly walk: Box | null;
  readonly walks: readonly Box[];
}

export interface Head {
  readonly text: string;
  readonly x: number;
  readonly w: number;
}

export interface Plan {
  readonly shape: Shape;
  readonly width: number;
  readonly height: number;
  readonly heads: readonly Head[];
  readonly processes: readonly ProcessPlace[];
  readonly folios: readonly FolioPlace[];
  /** With many folios each is one line, and the one that the step touches is drawn here in full. */
  readonly open: FolioPlace | null;
  readonly holders: readonly HolderPlace[];
}

/** What unfolds the page-table walk of a process. */
export const walkId = (process: string): string => `walk:${process}`;

/** An unfolded walk: its head, then a line for the address, one for each level, one for the lock. */
export const WALK = { head: 28, line: 18, height: 28 + 18 * 7 + 6 } as const;

export const GAP = 12;
/** Room for the ring of a broken rule around the outermost cards. */
export const RIM = 6;
/** How far from the sides of its half an edge from above may meet a folio. */
export const FOLIO_HALF = 20;
export const TOKEN_PITCH = 32;
export const TOKENS_MOST = 5;
export const LINE_HEIGHT = 44;
export const LINE_SLIM = 32;

/**
 * Heights inside a folio card, from its top; every line of tokens beyond the first adds a pitch below
 * `token`.
 */
export interface FolioInside {
  readonly head: number;
  /** `mapped by` and `also held by`; 0 = no such line. */
  readonly captions: number;
  readonly token: number;
  readonly bracketMap: number;
  readonly mapcount: number;
  readonly bracketRef: number;
  readonly refcount: number;
  readonly flags: number;
  readonly height: number;
}

export const FOLIO: Readonly<Record<Exclude<FolioForm, 'line'>, FolioInside>> = {
  full: {
    head: 50,
    captions: 64,
    token: 78,
    bracketMap: 110,
    mapcount: 122,
    bracketRef: 145,
    refcount: 157,
    flags: 186,
    height: 212,
  },
  dense: {
    head: 50,
    captions: 64,
    token: 78,
    bracketMap: 109,
    mapcount: 118,
    bracketRef: 139,
    refcount: 148,
    flags: 173,
    height: 196,
  },
  folded: {
    head: 40,
    captions: 0,
    token: 54,
    bracketMap: 85,
    mapcount: 95,
    bracketRef: 116,
    refcount: 126,
    flags: 147,
    height: 172,
  },
  tight: {
    head: 36,
    captions: 0,
    token: 44,
    bracketMap: 74,
    mapcount: 82,
    bracketRef: 101,
    refcount: 109,
    flags: 129,
    height: 152,
  },
  slim: {
    head: 30,
    captions: 0,
    token: 35,
    bracketMap: 65,
    mapcount: 73,
    bracketRef: 92,
    refcount: 100,
    flags: 120,
    height: 143,
  },
  phone: {
    head: 50,
    captions: 0,
    token: 62,
    bracketMap: 94,
    mapcount: 105,
    bracketRef: 126,
    refcount: 136,
    flags: 160,
    height: 184,
  },
};

export const folioLines = (need: Extent['folios'][number]): number =>
  Math.min(TOKENS_MOST, Math.max(1, need.mapped, need.held));

/** The pages of a large folio: a line for the name and who maps it, one for the bytes. */
export const STRIP = 52;
/** Under the pages, where a large folio remembers which processes map it. */
export const MAPPERS = 26;
export const stripOf = (need: Extent['folios'][number], form: FolioForm): number =>
  form === 'line' || (need.pages ?? 0) === 0 ? 0 : STRIP + (need.mappers === true ? MAPPERS : 0);

export const folioHeight = (form: FolioForm, lines: number, strip = 0): number =>
  form === 'line' ? LINE_HEIGHT : FOLIO[form].height + TOKEN_PITCH * (lines - 1) + strip;

/** Heights inside this card: those below the head stand under the pages, where it has any. */
export function insideOf({ form, strip }: Pick<FolioPlace, 'form' | 'strip'>): FolioInside {
  const inside = FOLIO[form === 'line' ? 'full' : form];
  if (strip === 0) return inside;
  const { head, captions, ...below } = inside;
  const shifted = Object.fromEntries(Object.entries(below).map(([key, y]) => [key, y + strip]));
  return { head, captions: captions === 0 ? 0 : captions + strip, ...(shifted as typeof below) };
}

/** Where the first edge meets a folio card, from its top. */
export const axisOf = (place: FolioPlace): number =>
  place.form === 'line' ? place.box.h / 2 : insideOf(place).token + 14;

const HOLDER = {
  full: { head: 64, row: 56, least: 212, rest: 84 },
  folded: { head: 40, row: 56, least: 96, rest: 6 },
  tight: { head: 34, row: 48, least: 86, rest: 4 },
  slim: { head: 30, row: 38, least: 72, rest: 4 },
  compact: { head: 34, row: 28, least: 56, rest: 6 },
} as const;

const single = (form: HolderPlace['form'], rows: number): boolean => form === 'compact' && rows <= 1;

export const holderAxis = (form: HolderPlace['form'], rows: number): number =>
  single(form, rows) ? HOLDER.compact.least / 2 : HOLDER[form].head + HOLDER[form].row / 2;

export function holderAt(
  id: string,
  form: HolderPlace['form'],
  rows: number,
  at: Omit<Box, 'h'>,
): HolderPlace {
  const { head, row, least, rest } = HOLDER[form];
  if (single(form, rows)) {
    const box = { ...at, h: least };
    return { id, form, box, rows: [box] };
  }
  const boxes = Array.from({ length: rows }, (_, i) => ({ ...at, y: at.y + head + row * i, h: row }));
  return { id, form, box: { ...at, h: Math.max(least, head + row * rows + rest) }, rows: boxes };
}
