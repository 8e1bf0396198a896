/** Where a key goes: pure arithmetic on a run. Takes and gives step numbers, 0 = before the first. */
import type { Settings } from '../settings.ts';
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

/** Steps of a thread in an operation under the same locks: to the end of such a stretch, or its start. */
export function bySection(run: RunView, at: number, direction: 1 | -1): number {
  const kind = (n: number): string => {
    const step = run.steps[n - 1];
    if (!step) return '';
    const held = run.locks.filter((b) => b.thread === step.thread && b.first <= n && n <= b.last);
    return `${step.thread} ${step.op} ${held.map((b) => `${b.row}.${b.first}`).join(' ')}`;
  };
  const from = direction === 1 ? at + 1 : at;
  const same = kind(from);
  if (same === '') return at;
  let to = from;
  while (kind(to + direction) === same) to += direction;
  return direction === 1 ? to : to - 1;
}

/** As far as Next and Back are set to go. */
export function byStride(run: RunView, at: number, direction: 1 | -1, stride: Settings['stride']): number {
  if (stride === 'operation') return byOperation(run, at, direction);
  return stride === 'section' ? bySection(run, at, direction) : at + direction;
}

/** To the next or previous step of the thread that made the last step. */
export function byThread(run: RunView, at: number, direction: 1 | -1): number {
  const thread = (run.steps[at - 1] ?? run.steps[0])?.thread;
  for (let i = at + direction; i >= 1 && i <= run.steps.length; i += direction) {
    if (run.steps[i - 1]?.thread === thread) return i;
  }
  return at;
}

/** To the next or previous stop, else to the end or the start, as a debugger goes on. */
export function byStop(stops: readonly number[], last: number, at: number, direction: 1 | -1): number {
  if (direction === 1) return stops.find((one) => one > at) ?? last;
  return stops.findLast((one) => one < at) ?? 0;
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
