/**
 * Faults of huge pages (hugetlbfs): hugetlb_fault, hugetlb_no_page, hugetlb_wp (hugetlb_cow until 5.18).
 * mm/hugetlb.c. Private mappings only. No batches, no page of zeros, and one rule for reuse in all kernels:
 * one mapping. References do not count, since a copy may kill a process for want of pages. What the
 * reader-writer locks of the file (i_mmap_rwsem, then the VMA's) keep apart is left out (docs/limits.md).
 */
import {
  COPY_FLUSHES_FIRST,
  COPY_HOLDS_OLD_FOLIO,
  COPY_RECHECKS_PTE,
  FAULT_RECHECKS_PTE,
  guarded,
} from '../guards.ts';
import { isFree, take } from '../locks.ts';
import { rules } from '../rules.ts';
import { routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  PageAnonExclusive,
  SetPageAnonExclusive,
  copy_user_highpage,
  folio_add_new_anon_rmap,
  folio_get,
  folio_mapcount,
  folio_put,
  folio_ref_count,
  folio_remove_rmap,
  folio_trylock,
  folio_unlock,
  has_free_folio,
  isUnlocked,
} from '../verbs/folio.ts';
import {
  RESV_OWNER,
  alloc_hugetlb_folio,
  is_vma_resv_set,
  nextWithoutReserve,
  set_vma_resv_flags,
} from '../verbs/hugetlb.ts';
import { pageTaken } from '../verbs/mm.ts';
import {
  PTE_ACCESSED,
  PTE_WRITE,
  dirtied,
  pte_clear,
  pte_folio,
  pte_none,
  pte_offset,
  pte_offset_of,
  pte_present,
  pte_write,
  ptep_get,
  set_pte_at,
  set_pte_at_other,
} from '../verbs/pte.ts';
import { every_cpu_answers, every_cpu_answers_of, flush_tlb_page, flush_tlb_page_of } from '../verbs/tlb.ts';
import { anon_vma_prepare } from '../verbs/vma.ts';
import { FAULT_EXITS, FAULT_FLAG_UNSHARE, vmf } from '../vmf.ts';
import { decided, mm, op } from '../world.ts';
import { huge_pte, hugetlb_no_page, mayWrite, writing } from './hugetlb-no-page.ts';
import { cleared_mapping, mapping, new_folio } from './refs.ts';

const file = 'mm/hugetlb.c';
const old = (): number => pte_folio(vmf.orig_pte);
/** The reference of hugetlb_fault() to the page that it works on; it serves the copy, too. */
const faulted: Ref = {
  label: 'huge-page fault',
  folios: () => (guarded(COPY_HOLDS_OLD_FOLIO) ? [old()] : []),
};
const unsharing = (): boolean => (vmf.flags & FAULT_FLAG_UNSHARE) !== 0;
const isOwner = (): boolean => is_vma_resv_set(mm, op.va, RESV_OWNER);
/** No mapping of the page but that of the entry; by a proposal, no reference but that and the fault's own. */
function foundAlone(): boolean {
  if (rules.hugetlbReuses === 'mapcount') {
    const n = folio_mapcount(old());
    decided('mapcount 1?', old(), n, n === 1 ? 'reuse' : 'copy');
    return n === 1;
  }
  const n = folio_ref_count(old()) - 1;
  decided('refcount 1?', old(), n, n === 1 ? 'reuse' : 'copy');
  return n === 1;
}

/** The entry of another process, which was cleared and not flushed yet. */
const theirs: Ref = { label: 'entry elsewhere', folios: () => [old()] };
const otherPte = (): number => pte_offset_of(vmf.around, op.va);
/**
 * The pool is empty, and the process that reserved the page writes to it: those who share it lose it. The
 * page lock and the fault's reference stay; the fault mutex is let go meanwhile. unmap_ref_private().
 */
