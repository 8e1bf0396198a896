/**
 * One micro-step: guard, lock, run, unlock, go. No allocation. And what may move: the same tests, without
 * doing anything. The stepper, the checker, the replayer and the command line all use `status` and `step`,
 * and nothing else changes a world.
 */
import { EXITS_MAX, RESULTS } from './compile.ts';
import type { Program } from './compile.ts';
import { InternalError } from './errors.ts';
import { clearFrame } from './frame.ts';
import {
  LOCKS,
  beginStep,
  dropLock,
  held,
  holdersOf,
  isLockFree,
  loadHeld,
  saveHeld,
  takeLock,
} from './locks.ts';
import type { LockInfo } from './locks.ts';
import { layNames } from './names.ts';
import { CHOICES_MAX, isCall, isStep } from './steps.ts';
import type { Lock } from './steps.ts';
import { lru_add_drain } from './verbs/folio.ts';
import { following } from './verbs/pick.ts';
import {
  HEADER,
  MM_ALIVE,
  OP,
  PC,
  RESULT,
  THREADS_MAX,
  cells,
  effect,
  enter,
  forgetWrites,
  mmOf,
  mm_state,
  now,
  op,
  opsOfThread,
  phase,
  read16,
  self,
  task,
  taskOf,
  workers,
  write,
  write16,
} from './world.ts';

const ROWS = 1024,
  NAMES = 4;
const HAS_WHEN = 1,
  HAS_TAKE = 2,
  HAS_DROP = 4,
  HAS_RUN = 8,
  HAS_CHOICES = 16;

// The compiled program, one entry per pc. Constants of the realm: refilled, never replaced.
const need = new Uint8Array(ROWS),
  holdsMask = new Int32Array(ROWS),
  after = new Int32Array(ROWS),
  enters = new Int32Array(ROWS),
  calleeAt = new Int32Array(ROWS),
  frameAt = new Int32Array(ROWS),
  frameSize = new Int32Array(ROWS),
  called = new Uint8Array(ROWS),
  then = new Int32Array(ROWS * EXITS_MAX);
const run: ((choice: number) => string)[] = [],
  when: ((choice: number) => boolean)[] = [],
  choices: (() => number)[] = [],
  takes: LockInfo[] = [],
  drops: (readonly LockInfo[])[] = [];
const back: ((() => void) | undefined)[] = [];
// The labels a row has returned so far and where they lead: an inline cache by hand.
const label = new Array<string>(ROWS * NAMES).fill(''),
  target = new Int32Array(ROWS * NAMES);
export let program: Program;
let drainsLru = true;
/** Some operation may be left behind where it blocks. */
let hasDetached = false;
// Of the operations of thread `t`, from `opsAt[t]` on: phase, and row at which each begins. Behind the last
// one there is none: no row, and a phase that never comes.
const NEVER = 255;
const opsAt = new Int32Array(THREADS_MAX);
let phaseOf = new Uint8Array(0),
  entryOf = new Uint16Array(0);
const nothing = (): never => {
  throw new InternalError('not a step');
};

/**
 * Makes `p` the program of the realm. Call after layOut(). `entries`: first row of each system call of the
 * plan.
 */
export function install(p: Program, entries: ReadonlyMap<string, number>): void {
  if (p.rows.length > ROWS) throw new InternalError(`${p.rows.length} rows; ${ROWS} are the most`);
  program = p;
  layNames(p);
  label.fill('');
  layOps(entries);
  drainsLru = now.plan!.switches.lru === 'drained';
  branches = p.rows.some(({ row }) => isStep(row) && 'choices' in row);
  hasDetached = now.plan!.ops.some((o) => o.detached === true);
  calleeAt.set(p.calleeAt);
  frameAt.set(p.frameAt);
  frameSize.set(p.frameSize);
  called.set(p.called);
  then.set(p.then);
  p.rows.forEach(({ row }, pc) => {
    const step = isStep(row) ? row : null;
    run[pc] = step !== null && 'run' in step ? step.run : nothing;
    when[pc] = step?.when ?? nothing;
    choices[pc] = step !== null && 'choices' in step ? step.choices : nothing;
    takes[pc] = LOCKS[step?.takes ?? 'ptl'];
    drops[pc] = (step?.drops ?? []).map((l) => LOCKS[l]);
    after[pc] = p.next[pc]!;
    enters[pc] = p.enters[pc]!;
    back[pc] = isCall(row) ? row.back : undefined;
    need[pc] =
      (step?.when ? HAS_WHEN : 0) |
      (step?.takes ? HAS_TAKE : 0) |
      (step?.drops?.length ? HAS_DROP : 0) |
      (step !== null && 'run' in step ? HAS_RUN : 0) |
      (step !== null && 'choices' in step ? HAS_CHOICES : 0);
    holdsMask[pc] = (step?.holds ?? []).reduce((m, l) => m | LOCKS[l].bit, 0);
  });
}

