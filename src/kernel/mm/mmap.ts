/** mmap, munmap, MADV_DONTNEED and exit. mm/mmap.c, mm/madvise.c. */
import { MAP_FILE, MAP_HUGEPAGE, MAP_SHARED, PART, PART_UNALIGNED, PROT_READ, PROT_WRITE } from '../flags.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import { hugetlb_reserve_pages, hugetlb_vm_op_close, is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { forget_page, mm_ends, mm_exited, mm_replaced, other_threads_idle } from '../verbs/mm.ts';
import {
  VM_FILE,
  VM_HUGEPAGE,
  VM_LOCKED,
  VM_MAPPED,
  VM_READ,
  VM_SHARED,
  VM_SOFTDIRTY,
  VM_WRITE,
  find_vma,
  mmap_write_downgrade,
  mmap_write_unlock,
  release_fault_lock,
  vm_flags_set,
  vma_can_write_lock,
  vma_of,
  vma_start_read,
  vma_start_write,
} from '../verbs/vma.ts';
import { mm, now, op, pages } from '../world.ts';
import { announce, speculates } from './spf.ts';
import { evict_shared, zap, zapFreesTables, zap_pte_range } from './zap.ts';

export const range = (): { from: number; to: number } => ({ from: op.va, to: op.va + op.pages });
export const prot = (): number =>
  (op.flags & PROT_READ ? VM_READ : 0) | (op.flags & PROT_WRITE ? VM_READ | VM_WRITE : 0);
export const unlock_and = <R extends string>(says: string, to: R) =>
  ({
    says,
    holds: ['mmap_lock:write'],
    touches: 'own',
    run: (): R => {
      mmap_write_unlock();
      return to;
    },
  }) as const;

/** A new VMA counts as written to until soft-dirty bits are cleared. */
const fresh_vma = (): number =>
  VM_MAPPED |
  prot() |
  ((op.flags & MAP_SHARED) !== 0 ? VM_SHARED : 0) |
  ((op.flags & MAP_FILE) !== 0 ? VM_FILE : 0) |
  ((op.flags & MAP_HUGEPAGE) !== 0 ? VM_HUGEPAGE : 0) |
  (now.counts.softDirty === 0 ? 0 : VM_SOFTDIRTY);

export const do_mmap = routine(
  'do_mmap',
  { file: 'mm/mmap.c', exits: ['end', 'EEXIST', 'ENOMEM'] },
  {
    lock: {
      says: 'No mapping may change meanwhile: {mmap_lock} for writing.',
      takes: 'mmap_lock:write',
      next: 'insert',
    },
    insert: {
      says: 'Insert the VMA; no page table yet, no page.',
      holds: ['mmap_lock:write'],
      run: () => {
        const { from, to } = range();
        for (let va = from; va < to; va++) if (vma_of(va) !== 0) return 'exists';
        if (is_vm_hugetlb_page(from) && !hugetlb_reserve_pages(mm, from)) return 'no_pool';
        for (let va = from; va < to; va++) {
          vm_flags_set(va, fresh_vma());
          forget_page(va);
        }
        return 'unlock';
      },
      so: {
        exists: 'Something is mapped there already.',
        no_pool: 'The pool of huge pages has none that was not promised to others.',
      },
    },
    unlock: unlock_and('Let the mappings go.', 'end'),
    exists: unlock_and('Refuse: there is a mapping.', 'EEXIST'),
    no_pool: { ...unlock_and('Refuse: there is no page to promise.', 'ENOMEM'), where: 'huge' },
  },
);

/** vma_start_write() for each VMA of the operation's regions; mm_lock_seq ends them all at once. */
export const lock_vmas = <R extends string>(to: R) => ({
  on: () => rules.hasVmaLocks,
  says: 'Write-lock the VMA: faults that run under its lock must end first.',
  holds: ['mmap_lock:write'] as const,
  when: () => vma_can_write_lock(op.region),
  awaits: 'waits for a fault that has the VMA locked',
  run: (): R => {
    vma_start_write(op.region);
    return to;
  },
});

export const do_munmap = routine(
  '__do_munmap',
  { file: 'mm/mmap.c', exits: ['end', 'EINVAL'] },
  {
    lock: {
      says: 'No mapping may change meanwhile: {mmap_lock} for writing.',
      takes: 'mmap_lock:write',
      touches: 'own',
      run: () =>
        (op.flags & PART) !== 0
          ? 'part'
          : rules.hasVmaLocks
            ? 'lock_vma'
            : speculates()
              ? 'announce'
              : 'detach',
    },
    part: {
      where: 'huge',
      says: 'Part of a huge page cannot be a VMA of its own: is it mapped at all?',
      holds: ['mmap_lock:write'],
      run: () => {
        const isMapped = vma_of(op.va) !== 0;
        mmap_write_unlock();
        return isMapped ? 'EINVAL' : 'end';
      },
      so: { EINVAL: 'Part of a huge page cannot be a VMA of its own: refuse.' },
    },
    lock_vma: lock_vmas('detach'),
    announce: announce('detach'),
    detach: {
      says: 'Take the VMA out of the address space.',
      holds: ['mmap_lock:write'],
      run: () => {
        const { from, to } = range();
        for (let va = from; va < to; va++) if (vma_of(va) !== 0) vm_flags_set(va, 0);
        return 'downgrade';
      },
    },
    downgrade: {
      says: 'Nobody can find the range any more: {mmap_lock} for reading is enough from here.',
      holds: ['mmap_lock:write'],
      touches: 'own',
      run: () => {
        mmap_write_downgrade();
        zap.addr = op.va;
        zap.end = op.va + op.pages;
        zapFreesTables();
        return 'zap';
      },
    },
    zap: call(zap_pte_range, { done: 'unlock' }),
    unlock: {
      says: 'Let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      run: () => {
        hugetlb_vm_op_close(op.va, op.va + op.pages);
        return now.counts.shared !== 0 ? 'evict' : 'end';
      },
    },
    evict: call(evict_shared, { done: 'end' }),
  },
);

