/**
 * MADV_COLLAPSE: what is mapped in 2 MB is copied into one huge page. mm/khugepaged.c. Under way no fault can
 * come in between: mmap_lock is held for writing, and the VMA is locked.
 */
import { locals } from '../frame.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  addNewHugeRmap,
  allocLarge,
  copy_user_highpage,
  folio_add_lru,
  folio_put,
  folio_unmap,
  folio_test_anon,
  hasFreeFolios,
  is_refcount_suitable,
  lru_add_drain,
  lru_add_drain_all,
  pageAt,
} from '../verbs/folio.ts';
import { pagesOf } from '../verbs/large.ts';
import {
  hugeSlots,
  isCollapseAllowed,
  pmd_restore,
  pmdp_collapse_flush,
  pmdp_get,
  setHugePmd,
} from '../verbs/pmd.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_UFFD_WP,
  PTE_WRITE,
  dirtied,
  is_swap_entry,
  nextSwapEntry,
  pte_clear,
  pte_folio,
  pte_none,
  pte_offset,
  pte_present,
  pte_special,
  pte_write,
  ptep_get,
} from '../verbs/pte.ts';
import { free_swap_cache, refsOfCache } from '../verbs/swap.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { userfaultfd_armed } from '../verbs/uffd.ts';
import { VM_WRITE, mmap_write_unlock, prot_none, vma_of } from '../verbs/vma.ts';
import { vmf } from '../vmf.ts';
import { leave, mm, op, visit } from '../world.ts';
import { askAdvice, lockForAdvice } from './advice.ts';
import { lock_vmas, range } from './mmap.ts';
import { do_swap_page } from './swapin.ts';

/** `folio`: the huge page. `write`: some entry is writable. `result`: why not, RESULT_*. */
const collapse = locals({ addr: 1, folio: 'folio', write: 1, result: 1 });
const fresh: Ref = { label: 'huge page', folios: () => (collapse.folio === 0 ? [] : [collapse.folio]) };
const EINVAL = 1,
  EAGAIN = 2,
  ENOMEM = 3;
const outcome = (): 'end' | 'EINVAL' | 'EAGAIN' | 'ENOMEM' =>
  collapse.result === EINVAL
    ? 'EINVAL'
    : collapse.result === EAGAIN
      ? 'EAGAIN'
      : collapse.result === ENOMEM
        ? 'ENOMEM'
        : 'end';
const knows = (): boolean => rules.hasCollapse;
const entry = (): number => ptep_get(pte_offset(collapse.addr));
/** Nothing to copy: the new page has zeros there. */
const isEmpty = (pte: number): boolean => pte_none(pte) || pte_special(pte);

/** Looks at one entry; null: it is fine. `early`: what is in swap may still be read back. */
function unfit(pte: number, early: boolean): number | null {
  const vma = vma_of(collapse.addr);
  if (early && is_swap_entry(pte) && (pte & PTE_UFFD_WP) === 0) return null;
  if (isEmpty(pte) && (pte & PTE_UFFD_WP) === 0) return userfaultfd_armed(vma) ? EINVAL : null;
  if (!pte_present(pte) || (pte & PTE_UFFD_WP) !== 0) return EINVAL;
  const f = pte_folio(pte);
  if (!folio_test_anon(f)) return EINVAL;
  if (pte_write(pte)) collapse.write = 1;
  return is_refcount_suitable(f, refsOfCache(f)) ? null : EAGAIN;
}
/** Goes on with the next entry; with none left says so. */
function look(early = false): 'more' | 'unfit' | 'all' {
  const { to } = hugeSlots(op.va);
  while (collapse.addr < to) {
    const pte = entry(),
      why = unfit(pte, early);
    if (why !== null) {
      collapse.result = why;
      return 'unfit';
    }
    collapse.addr += 1;
    if (!isEmpty(pte)) return collapse.addr < to ? 'more' : 'all';
  }
  return 'all';
}
/** The mapping and its reference go together: nobody can find the page through this process. */
function removeMapping(f: number): void {
  folio_unmap(f, pagesOf(f));
}
const mayBeReadOnly = (): boolean => rules.collapsesReadOnly || collapse.write !== 0;

