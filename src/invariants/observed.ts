/** Observations: what loads, pipe reads and devices have seen, and how a reason speaks of it. */
import { SEEN } from '../kernel/verbs/mm.ts';
import { pte_folio } from '../kernel/verbs/pte.ts';
import { allHolders, holdAt, tlbAt } from '../kernel/view.ts';
import { cells, folio_stored, now, observation } from '../kernel/world.ts';
import type { Observed, Op } from '../kernel/plan.ts';
import { pageName } from './invariant.ts';

/** First observation that has all of the SEEN_* bits, or -1. */
export function seenWith(bits: number): number {
  for (let o = 0, n = now.counts.observed, at = observation.at; o < n; o++, at += 2)
    if ((cells[at]! & bits) === bits) return o;
  return -1;
}
export const isSeen = (o: number): boolean => (cells[observation.at + 2 * o]! & SEEN) !== 0;
/** What observation `o` saw: an index into `Plan.stored`. */
export const seenBytes = (o: number): number => cells[observation.at + 2 * o + 1]!;
export const observed = (o: number): Observed => now.plan!.observed[o]!;
export const opOf = (o: number): Op => now.plan!.ops[observed(o).op]!;

/**
 * Who looked (a process, -1 the observer), how in words, and the folio, -1 once that cannot be told any
 * more.
 */
export function look(o: number): { by: number; how: string; folio: number } {
  const op = opOf(o),
    by = now.plan!.threads[op.thread]!.process;
  switch (op.syscall) {
    case 'pipe_read':
      return {
        by,
        how: `in pipe ${now.plan!.pipes[op.slot]!.name}`,
        folio: still(o, keptBy(op.thread)),
      };
    case 'release':
    case 'device_read':
    case 'uring_write':
      return {
        by: holdAt(op.slot).process,
        how: `through ${now.plan!.holds[op.slot]!.name}`,
        folio: still(o, holdAt(op.slot).folio),
      };
    default:
      return { by, how: `at ${pageName(op.va)}`, folio: still(o, folioBehind(op)) };
  }
}
/** First folio of which running code of thread `t` holds a reference, or -1. */
const keptBy = (t: number): number =>
  allHolders().findIndex((of) => of.some((h) => h.kind === 'kernel' && h.thread === t));
function folioBehind(op: Op): number {
  const e = tlbAt(op.thread, op.va);
  return e === 0 ? -1 : pte_folio(e);
}
const still = (o: number, f: number): number =>
  f >= 0 && cells[folio_stored.at + f] === seenBytes(o) ? f : -1;