/** Of huge pages until 5.18, or at another address than that of one. */
const refusesHuge = (va: number): boolean =>
  is_vm_hugetlb_page(va) && (rules.dontneedHugetlb === 'refused' || (op.flags & PART_UNALIGNED) !== 0);
/** Locked memory is not thrown away: the walk over the VMAs ends there. can_madv_lru_vma(). */
function untilLocked(): number {
  for (let va = op.va; va < op.va + op.pages; va++)
    if ((find_vma(va) & VM_LOCKED) !== 0 || (find_vma(va) !== 0 && refusesHuge(va))) return va;
  return op.va + op.pages;
}
/** Less than a huge page: rounded down to nothing, but at first up. 8ebe0a5eaaeb, 6.1. */
const isNothing = (): boolean => (op.flags & PART) !== 0 && rules.dontneedHugetlb === 'rounds down';

export const madvise_dontneed = routine(
  'madvise_dontneed_free',
  { file: 'mm/madvise.c', exits: ['end', 'ENOMEM', 'EINVAL'] },
  {
    lock_vma: {
      says: 'Throw the pages away: the mapping stays.',
      run: () => (rules.hasVmaLocks && rules.madviseUnderVmaLock && vma_start_read() ? 'check' : 'lock_mm'),
    },
    lock_mm: {
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      next: 'check',
    },
    check: {
      says: 'Which part of the range is mapped?',
      touches: 'vma',
      run: () => {
        zap.addr = op.va;
        zap.end = isNothing() ? op.va : untilLocked();
        return zap.addr < zap.end ? 'zap' : 'unlock';
      },
    },
    zap: call(zap_pte_range, { done: 'unlock' }),
    unlock: {
      says: 'Let the mappings go.',
      run: () => {
        let hole = false;
        for (let va = op.va; va < op.va + op.pages; va++) if ((find_vma(va) & VM_MAPPED) === 0) hole = true;
        const locked = untilLocked() < op.va + op.pages;
        release_fault_lock();
        zap.addr = zap.end = 0;
        return locked ? 'EINVAL' : hole ? 'ENOMEM' : 'end';
      },
      so: { EINVAL: 'Locked memory is not thrown away, and huge pages only where they begin, if at all.' },
    },
  },
);

/** The end of an address space: of exit, and of exec, which goes on with a new one. */
const teardown = (says: string) =>
  ({
    begin: {
      says,
      when: other_threads_idle,
      awaits: 'waits for the other threads of the process',
      run: (): 'zap' => {
        mm_ends();
        zap.addr = 0;
        zap.end = pages;
        zapFreesTables();
        return 'zap';
      },
    },
    zap: call(zap_pte_range, { done: 'lock' }),
    lock: { says: 'Take the VMAs apart.', takes: 'mmap_lock:write', next: 'remove' },
    remove: {
      says: 'Remove all VMAs.',
      holds: ['mmap_lock:write'],
      run: (): 'evict' | 'gone' => {
        for (let va = 0; va < pages; va++) if (vma_of(va) !== 0) vm_flags_set(va, 0);
        hugetlb_vm_op_close(0, pages);
        mmap_write_unlock();
        return now.counts.shared !== 0 ? 'evict' : 'gone';
      },
    },
    evict: call(evict_shared, { done: 'gone' }),
  }) as const;

export const exit_mmap = routine(
  'exit_mmap',
  { file: 'mm/mmap.c', exits: ['end'] },
  {
    ...teardown('{me} ends: nobody uses its address space any more.'),
    gone: {
      says: '{me} is gone. Pipes and holds outlive it.',
      run: () => {
        mm_exited();
        return 'end';
      },
    },
  },
);

/** exec: the old address space is taken apart as by exit. Pipes and holds stay. fs/exec.c. */
export const exec_mmap = routine(
  'exec_mmap',
  { file: 'fs/exec.c', exits: ['end'] },
  {
    ...teardown('{me} starts another program: nobody uses its old address space any more.'),
    gone: {
      says: '{me} has a new address space, with nothing in it.',
      run: () => {
        mm_replaced();
        return 'end';
      },
    },
  },
);
