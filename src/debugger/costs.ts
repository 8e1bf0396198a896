/** What a run costs: faults, copies, flushes, and which of the copies nobody needed. */
import { boot } from '../kernel/machine.ts';
import { isStep } from '../kernel/steps.ts';
import type { Model } from '../kernel/rules.ts';
import { folioAt } from '../kernel/view.ts';
import { holdingAt, historyOf } from './history.ts';
import type { Tenure } from './history.ts';
import { goTo, newRun } from './run.ts';
import type { Run, StepRecord } from './run.ts';
import { follow } from './schedule.ts';

export interface Costs {
  readonly steps: number;
  readonly faults: number;
  readonly copies: number;
  /** Copies of a page that one process alone had mapped, and that nobody outside of page tables held. */
  readonly spurious: number;
  readonly flushes: number;
}

export function costsOf(run: Run, history: readonly Tenure[] = historyOf(run)): Costs {
  const { steps } = run,
    copies = steps.filter((s) => copied(s).length > 0);
  return {
    steps: steps.length,
    faults: marked(run, 'fault'),
    copies: copies.length,
    spurious: copies.filter((s) => copied(s).every((f) => isSpurious(run, history, s, f))).length,
    flushes: marked(run, 'flush'),
  };
}

const marked = ({ steps, machine }: Run, mark: string): number =>
  steps.filter(({ pc }) => {
    const { row } = machine.program.rows[pc]!;
    return isStep(row) && row.mark === mark;
  }).length;

/** Pages that the step copies. */
const copied = ({ effects }: StepRecord): number[] =>
  effects.filter(({ name }) => name === 'copy').map(({ b }) => b);

/**
 * Batches, the swap cache and running code count as references too, but use no bytes: a copy because of
 * them alone saves nobody. What moves a page has unmapped it before.
 */
function isSpurious(run: Run, history: readonly Tenure[], { at }: StepRecord, f: number): boolean {
  goTo(run, at - 1);
  const { head, ksm, swap } = folioAt(f);
  const users = holdingAt(history, at - 1).filter(
    ({ folio, holder }) =>
      folio === f ||
      (folio === head && holder.kind !== 'pte') ||
      // The bytes of its slot are the same page.
      (swap > 0 && folio === swap && holder.kind === 'swap'),
  );
  const maps = new Set(
    users.flatMap(({ holder }) => ('mm' in holder && holder.kind !== 'swap' ? [holder.mm] : [])),
  );
  const used = users.some(({ holder }) => NEEDS.has(holder.kind));
  return maps.size === 1 && !used && !ksm;
}
const NEEDS: ReadonlySet<Tenure['holder']['kind']> = new Set(['cache', 'pipe', 'pin', 'get', 'swap']);

/** The same scenario, in the same order as far as each can follow it, on every one of these kernels. */
export function costsOn(run: Run, models: readonly Model[], schedule: string): (Costs & { model: string })[] {
  return models.map((model) => {
    const other = newRun(boot(run.machine.plan, model, run.machine.without));
    follow(other, schedule);
    return { model: model.id, ...costsOf(other) };
  });
}
