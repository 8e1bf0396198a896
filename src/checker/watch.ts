/**
 * Which invariants a new world can have broken. The world that it was made of broke none of them, so those
 * are asked that look at something which the step wrote: `Invariant.reads`, cell by cell. An invariant that
 * does not say what it reads is asked in every world.
 */
import { threadCells } from '../kernel/verbs/mm.ts';
import { mayKeep } from '../kernel/holders.ts';
import { HELD, OP, PC, cells, journal, now, taskOf, written } from '../kernel/world.ts';
import type { Invariant, Reads } from '../invariants/invariant.ts';

export interface Watch {
  /** For each cell a bit for each invariant that looks at it. */
  readonly bits: Int32Array;
  /** Those that look at what running code keeps. */
  readonly keepers: number;
  readonly bitOf: ReadonlyMap<Invariant, number>;
}
/** Always set in what changed() returns. */
export const ALWAYS = 1 << 31;
const BITS = 31;

/** Of the machine that is active. */
export function watchFor(wanted: readonly Invariant[], cellsOfWorld: number): Watch {
  const bits = new Int32Array(cellsOfWorld),
    bitOf = new Map<Invariant, number>();
  let keepers = 0,
    next = 0;
  for (const invariant of wanted) {
    const { reads } = invariant,
      bit = reads === undefined || next >= BITS ? ALWAYS : 1 << next++;
    bitOf.set(invariant, bit);
    if (reads?.includes('keeps') === true) keepers |= bit;
    if (bit !== ALWAYS) for (const r of reads!) mark(bits, r, bit);
  }
  return { bits, keepers, bitOf };
}
function mark(bits: Int32Array, reads: Reads, bit: number): void {
  if (reads === 'keeps') return;
  if (reads === 'locks' || reads === 'ops') {
    for (let t = 0; t < now.counts.threads; t++) {
      const at = taskOf[t]! + (reads === 'locks' ? HELD : OP);
      bits[at]! |= bit;
      if (reads === 'locks') bits[at + 1]! |= bit;
    }
    return;
  }
  for (let c = reads.at, end = reads.at + reads.size; c < end; c++) bits[c]! |= bit;
}

/** Bits of those that can have changed their minds since the world `before`, by what the journal says. */
export function changed({ bits, keepers }: Watch, before: Uint8Array): number {
  let out = ALWAYS;
  const first = threadCells.at,
    end = first + threadCells.size;
  for (let j = 0; j < written; j++) {
    const c = journal[j]!;
    out |= bits[c]!;
    if (c < first || c >= end || (out & keepers) === keepers) continue;
    const pc = taskOf[Math.trunc((c - first) / now.counts.frame)]! + PC;
    if (mayKeep(row(cells, pc)) || mayKeep(row(before, pc))) out |= keepers;
  }
  return out;
}
const row = (world: Uint8Array, pc: number): number => world[pc]! | (world[pc + 1]! << 8);
