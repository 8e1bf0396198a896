/** Lanes of the timeline: which operations and locks each thread had from which step to which. */
import { status } from '../kernel/engine.ts';
import type { Status } from '../kernel/engine.ts';
import { LOCKS, heldBy, lockNames } from '../kernel/locks.ts';
import type { Lock } from '../kernel/steps.ts';
import { pteAt, tlbAt } from '../kernel/view.ts';
import { goTo } from './run.ts';
import type { Run } from './run.ts';
import { isStale } from './stale.ts';

/** A thread held a lock from the step that took it to the step that dropped it. */
export interface LockSpan {
  readonly thread: number;
  readonly lock: Lock;
  readonly first: number;
  last: number;
  /** Rows below the operations: locks held at the same time have different rows. */
  readonly row: number;
}

/** Locks of the address space that a fork is making are left out: nobody else can know them yet. */
const drawn = lockNames.filter((l) => !l.endsWith(':child'));

/** All lock spans of a run. A lock that is still held at the end lasts to the last step. */
export function lockSpans(run: Run): LockSpan[] {
  const out: LockSpan[] = [];
  const open = run.machine.plan.threads.map(() => new Map<Lock, LockSpan>());
  for (let at = 1; at <= run.steps.length; at++) {
    goTo(run, at);
    const t = run.steps[at - 1]!.thread,
      mask = heldBy(t),
      mine = open[t]!;
    for (const [lock, span] of mine) {
      span.last = at;
      if ((mask & LOCKS[lock].bit) === 0) mine.delete(lock);
    }
    for (const lock of drawn) {
      if ((mask & LOCKS[lock].bit) === 0 || mine.has(lock)) continue;
      const rows = new Set([...mine.values()].map((s) => s.row));
      let row = 0;
      while (rows.has(row)) row++;
      const span: LockSpan = { thread: t, lock, first: at, last: at, row };
      mine.set(lock, span);
      out.push(span);
    }
  }
  for (const mine of open) for (const span of mine.values()) span.last = run.steps.length;
  return out;
}

/** First and last step of every operation, from 1; 0 where it has not begun, or not ended. */
export function opSpans(run: Run): { first: number; last: number; exit: number }[] {
  const out = run.machine.plan.ops.map(() => ({ first: 0, last: 0, exit: 0 }));
  for (const s of run.steps) {
    const span = out[s.op];
    if (span === undefined) continue;
    if (span.first === 0) span.first = s.at;
    const end = s.effects.find((e) => e.name === 'end');
    if (end !== undefined) {
      span.last = s.at;
      span.exit = end.a;
    }
  }
  return out;
}

/** A thread could not move before steps `first` to `last`. */
export interface WaitSpan {
  readonly thread: number;
  readonly first: number;
  last: number;
  readonly status: Extract<Status, { kind: 'locked' | 'waits' }>;
}
const sameWait = (a: WaitSpan['status'], b: WaitSpan['status']): boolean =>
  a.kind === 'locked' && b.kind === 'locked'
    ? a.lock === b.lock && a.holders.join() === b.holders.join()
    : a.kind === 'waits' && b.kind === 'waits' && a.until === b.until;

/** When threads were kept from moving, by a lock or by something that has not happened yet. */
export function waitSpans(run: Run): WaitSpan[] {
  const out: WaitSpan[] = [];
  const open: (WaitSpan | undefined)[] = [];
  for (let at = 0; at < run.steps.length; at++) {
    goTo(run, at);
    run.machine.plan.threads.forEach((_, t) => {
      const s = status(t),
        before = open[t];
      open[t] = undefined;
      if (s.kind !== 'locked' && s.kind !== 'waits') return;
      if (before !== undefined && sameWait(before.status, s)) before.last = at + 1;
      else out.push((open[t] = { thread: t, first: at + 1, last: at + 1, status: s }));
      open[t] ??= before;
    });
  }
  return out;
}

/** A thread's CPU could use an entry that the page table no longer has, after steps `first` to `last`. */
export interface StaleSpan {
  readonly thread: number;
  readonly va: number;
  readonly first: number;
  last: number;
  /** The entry that it still has. */
  readonly entry: number;
}
export function staleSpans(run: Run): StaleSpan[] {
  const { plan } = run.machine;
  const out: StaleSpan[] = [];
  const open: (StaleSpan | undefined)[] = [];
  for (let at = 1; at <= run.steps.length; at++) {
    goTo(run, at);
    plan.threads.forEach(({ process }, t) => {
      if (process < 0) return;
      for (let va = 0; va < plan.pages; va++) {
        const entry = tlbAt(t, va),
          place = t * plan.pages + va,
          before = open[place];
        if (!isStale(entry, pteAt(process, va))) open[place] = undefined;
        else if (before?.entry === entry) before.last = at;
        else {
          const span = { thread: t, va, first: at, last: at, entry };
          open[place] = span;
          out.push(span);
        }
      }
    });
  }
  return out;
}
