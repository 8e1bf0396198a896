/**
 * A few runs in random order before a search: which bits of which cells change at all, so that the packing
 * of its worlds (`packing.ts`) hardly ever has to become wider. Nothing depends on what they miss.
 */
import { branches, choicesOf, step } from '../kernel/engine.ts';
import { InternalError } from '../kernel/errors.ts';
import type { Machine } from '../kernel/machine.ts';
import { cells, journal, load, now, observe, observer, written } from '../kernel/world.ts';

const RUNS = 24,
  STEPS_MAX = 400;

/** For each cell the bits that differ from the first world in some world of the runs. */
export function sampled(machine: Machine): Uint8Array {
  const start = new Uint8Array(machine.start.buffer.slice(0)),
    mask = new Uint8Array(start.length);
  const listening = observer;
  observe(null);
  for (let run = 0, seed = 1; run < RUNS; run++) {
    load(machine.start, 0);
    try {
      for (let i = 0; i < STEPS_MAX; i++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) | 0;
        if (!stepSomebody(seed >>> 8)) break;
        for (let j = 0; j < written; j++) mask[journal[j]!]! |= cells[journal[j]!]! ^ start[journal[j]!]!;
      }
    } catch (e) {
      // A step that the model cannot make: the search comes to it, too, and says how.
      if (!(e instanceof InternalError)) throw e;
    }
  }
  observe(listening);
  return mask;
}
/** From the thread of that number on, the first that can move. */
function stepSomebody(from: number): boolean {
  const { threads } = now.counts;
  for (let k = 0; k < threads; k++) {
    const t = (from + k) % threads,
      ways = branches ? choicesOf(t) : 1;
    if (step(t, from % ways)) return true;
  }
  return false;
}
