/**
 * Faults of private file mappings: a load maps the page of the page cache itself, read-only; a store gets a
 * copy of it. mm/memory.c. What the page cache has it keeps (docs/limits.md), so a load finds every page.
 */
import { COW_FAULT_RECHECKS_NONE, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  copy_user_highpage,
  folio_add_lru,
  folio_add_new_anon_rmap,
  folio_alloc,
  folio_get,
  folio_put,
  folio_unlock,
  has_free_folio,
} from '../verbs/folio.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_WRITE,
  dirtied,
  mk_pte,
  pte_folio,
  pte_none,
  pte_offset,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { pmd_none } from '../verbs/table.ts';
import { VM_WRITE, anon_vma_prepare, find_vma, prot_none, vma_range } from '../verbs/vma.ts';
import { vmf } from '../vmf.ts';
import { op } from '../world.ts';
import { new_folio } from './refs.ts';
import { around_rows, cached } from './shmem.ts';
import { pte_alloc } from './table.ts';

/** From a file in memory: filemap_map_pages() finds the page itself, not only its neighbours. */
export const do_read_fault = routine(
  'do_read_fault',
  { file: 'mm/memory.c', exits: ['done'], locals: vmf },
  {
    begin: {
      says: 'Private memory of a file: for a load, the page of the page cache itself will do, read-only.',
      run: () => {
        vmf.around = vma_range(op.va).start;
        return 'around_lock';
      },
    },
    ...around_rows('A load maps what the page cache already has around {page}.'),
    around_unlock: {
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      next: 'done',
    },
  },
);

/** The file's page is in `vmf.orig_pte`, as the entry that a load would have got: its lock is found there. */
const filePage = (): number => pte_folio(vmf.orig_pte);
const file_folio: Ref = { label: 'fault', folios: () => [filePage()] };

/** COW before anything is mapped. Dirty even where the mapping is read-only and a forced write wants it. */
export const do_cow_fault = routine(
  'do_cow_fault',
  { file: 'mm/memory.c', exits: ['done'], locals: vmf },
  {
    pmd: {
      where: 'tables',
      before: 'alloc',
      says: 'Is there a page table for {page}?',
      run: () => (pmd_none(op.va) ? 'no_table' : 'alloc'),
    },
    no_table: { where: 'tables', ...call(pte_alloc, { done: 'alloc' }) },
    alloc: {
      says: 'Private memory of a file, and a store: take a fresh page, {folio}, for a copy.',
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: () => {
        anon_vma_prepare(op.va);
        vmf.new_folio = folio_alloc();
        return 'lookup';
      },
    },
    lookup: {
      says: 'Look {page} up in the page cache.',
      keeps: [new_folio],
      run: () => {
        vmf.orig_pte = mk_pte(cached(op.va), PTE_PRESENT | PTE_ACCESSED);
        return 'get';
      },
      so: { get: 'The page cache has {folio}.' },
    },
    get: {
      says: 'Take a reference to the page of the file.',
      keeps: [new_folio],
      run: () => {
        folio_get(filePage());
        return 'lock_folio';
      },
    },
    lock_folio: {
      says: 'Lock the page of the file: it stays in the file, and whole, while it is copied.',
      keeps: [new_folio, file_folio],
      takes: 'folio_lock',
      next: 'copy',
    },
    copy: {
      says: 'Copy the page of the file; its lock is held.',
      keeps: [new_folio, file_folio],
      holds: ['folio_lock'],
      mark: 'copy',
      run: () => {
        copy_user_highpage(vmf.new_folio, filePage());
        return 'lock';
      },
    },
    lock: {
      says: 'Is the entry still empty? Another thread may have been faster.',
      keeps: [new_folio, file_folio],
      holds: ['folio_lock'],
      takes: 'ptl',
      run: () =>
        !pte_none(ptep_get(pte_offset(op.va))) && guarded(COW_FAULT_RECHECKS_NONE) ? 'raced' : 'map',
      so: {
        map: 'The entry of {page} is still empty.',
        raced: 'Another thread mapped {page} first: the copy is not needed.',
      },
    },
    map: {
      says: 'Map the copy {folio}: from here on {page} is no longer the file.',
      keeps: [new_folio, file_folio],
      holds: ['folio_lock', 'ptl'],
      run: () => {
        const vma = find_vma(op.va),
          write = (vma & VM_WRITE) !== 0 ? PTE_WRITE : 0;
        folio_add_new_anon_rmap(vmf.new_folio, rules.hasExclusive);
        folio_add_lru(vmf.new_folio);
        const bits = PTE_PRESENT | PTE_ACCESSED | dirtied() | write | prot_none(vma);
        set_pte_at(pte_offset(op.va), mk_pte(vmf.new_folio, bits));
        vmf.new_folio = 0;
        return 'unlock';
      },
    },
    unlock: {
      says: 'Let go of the page table.',
      keeps: [new_folio, file_folio],
      holds: ['folio_lock', 'ptl'],
      drops: ['ptl'],
      next: 'unlock_folio',
    },
    raced: {
      says: 'Let go of the page table.',
      keeps: [new_folio, file_folio],
      holds: ['folio_lock', 'ptl'],
      drops: ['ptl'],
      next: 'unlock_folio',
    },
    unlock_folio: {
      says: 'Unlock the page of the file.',
      keeps: [new_folio, file_folio],
      holds: ['folio_lock'],
      run: () => {
        folio_unlock();
        return 'put';
      },
    },
    put: {
      says: 'And drop the reference to it.',
      keeps: [new_folio, file_folio],
      run: () => {
        folio_put(filePage());
        vmf.orig_pte = 0;
        return vmf.new_folio === 0 ? 'done' : 'free';
      },
    },
    free: {
      says: 'Give the unused copy back.',
      keeps: [new_folio],
      run: () => {
        folio_put(vmf.new_folio);
        vmf.new_folio = 0;
        return 'done';
      },
    },
  },
);
