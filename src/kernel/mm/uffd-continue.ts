/**
 * UFFDIO_CONTINUE: the monitor maps what the page cache has already. mm/userfaultfd.c, mcontinue_atomic_pte()
 * and mfill_atomic_install_pte(). The entry is dirty whether or not anybody may write: 9ae0f87d009c, 5.16.
 */
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import { folio_add_rmap, folio_get, folio_put, folio_unlock } from '../verbs/folio.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  mk_pte,
  pte_folio,
  pte_mkdirty,
  pte_none,
  pte_offset,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { pmd_none } from '../verbs/table.ts';
import { userfaultfd_armed, wake_userfault } from '../verbs/uffd.ts';
import { VM_FILE, find_vma, prot_none, release_fault_lock, vma_start_read } from '../verbs/vma.ts';
import { vmf } from '../vmf.ts';
import { op } from '../world.ts';
import { cached } from './shmem.ts';
import { pte_alloc } from './table.ts';

/** In `vmf.orig_pte`, as for do_cow_fault: its lock is found there. */
const page = (): number => pte_folio(vmf.orig_pte);
const found: Ref = { label: 'UFFDIO_CONTINUE', folios: () => [page()] };
/** The entry's reference, once it is there. */
const unmapped: Ref = { label: 'UFFDIO_CONTINUE', folios: () => (vmf.around === 0 ? [page()] : []) };
const knows = (): boolean => rules.hasUffdContinue;

export const uffd_continue = routine(
  'mcontinue_atomic_pte',
  { file: 'mm/userfaultfd.c', exits: ['end', 'EEXIST', 'EINVAL', 'ENOENT'], locals: vmf },
  {
    begin: {
      says: 'The monitor wants {page} mapped as the page cache has it.',
      run: () => {
        if (!knows()) return 'EINVAL';
        vmf.around = 0;
        return rules.hasVmaLocks ? 'lock_vma' : 'lock_mm';
      },
      so: { EINVAL: 'This kernel does not know UFFDIO_CONTINUE of memory files.' },
    },
    lock_vma: {
      on: () => knows() && rules.hasVmaLocks,
      says: 'Try the lock of the VMA alone.',
      run: () => (vma_start_read() ? 'find' : 'lock_mm'),
    },
    lock_mm: {
      on: knows,
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      next: 'find',
    },
    find: {
      on: knows,
      says: 'Is {page} registered, and of a file?',
      run: () => {
        const vma = find_vma(op.va);
        if (!userfaultfd_armed(vma)) return 'unregistered';
        return (vma & VM_FILE) !== 0 ? 'lookup' : 'refuse';
      },
      so: { unregistered: '{page} is not registered.', refuse: '{page} is not of a file.' },
    },
    unregistered: {
      on: knows,
      says: 'Let the mappings go, and refuse.',
      run: () => {
        release_fault_lock();
        return 'ENOENT';
      },
    },
    refuse: {
      on: knows,
      says: 'Let the mappings go, and refuse.',
      run: () => {
        release_fault_lock();
        return 'EINVAL';
      },
    },
    lookup: {
      on: knows,
      says: 'Look {page} up in the page cache.',
      run: () => {
        vmf.orig_pte = mk_pte(cached(op.va), PTE_PRESENT | PTE_ACCESSED);
        return 'get';
      },
    },
    get: {
      on: knows,
      says: 'Take a reference to the page of the file.',
      run: () => {
        folio_get(page());
        return 'lock_folio';
      },
    },
    lock_folio: {
      on: knows,
      says: 'Lock the page of the file.',
      keeps: [found],
      takes: 'folio_lock',
      next: 'map',
    },
    map_pmd: {
      where: 'tables',
      before: 'map',
      on: knows,
      says: 'Is there a page table for {page}?',
      keeps: [found],
      run: () => (pmd_none(op.va) ? 'no_table' : 'map'),
    },
    no_table: { where: 'tables', on: knows, keeps: [found], ...call(pte_alloc, { done: 'map' }) },
    map: {
      on: knows,
      says: 'Is the entry still empty?',
      holds: ['folio_lock'],
      keeps: [found],
      takes: 'ptl',
      run: () => (pte_none(ptep_get(pte_offset(op.va))) ? 'install' : 'unlock_pte'),
      so: { unlock_pte: 'Something is mapped at {page} already.' },
    },
    install: {
      on: knows,
      says: 'Map the page of the file at {page}: read-only, as the memory is private; and yet dirty.',
      holds: ['folio_lock', 'ptl'],
      keeps: [found],
      run: () => {
        folio_add_rmap(page());
        const bits = PTE_PRESENT | PTE_ACCESSED | prot_none(find_vma(op.va));
        set_pte_at(pte_offset(op.va), pte_mkdirty(mk_pte(page(), bits)));
        vmf.around = 1;
        return 'unlock_pte';
      },
    },
    unlock_pte: {
      on: knows,
      says: 'Let go of the page table.',
      holds: ['folio_lock', 'ptl'],
      keeps: [unmapped],
      drops: ['ptl'],
      next: 'unlock_folio',
    },
    unlock_folio: {
      on: knows,
      says: 'Unlock the page of the file.',
      holds: ['folio_lock'],
      keeps: [unmapped],
      run: () => {
        folio_unlock();
        return vmf.around === 0 ? 'put' : 'unlock';
      },
    },
    put: {
      on: knows,
      says: 'Drop the reference again.',
      keeps: [unmapped],
      run: () => {
        folio_put(page());
        return 'unlock';
      },
    },
    unlock: {
      on: knows,
      says: 'Let the mappings go.',
      run: () => {
        release_fault_lock();
        return vmf.around === 0 ? 'EEXIST' : 'wake';
      },
    },
    wake: {
      on: knows,
      says: 'Wake the faults that waited there.',
      run: () => {
        wake_userfault(op.va, op.va + 1);
        return 'end';
      },
    },
  },
);
