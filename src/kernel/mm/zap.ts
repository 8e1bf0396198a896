/**
 * What takes pages away: the zap of page-table entries, and the end of shared memory. mm/memory.c,
 * mm/shmem.c.
 */
import { folios, locals } from '../frame.ts';
import { ZAP_FLUSHES_FIRST, guarded } from '../guards.ts';
import { tableHere, walkToTable } from '../locks.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  ZERO_PAGE,
  folio_put,
  folio_remove_rmap,
  folio_remove_rmap_pmd,
  lru_add_drain,
} from '../verbs/folio.ts';
import { pagesOf } from '../verbs/large.ts';
import { forget_page, races_end } from '../verbs/mm.ts';
import {
  is_migration_entry,
  is_swap_entry,
  pte_clear,
  pte_folio,
  pte_none,
  pte_offset,
  pte_special,
  ptep_get,
  swp_slot,
} from '../verbs/pte.ts';
import { coversHuge, hugeFolio, isHugeHere, pmdp_get, pmdp_huge_get_and_clear } from '../verbs/pmd.ts';
import { free_swap_and_cache, free_swap_cache } from '../verbs/swap.ts';
import { isHugetlbRegion, is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { hasTable, isEmptyTable, nothingMapped, pmd_clear, tablesApart, walkEnd } from '../verbs/table.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { dec_tlb_flush_pending, inc_tlb_flush_pending } from '../verbs/uffd.ts';
import { isOfFile } from '../verbs/file.ts';
import { VM_SHARED, region_of } from '../verbs/vma.ts';
import { split_huge_pmd } from './split-huge.ts';
import { cells, effect, mm, now, op, page_cache, pages, pmd_lock, vm_flags, write } from '../world.ts';

/**
 * `batch`: folio of each cleared entry, whose reference waits for the flush. `file`: how far the shared
 * file was emptied.
 */
export const zap = locals({
  addr: 1,
  end: 1,
  dirty: 1,
  frees: (n) => n.tables,
  batch: folios((n) => n.pages),
});
const gathered: Ref = {
  label: 'unmapped, not flushed',
  folios: () => Array.from({ length: pages }, (_, i) => zap.batch.get(i)).filter((f) => f !== 0),
  mapped: true,
};

const nextGathered = (): number => {
  let va = 0;
  while (va < pages && zap.batch.get(va) === 0) va++;
  return va;
};

/** Slot up to which the page table goes that the walk has come to. */
const upTo = (): number => Math.min(zap.end, walkEnd());
/** All entries are cleared. */
function cleared(): 'free' | 'flush' | 'done' {
  if (tablesApart() && zap.frees.get(0) !== 0) return 'free';
  return gather_ends();
}
/** tlb_finish_mmu() flushes if an entry or a table has gone. */
function gather_ends(): 'flush' | 'done' {
  if (zap.dirty !== 0) return 'flush';
  dec_tlb_flush_pending();
  return 'done';
}
/** For callers that take the VMAs away: page tables without a VMA go with them. */
export function zapFreesTables(): void {
  if (tablesApart()) zap.frees.set(0, 1);
}
const free = locals({ region: 1 });
/** Of an operation on one region, or of the whole address space, where no VMA is asked. */
const goes = (region: number): boolean =>
  hasTable(mm, region) &&
  !isHugetlbRegion(region) &&
  (op.region < 0 || (region === op.region && nothingMapped(region)));
/**
 * Unlinks page tables in which nothing is mapped any more, before the flush: a lockless walk may still stand
 * in one, and the flush waits for it.
 */
const free_pgtables = routine(
  'free_pgtables',
  { file: 'mm/memory.c', exits: ['flush', 'done'], locals: free },
  {
    next: {
      says: 'Does any mapping still need the page table? If not, empty its PMD entry.',
      run: () => {
        while (free.region < now.counts.regions && !goes(free.region)) free.region += 1;
        if (free.region >= now.counts.regions) return gather_ends();
        pmd_clear(free.region);
        zap.dirty = 1;
        free.region += 1;
        return 'next';
      },
      so: { next: 'Nothing is mapped there any more: the PMD entry is empty, its page table goes.' },
    },
  },
);

/** MADV_DONTNEED has emptied all of a page table: try_get_and_clear_pmd(), which waits for no lock. */
const reclaimsTable = (): boolean =>
  rules.dontneedFreesTables &&
  op.syscall === 'madvise' &&
  coversHuge(op.va, zap.end) &&
  !is_vm_hugetlb_page(op.va) &&
  cells[pmd_lock.at + mm] === 0 &&
  isEmptyTable(tableHere());

/** Clears the entries [addr, end). References are dropped only after the flush. */
export const zap_pte_range = routine(
  'zap_pte_range',
  { file: 'mm/memory.c', exits: ['done'], locals: zap },
  {
    drain: {
      says: 'Empty the LRU batch of this CPU.',
      run: () => {
        lru_add_drain();
        inc_tlb_flush_pending();
        return 'lock';
      },
    },
    pmd: {
      where: 'tables',
      before: 'lock',
      says: 'Go to the next page table of the range; where there is none, there is nothing to clear.',
      keeps: [gathered],
      run: () => {
        if (zap.addr >= zap.end) {
          walkToTable(-1);
          return cleared();
        }
        walkToTable(region_of(zap.addr));
        const kind = pmdp_get(zap.addr);
        if (kind === 'huge') return coversHuge(zap.addr, zap.end) ? 'clear_huge' : 'split_huge';
        if (kind === 'table') return 'lock';
        for (const end = upTo(); zap.addr < end; zap.addr += 1) forget_page(zap.addr);
        return 'pmd';
      },
    },
    split_huge: { where: 'thp', keeps: [gathered], ...call(split_huge_pmd, { done: 'pmd' }) },
    clear_huge: {
      where: 'thp',
      says: 'Lock the PMD table and clear the entry of the huge page: one mapping of it less.',
      takes: 'pmd_lock',
      drops: ['pmd_lock'],
      keeps: [gathered],
      run: () => {
        if (!isHugeHere()) return 'pmd';
        const region = region_of(zap.addr),
          f = hugeFolio(region),
          from = zap.addr;
        pmdp_huge_get_and_clear(region);
        for (const end = walkEnd(); zap.addr < end; zap.addr += 1) forget_page(zap.addr, true);
        zap.dirty = 1;
        if (f === ZERO_PAGE) return 'pmd';
        zap.batch.set(from, f);
        folio_remove_rmap_pmd(f);
        return 'pmd';
      },
    },
    lock: { says: 'Take the page-table lock.', takes: 'ptl', keeps: [gathered], next: 'clear' },
    clear: {
      says: 'Clear the entry; the map count falls now, the reference is dropped later.',
      holds: ['ptl'],
      keeps: [gathered],
      run: () => {
        for (const end = upTo(); zap.addr < end;) {
          const va = zap.addr,
            ptep = pte_offset(va),
            pte = ptep_get(ptep);
          zap.addr += 1;
          if (pte_none(pte)) {
            forget_page(va);
            continue;
          }
          pte_clear(ptep);
          if (is_swap_entry(pte)) {
            // No CPU has it cached.
            forget_page(va);
            free_swap_and_cache(swp_slot(pte));
            return zap.addr < end ? 'clear' : 'unlock';
          }
          forget_page(va, true);
          zap.dirty = 1;
          if (pte_special(pte) || is_migration_entry(pte)) continue;
          zap.batch.set(va, pte_folio(pte));
          folio_remove_rmap(pte_folio(pte));
          return zap.addr < end ? 'clear' : 'unlock';
        }
        return 'unlock';
      },
    },
    reclaim: {
      where: 'thp',
      before: 'unlock',
      on: () => rules.dontneedFreesTables,
      says: 'Was all of the page table to be emptied, and is it? Then its PMD entry is emptied, too.',
      holds: ['ptl'],
      keeps: [gathered],
      run: () => {
        if (!reclaimsTable()) return 'unlock';
        pmd_clear(tableHere());
        zap.dirty = 1;
        return 'unlock';
      },
    },
    unlock: {
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      keeps: [gathered],
      touches: 'own',
      run: () => {
        return tablesApart() ? 'lock' : cleared();
      },
    },
    free: { where: 'tables', keeps: [gathered], ...call(free_pgtables, { flush: 'flush', done: 'done' }) },
    flush: {
      says: 'Flush the range on all CPUs of {me}, before the pages may be reused.',
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      keeps: [gathered],
      run: () => {
        if (guarded(ZAP_FLUSHES_FIRST)) flush_tlb_range(0, pages);
        dec_tlb_flush_pending();
        races_end();
        return nextGathered() < pages ? 'put' : 'done';
      },
    },
    put_cache: {
      where: 'swap',
      before: 'put',
      says: 'If nobody needs {folio} in the swap cache any more, it leaves that first.',
      keeps: [gathered],
      run: () => {
        free_swap_cache(zap.batch.get(nextGathered()));
        return 'put';
      },
    },
    put: {
      says: 'Drop the reference that a cleared entry had to {folio}.',
      keeps: [gathered],
      run: () => {
        const va = nextGathered();
        if (va < pages) {
          const f = zap.batch.get(va);
          zap.batch.set(va, 0);
          folio_put(f, pagesOf(f));
        }
        return nextGathered() < pages ? 'put' : 'done';
      },
    },
  },
);

/**
 * Pages of a nameless shared file go when its last VMA goes: shmem_evict_inode(), mm/shmem.c. Other files
 * stay:
 * somebody has them open.
 */
const nobodyMaps = (va: number): boolean => {
  if (isOfFile(va)) return false;
  for (let m = 0; m < now.counts.mms; m++)
    if ((cells[vm_flags.at + m * pages + va]! & VM_SHARED) !== 0) return false;
  return true;
};
const evict = locals({ addr: 1 });
export const evict_shared = routine(
  'shmem_evict_inode',
  { file: 'mm/shmem.c', exits: ['done'], locals: evict },
  {
    next: {
      says: 'Was this the last mapping of shared memory? Then its pages leave the page cache.',
      run: () => {
        for (; evict.addr < pages; evict.addr += 1) {
          const va = evict.addr,
            f = cells[page_cache.at + va]!;
          if (f === 0 || !nobodyMaps(va)) continue;
          write(page_cache.at + va, 0);
          effect('cache', f, va, -1);
          folio_put(f);
          return 'next';
        }
        return 'done';
      },
    },
  },
);