function layOps(entries: ReadonlyMap<string, number>): void {
  const phases: number[] = [],
    rows: number[] = [];
  for (let t = 0; t < now.counts.threads; t++) {
    opsAt[t] = rows.length;
    for (const o of opsOfThread(t)) {
      phases.push(o.phase);
      rows.push(entries.get(o.syscall)!);
    }
    phases.push(NEVER);
    rows.push(0);
  }
  phaseOf = Uint8Array.from(phases);
  entryOf = Uint16Array.from(rows);
}

function learn(pc: number, name: string): number {
  const to = program.to[pc]!.get(name);
  if (to === undefined) throw new InternalError(`${where(pc)} went to ${name}, which is no row and no exit`);
  for (let i = pc * NAMES; i < pc * NAMES + NAMES; i++)
    if (label[i] === '') {
      label[i] = name;
      target[i] = to;
      break;
    }
  return to;
}
/** Label that the last step with a `run` returned: observers choose the step's sentence by it. */
export let went = '';
function goes(pc: number, name: string): number {
  went = name;
  const i = pc * NAMES;
  if (label[i] === name) return target[i]!;
  if (label[i + 1] === name) return target[i + 1]!;
  if (label[i + 2] === name) return target[i + 2]!;
  return learn(pc, name);
}
const where = (pc: number): string => `${program.rows[pc]!.routine.name}.${program.rows[pc]!.label}`;

function dropAll(locks: readonly LockInfo[]): void {
  for (let i = 0; i < locks.length; i++) dropLock(locks[i]!);
}

/** Follows calls and returns until the next micro-step. `pc`: the row that named `next`. */
function settle(pc: number, next: number): number {
  for (;;) {
    if (next < 0) {
      const exit = ~next,
        at = frameAt[pc]!,
        size = frameSize[pc]!;
      if (exit >= EXITS_MAX) throw new InternalError(`${where(pc)} leads nowhere`);
      const caller = called[pc] !== 0 ? read16(task + at) : 0;
      if (caller !== 0) back[caller]?.();
      clearFrame(at, size);
      if (caller === 0) return finish(exit);
      pc = caller;
      next = then[caller * EXITS_MAX + exit]!;
      continue;
    }
    if (enters[next] === 0) return next;
    write16(task + calleeAt[next]!, next);
    pc = next;
    next = enters[next]!;
  }
}

/**
 * The operation is over: its result stays readable until the thread's next operation ends. Returns the row
 * to go on at.
 */
function finish(exit: number): number {
  if (held !== 0) throw new InternalError(`${op.text} ended with locks held (${held})`);
  if (exit >= RESULTS.length) throw new InternalError(`${op.text} ended with ${program.exits[exit]}`);
  write(task + RESULT, exit);
  if (drainsLru) lru_add_drain();
  effect('end', exit, self);
  // exit_mmap leaves no thread behind: it has already moved the others to their end.
  write(task + OP, following(cells[task + OP]!));
  advance();
  return entryAfter(self);
}
/** Row at which thread `t` begins the operation it stands before, 0 if there is none. */
export function entryAfter(t: number): number {
  return entryOf[opsAt[t]! + cells[taskOf[t]! + OP]!]!;
}
/** Lets the next phase begin once nobody has work left in this one. */
export function advance(): void {
  let least = NEVER;
  for (let t = 0; t < workers; t++) {
    const its = phaseOf[opsAt[t]! + cells[taskOf[t]! + OP]!]!;
    if (its < least) least = its;
  }
  if (least !== NEVER && least > cells[phase.at]!) write(phase.at, least);
}

/** Row on which thread `t` stands, 0 = finished. */
export const pcOf = (t: number): number => cells[taskOf[t]! + PC]! | (cells[taskOf[t]! + PC + 1]! << 8);

/** The process of thread `t` is not born, or gone. */
function isAbsent(t: number): boolean {
  const m = mmOf[t]!;
  return m >= 0 && cells[mm_state.at + m] !== MM_ALIVE;
}

/** The turn of the operation of thread `t`, which was entered, has come. */
const isDue = (t: number): boolean => op.phase <= cells[phase.at]! || (hasDetached && mayBegin(t));
/** What is unfinished of earlier phases may be left alone, and cannot go on now. */
function mayBegin(t: number): boolean {
  const mine = op.phase;
  let yes = true;
  for (let u = 0; u < workers && yes; u++) {
    if (u === t) continue;
    const o = opsOfThread(u)[cells[taskOf[u]! + OP]!];
    if (o !== undefined && o.phase < mine && (o.detached !== true || canGoOn(u))) yes = false;
  }
  enter(t);
  return yes;
}
/** Thread `u` stands in a detached operation: it has yet to begin it, or can move. */
function canGoOn(u: number): boolean {
  enter(u);
  if (op.phase > cells[phase.at]!) return true;
  const pc = pcOf(u);
  return !isClosed(pc) && !((need[pc]! & HAS_TAKE) !== 0 && !isLockFree(takes[pc]!));
}
/** Ways in which the step on row `pc` may go. Its thread must have been entered. */
function waysOf(pc: number): number {
  if ((need[pc]! & HAS_CHOICES) === 0) return 1;
  const n = choices[pc]!();
  if (n < 1 || n > CHOICES_MAX) throw new InternalError(`${where(pc)} has ${n} choices`);
  return n;
}
/** The guard of row `pc` lets no choice pass. */
function isClosed(pc: number): boolean {
  if ((need[pc]! & HAS_WHEN) === 0) return false;
  for (let c = 0, n = waysOf(pc); c < n; c++) if (when[pc]!(c)) return false;
  return true;
}

