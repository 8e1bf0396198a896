/** mprotect: the VMA changes first, then each entry, then the TLBs. mm/mprotect.c. */
import { locals } from '../frame.ts';
import { ADVISED_PART } from '../flags.ts';
import { MPROTECT_FLUSHES, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import { PageAnonExclusive, folio_test_anon } from '../verbs/folio.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import {
  PTE_MIGRATION_EXCLUSIVE,
  PTE_MIGRATION_WRITE,
  PTE_PROTNONE,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  is_migration_entry,
  pte_dirty,
  pte_folio,
  pte_none,
  pte_offset,
  pte_present,
  pte_special,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { change_huge_pmd, pmdp_get } from '../verbs/pmd.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { dec_tlb_flush_pending, inc_tlb_flush_pending, userfaultfd_wp } from '../verbs/uffd.ts';
import { VM_READ, VM_SHARED, VM_SOFTDIRTY, VM_WRITE, vm_flags_set, vma_merge, vma_of } from '../verbs/vma.ts';
import { now, op } from '../world.ts';
import { lock_vmas, prot, range, unlock_and } from './mmap.ts';
import { announce, speculates } from './spf.ts';
import { split_first, split_huge_pmd } from './split-huge.ts';
import { ask_count, asks_count, protect_referenced } from './strict.ts';

/**
 * `changes`: for each page slot, whether its VMA gets another permission; mprotect_fixup() leaves the
 * entries of the others alone.
 */
export const change = locals({ addr: 1, changes: (n) => n.pages });
/** mprotect works upwards and stops at the first hole. */
export const hasHole = ({ from, to }: { from: number; to: number }): boolean => {
  for (let va = from; va < to; va++) if (vma_of(va) === 0) return true;
  return false;
};
/** A store there must be heard of: by a monitor, or by whoever reads soft-dirty bits. */
const needs_write_fault = (pte: number, vma: number): boolean =>
  (userfaultfd_wp(vma) && (pte & PTE_UFFD_WP) !== 0) ||
  (now.counts.softDirty !== 0 && (vma & VM_SOFTDIRTY) === 0 && (pte & PTE_SOFT_DIRTY) === 0);
/**
 * Anonymous, exclusive, and the VMA permits writing: the entry may become writable without a fault.
 * can_change_pte_writable().
 */
const can_change_pte_writable = (pte: number, vma: number): boolean =>
  !needs_write_fault(pte, vma) &&
  (vma & (VM_WRITE | VM_SHARED)) === VM_WRITE &&
  (pte_dirty(pte) || !rules.mprotectWantsDirty) &&
  !pte_special(pte) &&
  folio_test_anon(pte_folio(pte)) &&
  PageAnonExclusive(pte_folio(pte));
export const may_set_write = (pte: number, vma: number): boolean =>
  rules.mprotectMakesWritable && can_change_pte_writable(pte, vma);
/** A migration entry loses its right to write, too; an exclusive page stays one. Others keep theirs. */
export function change_nonpresent(pte: number): number {
  if (!is_migration_entry(pte) || (pte & PTE_MIGRATION_WRITE) === 0) return pte;
  return (pte & ~PTE_MIGRATION_WRITE) | (rules.hasExclusive ? PTE_MIGRATION_EXCLUSIVE : 0);
}
/**
 * What the VMA's protection makes of an entry: private mappings never gain the write bit here. pte_modify()
 * with vm_page_prot.
 */
export function protect(pte: number, vma: number, makesWritable = rules.mprotectMakesWritable): number {
  if (!pte_present(pte)) return change_nonpresent(pte);
  const kept = pte & ~(PTE_WRITE | PTE_PROTNONE);
  if ((vma & VM_READ) === 0) return kept | PTE_PROTNONE;
  const shared = (vma & (VM_SHARED | VM_WRITE)) === (VM_SHARED | VM_WRITE),
    write = shared || (makesWritable && can_change_pte_writable(pte, vma));
  return kept | (write ? PTE_WRITE : 0);
}

export const do_mprotect = routine(
  'mprotect_fixup',
  { file: 'mm/mprotect.c', exits: ['end', 'ENOMEM', 'EAGAIN', 'EINVAL'], locals: change },
  {
    lock: {
      says: 'No mapping may change meanwhile: {mmap_lock} for writing.',
      takes: 'mmap_lock:write',
      next: 'find',
    },
    find: {
      says: 'Which VMAs does the range have, and what changes for them?',
      holds: ['mmap_lock:write'],
      run: () => {
        const { from, to } = range();
        let any = false;
        for (let va = from; va < to && vma_of(va) !== 0; va++) {
          if ((vma_of(va) & (VM_READ | VM_WRITE)) === prot()) continue;
          change.changes.set(va, 1 | (vma_of(va) & (VM_READ | VM_WRITE)));
          any = true;
        }
        if (!any) return hasHole(range()) ? 'hole' : 'same';
        if ((op.flags & ADVISED_PART) !== 0) return 'part';
        return rules.hasVmaLocks ? 'lock_vma' : speculates() ? 'announce' : 'set_vma';
      },
      so: { same: 'The permission is the same as before: nothing to do.' },
    },
    part: {
      ...unlock_and('Part of a huge page cannot be a VMA of its own: refuse.', 'EINVAL'),
      where: 'huge',
    },
    same: unlock_and('Let the mappings go.', 'end'),
    hole: unlock_and('Part of the range is not mapped.', 'ENOMEM'),
    lock_vma: lock_vmas('set_vma'),
    announce: announce('set_vma'),
    parts_vma: split_first('set_vma'),
    split_huge: { where: 'thp', ...call(split_huge_pmd, { done: 'set_vma' }) },
    set_vma: {
      says: 'Change the permission of the VMA.',
      holds: ['mmap_lock:write'],
      run: () => {
        const { from, to } = range();
        change.addr = from;
        for (let va = from; va < to && vma_of(va) !== 0; va++) {
          if (change.changes.get(va) !== 0) vm_flags_set(va, (vma_of(va) & ~(VM_READ | VM_WRITE)) | prot());
        }
        vma_merge(op.region);
        inc_tlb_flush_pending();
        return 'lock_pte';
      },
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there a page table? Where there is none, there is no entry to change.',
      holds: ['mmap_lock:write'],
      run: () => {
        const kind = pmdp_get(op.va);
        return kind === 'huge' ? 'change_huge' : kind === 'none' ? 'flush' : 'lock_pte';
      },
    },
    change_huge: {
      where: 'thp',
      says: 'Lock the PMD table and give the entry of the huge page the new permission.',
      holds: ['mmap_lock:write'],
      takes: 'pmd_lock',
      drops: ['pmd_lock'],
      run: () => {
        const vma = vma_of(op.va);
        if (change.changes.get(op.va) !== 0) change_huge_pmd(op.region, (was) => protect(was, vma));
        return 'flush';
      },
    },
    lock_pte: { says: 'Take the page-table lock.', holds: ['mmap_lock:write'], takes: 'ptl', next: 'change' },
    change: {
      says: 'Give the entry the new permission.',
      holds: ['mmap_lock:write', 'ptl'],
      run: () => {
        const { to } = range();
        while (change.addr < to && vma_of(change.addr) !== 0) {
          const va = change.addr,
            ptep = pte_offset(va),
            pte = ptep_get(ptep);
          change.addr += 1;
          if (pte_none(pte) || change.changes.get(va) === 0) continue;
          const next = protect(pte, vma_of(va), rules.mprotectMakesWritable && !is_vm_hugetlb_page(va));
          if (next === pte) continue;
          if (asks_count(pte, next, vma_of(va))) {
            ask_count(va, pte, next);
            return 'ask';
          }
          set_pte_at(ptep, next);
          return change.addr < to ? 'change' : 'unlock_pte';
        }
        return 'unlock_pte';
      },
    },
    ask: {
      ...call(protect_referenced, { done: 'change', again: 'again', refused: 'undo' }),
      on: () => rules.protectsReferenced !== 'always',
    },
    again: {
      on: () => rules.protectsReferenced !== 'always',
      says: 'Look at the entry again.',
      holds: ['mmap_lock:write', 'ptl'],
      run: () => {
        change.addr -= 1;
        return 'change';
      },
    },
    undo: {
      on: () => rules.protectsReferenced === 'fail',
      says: 'Give the VMA its permission back. What is read-only by now, the next store makes writable.',
      holds: ['mmap_lock:write', 'ptl'],
      drops: ['ptl'],
      run: () => {
        const { from, to } = range();
        for (let va = from; va < to; va++) {
          const was = change.changes.get(va) & (VM_READ | VM_WRITE);
          if (change.changes.get(va) !== 0) vm_flags_set(va, (vma_of(va) & ~(VM_READ | VM_WRITE)) | was);
        }
        vma_merge(op.region);
        return 'flush_undo';
      },
    },
    flush_undo: {
      on: () => rules.protectsReferenced === 'fail',
      says: 'Flush the range on all CPUs of {me}.',
      holds: ['mmap_lock:write'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_range(op.va, op.pages);
        dec_tlb_flush_pending();
        return 'refused';
      },
    },
    refused: {
      ...unlock_and('Refuse: somebody holds a page of the range. The caller may try again.', 'EAGAIN'),
      on: () => rules.protectsReferenced === 'fail',
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: ['mmap_lock:write', 'ptl'],
      drops: ['ptl'],
      next: 'flush',
    },
    flush: {
      says: 'Flush the range on all CPUs of {me}: the new permission holds from here on.',
      holds: ['mmap_lock:write'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        if (guarded(MPROTECT_FLUSHES)) flush_tlb_range(op.va, op.pages);
        dec_tlb_flush_pending();
        return hasHole(range()) ? 'hole' : 'same';
      },
      so: { same: 'All CPUs of {me} have dropped the old permission.' },
    },
  },
);
