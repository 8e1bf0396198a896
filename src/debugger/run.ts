/**
 * A run: the worlds from the start to where it ends, and who made each step. Every world is kept (a world
 * is a few dozen words), so going to any step is a copy. The stepper, links, the command line and the
 * evidence replay all make their runs here.
 */
import type { Decided, Effect } from './record.ts';
import { recording } from './record.ts';
import { firstWay, program, status, step, went, pcOf } from '../kernel/engine.ts';
import type { Status } from '../kernel/engine.ts';
import { activate } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { OP, cells, load, save, taskOf, workers } from '../kernel/world.ts';

/** What is known of one step; `at` counts from 1. */
export interface StepRecord {
  readonly at: number;
  readonly thread: number;
  /** Which of the ways that its step might go; 0 on nearly every row. */
  readonly choice: number;
  /** Index into `Plan.ops`. */
  readonly op: number;
  /** Row it did. */
  readonly pc: number;
  /** Label or exit the row went to, '' for a row that only locks. */
  readonly went: string;
  readonly effects: readonly Effect[];
  readonly decided: Decided | null;
  /** Place of the last page-table entry it touched (cells of the world), -1 if none. */
  readonly pte: number;
}

export interface Run {
  readonly machine: Machine;
  readonly steps: StepRecord[];
  /** Worlds 0 to steps.length, one behind the other. */
  worlds: Int32Array;
}

/**
 * Steps after which a run is ended: scenarios end by themselves, so this is a bug or a very long scenario.
 */
export const STEPS_MAX = 100_000;

export function newRun(machine: Machine): Run {
  activate(machine);
  const worlds = new Int32Array(machine.words * 64);
  worlds.set(machine.start, 0);
  return { machine, steps: [], worlds };
}

/** Brings world `at` (0 = start) to the scratch memory, ready for views and for `status`. */
export function goTo(run: Run, at: number): void {
  activate(run.machine);
  load(run.worlds, at * run.machine.words);
}

/**
 * Thread `t` makes the next step after the last one, in that one of its ways. False: it cannot move, nothing
 * changed.
 */
export function extend(run: Run, t: number, choice = 0): boolean {
  goTo(run, run.steps.length);
  return stepOn(run, t, choice);
}

/** As extend(), with the last world already in the scratch memory. */
function stepOn(run: Run, t: number, choice: number): boolean {
  const { machine, steps } = run;
  const pc = pcOf(t),
    op = machine.plan.threads[t]!.ops[cells[taskOf[t]! + OP]!] ?? -1;
  const seen = recording(() => step(t, choice));
  if (!seen.moved) return false;
  steps.push({
    at: steps.length + 1,
    thread: t,
    choice,
    op,
    pc,
    went: 'run' in program.rows[pc]!.row ? went : '',
    effects: seen.effects,
    decided: seen.decided,
    pte: seen.pte,
  });
  const need = (steps.length + 1) * machine.words;
  if (need > run.worlds.length) {
    const grown = new Int32Array(run.worlds.length * 2);
    grown.set(run.worlds);
    run.worlds = grown;
  }
  save(run.worlds, steps.length * machine.words);
  return true;
}

/** The first `at` steps, to go on differently from there. */
export function branch(run: Run, at: number): Run {
  const words = run.machine.words,
    worlds = new Int32Array(Math.max(64, at + 64) * words);
  worlds.set(run.worlds.subarray(0, (at + 1) * words));
  return { machine: run.machine, steps: run.steps.slice(0, at), worlds };
}

/**
 * Goes on in declared order: `first` while it can move, then the first thread that can, each until it ends
 * or blocks. Stops when nobody can move, or after `until` steps.
 */
export function finish(run: Run, first = -1, until = STEPS_MAX): void {
  goTo(run, run.steps.length);
  for (let t = natural(first); t >= 0 && run.steps.length < until; t = natural(t))
    if (!stepOn(run, t, firstWay(t))) break;
}
/**
 * The declared order: `current` while it can move, else the first thread that can; -1 if none. In the
 * scratch world.
 */
export function natural(current: number): number {
  if (current >= 0 && current < workers && status(current).kind === 'enabled') return current;
  for (let t = 0; t < workers; t++) if (status(t).kind === 'enabled') return t;
  return -1;
}

/** Runs a plan from the start to its end in declared order. */
export function runAll(machine: Machine): Run {
  const run = newRun(machine);
  finish(run);
  return run;
}

/** What each thread may do after step `at`. */
export function statuses(run: Run, at: number): Status[] {
  goTo(run, at);
  return run.machine.plan.threads.map((_, t) => status(t));
}

/** Steps at which operation `op` begins and ends, from 1; 0 where it has not. */
export function spanOf(run: Run, op: number): { first: number; last: number } {
  let first = 0,
    last = 0;
  for (const s of run.steps) {
    if (s.op !== op) continue;
    if (first === 0) first = s.at;
    if (s.effects.some((e) => e.name === 'end')) last = s.at;
  }
  return { first, last };
}
