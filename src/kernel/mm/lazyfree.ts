/**
 * MADV_FREE: the pages of a range may go, unless somebody stores to them before memory is short.
 * mm/madvise.c, madvise_free_pte_range(). What becomes of them is in `reclaim.ts`.
 */
import { rules } from '../rules.ts';
import { routine } from '../steps.ts';
import { FOLIO_LOCK, held } from '../locks.ts';
import {
  ZERO_PAGE,
  folio_get,
  folio_mapcount,
  folio_test_anon,
  folio_trylock,
  folio_unlock,
  lru_add_drain,
  onLru,
} from '../verbs/folio.ts';
import { folio_test_large } from '../verbs/large.ts';
import { forget_page, may_go, may_have_gone } from '../verbs/mm.ts';
import {
  change_huge_pmd,
  coversHuge,
  hugeFolio,
  isHugeHere,
  pmdp_get,
  splitOf,
  toSplit,
} from '../verbs/pmd.ts';
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
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { dec_tlb_flush_pending, inc_tlb_flush_pending } from '../verbs/uffd.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { VM_LOCKED, find_vma, is_cached, release_fault_lock, vma_start_read } from '../verbs/vma.ts';
import { vmf } from '../vmf.ts';
import { op } from '../world.ts';
import { batchFrom, behindLarge, fateOfLarge, isHugeShared, isMappedOnce } from './parts.ts';
import { lockForSplit, split_rows } from './parts.ts';

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
/** Entries that the step is about: all of a large folio, else one. */
const here = (): number => (folio_test_large(folio()) ? batchFrom(va(), op.va + refused()) : 1);
const passes = (): void => {
  vmf.around += here();
};
const skips = (): void => {
  vmf.around = vmf.skip.get(0);
};
const isAlone = (): boolean =>
  folio_test_large(folio()) ? isMappedOnce(folio()) : folio_mapcount(folio()) === 1;
const inTable = ['ptl'] as const;
const both = ['ptl', 'folio_lock'] as const;

