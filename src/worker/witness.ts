/** Moves that a search found, as the app and the command line show them. */
import { preemptionsIn } from '../checker/untangle.ts';
import { raceWindow } from '../checker/race-window.ts';
import type { RaceWindow } from '../checker/race-window.ts';
import { extend, finish, newRun } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { printPosition, scheduleText } from '../debugger/schedule.ts';
import { choiceOfMove, moveOf, threadOfMove } from '../kernel/engine.ts';
import { violationsOf } from '../debugger/violations.ts';
import type { Machine } from '../kernel/machine.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import type { Invariant } from '../invariants/index.ts';
import type { SwapView, WindowView, Witness } from './protocol.ts';

/** The run that makes these moves, and ends in declared order. */
export function runOf(machine: Machine, moves: readonly number[]): Run {
  const run = newRun(machine);
  for (const m of moves) extend(run, threadOfMove(m), choiceOfMove(m));
  finish(run, moves.length === 0 ? -1 : threadOfMove(moves.at(-1)!));
  return run;
}

/** Moves as a link writes them; what follows the last one is the declared order. */
export const scheduleOf = (machine: Machine, moves: readonly number[]): string =>
  scheduleText(runOf(machine, moves));

export function witnessOf(machine: Machine, moves: readonly number[]): Witness {
  return {
    schedule: scheduleOf(machine, moves),
    steps: moves.length,
    preemptions: moves.length === 0 ? 0 : preemptionsIn(machine, moves),
  };
}

/** Which swaps repair a counterexample, with the steps by name. */
export function windowView(machine: Machine, moves: readonly number[], invariant: Invariant): WindowView {
  return named(raceWindow(machine, moves, invariant), runOf(machine, moves));
}

/** Of the first rule that the run breaks; null if it breaks none. */
export function raceOf(run: Run): WindowView | null {
  const { machine } = run,
    broken = violationsOf(run, [...invariantsFor(machine.plan), ...questionsOf(machine.plan).invariants])[0];
  if (broken === undefined) return null;
  const moves = run.steps.slice(0, broken.at).map((s) => moveOf(s.thread, s.choice));
  return named(raceWindow(machine, moves, broken.invariant), run);
}

function named({ from, to, swaps, complete }: RaceWindow, run: Run): WindowView {
  const { plan } = run.machine;
  const end = (step: number): SwapView['first'] => ({
    step,
    thread: plan.threads[run.steps[step - 1]!.thread]!.name,
    at: printPosition(run, step - 1),
  });
  return { from, to, swaps: swaps.map((s) => ({ first: end(s.first), second: end(s.second) })), complete };
}
