/**
 * Steps from several worlds, made before any is looked up. A table of millions of worlds does not fit into a
 * processor's caches: looked up one after the other, each is waited for; side by side (`hashMade`), hardly
 * any.
 */
import { branches, choicesOf, moveOf, step } from '../kernel/engine.ts';
import { now } from '../kernel/world.ts';
import { ROWS, back, make, makeBack, settle, stand } from './pool.ts';
import type { Pool } from './pool.ts';
import { ALWAYS, changed } from './watch.ts';
import type { Watch } from './watch.ts';

/** Of each world that a step has made: the move, and the invariants to ask (as changed() has it). */
export const madeBy: number[] = [],
  asks: number[] = [];
/** For each world that steps were made from: how many had been made after it. */
export const madeAfter: number[] = [];

/**
 * Makes all steps from worlds `head` on, `worlds` of them at most. Returns from how many; `thrown`: a step
 * from the last one could not be made, which is of no account if the search ends before. `asked`: bits of
 * `watch` that anybody wants to know.
 */
export function makeAhead(
  pool: Pool,
  head: number,
  worlds: number,
  watch: Watch,
  asked: number,
): { readonly made: number; readonly thrown: unknown } {
  const { threads } = now.counts;
  let i = 0;
  pool.made = 0;
  try {
    while (i < worlds && pool.made < ROWS && !pool.outgrown) {
      stand(pool, head + i);
      i += 1;
      for (let t = 0; t < threads; t++) {
        for (let c = 0, ways = branches ? choicesOf(t) : 1; c < ways; c++) {
          if (!step(t, c, ways)) continue;
          madeBy[pool.made] = moveOf(t, c);
          asks[pool.made] = (asked & ~ALWAYS) === 0 ? asked : changed(watch, pool.base);
          if (makeBack(pool)) continue;
          step(t, c);
          make(pool);
          back(pool);
        }
      }
      madeAfter[i - 1] = pool.made;
    }
    return { made: i, thrown: null };
  } catch (thrown) {
    // What the step wrote before it failed stands in the scratch world.
    settle(pool);
    madeAfter[i - 1] = pool.made;
    return { made: i, thrown };
  }
}
