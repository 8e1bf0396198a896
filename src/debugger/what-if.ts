/**
 * A run with one thing different: another thread moves at a step, a thread stands still there, or chance
 * decides. All of it by the engine's own moves; what the changed run does not allow is said, never forced.
 */
import { firstWay, isOpen, status } from '../kernel/engine.ts';
import { askedGuards, forgetAsked } from '../kernel/guards.ts';
import { step } from '../kernel/engine.ts';
import type { Run } from './run.ts';
import { STEPS_MAX, branch, extend, finish, goTo, natural } from './run.ts';
import { seeded } from './prng.ts';

export interface Changed {
  readonly run: Run;
  readonly notes: readonly string[];
}

/**
 * Thread `t` makes step `at` instead of who made it, and the others follow as they did, as far as they can.
 * Throws where `t` cannot move.
 */
export function replaced(old: Run, at: number, t: number, choice = 0): Changed {
  const run = branch(old, at - 1);
  const name = old.machine.plan.threads[t]?.name;
  if (name === undefined || !extend(run, t, choice))
    throw new Error(`${name ?? 'That thread'} cannot move here.`);
  return follow(run, old, at - 1);
}

/** The thread of step `at` stands still from there on, and moves again when nobody else can. */
export function stoodStill(old: Run, at: number): Changed {
  const run = branch(old, at - 1),
    { thread } = old.steps[at - 1]!;
  const { plan } = run.machine;
  goTo(run, at - 1);
  for (let last = -1; run.steps.length < STEPS_MAX; goTo(run, run.steps.length)) {
    const others = plan.threads.map((_, t) => t).filter((t) => t !== thread && isAble(t));
    const next = others.includes(last) ? last : (others.find((t) => plan.threads[t]!.actor !== true) ?? -1);
    if (next < 0 || !extend(run, next, firstWay(next))) break;
    last = next;
  }
  const held = run.steps.length - (at - 1);
  finish(run, thread);
  const { name } = plan.threads[thread]!;
  return { run, notes: held === 0 ? [`Nobody else can move while ${name} stands still here.`] : [] };
}
const isAble = (t: number): boolean => status(t).kind === 'enabled';

/** The moves of `old` from step `from` + 1 on, those that cannot be made here left out. */
function follow(run: Run, old: Run, from: number): Changed {
  let left = 0;
  for (const { thread, choice } of old.steps.slice(from)) {
    goTo(run, run.steps.length);
    if (isAble(thread) && isOpen(thread, choice) && extend(run, thread, choice)) continue;
    left++;
  }
  finish(run, run.steps.at(-1)?.thread ?? -1);
  const steps = left === 1 ? 'One step' : `${left} steps`;
  return { run, notes: left === 0 ? [] : [`${steps} of the old run could not be made here.`] };
}

/** From step `at` on every move is drawn from those that are possible. The same seed gives the same run. */
export function wandered(old: Run, at: number, seed: number): Run {
  const run = branch(old, at),
    random = seeded(seed);
  const { plan } = run.machine;
  while (run.steps.length < WANDERED_MAX) {
    goTo(run, run.steps.length);
    const ways = plan.threads.flatMap((_, t) => {
      const s = status(t);
      if (s.kind !== 'enabled') return [];
      return Array.from({ length: s.choices }, (_way, choice) => ({ t, choice })).filter((w) =>
        isOpen(w.t, w.choice),
      );
    });
    // Those that act by themselves may go on for ever: a run is over when the others are.
    if (natural(-1) < 0) break;
    const { t, choice } = random.pick(ways);
    if (!extend(run, t, choice)) break;
  }
  return run;
}
const WANDERED_MAX = 20_000;

/** Guards that step `at` comes to: what can be left out of it. */
export function guardsAt(run: Run, at: number): string[] {
  const made = run.steps[at - 1];
  if (made === undefined) return [];
  goTo(run, at - 1);
  forgetAsked();
  step(made.thread, made.choice);
  return askedGuards().filter((id) => !run.machine.without.includes(id));
}
