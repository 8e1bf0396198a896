/**
 * Steps from several worlds, made before any is looked up. A table of millions of worlds does not fit into a
 * processor's caches: looked up one after the other, each is waited for; side by side (`hashMade`), hardly
 * any.
 */
import { moveOf, step, ways } from '../kernel/engine.ts';
import { now } from '../kernel/world.ts';
import { ROWS, back, make, makeBack, originOf, settle, stand } from './pool.ts';
import type { Pool } from './pool.ts';
import { ALWAYS, changed } from './watch.ts';
import type { Watch } from './watch.ts';

/**
 * Makes all steps from worlds `head` on, `most` of them at most, and no further than to one from which there
 * is none. Returns from how many; `thrown`: a step from the last one could not be made, which is of no
 * account if the search ends before; `rests`: there was no step from it. `asked`: bits of `watch` that
 * anybody wants to know.
 */
export function makeAhead(
  pool: Pool,
  head: number,
  most: number,
  watch: Watch,
  asked: number,
): { readonly worlds: number; readonly thrown: unknown; readonly rests: boolean } {
  const { threads } = now.counts,
    { cameFrom, asks } = pool;
  let worlds = 0,
    rests = false;
  pool.made = 0;
  try {
    while (worlds < most && pool.made < ROWS && !rests && !pool.outgrown) {
      const from = head + worlds,
        before = pool.made;
      stand(pool, from);
      worlds += 1;
      for (let t = 0; t < threads; t++) {
        for (let c = 0, n = 0; c === 0 || c < n; c++) {
          const can = step(t, c, n);
          n = ways;
          if (!can) continue;
          cameFrom[pool.made] = originOf(pool, from, moveOf(t, c));
          asks[pool.made] = (asked & ~ALWAYS) === 0 ? asked : changed(watch, pool.base);
          if (makeBack(pool)) continue;
          step(t, c);
          make(pool);
          back(pool);
        }
      }
      rests = pool.made === before;
    }
    return { worlds, thrown: null, rests };
  } catch (thrown) {
    // What the step wrote before it failed stands in the scratch world.
    settle(pool);
    return { worlds, thrown, rests };
  }
}
