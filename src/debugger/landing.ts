/**
 * Which steps of other threads could land right before a step: those that come later and could come
 * earlier, and those that came earlier and could have waited. And who could not come, with the lock that is
 * in the way.
 */
import { isOpen, status } from '../kernel/engine.ts';
import type { Status } from '../kernel/engine.ts';
import { branch, extend, goTo } from './run.ts';
import type { Run } from './run.ts';

export interface Landing {
  /** Numbers of steps of this run, without those of the thread itself. */
  readonly steps: readonly number[];
  readonly blocked: readonly { readonly thread: number; readonly status: Status }[];
}

/** Tried on each side, at most: each is a replay. */
const LOOKED_AT = 60;

/** `at` counts from 1. */
export function landingsAt(run: Run, at: number): Landing {
  const made = run.steps[at - 1];
  if (made === undefined) return { steps: [], blocked: [] };
  const threads = run.machine.plan.threads.map((_, t) => t).filter((t) => t !== made.thread);
  goTo(run, at - 1);
  const blocked = threads.flatMap((thread) => {
    const s = status(thread);
    return s.kind === 'locked' || s.kind === 'waits' ? [{ thread, status: s }] : [];
  });
  const steps = threads.flatMap((t) => [...earlier(run, at, t), ...later(run, at, t)]);
  return { steps: steps.sort((a, b) => a - b), blocked };
}

/** Steps of `t` after step `at` that it could make before it, one after the other. */
function earlier(run: Run, at: number, t: number): number[] {
  const out: number[] = [];
  const alone = branch(run, at - 1);
  for (const s of run.steps.slice(at, at + LOOKED_AT * 4)) {
    if (s.thread !== t) continue;
    if (out.length >= LOOKED_AT || !same(alone, t, s.choice, s.op, s.pc)) break;
    out.push(s.at);
  }
  return out;
}

/** The thread is able to do that very row, and does it. */
function same(run: Run, t: number, choice: number, op: number, pc: number): boolean {
  goTo(run, run.steps.length);
  if (status(t).kind !== 'enabled' || !isOpen(t, choice) || !extend(run, t, choice)) return false;
  const made = run.steps.at(-1)!;
  return made.op === op && made.pc === pc;
}

/** Steps of `t` before step `at` that could have been left until then: all between is as it was. */
function later(run: Run, at: number, t: number): number[] {
  const out: number[] = [];
  const mine = run.steps.slice(Math.max(0, at - 1 - LOOKED_AT), at - 1).filter((s) => s.thread === t);
  for (const s of mine.toReversed()) {
    const other = branch(run, s.at - 1);
    // With it, all that the thread did since has to wait, too.
    const goesOn = run.steps
      .slice(s.at, at - 1)
      .every((x) => x.thread === t || same(other, x.thread, x.choice, x.op, x.pc));
    if (!goesOn || !same(other, t, s.choice, s.op, s.pc)) break;
    out.push(s.at);
  }
  return out.toReversed();
}
