/** Two runs of one scenario, for the panes of the comparison. */
import { compareRuns } from '../debugger/compare.ts';
import type { DecidingStep } from '../debugger/compare.ts';
import { costsOf } from '../debugger/costs.ts';
import { opSpans } from '../debugger/lanes.ts';
import type { Run } from '../debugger/run.ts';
import type { Broken } from '../debugger/violations.ts';
import type { Facts } from '../scene/facts.ts';
import type { AskedView, CompareView } from './protocol.ts';
import { violationViews } from './run-view.ts';

/** A run that is shown: what it needs at all its steps, and the rules it breaks. */
export interface Shown {
  readonly run: Run;
  readonly facts: Facts;
  readonly broken: readonly Broken[];
}

/** Where no rule was asked, the end of the operation is the place to look at. */
export function compareView(mine: Run, { run: other, facts, broken }: Shown): CompareView {
  const { model, versus, op, left, right, says, ops } = compareRuns(mine, other);
  const [here, there] = [opSpans(mine), opSpans(other)];
  const place = (spans: typeof here, at: number): number => (at > 0 || op < 0 ? at : (spans[op]?.last ?? 0));
  return {
    model,
    versus,
    op,
    at: place(here, left.at),
    versusAt: place(there, right.at),
    says,
    asked: { left: askedView(left), right: askedView(right) },
    costs: { left: costsOf(mine), right: costsOf(other, facts.history) },
    extent: facts.extent,
    violations: violationViews(other, broken),
    ops: ops.map((one) => ({
      text: one.text,
      left: one.left,
      right: one.right,
      same: one.same,
      thread: mine.machine.plan.ops[one.op]!.thread,
      leftEnd: here[one.op]?.last ?? 0,
      rightEnd: there[one.op]?.last ?? 0,
    })),
  };
}

const askedView = ({ at, asks, sees, answer, says }: DecidingStep): AskedView => ({
  at,
  asks,
  sees,
  answer,
  says,
});