/** Choices that thread `t` has on its row, whether it may move or not: 1 on nearly every row. */
export function choicesOf(t: number): number {
  const pc = pcOf(t);
  if ((need[pc]! & HAS_CHOICES) === 0) return 1;
  enter(t);
  return isAbsent(t) ? 1 : waysOf(pc);
}

/** That way is open to thread `t`, which may move. */
export function isOpen(t: number, choice: number): boolean {
  enter(t);
  const pc = pcOf(t);
  return choice < waysOf(pc) && ((need[pc]! & HAS_WHEN) === 0 || when[pc]!(choice));
}

/** The first of the ways that are open to thread `t`: the declared order of what it may choose from. */
export function firstWay(t: number): number {
  if (!branches) return 0;
  for (let c = 0, n = choicesOf(t); c < n; c++) if (isOpen(t, c)) return c;
  return 0;
}

// A move is a thread and one of its choices, in one number. On nearly every row that is the thread's number.
const MOVE_CHOICE = 64;
export const moveOf = (t: number, choice: number): number => t + MOVE_CHOICE * choice;
export const threadOfMove = (move: number): number => move % MOVE_CHOICE;
export const choiceOfMove = (move: number): number => Math.trunc(move / MOVE_CHOICE);
export const doMove = (move: number): boolean => step(threadOfMove(move), choiceOfMove(move));
/** Some row of the program has choices. */
export let branches = false;
/** Choices that the step which was tried last has, if its turn has come; else 1. */
export let ways = 1;

/**
 * Does the next step of thread `t`, in that one of its ways. False: it has to wait, or has nothing to do, or
 * has no such choice; nothing was changed. `known`: `ways`, of who has just tried another one of them.
 */
export function step(t: number, choice = 0, known = 0): boolean {
  forgetWrites();
  enter(t);
  ways = 1;
  const pc = read16(task + PC);
  if (pc === 0 || isAbsent(t) || !isDue(t)) return false;
  const n = need[pc]!;
  if ((n & HAS_CHOICES) !== 0) ways = known === 0 ? waysOf(pc) : known;
  if (choice >= ways) return false;
  if ((n & HAS_WHEN) !== 0 && !when[pc]!(choice)) return false;
  if ((n & HAS_TAKE) !== 0 && !isLockFree(takes[pc]!)) return false;
  if (op.phase > cells[phase.at]!) write(phase.at, op.phase);
  loadHeld();
  beginStep();
  if ((held & holdsMask[pc]!) !== holdsMask[pc])
    throw new InternalError(`${where(pc)}: does not hold what it declares`);
  if ((n & HAS_TAKE) !== 0) takeLock(takes[pc]!, false);
  let next = (n & HAS_RUN) !== 0 ? goes(pc, run[pc]!(choice)) : after[pc]!;
  if ((n & HAS_DROP) !== 0) dropAll(drops[pc]!);
  if (next < 0 || enters[next] !== 0) next = settle(pc, next);
  saveHeld();
  write16(task + PC, next);
  return true;
}

/** What a thread may do now, and if nothing, why. */
export type Status =
  /** `choices`: ways in which its step may go; `when` may close some of them, not all. */
  | { readonly kind: 'enabled'; readonly choices: number }
  | { readonly kind: 'finished' }
  /** Its process is not born yet, or has exited. */
  | { readonly kind: 'absent' }
  /** Other threads must end their part first. */
  | { readonly kind: 'later' }
  | { readonly kind: 'locked'; readonly lock: Lock; readonly holders: readonly number[] }
  | { readonly kind: 'waits'; readonly until: string };

/** Changes nothing. */
export function status(t: number): Status {
  enter(t);
  const pc = pcOf(t);
  if (pc === 0) return { kind: 'finished' };
  if (isAbsent(t)) return { kind: 'absent' };
  if (!isDue(t)) return { kind: 'later' };
  const n = need[pc]!,
    row = program.rows[pc]!.row;
  if (isClosed(pc)) return { kind: 'waits', until: (isStep(row) ? row.awaits : undefined) ?? 'waits' };
  if ((n & HAS_TAKE) !== 0 && !isLockFree(takes[pc]!))
    return { kind: 'locked', lock: takes[pc]!.name, holders: holdersOf(takes[pc]!.name, t) };
  return { kind: 'enabled', choices: waysOf(pc) };
}

/** The rows on which thread `t` stands, innermost first: its step, then the call rows that lead there. */
export function stackOf(t: number): number[] {
  const out: number[] = [];
  for (let pc = pcOf(t); pc !== 0;) {
    out.push(pc);
    const base = taskOf[t]! + program.frameAt[pc]!;
    pc = program.called[pc] !== 0 ? cells[base]! | (cells[base + 1]! << 8) : 0;
  }
  return out;
}
export const headerSize = HEADER;
