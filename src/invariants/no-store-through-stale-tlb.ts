/**
 * INV-TLB, as far as a state can tell: no CPU can store to a page that its process no longer maps there, or
 * that another process may write. Between an unmapping and its flush both pages may be reached.
 */
import { heldBy } from '../kernel/locks.ts';
import { EXPECT_RACING } from '../kernel/verbs/mm.ts';
import { PTE_DIRTY, PTE_PRESENT, PTE_WRITE } from '../kernel/verbs/pte.ts';
import { FOLIO_ANON } from '../kernel/verbs/folio.ts';
import { holders } from '../kernel/view.ts';
import {
  cells,
  expected,
  folio_flags,
  mmOf,
  now,
  pages,
  pte,
  tlb,
  folio_batch,
  page_cache,
  pipe_slot,
  hold,
} from '../kernel/world.ts';
import { folioCard, folioName, pageName, processCard, processName, threadName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

const STORES = PTE_WRITE | PTE_DIRTY;

/** Another process whose page table lets it write to folio `f`, or -1. */
function otherWriter(m: number, f: number): number {
  for (let other = 0; other < now.counts.mms; other++) {
    if (other === m) continue;
    for (let va = 0, at = pte.at + 2 * other * pages; va < pages; va++, at += 2)
      if ((cells[at]! & (PTE_PRESENT | PTE_WRITE)) === (PTE_PRESENT | PTE_WRITE) && cells[at + 1] === f)
        return other;
  }
  return -1;
}
/** The CPU is itself on its way to the flush: it stores nothing before. Its thread still keeps the page. */
const unmaps = (t: number, f: number): boolean =>
  holders(f).some((h) => h.kind === 'kernel' && h.thread === t);
/** Number of the first cached entry, over all CPUs, that is wrong; -1: none. */
function stale(): number {
  const { threads } = now.counts;
  for (let t = 0; t < threads; t++) {
    // Whoever holds a lock is in the kernel, and flushes before it returns.
    if (heldBy(t) !== 0) continue;
    for (let va = 0, at = tlb.at + 2 * t * pages; va < pages; va++, at += 2) {
      if ((cells[at]! & STORES) !== STORES) continue;
      const m = mmOf[t]!,
        i = m * pages + va,
        entry = pte.at + 2 * i,
        f = cells[at + 1]!;
      const elsewhere = (cells[entry]! & PTE_PRESENT) !== 0 && cells[entry + 1] !== f;
      if (elsewhere && cells[expected.at + i] !== EXPECT_RACING && !unmaps(t, f)) return t * pages + va;
      if ((cells[folio_flags.at + f]! & FOLIO_ANON) !== 0 && otherWriter(m, f) >= 0) return t * pages + va;
    }
  }
  return -1;
}

function broken(): Broken | null {
  const i = stale();
  if (i < 0) return null;
  const t = Math.floor(i / pages),
    va = i % pages,
    m = mmOf[t]!,
    f = cells[tlb.at + 2 * i + 1]!;
  const other = otherWriter(m, f);
  const instead =
    other >= 0
      ? `which ${processName(other)} may write as well`
      : `which ${processName(m)} no longer maps there`;
  return {
    reason: `The CPU of ${threadName(t)} can still store to ${folioName(f)} at ${pageName(va)}, ${instead}.`,
    cards: [processCard(m), folioCard(f)],
    process: m,
    folio: f,
  };
}

function mayStore(t: number): boolean {
  for (let va = 0, at = tlb.at + 2 * t * pages; va < pages; va++, at += 2)
    if ((cells[at]! & STORES) === STORES) return true;
  return false;
}

export const no_store_through_stale_tlb: Invariant = {
  id: 'no-store-through-stale-tlb',
  alias: ['INV-TLB', 'TLB'],
  says: 'No CPU can store to a page that its process no longer maps, or that another may write.',
  word: 'stale',
  cite: '6ce64428d620, and the mails on deferred flushes of January 2021',
  reads: [tlb, pte, expected, folio_flags, folio_batch, page_cache, pipe_slot, hold, 'locks', 'keeps'],
  broken,
  hides: (t) => heldBy(t) === 0 && mayStore(t),
  applies: () => {
    for (let i = 0, at = tlb.at; i < now.counts.threads * pages; i++, at += 2)
      if ((cells[at]! & STORES) === STORES) return true;
    return false;
  },
};
