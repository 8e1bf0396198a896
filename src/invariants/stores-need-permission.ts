/** INV-MPROT: once mprotect has returned, no CPU can store any more. */
import { PTE_WRITE } from '../kernel/verbs/pte.ts';
import { VM_MAPPED, VM_WRITE } from '../kernel/verbs/vma.ts';
import { vmaAt } from '../kernel/view.ts';
import { MMAP_WRITE, no_writer_at } from '../kernel/locks.ts';
import {
  cells,
  mmNow,
  mmOf,
  now,
  pages,
  tlb,
  vm_flags,
  vm_flags_more,
  mmap_lock,
  range_lock,
} from '../kernel/world.ts';
import { pageName, processCard, processName, threadName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

const isReadOnly = (m: number, va: number): boolean => (vmaAt(m, va) & (VM_MAPPED | VM_WRITE)) === VM_MAPPED;

/**
 * Place of the first TLB entry that permits a store which its VMA does not, counted in entries; -1 = none.
 */
function permitted(): number {
  for (let t = 0, at = tlb.at, threads = now.counts.threads; t < threads; t++) {
    for (let va = 0; va < pages; va++, at += 2) {
      if ((cells[at]! & PTE_WRITE) === 0) continue;
      // Whoever takes the permission away flushes before mmap_lock is released.
      const m = mmOf[t]!;
      if (isReadOnly(m, va) && no_writer_at(m, va)) return t * pages + va;
    }
  }
  return -1;
}

function broken(): Broken | null {
  const i = permitted();
  if (i < 0) return null;
  const t = Math.trunc(i / pages),
    m = mmOf[t]!,
    page = pageName(i % pages);
  const owner = processName(m);
  return {
    reason: `The CPU of ${threadName(t)} can still store to ${page}, which is read-only in ${owner}.`,
    cards: [processCard(m)],
    process: m,
    folio: cells[tlb.at + 2 * i + 1]!,
  };
}

/** Some CPU of process `m` may store somewhere. */
function mayStore(m: number): boolean {
  for (let t = 0, at = tlb.at, n = now.counts.threads; t < n; t++)
    for (let va = 0; va < pages; va++, at += 2)
      if (mmOf[t] === m && (cells[at]! & PTE_WRITE) !== 0) return true;
  return false;
}

export const stores_need_permission: Invariant = {
  id: 'stores-need-permission',
  alias: ['INV-MPROT', 'MPROT'],
  says: 'Once mprotect has taken the permission to write, no CPU of the process can store there.',
  word: 'permitted',
  cite: 'mm/mprotect.c, change_protection',
  reads: [tlb, vm_flags, vm_flags_more, mmap_lock, range_lock],
  broken,
  hides: (t, locks) => (locks & MMAP_WRITE) !== 0 && mayStore(mmNow(t)),
  applies: () => {
    for (let m = 0; m < now.counts.mms; m++)
      for (let va = 0; va < pages; va++) if (isReadOnly(m, va)) return true;
    return false;
  },
};
