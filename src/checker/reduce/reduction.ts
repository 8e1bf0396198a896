/**
 * What a search may leave out, put together: equal folios, equal threads, threads that can be moved alone,
 * and the worlds on their way. Records and module-level functions, so that nothing is made anew for a check.
 */
import {
  branches,
  choicesOf,
  choiceOfMove,
  doMove,
  moveOf,
  pcOf,
  step,
  threadOfMove,
} from '../../kernel/engine.ts';
import { heldBy } from '../../kernel/locks.ts';
import type { Machine } from '../../kernel/machine.ts';
import { forgetTies, ties } from '../../kernel/verbs/folio.ts';
import { OP, cells, journal, load, noteWrite, now, save, taskOf, written } from '../../kernel/world.ts';
import type { Invariant } from '../../invariants/index.ts';
import { canonicalFolios } from './folios.ts';
import { keptToItself, loner, persistentOf } from './persistent.ts';
import type { Persistent } from './persistent.ts';
import { canonicalThreads, newThread, symmetryOf } from './threads.ts';
export { swapsOf } from './threads.ts';
import type { Symmetry } from './threads.ts';

export const reductionNames = ['frames', 'threads', 'persistent', 'eager'] as const;
export type ReductionName = (typeof reductionNames)[number];

export interface Reduction {
  /** Those that are in use. */
  readonly used: readonly ReductionName[];
  readonly frames: boolean;
  readonly threads: Symmetry | null;
  readonly persistent: Persistent | null;
  readonly eager: boolean;
}
const THREADS_MAX = 31;

/** Of the machine that is active. null: there is nothing that could be left out. */
export function reductionOf(
  machine: Machine,
  judged: readonly Invariant[],
  wanted: readonly ReductionName[] = reductionNames,
): Reduction | null {
  if (machine.plan.threads.length > THREADS_MAX) return null;
  const symmetry = wanted.includes('threads') ? symmetryOf(machine.plan) : null,
    persistent = wanted.includes('persistent') ? persistentOf(machine, judged) : null;
  const has: Readonly<Record<ReductionName, boolean>> = {
    frames: wanted.includes('frames'),
    threads: symmetry !== null && symmetry.classes.length > 0,
    persistent: persistent !== null,
    eager: persistent !== null && wanted.includes('eager'),
  };
  const used = reductionNames.filter((r) => has[r]);
  forgetTies();
  return used.length === 0
    ? null
    : {
        used,
        frames: has.frames,
        threads: has.threads ? symmetry : null,
        persistent,
        eager: has.eager,
      };
}

/** Every thread is to be moved. */
export const EVERYBODY = -1;
// What the thread that is moved alone was doing before its step.
let alone = -1,
  op = 0,
  held = 0;
function note(t: number): void {
  alone = t;
  if (t < 0) return;
  op = cells[taskOf[t]! + OP]!;
  held = heldBy(t);
}
/** Before the scratch world is expanded: the thread whose move will do, or EVERYBODY. */
export function choose({ persistent }: Reduction): number {
  note(persistent === null ? -1 : loner(persistent));
  return alone < 0 ? EVERYBODY : alone;
}
/** After the step of the thread that was chosen, and nothing else: it has kept to itself. */
export const wasAlone = ({ persistent }: Reduction): boolean =>
  alone < 0 || keptToItself(persistent!, alone, op, held);

/** Numbers of threads before, by their numbers now; null when nobody listens. */
let log: number[] | null = null;
let oldThread: number[] = [];

const EAGER_MAX = 64;
let before = new Int32Array(0);
const gathered: number[] = [];
/** One more step, of the only kind that thread `t` has now. False: there is none, and nothing was changed. */
function another(t: number): boolean {
  if (branches && choicesOf(t) > 1) return false;
  for (let j = 0; j < written; j++) gathered.push(journal[j]!);
  return step(t);
}
function gather(): void {
  for (let i = 0; i < gathered.length; i++) noteWrite(gathered[i]!);
  gathered.length = 0;
}
/** Thread `t` has made the step at `pc`: if it was to take a lock, it goes on. */
function goOnUnderLock({ onlyTakes }: Persistent, t: number, from: number): void {
  for (let pc = from; onlyTakes[pc] !== 0;) {
    pc = pcOf(t);
    if (!another(t)) break;
    if (log !== null) log.push(oldThread[t]!);
  }
  gather();
}
/**
 * Goes on with threads that can be moved alone; all that was written since the first step is in the
 * journal.
 */
function goOn(p: Persistent): void {
  for (let steps = 0; steps < EAGER_MAX; steps++) {
    note(loner(p));
    if (alone < 0) break;
    if (before.length < now.words) before = new Int32Array(2 * now.words);
    save(before, 0);
    const t = alone;
    if (!another(t)) break;
    if (!keptToItself(p, t, op, held)) {
      load(before, 0);
      break;
    }
    if (log !== null) log.push(oldThread[t]!);
  }
  gather();
}

/**
 * After the step of thread `t` at row `pc`, among those of all others unless it was moved alone: puts the
 * world
 * that is kept in the place of the scratch world. All is in the journal.
 */
export function canonical(r: Reduction, t: number, pc: number, wasAlone: boolean): void {
  if (r.eager) {
    if (!wasAlone) goOnUnderLock(r.persistent!, t, pc);
    goOn(r.persistent!);
  }
  if (r.threads !== null && canonicalThreads(r.threads) && log !== null) {
    const was = oldThread;
    oldThread = was.slice();
    for (let t = 0; t < was.length; t++) oldThread[newThread[t]!] = was[t]!;
  }
  if (r.frames) canonicalFolios();
}
/**
 * An allocation had to choose among several remembered folios, by the numbers of the threads that remember:
 * then threads are not alike after all.
 */
export const isUnsure = (r: Reduction): boolean => r.threads !== null && ties > 0;

/**
 * The moves that were really made, of real threads, when a search made these: each of a thread as it was
 * numbered in the world before. From the start of the machine, which is active.
 */
export function unfold(r: Reduction, machine: Machine, moves: readonly number[]): number[] {
  const out: number[] = [];
  log = out;
  oldThread = machine.plan.threads.map((_, t) => t);
  load(machine.start, 0);
  for (const move of moves) {
    const t = threadOfMove(move),
      pc = pcOf(t);
    out.push(moveOf(oldThread[t]!, choiceOfMove(move)));
    const chosen = choose(r);
    doMove(move);
    canonical(r, t, pc, chosen === t);
  }
  log = null;
  return out;
}
