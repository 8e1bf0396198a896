/**
 * Locals of a routine: cells in the stepping thread's frame, at a place that `compile.ts` chooses. A
 * callee's frame lies behind its caller's; the call graph has no cycles, so places are fixed and no stack
 * pointer exists. A frame is zeroed when its routine is left: dead locals would split states that are
 * equal.
 */
import { cells, read, read16, task, write, write16 } from './world.ts';
import type { Counts } from './world.ts';

/**
 * Width of a local: cells of one number (1 or 2), or for a row of cells a function of the counts. A local
 * that names a folio says so, for checks that rename them: `folio` is one cell (0 = none), `pte` an entry,
 * `folios()` a row of folios.
 */
type Width = 1 | 2 | 'folio' | 'pte' | ((n: Counts) => number) | Folios;
interface Folios {
  readonly folios: (n: Counts) => number;
}
export const folios = (count: (n: Counts) => number): Folios => ({ folios: count });

export interface Frame {
  /** First cell, relative to the thread's. Set by compile(). */
  at: number;
  readonly widths: readonly Width[];
  /** Offset of each local. */
  offsets: number[];
  /** The two added up, for each local. */
  readonly places: readonly { at: number }[];
}

export type Locals<S extends Readonly<Record<string, Width>>> = {
  -readonly [K in keyof S]: S[K] extends 1 | 2 | 'folio' | 'pte'
    ? number
    : { get(i: number): number; set(i: number, v: number): void };
} & { readonly $frame: Frame };

/**
 * Declares locals: `locals({ flags: 1, orig_pte: 2, batch: (n) => n.pages })`. Numbers are read and
 * assigned like variables; rows of cells have `get(i)` and `set(i, v)`.
 */
export function locals<const S extends Readonly<Record<string, Width>>>(shape: S): Locals<S> {
  const names = Object.keys(shape),
    widths = names.map((n) => shape[n]!);
  const places = names.map(() => ({ at: 0 }));
  const frame: Frame = { at: 0, widths, offsets: names.map(() => 0), places };
  // A prototype of its own: the engine that runs this keeps objects with the same one and the same names, but
  // other accessors, in a slow form.
  const out = Object.create({}) as Record<string, unknown>;
  out['$frame'] = frame;
  names.forEach((name, i) => {
    const width = widths[i]!,
      place = places[i]!;
    if (typeof width === 'function' || typeof width === 'object') {
      out[name] = {
        get: (k: number) => read(task + place.at + k),
        set: (k: number, v: number) => write(task + place.at + k, v),
      };
      return;
    }
    const two = width === 2 || width === 'pte';
    Object.defineProperty(out, name, {
      get: two ? () => read16(task + place.at) : () => read(task + place.at),
      set: two ? (v: number) => write16(task + place.at, v) : (v: number) => write(task + place.at, v),
      enumerable: true,
    });
  });
  return out as Locals<S>;
}

function cellsOf(w: Width, counts: Counts): number {
  if (typeof w === 'function') return w(counts);
  if (typeof w === 'object') return w.folios(counts);
  return w === 'pte' ? 2 : w === 'folio' ? 1 : w;
}
/** The cells that name folios, once the locals have their places. */
export function folioCells(frame: Frame, counts: Counts): number[] {
  const out: number[] = [];
  frame.widths.forEach((w, i) => {
    const at = frame.at + frame.offsets[i]!;
    if (w === 'folio') out.push(at);
    if (w === 'pte') out.push(at + 1);
    if (typeof w === 'object') for (let k = 0; k < w.folios(counts); k++) out.push(at + k);
  });
  return out;
}

/** Gives the locals their places behind `at`; returns the cells they take. */
export function placeLocals(frame: Frame, at: number, counts: Counts): number {
  frame.at = at;
  let size = 0;
  frame.offsets = frame.widths.map((w) => {
    const offset = size;
    size += cellsOf(w, counts);
    return offset;
  });
  frame.places.forEach((place, i) => (place.at = at + frame.offsets[i]!));
  return size;
}

/** Zeroes `size` cells of the stepping thread's frame. */
export function clearFrame(at: number, size: number): void {
  for (let i = task + at, end = i + size; i < end; i++) {
    if (cells[i] !== 0) write(i, 0);
  }
}