const unmap_ref_private = {
  drop_mutex: {
    says:
      'The pool is empty, and {me} was promised its page: take it away from the others. Other faults ' +
      'may go on.',
    holds: ['hugetlb_fault_mutex', 'folio_lock'],
    drops: ['hugetlb_fault_mutex'],
    keeps: [faulted],
    run: (): 'next_other' => {
      vmf.around = 0;
      return 'next_other';
    },
  },
  next_other: {
    says: 'Is there another process that has the mapping, and was promised nothing?',
    holds: ['folio_lock'],
    keeps: [faulted],
    run: (): 'retake' | 'lock_other' => {
      const m = nextWithoutReserve(vmf.around);
      vmf.around = m === 0 ? 0 : m - 1;
      return m === 0 ? 'retake' : 'lock_other';
    },
    so: { retake: 'All who have the mapping were visited.' },
  },
  lock_other: {
    says: 'Take the page-table lock of that process: does it map the page?',
    holds: ['folio_lock'],
    takes: 'ptl:other',
    keeps: [faulted],
    run: (): 'clear_other' | 'skip_other' => {
      const pte = ptep_get(otherPte());
      return pte_present(pte) && pte_folio(pte) === old() ? 'clear_other' : 'skip_other';
    },
    so: { clear_other: 'It maps {folio}.', skip: 'It does not map the page.' },
  },
  skip_other: {
    says: 'Let go of that page table.',
    holds: ['ptl:other'],
    drops: ['ptl:other'],
    keeps: [faulted],
    run: (): 'next_other' => {
      vmf.around += 1;
      return 'next_other';
    },
  },
  clear_other: {
    says: 'Clear its entry, and note in its VMA that the page is lost.',
    holds: ['folio_lock', 'ptl:other'],
    keeps: [faulted],
    run: (): 'unmap_other' => {
      set_pte_at_other(otherPte(), 0);
      set_vma_resv_flags(vmf.around, op.va);
      pageTaken(vmf.around, op.va);
      return 'unmap_other';
    },
  },
  unmap_other: {
    says: 'One page table less points at {folio}.',
    holds: ['folio_lock', 'ptl:other'],
    keeps: [faulted, theirs],
    run: (): 'unlock_other' => {
      folio_remove_rmap(old());
      return 'unlock_other';
    },
  },
  unlock_other: {
    says: 'Let go of that page table.',
    holds: ['folio_lock', 'ptl:other'],
    drops: ['ptl:other'],
    keeps: [faulted, theirs],
    next: 'flush_other',
  },
  flush_other: {
    says: 'Flush {page} on all CPUs of that process.',
    holds: ['folio_lock'],
    keeps: [faulted, theirs],
    when: () => every_cpu_answers_of(vmf.around),
    awaits: 'waits for a CPU that has interrupts off',
    mark: 'flush',
    run: (): 'put_other' => {
      flush_tlb_page_of(vmf.around, op.va);
      return 'put_other';
    },
  },
  put_other: {
    says: 'Drop the reference that the entry had.',
    holds: ['folio_lock'],
    keeps: [faulted, theirs],
    run: (): 'next_other' => {
      folio_put(old());
      vmf.around += 1;
      return 'next_other';
    },
  },
  retake: {
    says: 'One fault at a time for this page, as before.',
    holds: ['folio_lock'],
    keeps: [faulted],
    when: () => isFree('hugetlb_fault_mutex'),
    awaits: 'waits for another fault at this page',
    run: (): 'again' => {
      take('hugetlb_fault_mutex', true);
      return 'again';
    },
  },
} as const;

/** MADV_DONTNEED of another thread, before which no fault of huge pages could be surprised. */
const takesPagesAway = (): boolean => rules.dontneedHugetlb !== 'refused';

