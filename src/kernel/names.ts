/**
 * Which cells of the world name folios, derived from the schema (`world.ts`), the locals of the routines
 * (`frame.ts`) and where each thread stands. A name is no reference: a thread may remember a folio that was
 * freed long ago.
 */
import { PC, cells, fields, now, taskOf } from './world.ts';
import type { Field } from './world.ts';

/** What `compile.ts` knows about the frames of rows, by pc. */
export interface Frames {
  /** Cells of the row's locals that name folios, relative to the thread's. */
  readonly folioCells: readonly (readonly number[])[];
  readonly frameAt: Int32Array;
  readonly called: Uint8Array;
}
const NAMES_MAX = 1 << 14;
/** Cells that name a folio, and what their numbers are above the folio's. Filled by `collectNames`. */
export const nameAt = new Int32Array(NAMES_MAX),
  nameBias = new Uint8Array(NAMES_MAX);
/** Cells of the schema itself come first: those of nobody's, then those of threads. */
let shared = 0,
  fixed = 0;
let frames: Frames;
/**
 * Fields with one entry for each folio that is the name of another: where such a name stands goes by a number
 * itself, so that it is none of the collected ones.
 */
export let links: readonly Field[] = [];

/** For the layout and the program that are installed now. */
export function layNames(f: Frames): void {
  frames = f;
  fixed = 0;
  links = fields.filter((f) => f.of === 'folio' && f.size !== 0 && f.names.includes('folio'));
  for (const ofThreads of [false, true]) {
    for (const { at, size, names, of } of fields) {
      if ((of === 'thread') !== ofThreads || of === 'folio') continue;
      for (let i = 0; i < size; i++) {
        const name = names[i % names.length]!;
        if (name !== 'folio' && name !== 'folio+1') continue;
        nameAt[fixed] = at + i;
        nameBias[fixed++] = name === 'folio+1' ? 1 : 0;
      }
    }
    if (!ofThreads) shared = fixed;
  }
}
/** How many of the collected names belong to no thread: they are the first ones. */
export const sharedNames = (): number => shared;

/** Lists the names of the scratch world in a fixed order of places; returns how many there are. */
export function collectNames(): number {
  let n = fixed;
  for (let t = 0, threads = now.counts.threads; t < threads; t++) n = collectLocals(t, n);
  return n;
}
/** Those in the locals of thread `t`, from place `n` on. */
export function collectLocals(t: number, n: number): number {
  const base = taskOf[t]!;
  for (let pc = cells[base + PC]! | (cells[base + PC + 1]! << 8); pc !== 0;) {
    const own = frames.folioCells[pc]!;
    for (let i = 0; i < own.length; i++) {
      nameAt[n] = base + own[i]!;
      nameBias[n++] = 0;
    }
    const at = base + frames.frameAt[pc]!;
    pc = frames.called[pc] !== 0 ? cells[at]! | (cells[at + 1]! << 8) : 0;
  }
  return n;
}
