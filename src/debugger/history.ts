/** Who held which folio from which step to which: the answer to "why is this refcount 3?". */
import { allHolders } from '../kernel/view.ts';
import type { Holder } from '../kernel/view.ts';
import { goTo } from './run.ts';
import type { Run, StepRecord } from './run.ts';

/**
 * `holder` held `folio` after steps `from` to `to` - 1; `to` is 0 while it still holds at the end of the
 * run.
 */
export interface Tenure {
  readonly folio: number;
  readonly holder: Holder;
  readonly from: number;
  to: number;
}

/** Effects that can change who holds what; other steps are not looked at. */
const TOUCHING = new Set([
  'refs',
  'pins',
  'maps',
  'set_pte_at',
  'pte_clear',
  'pipe',
  'hold',
  'cache',
  'drained',
  'alloc',
  'freed',
  'swap_count',
  'swap_cache',
  'exited',
]);
const matters = (s: StepRecord): boolean => s.effects.some((e) => TOUCHING.has(e.name));

/** All tenures of a run, in the order in which they begin. */
export function historyOf(run: Run): Tenure[] {
  const out: Tenure[] = [];
  let open = new Map<string, Tenure>();
  for (let at = 0; at <= run.steps.length; at++) {
    // A row's own references change with the row, whatever it did: look at every step of a thread that has
    // any.
    const step = run.steps[at - 1];
    if (step !== undefined && !matters(step) && !hasKernelRefs(open, step.thread)) continue;
    goTo(run, at);
    const still = new Map<string, Tenure>();
    allHolders().forEach((holders, folio) => {
      for (const holder of holders) {
        const key = `${folio}/${holder.key}`,
          had = open.get(key);
        const tenure = had ?? { folio, holder, from: at, to: 0 };
        if (had === undefined) out.push(tenure);
        still.set(key, tenure);
      }
    });
    for (const [key, tenure] of open) if (!still.has(key)) tenure.to = at;
    open = still;
  }
  return out;
}
const hasKernelRefs = (open: ReadonlyMap<string, Tenure>, thread: number): boolean => {
  for (const { holder } of open.values())
    if (holder.kind === 'kernel' && holder.thread === thread) return true;
  return false;
};

/** Tenures that last at step `at`. */
export const holdingAt = (history: readonly Tenure[], at: number): Tenure[] =>
  history.filter((t) => t.from <= at && (t.to === 0 || t.to > at));
