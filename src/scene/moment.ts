/** What every part of the picture is made from: a run, its facts, and the step after which it is drawn. */
import type { Run, StepRecord } from '../debugger/run.ts';
import type { Broken } from '../debugger/violations.ts';
import { actorName, folioName, processName, storedText } from '../debugger/words.ts';
import type { Plan } from '../kernel/plan.ts';
import { cells, epoch } from '../kernel/world.ts';
import type { Facts } from './facts.ts';
import type { Bytes } from './scene.ts';

export interface Moment {
  readonly run: Run;
  readonly facts: Facts;
  readonly at: number;
  readonly step: StepRecord | null;
  readonly broken: readonly Broken[];
}

/** Bytes with their writer. `written`: forks that had ended when they were stored. */
export function bytesOf(plan: Plan, stored: number, written: number): Bytes {
  const s = plan.stored[stored]!;
  return {
    text: stored === 0 ? '0' : s.text,
    who: s.process,
    fresh: stored !== 0 && written >= cells[epoch.at]!,
  };
}

/** `since step 4, parent’s store a.0 “old”`. */
export function sinceWords({ run }: Moment, from: number): string {
  const step = run.steps[from - 1];
  if (step === undefined) return 'from the start';
  const { plan } = run.machine,
    op = plan.ops[step.op];
  return `since step ${from}, ${actorName(plan, step.thread)}’s ${op?.text ?? 'step'}`;
}
export { folioName, processName, storedText };
