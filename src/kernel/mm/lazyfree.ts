/**
 * MADV_FREE: the pages of a range may go, unless somebody stores to them before memory is short.
 * mm/madvise.c, madvise_free_pte_range(). What becomes of them is in `reclaim.ts`.
 */
import { rules } from '../rules.ts';
import { routine } from '../steps.ts';
import {
  folio_mapcount,
  folio_test_anon,
  folio_trylock,
  folio_unlock,
  lru_add_drain,
  onLru,
} from '../verbs/folio.ts';
import { forget_page, may_go, may_have_gone } from '../verbs/mm.ts';
import {
  PTE_ACCESSED,
  PTE_DIRTY,
  is_swap_entry,
  pte_clear,
  pte_counted,
  pte_folio,
  pte_offset,
  ptep_get,
  set_pte_at,
  swp_slot,
} from '../verbs/pte.ts';
import {
  folio_clear_dirty,
  folio_test_dirty,
  folio_test_swapcache,
  free_swap_and_cache,
  set_lazy,
  try_to_free_swap,
} from '../verbs/swap.ts';
import { pmd_none } from '../verbs/table.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { dec_tlb_flush_pending, inc_tlb_flush_pending } from '../verbs/uffd.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { VM_LOCKED, find_vma, is_cached, release_fault_lock, vma_start_read } from '../verbs/vma.ts';
import { vmf } from '../vmf.ts';
import { op } from '../world.ts';

/** In `vmf`: `around` is the page of the range; `orig_pte` its entry; `flags` says that a flush is due. */
const FLUSH = 1;
const va = (): number => op.va + vmf.around;
const folio = (): number => pte_folio(vmf.orig_pte);
/** Only private anonymous memory that is not locked: the walk ends at the first other. */
const refused = (): number => {
  for (let i = 0; i < op.pages; i++) {
    const vma = find_vma(op.va + i);
    const other = is_cached(vma) || is_vm_hugetlb_page(op.va + i);
    if ((vma & VM_LOCKED) !== 0 || (vma !== 0 && other)) return i;
  }
  return op.pages;
};
const hasHole = (): boolean => {
  for (let i = 0; i < op.pages; i++) if (find_vma(op.va + i) === 0) return true;
  return false;
};
const inTable = ['ptl'] as const;
const both = ['ptl', 'folio_lock'] as const;

export const madvise_free = routine(
  'madvise_free_single_vma',
  { file: 'mm/madvise.c', exits: ['end', 'ENOMEM', 'EINVAL'], locals: vmf },
  {
    lock_vma: {
      says: 'These pages may go: their bytes are not needed any more.',
      run: () => (rules.hasVmaLocks && rules.madviseUnderVmaLock && vma_start_read() ? 'drain' : 'lock_mm'),
    },
    lock_mm: {
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      next: 'drain',
    },
    drain: {
      says: 'Empty the LRU batch of this CPU.',
      run: () => {
        if (refused() === 0) return 'unlock';
        lru_add_drain();
        inc_tlb_flush_pending();
        return 'lock_pte';
      },
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there a page table?',
      run: () => {
        if (!pmd_none(op.va)) return 'lock_pte';
        dec_tlb_flush_pending();
        return 'unlock';
      },
    },
    lock_pte: { says: 'Take the page-table lock.', takes: 'ptl', next: 'look' },
    look: {
      says: 'Find the next entry.',
      holds: inTable,
      run: () => {
        for (const end = refused(); vmf.around < end; vmf.around += 1) {
          vmf.orig_pte = ptep_get(pte_offset(va()));
          if (is_swap_entry(vmf.orig_pte)) return 'free_slot';
          if (!pte_counted(vmf.orig_pte) || !folio_test_anon(folio())) continue;
          return folio_test_swapcache(folio()) || folio_test_dirty(folio()) ? 'trylock' : 'clean';
        }
        return 'unlock_pte';
      },
      so: {
        free_slot: 'The entry of {page} names a swap slot.',
        trylock: '{folio} has been written through a reference, or is in the swap cache.',
        clean: 'The entry of {page} maps {folio}.',
        unlock_pte: 'No more entries.',
      },
    },
    free_slot: {
      says: 'Nobody needs what is in the slot: clear the entry.',
      holds: inTable,
      run: () => {
        const slot = swp_slot(vmf.orig_pte);
        pte_clear(pte_offset(va()));
        forget_page(va());
        free_swap_and_cache(slot);
        vmf.around += 1;
        return 'look';
      },
    },
    trylock: {
      says: 'Lock {folio}, but never sleep for it.',
      holds: inTable,
      run: () => {
        if (folio_trylock(folio())) return 'maps';
        vmf.around += 1;
        return 'look';
      },
      so: { look: 'Somebody has {folio} locked: leave it.' },
    },
    maps: {
      says: 'Does anybody else map {folio}?',
      holds: both,
      run: () => (folio_mapcount(folio()) === 1 ? 'uncache' : 'skip'),
      so: { skip: 'Others map it: what they have stored must not be lost.' },
    },
    uncache: {
      says: 'If no other entry names its slot, take {folio} out of the swap cache.',
      holds: both,
      run: () => {
        const cached = folio_test_swapcache(folio());
        return !cached || try_to_free_swap(folio()) ? 'undirty' : 'skip';
      },
    },
    skip: {
      says: 'Unlock the page, and leave it.',
      holds: both,
      run: () => {
        folio_unlock();
        vmf.around += 1;
        return 'look';
      },
    },
    undirty: {
      says: '{folio} counts as clean. Unlock it.',
      holds: both,
      run: () => {
        folio_clear_dirty(folio());
        folio_unlock();
        return 'clean';
      },
    },
    clean: {
      says: 'The entry of {page} is clean: a store will set its dirty bit again.',
      holds: inTable,
      run: () => {
        const next = vmf.orig_pte & ~(PTE_ACCESSED | PTE_DIRTY);
        if (next !== vmf.orig_pte) {
          set_pte_at(pte_offset(va()), next);
          vmf.flags = FLUSH;
        }
        may_go(va());
        return 'mark';
      },
    },
    mark: {
      says: 'Mark {folio} as lazily freed.',
      holds: inTable,
      run: () => {
        if (onLru(folio()) && !folio_test_swapcache(folio())) set_lazy(folio(), true);
        vmf.around += 1;
        return 'look';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: inTable,
      drops: ['ptl'],
      run: () => {
        vmf.around = 0;
        vmf.orig_pte = 0;
        if (vmf.flags === FLUSH) return 'flush';
        dec_tlb_flush_pending();
        return 'unlock';
      },
    },
    flush: {
      says: 'Flush the range on all CPUs of {me}, so that the next store is noticed.',
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_range(op.va, op.pages);
        for (let i = 0; i < op.pages; i++) may_have_gone(op.va + i);
        vmf.flags = 0;
        dec_tlb_flush_pending();
        return 'unlock';
      },
    },
    unlock: {
      says: 'Let the mappings go.',
      run: () => {
        const bad = refused() < op.pages,
          hole = hasHole();
        release_fault_lock();
        return bad ? 'EINVAL' : hole ? 'ENOMEM' : 'end';
      },
      so: { EINVAL: 'Only private anonymous memory that is not locked may go so.' },
    },
  },
);
