/**
 * Where the columns stand: x and width from the width of the picture and from how many edges have to pass
 * between them.
 */

import type { Air } from './places.ts';

export interface Column {
  readonly x: number;
  readonly w: number;
}

export interface Columns {
  readonly process: Column;
  /** null: the page tables are folded into the process cards. */
  readonly table: Column | null;
  readonly folio: Column;
  /** null: nothing but page tables ever holds a page in this run. */
  readonly holder: Column | null;
}

export const LANE = 8;
/** An arrow head and the bends on both sides of the lanes. */
const GUTTER_ENDS = 24;
const GUTTER_MOST = 120;

interface Part {
  readonly name: string;
  /** Of the mock-ups. */
  readonly base: number;
  /** Given up last to first when there is too little room. */
  readonly least: number;
  /** Taken first, and then, when there is more. */
  readonly more: number;
  readonly most: number;
}

const part = (name: string, base: number, least: number, more: number, most: number): Part => ({
  name,
  base,
  least,
  more,
  most,
});

const WIDE: readonly Part[] = [
  part('process', 228, 212, 228, 300),
  part('gutter1', 40, 28, 60, 120),
  part('table', 220, 204, 220, 280),
  part('gutter2', 48, 40, 80, 200),
  part('folio', 264, 248, 264, 340),
  part('gutter3', 48, 40, 72, 160),
  part('holder', 140, 100, 140, 200),
];

/** The page, four bits and `read-only → f0` beside each other. */
export const SLIM_FROM = 256;

const TIGHT = WIDE.map((one) => {
  if (one.name === 'process') return { ...one, base: 250, least: 250, more: 250 };
  return one.name === 'holder' ? { ...one, base: 118, more: 118 } : one;
});

/** Entries of one line: the gutters give what the page tables need. */
const SLIM_BASE: Readonly<Record<string, number>> = {
  gutter1: 28,
  table: 262,
  gutter2: 40,
  folio: 248,
  gutter3: 40,
};
const SLIM = TIGHT.map((one) => {
  const base = SLIM_BASE[one.name] ?? one.base;
  return { ...one, base, more: Math.max(base, one.name.startsWith('gutter') ? base : one.more) };
});

const FOLDED: readonly Part[] = [
  part('process', 248, 216, 276, 340),
  part('gutter2', 40, 32, 64, 160),
  part('folio', 212, 200, 264, 340),
  part('gutter3', 40, 32, 72, 140),
  part('holder', 100, 84, 140, 180),
];
/** Entries of one line, with what their TLB believes: they need what the gutter has to spare. */
const FOLDED_SLIM = FOLDED.map((one) => {
  if (one.name === 'process') return { ...one, more: 340, most: 420 };
  return one.name === 'gutter2' ? { ...one, more: 48, most: 100 } : one;
});

/**
 * `edges`: the most that ever pass between page tables and folios. `air`: where there is hardly any height,
 * a process must have room for a label and the bytes beside it, at the cost of the holders.
 */
export function columns(
  width: number,
  { folded, air, holders, edges }: Readonly<{ folded: boolean; air: Air; holders: boolean; edges: number }>,
): Columns {
  const margin = width < 640 ? 16 : 24;
  const wide = { full: WIDE, snug: TIGHT, tight: TIGHT, slim: SLIM };
  const parts = (folded ? (air === 'slim' ? FOLDED_SLIM : FOLDED) : wide[air]).filter(
    ({ name }) => holders || !/gutter3|holder/.test(name),
  );
  const lanes = Math.min(GUTTER_MOST, GUTTER_ENDS + LANE * edges);
  const base = parts.map((one) => (one.name === 'gutter2' ? Math.max(one.base, lanes) : one.base));
  const sizes = resize(parts, base, width - 2 * margin);
  const spare = Math.max(0, width - 2 * margin - sum(sizes));
  let x = margin + Math.floor(spare / 2);
  const found = new Map<string, Column>();
  parts.forEach(({ name }, i) => {
    const w = sizes[i] ?? 0;
    found.set(name, { x, w });
    x += w;
  });
  const column = (name: string): Column => found.get(name) ?? { x: 0, w: 0 };
  return {
    process: column('process'),
    table: folded ? null : column('table'),
    folio: column('folio'),
    holder: holders ? column('holder') : null,
  };
}

const sum = (sizes: readonly number[]): number => sizes.reduce((all, one) => all + one, 0);

function resize(parts: readonly Part[], base: readonly number[], room: number): readonly number[] {
  let sizes = base;
  const toward = (limit: (one: Part) => number, only: (one: Part) => boolean): void => {
    const spare = room - sum(sizes);
    const gaps = parts.map((one, i) => (only(one) ? limit(one) - (sizes[i] ?? 0) : 0));
    // Shrinking gaps are negative, growing ones positive; a part already past its limit stays.
    const wanted = gaps.map((gap) => (spare < 0 ? Math.min(0, gap) : Math.max(0, gap)));
    const share = sum(wanted) === 0 ? 0 : Math.min(1, spare / sum(wanted));
    sizes = sizes.map((size, i) => Math.floor(size + (wanted[i] ?? 0) * share));
  };
  const isGutter = ({ name }: Part): boolean => name.startsWith('gutter');
  if (room < sum(sizes)) {
    toward(
      (one) => one.least,
      ({ name }) => name === 'holder',
    );
    toward(
      (one) => one.least,
      () => true,
    );
    return sizes;
  }
  toward(
    (one) => one.more,
    () => true,
  );
  toward(
    (one) => one.most,
    (one) => !isGutter(one),
  );
  toward((one) => one.most, isGutter);
  return sizes;
}