/** A write, or an unshare, meets a read-only entry: reuse the page, or copy it. Page-table lock held. */
const hugetlb_wp = routine(
  'hugetlb_wp',
  { file, exits: FAULT_EXITS, locals: vmf },
  {
    count: {
      says: 'How many page tables map {folio}?',
      holds: ['hugetlb_fault_mutex', 'folio_lock', 'ptl'],
      keeps: [faulted],
      run: () => (foundAlone() ? 'reuse' : 'unlock_to_copy'),
      so: {
        reuse: 'Nobody else maps {folio}: write in place. References are not asked for.',
        unlock_to_copy: '{folio} is shared: {me} needs a copy.',
      },
    },
    reuse: {
      says: 'Keep {folio}, and make the entry of {page} writable in place.',
      holds: ['hugetlb_fault_mutex', 'folio_lock', 'ptl'],
      keeps: [faulted],
      run: () => {
        if (rules.hasExclusive && !PageAnonExclusive(old())) SetPageAnonExclusive(old());
        if (!unsharing() && mayWrite())
          set_pte_at(pte_offset(op.va), vmf.orig_pte | PTE_ACCESSED | PTE_WRITE | dirtied());
        return 'unlock';
      },
    },
    unlock_to_copy: {
      says: 'Let go of the page table, to get a page for the copy.',
      holds: ['hugetlb_fault_mutex', 'folio_lock', 'ptl'],
      drops: ['ptl'],
      keeps: [faulted],
      next: 'alloc',
    },
    alloc: {
      says: 'Take a 2 MB page out of the pool for the copy, {folio}; none that was promised.',
      holds: ['hugetlb_fault_mutex', 'folio_lock'],
      keeps: [faulted],
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: () => {
        const f = alloc_hugetlb_folio(op.va, isOwner());
        if (f < 0) return isOwner() ? 'drop_mutex' : 'no_page';
        anon_vma_prepare(op.va);
        vmf.new_folio = f;
        return 'copy';
      },
      so: {
        drop_mutex: 'The pool has no page left that was not promised.',
        no_page: 'The pool has no page left, and {me} was promised none.',
      },
    },
    no_page: {
      says: 'Unlock the page.',
      holds: ['hugetlb_fault_mutex', 'folio_lock'],
      keeps: [faulted],
      run: () => {
        folio_unlock();
        return 'put_no_page';
      },
    },
    put_no_page: {
      says: 'Drop the reference of the fault.',
      holds: ['hugetlb_fault_mutex'],
      keeps: [faulted],
      run: () => {
        if (guarded(COPY_HOLDS_OLD_FOLIO)) folio_put(old());
        return 'sigbus';
      },
    },
    sigbus: {
      says: 'There is no page to be had.',
      holds: ['hugetlb_fault_mutex'],
      drops: ['hugetlb_fault_mutex'],
      next: 'VM_FAULT_SIGBUS',
    },
    ...unmap_ref_private,
    again: {
      says: 'Is the entry still the same? Then ask once more who maps the page.',
      holds: ['hugetlb_fault_mutex', 'folio_lock'],
      takes: 'ptl',
      keeps: [faulted],
      run: () => (ptep_get(pte_offset(op.va)) === vmf.orig_pte ? 'count' : 'unlock'),
      so: { unlock: 'The entry of {page} changed meanwhile: try the access again.' },
    },
    copy: {
      says: 'Copy the 2 MB with no page-table lock held.',
      holds: ['hugetlb_fault_mutex', 'folio_lock'],
      keeps: [faulted, new_folio],
      mark: 'copy',
      run: () => {
        copy_user_highpage(vmf.new_folio, old());
        return 'relock';
      },
    },
    relock: {
      says: 'Back under the lock: is the entry still the one that faulted?',
      holds: ['hugetlb_fault_mutex', 'folio_lock'],
      takes: 'ptl',
      keeps: [faulted, new_folio],
      run: () =>
        ptep_get(pte_offset(op.va)) === vmf.orig_pte || !guarded(COPY_RECHECKS_PTE) ? 'clear' : 'raced',
      so: {
        clear: 'The entry of {page} has not changed: the copy may go in.',
        raced: 'The entry of {page} changed: the copy is not needed.',
      },
    },
    clear: {
      says: 'Clear the entry of {page}; whoever touches it now faults and waits.',
      holds: ['hugetlb_fault_mutex', 'folio_lock', 'ptl'],
      keeps: [faulted, new_folio],
      run: () => {
        if (guarded(COPY_FLUSHES_FIRST)) pte_clear(pte_offset(op.va));
        return 'flush';
      },
    },
    flush: {
      says: 'Flush {page} on all CPUs of {me}: nobody may go on using the old page.',
      holds: ['hugetlb_fault_mutex', 'folio_lock', 'ptl'],
      keeps: [faulted, cleared_mapping, new_folio],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        if (guarded(COPY_FLUSHES_FIRST)) flush_tlb_page(op.va);
        return 'unmap_old';
      },
    },
    unmap_old: {
      says: 'One page table less points at the old page.',
      holds: ['hugetlb_fault_mutex', 'folio_lock', 'ptl'],
      keeps: [faulted, cleared_mapping, new_folio],
      run: () => {
        folio_remove_rmap(old());
        return 'install';
      },
    },
    install: {
      says: 'The copy {folio} takes the place of the old page.',
      holds: ['hugetlb_fault_mutex', 'folio_lock', 'ptl'],
      keeps: [faulted, cleared_mapping, new_folio],
      run: () => {
        folio_add_new_anon_rmap(vmf.new_folio, rules.hasExclusive);
        set_pte_at(pte_offset(op.va), huge_pte(vmf.new_folio, !unsharing()));
        vmf.new_folio = 0;
        return 'unlock_copied';
      },
    },
    unlock_copied: {
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      keeps: [faulted, mapping],
      next: 'put_mapping',
    },
    put_mapping: {
      says: 'Drop the reference that the old entry had.',
      holds: ['hugetlb_fault_mutex', 'folio_lock'],
      keeps: [faulted, mapping],
      run: () => {
        folio_put(old());
        return 'unlock_page';
      },
    },
    raced: {
      on: takesPagesAway,
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      keeps: [faulted, new_folio],
      next: 'free_new',
    },
    free_new: {
      on: takesPagesAway,
      says: 'Give the unused page back to the pool.',
      holds: ['hugetlb_fault_mutex', 'folio_lock'],
      keeps: [faulted, new_folio],
      run: () => {
        folio_put(vmf.new_folio);
        vmf.new_folio = 0;
        return 'unlock_page';
      },
    },
    unlock: {
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      keeps: [faulted],
      next: 'unlock_page',
    },
    unlock_page: {
      says: 'Unlock the page.',
      holds: ['hugetlb_fault_mutex', 'folio_lock'],
      keeps: [faulted],
      run: () => {
        folio_unlock();
        return 'put';
      },
    },
    put: {
      says: 'Drop the reference of the fault.',
      holds: ['hugetlb_fault_mutex'],
      keeps: [faulted],
      run: () => {
        if (guarded(COPY_HOLDS_OLD_FOLIO)) folio_put(old());
        return 'out';
      },
    },
    out: {
      says: 'Let the next fault at this page go on.',
      holds: ['hugetlb_fault_mutex'],
      drops: ['hugetlb_fault_mutex'],
      next: 'done',
    },
  },
);

