/** Where a key goes: pure arithmetic on a run. Takes and gives step numbers, 0 = before the first. */
import type { OpView, RunView, StepView, ViolationView } from '../../worker/protocol.ts';

/** The operation a step belongs to. */
export function opOf(run: RunView, step: StepView): OpView | undefined {
  return run.ops.find(
    (op) =>
      op.thread === step.thread &&
      op.first > 0 &&
      op.first <= step.at &&
      (op.last === 0 || step.at <= op.last),
  );
}

/** To the end of the operation that comes next, or to the start of the one that is under way. */
export function byOperation(run: RunView, at: number, direction: 1 | -1): number {
  const step = run.steps[direction === 1 ? at : at - 1];
  if (!step) return at;
  const op = opOf(run, step);
  if (!op) return at + direction;
  return direction === 1 ? op.last || run.steps.length : op.first - 1;
}

/** To the next or previous step of the thread that made the last step. */
export function byThread(run: RunView, at: number, direction: 1 | -1): number {
  const thread = (run.steps[at - 1] ?? run.steps[0])?.thread;
  for (let i = at + direction; i >= 1 && i <= run.steps.length; i += direction) {
    if (run.steps[i - 1]?.thread === thread) return i;
  }
  return at;
}

/** To the next or previous broken rule; stays if there is none on that side. */
export function byViolation(run: RunView, at: number, direction: 1 | -1): number {
  const places = run.violations.map((one) => one.at).sort((a, b) => a - b);
  const found = direction === 1 ? places.find((one) => one > at) : places.findLast((one) => one < at);
  return found ?? at;
}

/** The broken rule to speak of: the latest; of several at one step the first, which is the gravest. */
export function brokenBy(run: RunView, at: number): ViolationView | null {
  const latest = Math.max(0, ...run.violations.map((one) => one.at).filter((one) => one <= at));
  return run.violations.find((one) => one.at === latest) ?? null;
}

/** One violation per step, for a timeline. */
export const brokenSteps = (run: RunView): readonly ViolationView[] =>
  run.violations.filter((one, place, all) => all.findIndex((other) => other.at === one.at) === place);

const STEP_MS = 600;
const DECISION_MS = 1200;

/** How long a step stays on the screen while playing. */
export const stay = (step: StepView | undefined, speed: number): number =>
  (step?.decision ? DECISION_MS : STEP_MS) / speed;

export const playSeconds = (run: RunView): number =>
  Math.round(run.steps.reduce((sum, step) => sum + stay(step, 1), 0) / 1000);