export const madvise_collapse = routine(
  'madvise_collapse',
  { file: 'mm/khugepaged.c', exits: ['end', 'EINVAL', 'EAGAIN', 'ENOMEM'], locals: collapse },
  {
    begin: askAdvice(knows),
    lock: lockForAdvice(knows, 'check'),
    check: {
      on: knows,
      says: 'Does one VMA have all of the 2 MB, and may it have huge pages?',
      holds: ['mmap_lock:read'],
      run: () => {
        const { from, to } = range();
        lru_add_drain_all();
        if (isCollapseAllowed(from)) return 'pmd';
        let mapped = false;
        for (let va = from; va < to; va++) if (vma_of(va) !== 0) mapped = true;
        collapse.result = mapped ? EINVAL : ENOMEM;
        return 'give_up';
      },
      so: { give_up: 'No VMA has all of the range and may have huge pages.' },
    },
    pmd: {
      on: knows,
      says: 'What is mapped there?',
      holds: ['mmap_lock:read'],
      run: () => {
        const kind = pmdp_get(op.va);
        collapse.addr = hugeSlots(op.va).from;
        if (kind === 'table') return 'lock_scan';
        collapse.result = kind === 'huge' ? 0 : EINVAL;
        return 'give_up';
      },
      so: { give_up: 'A huge page already, or nothing at all.', lock_scan: 'A table of PTEs.' },
    },
    give_up: {
      on: knows,
      says: 'Let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      run: outcome,
    },
    lock_scan: {
      on: knows,
      says: 'Take the page-table lock, to look at the entries.',
      holds: ['mmap_lock:read'],
      takes: 'ptl',
      next: 'scan',
    },
    scan: {
      on: knows,
      says: 'Has anybody a reference to the page that is no mapping?',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        const found = look(true);
        if (found === 'more') return 'scan';
        if (found === 'unfit') return 'unlock_unfit';
        if (!mayBeReadOnly()) collapse.result = EINVAL;
        return collapse.result === 0 ? 'unlock_scan' : 'unlock_unfit';
      },
      so: {
        scan: 'All references to the page are mappings: the next one.',
        unlock_unfit: 'This page cannot be moved into a huge one.',
        unlock_scan: 'All pages can be moved.',
      },
    },
    unlock_unfit: {
      on: knows,
      says: 'Let go of the page table.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl'],
      next: 'give_up',
    },
    unlock_scan: {
      on: knows,
      says: 'Let go of the page table, and of the mappings, to get a huge page.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl', 'mmap_lock:read'],
      next: 'alloc',
    },
    alloc: {
      on: knows,
      says: 'Take a huge page, {folio}.',
      when: () => hasFreeFolios(hugeSlots(op.va).to - hugeSlots(op.va).from),
      awaits: 'waits for a free huge page',
      run: () => {
        const { from, to } = hugeSlots(op.va);
        collapse.folio = allocLarge(from, to);
        return 'lock_write';
      },
    },

    // ---- what is in swap is read back first: __collapse_huge_page_swapin() ----

    lock_read: {
      where: 'splits',
      before: 'lock_write',
      on: knows,
      says: 'Is some page in swap? Then it is read back: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      keeps: [fresh],
      run: () => (isCollapseAllowed(op.va) && pmdp_get(op.va) === 'table' ? 'next_swapped' : 'unlock_read'),
    },
    next_swapped: {
      where: 'splits',
      on: knows,
      says: 'Find the next entry that names a swap slot.',
      holds: ['mmap_lock:read'],
      keeps: [fresh],
      run: () => {
        const { from, to } = hugeSlots(op.va),
          { va, e } = nextSwapEntry(from, to);
        if (va === to) {
          lru_add_drain();
          return 'unlock_read';
        }
        visit(mm, va);
        vmf.orig_pte = e;
        return 'swap_in';
      },
    },
    swap_in: {
      where: 'splits',
      on: knows,
      ...call(
        do_swap_page,
        { done: 'next_swapped', VM_FAULT_WRITE: 'next_swapped', VM_FAULT_SIGBUS: 'next_swapped' },
        leave,
      ),
      keeps: [fresh],
    },
    unlock_read: {
      where: 'splits',
      on: knows,
      says: 'Let the mappings go again.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      keeps: [fresh],
      next: 'lock_write',
    },
    lock_write: {
      on: knows,
      says: 'No mapping may change, and no fault may run: {mmap_lock} for writing.',
      takes: 'mmap_lock:write',
      keeps: [fresh],
      run: () => (rules.hasVmaLocks ? 'lock_vma' : 'recheck'),
    },
    lock_vma: { ...lock_vmas('recheck'), on: () => knows() && rules.hasVmaLocks, keeps: [fresh] },
    recheck: {
      on: knows,
      says: 'Is everything as it was? The mappings were let go meanwhile.',
      holds: ['mmap_lock:write'],
      keeps: [fresh],
      run: () => {
        if (isCollapseAllowed(op.va) && pmdp_get(op.va) === 'table') return 'lock_pmd';
        collapse.result = EINVAL;
        return 'unlock_failed';
      },
    },
    lock_pmd: {
      on: knows,
      says: 'Lock the PMD table.',
      holds: ['mmap_lock:write'],
      takes: 'pmd_lock',
      keeps: [fresh],
      next: 'clear_pmd',
    },
    clear_pmd: {
      on: knows,
      says: 'Empty the PMD entry and flush: neither CPUs nor lockless look-ups find the pages any more.',
      holds: ['mmap_lock:write', 'pmd_lock'],
      drops: ['pmd_lock'],
      keeps: [fresh],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        const { from, to } = hugeSlots(op.va);
        pmdp_collapse_flush(op.region);
        flush_tlb_range(from, to - from);
        collapse.addr = from;
        collapse.write = 0;
        return 'lock_pte';
      },
    },
    lock_pte: {
      on: knows,
      says: 'Take the lock of the page table that nobody finds any more.',
      holds: ['mmap_lock:write'],
      takes: 'ptl',
      keeps: [fresh],
      next: 'isolate',
    },
    isolate: {
      on: knows,
      says: 'Once more: has anybody a reference to the page that is no mapping?',
      holds: ['mmap_lock:write', 'ptl'],
      keeps: [fresh],
      run: () => {
        const found = look();
        if (found === 'more') return 'isolate';
        if (found === 'all' && !mayBeReadOnly()) collapse.result = EINVAL;
        if (collapse.result !== 0) return 'unlock_restore';
        collapse.addr = hugeSlots(op.va).from;
        return 'copy';
      },
      so: {
        isolate: 'All references to the page are mappings: the next one.',
        unlock_restore: 'This page cannot be moved after all.',
      },
    },
    unlock_restore: {
      on: knows,
      says: 'Let go of the page table.',
      holds: ['mmap_lock:write', 'ptl'],
      drops: ['ptl'],
      keeps: [fresh],
      next: 'restore',
    },
    restore: {
      on: knows,
      says: 'Lock the PMD table, and put the entry back.',
      holds: ['mmap_lock:write'],
      takes: 'pmd_lock',
      drops: ['pmd_lock'],
      keeps: [fresh],
      run: () => {
        pmd_restore(op.region);
        return 'unlock_failed';
      },
    },
    copy: {
      on: knows,
      says: 'Copy the next page into its place in the huge page.',
      holds: ['mmap_lock:write', 'ptl'],
      keeps: [fresh],
      mark: 'copy',
      run: () => {
        const { to } = hugeSlots(op.va);
        while (collapse.addr < to) {
          const pte = entry();
          if (!isEmpty(pte)) {
            copy_user_highpage(pageAt(collapse.folio, collapse.addr), pte_folio(pte));
            return 'unmap';
          }
          if (!pte_none(pte)) pte_clear(pte_offset(collapse.addr));
          collapse.addr += 1;
        }
        return 'unlock_pte';
      },
      so: { unmap: 'Copy {va} into its place in the huge page.', unlock_pte: 'Everything is copied.' },
    },
    unmap: {
      on: knows,
      says: 'Empty the entry of the small page: one mapping of it less, and its reference.',
      holds: ['mmap_lock:write', 'ptl'],
      keeps: [fresh],
      run: () => {
        const f = pte_folio(entry());
        pte_clear(pte_offset(collapse.addr));
        collapse.addr += 1;
        removeMapping(f);
        free_swap_cache(f);
        return 'copy';
      },
    },
    unlock_pte: {
      on: knows,
      says: 'Let go of the page table.',
      holds: ['mmap_lock:write', 'ptl'],
      drops: ['ptl'],
      keeps: [fresh],
      next: 'install',
    },
    install: {
      on: knows,
      says: 'Lock the PMD table: its entry maps {folio} from here on.',
      holds: ['mmap_lock:write'],
      takes: 'pmd_lock',
      drops: ['pmd_lock'],
      keeps: [fresh],
      run: () => {
        const vma = vma_of(op.va),
          write = (vma & VM_WRITE) !== 0 ? PTE_WRITE : 0;
        addNewHugeRmap(collapse.folio, rules.hasExclusive);
        folio_add_lru(collapse.folio);
        setHugePmd(
          op.region,
          collapse.folio,
          PTE_PRESENT | PTE_ACCESSED | dirtied() | write | prot_none(vma),
        );
        collapse.folio = 0;
        return 'unlock';
      },
    },
    unlock: {
      on: knows,
      says: 'Let the mappings go.',
      holds: ['mmap_lock:write'],
      run: () => {
        mmap_write_unlock();
        return 'end';
      },
    },
    unlock_failed: {
      on: knows,
      says: 'Let the mappings go.',
      holds: ['mmap_lock:write'],
      keeps: [fresh],
      run: () => {
        mmap_write_unlock();
        return 'free';
      },
    },
    free: {
      on: knows,
      says: 'Give the huge page back.',
      keeps: [fresh],
      run: () => {
        folio_put(collapse.folio);
        collapse.folio = 0;
        return outcome();
      },
    },
  },
);