/** Entered as handle_mm_fault(). */
export const hugetlb_fault = routine(
  'hugetlb_fault',
  { file, exits: FAULT_EXITS, locals: vmf },
  {
    begin: {
      says: 'Memory of huge pages: one fault at a time for this page. Read the entry.',
      takes: 'hugetlb_fault_mutex',
      run: () => {
        vmf.orig_pte = ptep_get(pte_offset(op.va));
        return pte_none(vmf.orig_pte) ? 'no_page' : 'lock';
      },
      so: { no_page: 'The entry of {page} is empty.', lock: 'The entry of {page} is there.' },
    },
    no_page: { tail: hugetlb_no_page },
    lock: {
      says: 'Take the page-table lock: is it still the entry that was read?',
      holds: ['hugetlb_fault_mutex'],
      takes: 'ptl',
      run: () =>
        ptep_get(pte_offset(op.va)) === vmf.orig_pte || !guarded(FAULT_RECHECKS_PTE) ? 'trylock' : 'changed',
      so: { changed: 'The entry of {page} changed meanwhile: try the access again.' },
    },
    changed: {
      says: 'Let go of the page table.',
      holds: ['hugetlb_fault_mutex', 'ptl'],
      drops: ['hugetlb_fault_mutex', 'ptl'],
      next: 'done',
    },
    trylock: {
      says: 'Lock the page, but do not sleep for it here.',
      holds: ['hugetlb_fault_mutex', 'ptl'],
      run: () => (folio_trylock(old()) ? 'get' : 'contended'),
      so: { contended: 'Somebody has {folio} locked.' },
    },
    contended: {
      says: 'Let go of everything, to wait for the page lock.',
      holds: ['hugetlb_fault_mutex', 'ptl'],
      drops: ['hugetlb_fault_mutex', 'ptl'],
      next: 'wait',
    },
    wait: {
      says: 'Wait until the page is unlocked, and try again. No reference is needed: the page is not used.',
      when: () => isUnlocked(old()),
      awaits: 'waits for the page lock',
      next: 'done',
    },
    get: {
      says: 'Take a reference to {folio}.',
      holds: ['hugetlb_fault_mutex', 'folio_lock', 'ptl'],
      run: () => {
        if (guarded(COPY_HOLDS_OLD_FOLIO)) folio_get(old());
        return (writing() || unsharing()) && !pte_write(vmf.orig_pte) ? 'wp' : 'mark';
      },
      so: {
        wp: 'The entry of {page} is read-only, and the access needs more.',
        mark: 'The entry of {page} permits the access by now.',
      },
    },
    wp: { tail: hugetlb_wp },
    mark: {
      says: 'Mark the entry as used, and as dirty for a store.',
      holds: ['hugetlb_fault_mutex', 'folio_lock', 'ptl'],
      drops: ['ptl'],
      keeps: [faulted],
      run: () => {
        set_pte_at(pte_offset(op.va), vmf.orig_pte | PTE_ACCESSED | (writing() ? dirtied() : 0));
        return 'unlock_page';
      },
    },
    unlock_page: {
      says: 'Unlock the page.',
      holds: ['hugetlb_fault_mutex', 'folio_lock'],
      keeps: [faulted],
      run: () => {
        folio_unlock();
        return 'put';
      },
    },
    put: {
      says: 'Drop the reference of the fault.',
      holds: ['hugetlb_fault_mutex'],
      keeps: [faulted],
      run: () => {
        if (guarded(COPY_HOLDS_OLD_FOLIO)) folio_put(old());
        return 'out';
      },
    },
    out: {
      says: 'Let the next fault at this page go on.',
      holds: ['hugetlb_fault_mutex'],
      drops: ['hugetlb_fault_mutex'],
      next: 'done',
    },
  },
);
