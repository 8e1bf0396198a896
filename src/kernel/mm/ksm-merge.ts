/**
 * KSM, one page: found, write-protected, and made a KSM page or replaced by one. mm/ksm.c.
 */
import { locals } from '../frame.ts';
import { KSM_CHECKS_COUNT, KSM_FLUSHES_FIRST, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  ClearPageAnonExclusive,
  PageAnonExclusive,
  folio_add_rmap,
  folio_get,
  folio_mapcount,
  folio_put,
  folio_ref_count,
  folio_remove_rmap,
  folio_test_anon,
  folio_trylock,
  folio_unlock,
} from '../verbs/folio.ts';
import { KSM_NEW, pageReplaced, pages_identical, set_page_stable_node } from '../verbs/ksm.ts';
import { folio_test_large } from '../verbs/large.ts';
import { mmget_not_zero, mmput } from '../verbs/mm.ts';
import { hugeEntry, isHugeHere, pmdp_get, splitOf } from '../verbs/pmd.ts';
import {
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_PRESENT,
  PTE_WRITE,
  mk_pte,
  pte_clear,
  pte_counted,
  pte_folio,
  pte_offset,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { pmd_none } from '../verbs/table.ts';
import { folio_test_swapcache } from '../verbs/swap.ts';
import { every_cpu_answers, flush_tlb_page } from '../verbs/tlb.ts';
import { mm_tlb_flush_pending } from '../verbs/uffd.ts';
import { VM_MERGEABLE, find_vma, prot_none } from '../verbs/vma.ts';
import { vmf } from '../vmf.ts';
import { decided, mm, now, op } from '../world.ts';
import { split_folio } from './split-folio.ts';

// ---- a page that ksmd looks at: found under the locks of its process, held by a reference ----

export const item = locals({ page: 'folio' });
const looked_at: Ref = { label: 'ksmd', folios: () => (item.page === 0 ? [] : [item.page]) };

/** Entered while the thread visits the page slot; `item.page` is the page, 0 if there is none for KSM. */
export const get_mergeable_page = routine(
  'get_mergeable_page',
  { file: 'mm/ksm.c', exits: ['done'], locals: item },
  {
    lock: {
      says: 'Keep the mappings of {me} from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      run: () => {
        if (!mmget_not_zero()) return 'unlock_dead';
        return (find_vma(op.va) & VM_MERGEABLE) !== 0 ? 'lock_pte' : 'unlock';
      },
      so: { unlock: '{page} is no longer offered.', unlock_dead: 'The process ends.' },
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there a page table?',
      holds: ['mmap_lock:read'],
      run: () => {
        const kind = pmdp_get(op.va);
        return kind === 'none' ? 'unlock' : kind === 'huge' ? 'lock_pmd' : 'lock_pte';
      },
      so: { lock_pmd: 'The PMD entry maps a huge page: {page} is one of its pages.' },
    },
    lock_pmd: {
      where: 'thp',
      says: 'Look at the PMD entry under its lock, and take a reference to {folio}.',
      holds: ['mmap_lock:read'],
      takes: 'pmd_lock',
      run: () => {
        const pte = isHugeHere() ? hugeEntry(op.va) : 0;
        if (pte_counted(pte)) {
          item.page = pte_folio(pte);
          folio_get(item.page);
        }
        return 'unlock_pmd';
      },
    },
    unlock_pmd: {
      where: 'thp',
      says: 'Unlock the PMD table.',
      holds: ['mmap_lock:read', 'pmd_lock'],
      drops: ['pmd_lock'],
      keeps: [looked_at],
      next: 'unlock',
    },
    lock_pte: {
      says: 'Look at the entry under the page-table lock: a private page?',
      holds: ['mmap_lock:read'],
      takes: 'ptl',
      run: () => {
        const pte = ptep_get(pte_offset(op.va));
        return pte_counted(pte) && folio_test_anon(pte_folio(pte)) ? 'get' : 'unlock_pte';
      },
      so: { unlock_pte: 'No private page is mapped at {page}.' },
    },
    get: {
      says: 'Take a reference to {folio}.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        item.page = pte_folio(ptep_get(pte_offset(op.va)));
        folio_get(item.page);
        return 'unlock_pte';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl'],
      keeps: [looked_at],
      next: 'unlock',
    },
    unlock: {
      says: 'Let the mappings of {me} go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      keeps: [looked_at],
      run: () => {
        mmput();
        return 'done';
      },
    },
    unlock_dead: {
      says: 'Let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      next: 'done',
    },
  },
);

// ---- one page made a KSM page, or replaced by one ----

