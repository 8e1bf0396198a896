/**
 * The fault path up to the decision: exc_page_fault, handle_mm_fault, handle_pte_fault, do_anonymous_page.
 * Linux: arch/x86/mm/fault.c, mm/memory.c.
 */
import { ANON_RECHECKS_NONE, FAULT_RECHECKS_PTE, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_SPECIAL,
  PTE_WRITE,
  dirtied,
  is_migration_entry,
  is_swap_entry,
  mk_pte,
  pte_none,
  pte_offset,
  pte_range_none,
  pte_write,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import {
  ZERO_PAGE,
  folio_add_lru,
  folio_add_new_anon_rmap,
  allocLarge,
  folio_alloc,
  folio_get,
  folio_put,
  hasFreeFolios,
  has_free_folio,
} from '../verbs/folio.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { pagesIn, pagesOf, slotOf } from '../verbs/large.ts';
import { stillMigrates } from '../verbs/migrate.ts';
import { mthpAt, spanOf } from '../verbs/mthp.ts';
import type { Span } from '../verbs/mthp.ts';
import { change_huge_pmd, hugeEntry, isHugeHere, pmd_same, pmdp_get, isThpAllowed } from '../verbs/pmd.ts';
import { pmd_none } from '../verbs/table.ts';
import { userfaultfd_missing } from '../verbs/uffd.ts';
import { VM_SHARED, VM_WRITE, anon_vma_prepare, find_vma, is_cached, prot_none } from '../verbs/vma.ts';
import { FAULT_EXITS, FAULT_FLAG_UNSHARE, FAULT_FLAG_WRITE, vmf } from '../vmf.ts';
import { now, op } from '../world.ts';
import { do_cow_fault, do_read_fault } from './file.ts';
import { hugetlb_fault } from './hugetlb.ts';
import { do_huge_pmd_anonymous_page, do_huge_pmd_wp_page } from './huge.ts';
import { do_numa_page, is_numa_hint } from './numa.ts';
import { new_folio } from './refs.ts';
import { do_shared_fault } from './shmem.ts';
import { is_speculative, vma_changed } from './spf.ts';
import { do_swap_page } from './swapin.ts';
import { pte_alloc } from './table.ts';
import { letMonitorFill } from './userfault.ts';
import { do_wp_page } from './wp.ts';

/** The value of a fresh entry: writable and dirty only where the VMA allows it. */
export function fresh_pte(folio: number): number {
  const vma = find_vma(op.va),
    write = (vma & VM_WRITE) !== 0 ? PTE_WRITE | dirtied() : 0;
  return mk_pte(folio, PTE_PRESENT | PTE_ACCESSED | write | prot_none(vma));
}

/** The 64 kB around a page, if nothing is mapped there and the VMA may have such folios. */
function emptySpan(va: number): Span | null {
  const span = mthpAt(va);
  return span !== null && pte_range_none(span.from, span.to) ? span : null;
}
const newSpan = (): Span => spanOf(vmf.new_folio);
function map_large(): void {
  const f = vmf.new_folio,
    pages = pagesIn(f);
  folio_get(f, pages.reduce((sum, page) => sum + pagesOf(page), 0) - 1);
  for (const page of pages) {
    folio_add_new_anon_rmap(page, rules.hasExclusive);
    set_pte_at(pte_offset(slotOf(page)), fresh_pte(page));
  }
  folio_add_lru(f);
  vmf.new_folio = 0;
}

export const do_anonymous_page = routine(
  'do_anonymous_page',
  { file: 'mm/memory.c', exits: ['done'], locals: vmf },
  {
    pte_alloc: {
      where: 'tables',
      before: 'begin',
      says: 'Is there a page table for {page}?',
      // A speculative fault found one; if it is gone, the VMA has changed, and the fault will find that out.
      run: () => (is_speculative() || !pmd_none(op.va) ? 'begin' : 'no_table'),
      so: { no_table: 'There is no page table for {page} yet: the PMD entry is empty.' },
    },
    no_table: { where: 'tables', ...call(pte_alloc, { done: 'begin' }) },
    begin: {
      says: 'Nothing is mapped at {page} yet: a store needs a page of its own, a load can share the zeros.',
      touches: 'own',
      run: () => ((vmf.flags & FAULT_FLAG_WRITE) !== 0 ? 'alloc' : 'zero'),
      so: {
        alloc: 'Nothing is mapped at {page} yet: the store needs a page of its own.',
        zero: 'Nothing is mapped at {page} yet: for a load the shared page of zeros will do.',
      },
    },
    zero: {
      says: 'Map the page of zeros that all processes share; it is not counted.',
      takes: 'ptl',
      run: () => {
        const ptep = pte_offset(op.va);
        if (vma_changed() || isHugeHere()) return 'unlock';
        if (userfaultfd_missing(find_vma(op.va)) && pte_none(ptep_get(ptep))) return 'missing';
        if (pte_none(ptep_get(ptep)) || !guarded(ANON_RECHECKS_NONE))
          set_pte_at(
            ptep,
            mk_pte(ZERO_PAGE, PTE_PRESENT | PTE_ACCESSED | PTE_SPECIAL | prot_none(find_vma(op.va))),
          );
        return 'unlock';
      },
    },
    // alloc_anon_folio().
    order: {
      where: 'large',
      before: 'alloc',
      on: () => rules.hasMthp,
      says: 'May the pages around {page} be one folio? The VMA must allow it, and no entry be in use.',
      run: () => (emptySpan(op.va) === null ? 'alloc' : 'alloc_large'),
      so: { alloc_large: 'The VMA allows 64 kB, and none of the 16 entries is in use.' },
    },
    alloc_large: {
      where: 'large',
      on: () => rules.hasMthp,
      says: 'Take a folio of 16 zeroed pages, {folio}.',
      when: () => hasFreeFolios(mthpAt(op.va)!.to - mthpAt(op.va)!.from),
      awaits: 'waits for free pages',
      run: () => {
        const { from, to } = mthpAt(op.va)!;
        anon_vma_prepare(op.va);
        vmf.new_folio = allocLarge(from, to);
        return 'lock_large';
      },
    },
    lock_large: {
      where: 'large',
      on: () => rules.hasMthp,
      says: 'Are all of the entries still empty? Another thread may have been faster.',
      takes: 'ptl',
      keeps: [new_folio],
      run: () => {
        const { from, to } = newSpan();
        if (isHugeHere() || !pte_range_none(from, to)) return 'raced';
        return userfaultfd_missing(find_vma(op.va)) ? 'missing_unlock' : 'map_large';
      },
      so: {
        map_large: 'All entries are still empty.',
        raced: 'Another thread mapped one of the pages first.',
        missing_unlock: '{page} is registered with userfaultfd: its monitor must fill it.',
      },
    },
    map_large: {
      where: 'large',
      on: () => rules.hasMthp,
      says: 'Map {folio}: 16 entries, each with a reference of its own to the one count of the folio.',
      holds: ['ptl'],
      keeps: [new_folio],
      run: () => {
        map_large();
        return 'unlock';
      },
    },
    alloc: {
      says: 'Take a zeroed page, {folio}.',
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: () => {
        anon_vma_prepare(op.va);
        vmf.new_folio = folio_alloc();
        return 'lock';
      },
    },
    lock: {
      says: 'Is the entry still empty? Another thread may have been faster.',
      takes: 'ptl',
      keeps: [new_folio],
      run: () => {
        if (vma_changed() || isHugeHere()) return 'raced';
        if (!pte_none(ptep_get(pte_offset(op.va))) && guarded(ANON_RECHECKS_NONE)) return 'raced';
        return userfaultfd_missing(find_vma(op.va)) ? 'missing_unlock' : 'map';
      },
      so: {
        map: 'The entry of {page} is still empty.',
        raced: 'Another thread mapped {page} first.',
        missing_unlock: '{page} is registered with userfaultfd: its monitor must fill it.',
      },
    },
    ...letMonitorFill('ptl', 'Let go of the page table.', 'page'),
    map: {
      says: 'Map {folio}: one page table points at it, and the LRU batch of this CPU holds it for a moment.',
      holds: ['ptl'],
      keeps: [new_folio],
      run: () => {
        folio_add_new_anon_rmap(vmf.new_folio, rules.hasExclusive);
        folio_add_lru(vmf.new_folio);
        set_pte_at(pte_offset(op.va), fresh_pte(vmf.new_folio));
        vmf.new_folio = 0;
        return 'unlock';
      },
    },
    raced: {
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      keeps: [new_folio],
      next: 'free',
    },
    free: {
      says: 'Give the unused page back.',
      keeps: [new_folio],
      run: () => {
        folio_put(vmf.new_folio);
        vmf.new_folio = 0;
        return 'done';
      },
    },
    unlock: { says: 'Let go of the page table.', holds: ['ptl'], drops: ['ptl'], next: 'done' },
  },
);

/**
 * `vmf.flags` says what is wanted. The caller holds mmap_lock or the VMA lock, and has checked the access
 * against the VMA. handle_mm_fault and handle_pte_fault, mm/memory.c.
 */
export const handle_mm_fault = routine(
  'handle_pte_fault',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf },
  {
    kind: {
      where: 'huge',
      before: 'peek',
      says: 'What kind of memory is {page}?',
      touches: 'own',
      run: () => (is_vm_hugetlb_page(op.va) ? 'huge' : now.counts.thp !== 0 ? 'pmd' : 'peek'),
      so: {
        huge: '{page} is a page of 2 MB.',
        peek: '{page} is ordinary memory.',
        pmd: '{page} is ordinary memory.',
      },
    },
    huge: { where: 'huge', tail: hugetlb_fault },
    pmd: {
      where: 'thp',
      before: 'peek',
      says: 'Read the PMD entry: is there a table, a huge page, or nothing?',
      run: () => {
        const kind = pmdp_get(op.va);
        if (kind === 'none') return isThpAllowed(op.va) && !is_speculative() ? 'huge_anonymous' : 'peek';
        if (kind === 'table') return 'peek';
        vmf.orig_pte = hugeEntry(op.va);
        const wants = (vmf.flags & (FAULT_FLAG_WRITE | FAULT_FLAG_UNSHARE)) !== 0;
        return wants && !pte_write(vmf.orig_pte) ? 'huge_wp' : 'mark_huge';
      },
      so: {
        peek: 'There is no huge page here: look at the entry of {page}.',
        huge_anonymous: 'The PMD entry is empty, and the VMA may have huge pages.',
        huge_wp: 'The PMD entry maps a huge page, read-only, and the access needs more.',
        mark_huge: 'The PMD entry maps a huge page and permits the access by now.',
      },
    },
    huge_anonymous: { where: 'thp', tail: do_huge_pmd_anonymous_page },
    huge_wp: { where: 'thp', tail: do_huge_pmd_wp_page },
    mark_huge: {
      where: 'thp',
      says: 'Mark the PMD entry as used, and as dirty for a store.',
      takes: 'pmd_lock',
      drops: ['pmd_lock'],
      run: () => {
        const bits = PTE_ACCESSED | ((vmf.flags & FAULT_FLAG_WRITE) !== 0 ? dirtied() : 0);
        if (pmd_same(op.va, vmf.orig_pte)) change_huge_pmd(op.region, (was) => was | bits);
        return 'done';
      },
    },
    peek: {
      says: 'Read the entry of {page} without its lock, to see what kind of fault this is.',
      touches: 'mm',
      run: () => {
        vmf.orig_pte = ptep_get(pte_offset(op.va));
        if (is_numa_hint(vmf.orig_pte, find_vma(op.va))) return 'numa';
        if (is_migration_entry(vmf.orig_pte)) return 'migration';
        if (is_swap_entry(vmf.orig_pte)) return 'swap';
        if (!pte_none(vmf.orig_pte)) return 'lock';
        // A speculative fault has seen private memory; if that is no longer so, it will find that out.
        if (!is_cached(find_vma(op.va)) || is_speculative()) return 'anonymous';
        if ((find_vma(op.va) & VM_SHARED) !== 0) return 'shared';
        return (vmf.flags & FAULT_FLAG_WRITE) !== 0 ? 'cow' : 'read';
      },
      so: {
        lock: 'The entry of {page} is there, but it does not permit this access.',
        numa: 'The entry of {page} grants nothing for now: a NUMA hint.',
        migration: 'The page of {page} is on its way to another place, or taken out of its folio.',
        swap: 'The entry of {page} names a swap slot.',
        anonymous: 'The entry of {page} is empty.',
        shared: 'The entry of {page} is empty.',
        cow: 'The entry of {page} is empty.',
        read: 'The entry of {page} is empty.',
      },
    },
    migration: {
      where: 'moves',
      says: 'Wait until that is over, and try again: migration_entry_wait().',
      when: () => !stillMigrates(op.va),
      awaits: 'waits for a page that moves',
      next: 'done',
    },
    swap: { where: 'swap', tail: do_swap_page },
    anonymous: { tail: do_anonymous_page },
    numa: { tail: do_numa_page },
    shared: { tail: do_shared_fault },
    cow: { where: 'files', tail: do_cow_fault },
    read: { where: 'files', tail: do_read_fault },
    lock: {
      says: 'Take the page-table lock and look again: is it still the entry that was read?',
      takes: 'ptl',
      touches: 'mm',
      run: () => {
        if (vma_changed()) return 'unlock';
        if (ptep_get(pte_offset(op.va)) !== vmf.orig_pte && guarded(FAULT_RECHECKS_PTE)) return 'unlock';
        const wants = (vmf.flags & (FAULT_FLAG_WRITE | FAULT_FLAG_UNSHARE)) !== 0;
        return wants && !pte_write(vmf.orig_pte) ? 'wp' : 'mark';
      },
      so: {
        unlock: 'The entry of {page} changed meanwhile: try the access again.',
        wp: 'The entry of {page} is read-only, and the access needs more.',
        mark: 'The entry of {page} permits the access by now.',
      },
    },
    wp: { tail: do_wp_page },
    mark: {
      says: 'Mark the entry as used, and as dirty for a store.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => {
        const ptep = pte_offset(op.va);
        const pte = guarded(FAULT_RECHECKS_PTE) ? ptep_get(ptep) : vmf.orig_pte;
        set_pte_at(ptep, pte | PTE_ACCESSED | ((vmf.flags & FAULT_FLAG_WRITE) !== 0 ? dirtied() : 0));
        return 'done';
      },
    },
    unlock: { says: 'Let go of the page table.', holds: ['ptl'], drops: ['ptl'], next: 'done' },
  },
);
