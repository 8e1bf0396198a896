/** Stores that somebody should have heard of: the ghost of `kernel/verbs/uffd.ts`, in words. */
import { lastDone } from '../kernel/verbs/pick.ts';
import { pte_folio } from '../kernel/verbs/pte.ts';
import { tlbAt } from '../kernel/view.ts';
import { OP, cells, missed, mmOf, now, opsOfThread, taskOf } from '../kernel/world.ts';
import { folioCard, folioName, pageName, processCard, threadName } from './invariant.ts';
import type { Broken } from './invariant.ts';

/** Judged in the world right after the store, so its operation is the thread's last one. */
export function missedStore(kind: number, what: string): Broken | null {
  if (cells[missed.at] !== kind) return null;
  const t = cells[missed.at + 1]!,
    op = opsOfThread(t)[lastDone(t, cells[taskOf[t]! + OP]!)],
    m = mmOf[t]!;
  const va = op?.va ?? -1,
    e = va < 0 ? 0 : tlbAt(t, va),
    f = e === 0 ? -1 : pte_folio(e);
  const where = va < 0 ? 'memory' : pageName(va);
  return {
    reason: `${threadName(t)} has stored to ${where}${f < 0 ? '' : ` in ${folioName(f)}`}, ${what}.`,
    cards: [processCard(m), ...(f < 0 ? [] : [folioCard(f)])],
    process: m,
    folio: f,
  };
}

export function isWatched(is: (m: number, va: number) => boolean, pages: number): boolean {
  for (let m = 0; m < now.counts.mms; m++) for (let va = 0; va < pages; va++) if (is(m, va)) return true;
  return false;
}
