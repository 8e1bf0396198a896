/**
 * Faults of shared memory: the page cache has the pages, of a file or of the nameless shmem file behind
 * shared anonymous memory. mm/shmem.c, mm/memory.c, mm/filemap.c. The folio lock that guards against
 * truncation is not taken: nothing truncates here (docs/limits.md).
 */
import { unprotected } from '../locks.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_WRITE,
  dirtied,
  mk_pte,
  pte_none,
  pte_offset,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import {
  folio_add_lru,
  folio_add_rmap,
  folio_alloc,
  folio_get,
  folio_put,
  folio_set_shmem,
  has_free_folio,
} from '../verbs/folio.ts';
import { pmd_none } from '../verbs/table.ts';
import { VM_SHARED, VM_WRITE, find_vma, is_cached, prot_none, vma_range } from '../verbs/vma.ts';
import { FAULT_FLAG_WRITE, vmf } from '../vmf.ts';
import { effect, op, page_cache, read, write } from '../world.ts';
import { new_folio } from './refs.ts';
import { pte_alloc } from './table.ts';

/** The page that the page cache has there, 0 = none. */
export const cached = (va: number): number => {
  unprotected('page cache');
  return read(page_cache.at + va);
};
const storing = (): boolean => (vmf.flags & FAULT_FLAG_WRITE) !== 0;
/**
 * vm_page_prot: shared memory that nobody tracks is mapped as its VMA permits, for loads too; private memory
 * is not.
 */
const cached_pte = (folio: number, va: number): number =>
  mk_pte(
    folio,
    PTE_PRESENT |
      PTE_ACCESSED |
      ((find_vma(va) & (VM_SHARED | VM_WRITE)) === (VM_SHARED | VM_WRITE) ? PTE_WRITE : 0) |
      (storing() ? dirtied() : 0) |
      prot_none(find_vma(va)),
  );

/** A page found in the cache, referenced, not mapped yet. The fault's reference becomes the mapping's. */
const found_folio: Ref = { label: 'fault', folios: () => (vmf.new_folio === 0 ? [] : [vmf.new_folio]) };
const around_folio: Ref = {
  label: 'fault around',
  folios: () => (vmf.new_folio === 0 ? [] : [vmf.new_folio]),
};

/**
 * do_fault_around(): what the page cache has is mapped for a load, with its neighbours. Entered with the
 * first slot of the VMA in `vmf.around`; ends at the caller's row `around_unlock`, the page-table lock held.
 */
export const around_rows = (says: string) =>
  ({
    around_pmd: {
      where: 'tables',
      before: 'around_lock',
      says: 'Is there a page table for {page}?',
      run: () => (pmd_none(op.va) ? 'around_alloc' : 'around_lock'),
    },
    around_alloc: { where: 'tables', ...call(pte_alloc, { done: 'around_lock' }) },
    around_lock: {
      says,
      takes: 'ptl',
      next: 'around',
    },
    around: {
      says: 'Next neighbour: in the cache, and not mapped here?',
      holds: ['ptl'],
      run: (): 'around' | 'around_get' | 'around_unlock' => {
        const { end } = vma_range(op.va);
        while (vmf.around < end) {
          const va = vmf.around;
          if (is_cached(find_vma(va)) && pte_none(ptep_get(pte_offset(va)))) {
            const f = cached(va);
            if (f !== 0) {
              vmf.new_folio = f;
              return 'around_get';
            }
            vmf.around += 1;
            return 'around';
          }
          vmf.around += 1;
        }
        return 'around_unlock';
      },
    },
    around_get: {
      says: 'Take a reference to {folio} for the new entry.',
      holds: ['ptl'],
      run: (): 'around_map' => {
        folio_get(vmf.new_folio);
        return 'around_map';
      },
    },
    around_map: {
      says: 'Map {folio}.',
      holds: ['ptl'],
      keeps: [around_folio],
      run: (): 'around' => {
        folio_add_rmap(vmf.new_folio);
        set_pte_at(pte_offset(vmf.around), cached_pte(vmf.new_folio, vmf.around));
        vmf.new_folio = 0;
        vmf.around += 1;
        return 'around';
      },
    },
  }) as const;

export const do_shared_fault = routine(
  'do_shared_fault',
  { file: 'mm/memory.c', exits: ['done'], locals: vmf },
  {
    begin: {
      says: 'Shared memory: the page is in the page cache, or is made there.',
      run: () => {
        if (storing()) return 'lookup';
        vmf.around = vma_range(op.va).start;
        return 'around_lock';
      },
    },
    ...around_rows('A load maps what the page cache already has around {page}.'),
    around_unlock: {
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => (pte_none(ptep_get(pte_offset(op.va))) ? 'lookup' : 'done'),
    },
    lookup: {
      says: 'Look {page} up in the page cache.',
      run: () => {
        vmf.new_folio = cached(op.va);
        return vmf.new_folio === 0 ? 'alloc' : 'get';
      },
      so: { alloc: 'The page cache has nothing for {page}.', get: 'The page cache has {folio}.' },
    },
    alloc: {
      says: 'Take a zeroed page, {folio}, for the page cache.',
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: () => {
        vmf.new_folio = folio_alloc();
        return 'insert';
      },
    },
    insert: {
      says: 'Put it into the page cache, unless another fault was faster.',
      keeps: [new_folio],
      run: () => {
        if (cached(op.va) !== 0) return 'lost';
        write(page_cache.at + op.va, vmf.new_folio);
        folio_set_shmem(vmf.new_folio);
        folio_add_lru(vmf.new_folio);
        effect('cache', vmf.new_folio, op.va, 1);
        return 'cache_ref';
      },
      so: { lost: 'Another fault has filled the page cache.' },
    },
    cache_ref: {
      says: 'The page cache holds {folio} from now on.',
      // The allocation's reference belongs to the cache; the fault takes one for the entry.
      run: () => {
        folio_get(vmf.new_folio);
        return 'map';
      },
    },
    lost: {
      says: 'Give the unused page back.',
      keeps: [new_folio],
      run: () => {
        folio_put(vmf.new_folio);
        vmf.new_folio = 0;
        return 'lookup';
      },
    },
    get: {
      says: 'Take a reference to {folio} for the new entry.',
      run: () => {
        folio_get(vmf.new_folio);
        return 'map';
      },
    },
    map_pmd: {
      where: 'tables',
      before: 'map',
      says: 'Is there a page table for {page}?',
      keeps: [found_folio],
      run: () => (pmd_none(op.va) ? 'map_alloc' : 'map'),
    },
    map_alloc: { where: 'tables', keeps: [found_folio], ...call(pte_alloc, { done: 'map' }) },
    map: {
      says: 'Under the lock: is the entry still empty?',
      keeps: [found_folio],
      takes: 'ptl',
      run: () => (pte_none(ptep_get(pte_offset(op.va))) ? 'install' : 'raced'),
    },
    install: {
      says: 'Map {folio} at {page}.',
      keeps: [found_folio],
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => {
        folio_add_rmap(vmf.new_folio);
        set_pte_at(pte_offset(op.va), cached_pte(vmf.new_folio, op.va));
        vmf.new_folio = 0;
        return 'done';
      },
    },
    raced: {
      says: 'Another thread mapped it first.',
      keeps: [found_folio],
      holds: ['ptl'],
      drops: ['ptl'],
      next: 'put',
    },
    put: {
      says: 'Drop the reference again.',
      keeps: [found_folio],
      run: () => {
        folio_put(vmf.new_folio);
        vmf.new_folio = 0;
        return 'done';
      },
    },
  },
);