/** The page in question, and the KSM page that is to replace it (0: it becomes one itself). */
const page = (): number => pte_folio(vmf.orig_pte);
const kpage = (): number => vmf.new_folio;
/** The entry at the page slot that the thread visits. */
export const entry = (): number => ptep_get(pte_offset(op.va));
const old_mapping: Ref = { label: 'old mapping', folios: () => [page()] };
/** Without the guard the entry stays while the references are counted. */
const cleared_mapping: Ref = {
  label: 'old mapping',
  folios: () => (guarded(KSM_FLUSHES_FIRST) ? [page()] : []),
};
const new_mapping: Ref = { label: 'new mapping', folios: () => [kpage()] };
/** Some CPU may still write to the page, or somebody rely on writing to it later. */
const isBusy = (pte: number): boolean =>
  (pte & (PTE_WRITE | PTE_DIRTY)) !== 0 || (rules.hasExclusive && PageAnonExclusive(pte_folio(pte)));
const inMm = ['mmap_lock:read', 'folio_lock'] as const;
const inTable = ['mmap_lock:read', 'folio_lock', 'ptl'] as const;
/** `vmf.around` is first the map count, and in the end whether the page is merged. */
const MERGED = 1;

/** try_to_merge_one_page(), with write_protect_page() and replace_page(). */
export const try_to_merge_one_page = routine(
  'try_to_merge_one_page',
  { file: 'mm/ksm.c', exits: ['merged', 'failed'], locals: vmf },
  {
    lock: {
      says: 'Keep the mappings of {me} from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      run: () => {
        if (!mmget_not_zero()) return 'unlock_dead';
        return (find_vma(op.va) & VM_MERGEABLE) !== 0 ? 'trylock' : 'unlock';
      },
    },
    trylock: {
      says: 'Lock the page, but do not wait for it.',
      holds: ['mmap_lock:read'],
      run: () => {
        if (!folio_trylock(page())) return 'unlock';
        return folio_test_large(page()) ? 'split' : 'lock_pte';
      },
      so: {
        unlock: 'Somebody has the page locked: leave it for the next pass.',
        split: 'It is a page of a large folio, which is split first.',
      },
    },
    split: {
      where: 'splits',
      says: 'Take the large folio apart.',
      holds: inMm,
      run: () => {
        splitOf(page());
        return 'split_folio';
      },
    },
    split_folio: {
      where: 'splits',
      ...call(split_folio, { done: 'lock_pte', failed: 'unlock_page' }, () => splitOf(0)),
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there still a page table?',
      holds: inMm,
      run: () => (pmd_none(op.va) ? 'unlock_page' : 'lock_pte'),
    },
    lock_pte: {
      says: 'Does the entry still map the page, and could anybody write to it?',
      holds: inMm,
      takes: 'ptl',
      run: () => {
        const pte = entry();
        if (!pte_counted(pte) || pte_folio(pte) !== page()) return 'unlock_pte';
        vmf.orig_pte = pte;
        if (isBusy(pte)) return guarded(KSM_FLUSHES_FIRST) ? 'clear' : 'count_maps';
        return rules.ksmChecksFlushPending && mm_tlb_flush_pending() ? 'clear' : 'unlock_protected';
      },
      so: {
        unlock_pte: 'The entry of {page} has changed: leave it.',
        clear: 'Somebody may write to it, or through a TLB entry that is still to be flushed.',
        unlock_protected: 'The entry is read-only and clean: nobody can write through it.',
      },
    },
    clear: {
      says: 'Clear the entry: whoever touches {page} now faults and waits.',
      holds: inTable,
      run: () => {
        vmf.orig_pte = entry();
        pte_clear(pte_offset(op.va));
        return 'flush';
      },
    },
    flush: {
      says: 'Flush {page} on all CPUs of {me}. Now no lockless look-up can find the page any more.',
      holds: inTable,
      keeps: [old_mapping],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_page(op.va);
        return 'count_maps';
      },
    },
    count_maps: {
      says: 'How many page tables map the page?',
      holds: inTable,
      keeps: [cleared_mapping],
      run: () => {
        vmf.around = folio_mapcount(page());
        return 'count_refs';
      },
    },
    count_refs: {
      says: 'Has anybody else a reference? Then it may be written without any entry.',
      holds: inTable,
      keeps: [cleared_mapping],
      run: () => {
        const n = folio_ref_count(page()),
          expected = vmf.around + 1 + (now.counts.swap !== 0 && folio_test_swapcache(page()) ? 1 : 0);
        vmf.around = 0;
        const ok = n === expected || !guarded(KSM_CHECKS_COUNT);
        decided('references beyond the mappings and ksmd?', page(), n, ok ? 'go on' : 'leave it alone');
        return ok ? 'protect' : 'restore';
      },
      so: {
        protect: 'Only page tables and ksmd have {folio}.',
        restore: '{folio} has {refcount} references, more than page tables and ksmd: leave it alone.',
      },
    },
    restore: {
      says: 'Put the entry back as it was.',
      holds: inTable,
      keeps: [cleared_mapping],
      run: () => {
        if (guarded(KSM_FLUSHES_FIRST)) set_pte_at(pte_offset(op.va), vmf.orig_pte);
        return 'unlock_pte';
      },
    },
    protect: {
      says: 'Put the entry back read-only and clean.',
      holds: inTable,
      keeps: [cleared_mapping],
      run: () => {
        if (rules.hasExclusive && PageAnonExclusive(page())) ClearPageAnonExclusive(page());
        if (!guarded(KSM_FLUSHES_FIRST)) vmf.orig_pte = entry();
        vmf.orig_pte &= ~(PTE_WRITE | PTE_DIRTY);
        set_pte_at(pte_offset(op.va), vmf.orig_pte);
        return guarded(KSM_FLUSHES_FIRST) ? 'unlock_protected' : 'flush_late';
      },
    },
    flush_late: {
      on: () => !guarded(KSM_FLUSHES_FIRST),
      says: 'Flush {page} on all CPUs of {me}, after the references were counted.',
      holds: inTable,
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_page(op.va);
        return 'unlock_protected';
      },
    },
    unlock_protected: {
      says: 'Let go of the page table.',
      holds: inTable,
      drops: ['ptl'],
      run: () => (kpage() === 0 ? 'stable' : 'compare'),
    },
    stable: {
      says: 'From here on {folio} is a KSM page: nobody ever writes to it.',
      holds: inMm,
      run: () => {
        set_page_stable_node(page(), KSM_NEW);
        vmf.around = MERGED;
        return 'unlock_page';
      },
    },
    compare: {
      says: 'Nobody can write to the page any more: is it still equal to the KSM page?',
      holds: inMm,
      run: () => (pages_identical(page(), kpage()) ? 'relock' : 'unlock_page'),
      so: { unlock_page: 'The bytes differ: leave it.' },
    },
    replace_pmd: {
      where: 'tables',
      before: 'relock',
      says: 'Is there still a page table?',
      holds: inMm,
      run: () => (pmd_none(op.va) ? 'unlock_page' : 'relock'),
    },
    relock: {
      says: 'Back under the page-table lock: is the entry still the same?',
      holds: inMm,
      takes: 'ptl',
      run: () => (entry() === vmf.orig_pte ? 'get_kpage' : 'unlock_pte'),
      so: { unlock_pte: 'The entry changed: leave it.' },
    },
    get_kpage: {
      says: 'One more reference to the KSM page {folio}, for this entry.',
      holds: inTable,
      run: () => {
        folio_get(kpage());
        return 'map_kpage';
      },
    },
    map_kpage: {
      says: 'One more page table points at {folio}.',
      holds: inTable,
      keeps: [new_mapping],
      run: () => {
        folio_add_rmap(kpage());
        return 'clear_old';
      },
    },
    clear_old: {
      says: 'Clear the entry of {page}.',
      holds: inTable,
      keeps: [new_mapping],
      run: () => {
        pte_clear(pte_offset(op.va));
        return 'flush_old';
      },
    },
    flush_old: {
      says: 'Flush {page} on all CPUs of {me}.',
      holds: inTable,
      keeps: [new_mapping, old_mapping],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_page(op.va);
        return 'replace';
      },
    },
    replace: {
      says: 'The KSM page takes the place of the equal one, read-only.',
      holds: inTable,
      keeps: [new_mapping, old_mapping],
      run: () => {
        set_pte_at(
          pte_offset(op.va),
          mk_pte(kpage(), PTE_PRESENT | PTE_ACCESSED | prot_none(find_vma(op.va))),
        );
        pageReplaced(mm, op.va, kpage());
        vmf.around = MERGED;
        return 'unmap_old';
      },
    },
    unmap_old: {
      says: 'One page table less points at the page.',
      holds: inTable,
      keeps: [old_mapping],
      run: () => {
        folio_remove_rmap(page());
        return 'put_old';
      },
    },
    put_old: {
      says: 'Drop the reference that the entry had.',
      holds: inTable,
      keeps: [old_mapping],
      run: () => {
        folio_put(page());
        return 'unlock_pte';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: inTable,
      drops: ['ptl'],
      next: 'unlock_page',
    },
    unlock_page: {
      says: 'Unlock the page.',
      holds: inMm,
      run: () => {
        folio_unlock();
        return 'unlock';
      },
    },
    unlock: {
      says: 'Let the mappings of {me} go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      run: () => {
        mmput();
        return vmf.around === MERGED ? 'merged' : 'failed';
      },
    },
    unlock_dead: {
      says: 'The process ends: let go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      next: 'failed',
    },
  },
);

/** Two pages of one folio are equal: it is split, so that the next pass may merge them. */
export const split_equal_pages = routine(
  'cmp_and_merge_page',
  { file: 'mm/ksm.c', exits: ['split', 'failed'], locals: vmf },
  {
    trylock: {
      says: 'Two pages of one large folio are equal: lock it, but do not wait for it.',
      run: () => {
        if (!folio_trylock(page())) return 'failed';
        splitOf(page());
        return 'split_folio';
      },
    },
    split_folio: {
      where: 'splits',
      ...call(split_folio, { done: 'unlock', failed: 'unlock' }, () => splitOf(0)),
    },
    unlock: {
      says: 'Unlock the page.',
      holds: ['folio_lock'],
      run: () => {
        folio_unlock();
        return folio_test_large(page()) ? 'failed' : 'split';
      },
    },
  },
);