/** Entries are clean that some CPU may have as dirty. */
function flushes(): 'flush' | 'unlock' {
  vmf.around = 0;
  vmf.orig_pte = 0;
  if (vmf.flags === FLUSH) return 'flush';
  dec_tlb_flush_pending();
  return 'unlock';
}

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
        const kind = pmdp_get(op.va);
        if (kind === 'table') return 'lock_pte';
        if (kind === 'huge' && vmf.around < refused()) return 'lock_pmd';
        dec_tlb_flush_pending();
        return 'unlock';
      },
      so: { lock_pmd: 'The PMD entry maps a huge page.' },
    },

    // ---- a huge page that a PMD entry maps: madvise_free_huge_pmd() ----

    lock_pmd: {
      where: 'thp',
      says: 'Lock the PMD table: does anybody else map the huge page?',
      takes: 'pmd_lock',
      run: () => {
        const f = isHugeHere() ? hugeFolio(op.region) : ZERO_PAGE;
        return f === ZERO_PAGE || isHugeShared(f, rules.freeSplits) ? 'unlock_pmd' : 'trylock_huge';
      },
      so: { unlock_pmd: 'Others map it, or it is that of zeros: leave it.' },
    },
    trylock_huge: {
      where: 'thp',
      says: 'Lock {folio}, but never sleep for it.',
      holds: ['pmd_lock'],
      run: () => {
        if (!lockForSplit(hugeFolio(op.region))) return 'unlock_pmd';
        return coversHuge(op.va, op.va + refused()) ? 'clean_huge' : 'hold_huge';
      },
      so: {
        unlock_pmd: 'Somebody has it locked: leave it.',
        hold_huge: 'Only a part of it is meant: it is split first.',
      },
    },
    hold_huge: {
      where: 'thp',
      says: 'Hold {folio}, and unlock the PMD table.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      run: () => {
        folio_get(toSplit());
        vmf.skip.set(0, op.pages);
        return 'split_folio';
      },
    },
    clean_huge: {
      where: 'thp',
      says: 'The huge page and its entry are clean: a store will set the dirty bit again.',
      holds: ['pmd_lock'],
      run: () => {
        folio_clear_dirty(toSplit());
        if ((held & FOLIO_LOCK) !== 0) folio_unlock();
        splitOf(0);
        change_huge_pmd(op.region, (was) => was & ~(PTE_ACCESSED | PTE_DIRTY));
        vmf.flags = FLUSH;
        for (let i = 0; i < op.pages; i++) may_go(op.va + i);
        return 'mark_huge';
      },
    },
    mark_huge: {
      where: 'thp',
      says: 'Mark {folio} as lazily freed.',
      holds: ['pmd_lock'],
      run: () => {
        const f = hugeFolio(op.region);
        if (onLru(f) && !folio_test_swapcache(f)) set_lazy(f, true);
        return 'unlock_pmd';
      },
    },
    unlock_pmd: {
      where: 'thp',
      says: 'Unlock the PMD table.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      run: flushes,
    },
    lock_pte: { says: 'Take the page-table lock.', takes: 'ptl', next: 'look' },
    look: {
      says: 'Find the next entry.',
      holds: inTable,
      run: () => {
        for (const end = refused(); vmf.around < end; vmf.around += 1) {
          vmf.orig_pte = ptep_get(pte_offset(va()));
          if (is_swap_entry(vmf.orig_pte)) return 'free_slot';
          if (isHugeHere()) break;
          if (!pte_counted(vmf.orig_pte) || !folio_test_anon(folio())) continue;
          if (folio_test_large(folio())) return 'look_large';
          return folio_test_swapcache(folio()) || folio_test_dirty(folio()) ? 'trylock' : 'clean';
        }
        return 'unlock_pte';
      },
      so: {
        free_slot: 'The entry of {page} names a swap slot.',
        trylock: '{folio} has been written through a reference, or is in the swap cache.',
        clean: 'The entry of {page} maps {folio}.',
        look_large: 'It is a page of a large folio.',
        unlock_pte: 'No more entries.',
      },
    },
    look_large: {
      where: 'splits',
      says: 'Who maps the folio, and is all of it meant?',
      holds: inTable,
      run: () => {
        const end = op.va + refused(),
          fate = fateOfLarge(rules.freeSplits, va(), end);
        if (fate === 'whole')
          return folio_test_swapcache(folio()) || folio_test_dirty(folio()) ? 'trylock' : 'clean';
        vmf.skip.set(0, behindLarge(rules.freeSplits, va(), end) - op.va);
        if (fate === 'split') return 'split_lock';
        skips();
        return 'look';
      },
      so: { split_lock: 'Only a part of it is meant: split it first.', look: 'Others map it: leave it.' },
    },
    split_lock: {
      where: 'splits',
      says: 'Lock {folio}, but never sleep for it.',
      holds: inTable,
      run: () => {
        if (lockForSplit(folio())) return 'split_hold';
        skips();
        return 'look';
      },
      so: { look: 'Somebody has {folio} locked: leave it.' },
    },
    ...split_rows('lock_pte', { holds: [], failed: skips }),
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
        passes();
        return 'look';
      },
      so: { look: 'Somebody has {folio} locked: leave it.' },
    },
    maps: {
      says: 'Does anybody else map {folio}?',
      holds: both,
      run: () => (isAlone() ? 'uncache' : 'skip'),
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
        passes();
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
        for (let i = 0, n = here(); i < n; i++) {
          const pte = ptep_get(pte_offset(va() + i)),
            next = pte & ~(PTE_ACCESSED | PTE_DIRTY);
          if (next !== pte) {
            set_pte_at(pte_offset(va() + i), next);
            vmf.flags = FLUSH;
          }
          may_go(va() + i);
        }
        return 'mark';
      },
    },
    mark: {
      says: 'Mark {folio} as lazily freed.',
      holds: inTable,
      run: () => {
        if (onLru(folio()) && !folio_test_swapcache(folio())) set_lazy(folio(), true);
        passes();
        return 'look';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: inTable,
      drops: ['ptl'],
      run: flushes,
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
