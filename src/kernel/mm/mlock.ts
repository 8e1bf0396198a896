/**
 * mlock and munlock: the pages of the range are there from now on, those of private writable memory with
 * copy-on-write broken. mm/mlock.c.
 */
import { locals } from '../frame.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import { lru_add_drain } from '../verbs/folio.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { VM_LOCKED, mmap_write_unlock, vm_flags_set, vma_merge, vma_of } from '../verbs/vma.ts';
import { op } from '../world.ts';
import { lock_vmas, range, unlock_and } from './mmap.ts';
import { mm_populate } from './populate.ts';
import { split_first, split_huge_pmd } from './split-huge.ts';

const lock = locals({ hole: 1 });

/**
 * Works upwards and stops at the first hole; what came before it keeps its new flag.
 * apply_vma_lock_flags().
 */
function apply_lock(locked: boolean): void {
  const { from, to } = range();
  let first = to,
    end = from;
  lock.hole = 0;
  for (let va = from; va < to && lock.hole === 0; va++) {
    const vma = vma_of(va),
      // Huge pages are never reclaimed: they need no flag.
      flags = is_vm_hugetlb_page(va) ? vma : locked ? vma | VM_LOCKED : vma & ~VM_LOCKED;
    if (vma === 0) lock.hole = 1;
    else if (flags !== vma) {
      vm_flags_set(va, flags);
      first = Math.min(first, va);
      end = va + 1;
    }
  }
  if (first < end) vma_merge(op.region, first, end);
  // Pages on their way to the LRU list must arrive before they can be told to stay.
  lru_add_drain();
}

/** Some VMA of the range is not locked yet, or is locked still. */
function changesLock(locked: boolean): boolean {
  const { from, to } = range();
  for (let va = from; va < to && vma_of(va) !== 0; va++)
    if (((vma_of(va) & VM_LOCKED) !== 0) !== locked) return true;
  return false;
}

const rows = (locked: boolean) =>
  ({
    lock: {
      says: 'No mapping may change meanwhile: {mmap_lock} for writing.',
      takes: 'mmap_lock:write',
      run: () => (rules.hasVmaLocks ? 'lock_vma' : 'set_vma'),
    },
    lock_vma: lock_vmas('set_vma'),
    parts_vma: split_first('set_vma', () => changesLock(locked)),
    split_huge: { where: 'thp', ...call(split_huge_pmd, { done: 'set_vma' }) },
    set_vma: {
      says: locked ? 'Mark the VMA as locked.' : 'The VMA is no longer locked.',
      holds: ['mmap_lock:write'],
      run: (): 'unlock' => {
        apply_lock(locked);
        return 'unlock';
      },
    },
  }) as const;

export const mlock = routine(
  'do_mlock',
  { file: 'mm/mlock.c', exits: ['end', 'ENOMEM'], locals: lock },
  {
    ...rows(true),
    unlock: {
      says: 'Let the mappings go, and fault in what is not there.',
      holds: ['mmap_lock:write'],
      run: () => {
        const hole = lock.hole !== 0;
        lock.hole = 0;
        mmap_write_unlock();
        return hole ? 'ENOMEM' : 'populate';
      },
      so: { ENOMEM: 'Part of the range is not mapped.' },
    },
    populate: call(mm_populate, { done: 'end', denied: 'ENOMEM' }),
  },
);

export const munlock = routine(
  'apply_vma_lock_flags',
  { file: 'mm/mlock.c', exits: ['end', 'ENOMEM'], locals: lock },
  {
    ...rows(false),
    unlock: {
      ...unlock_and('Let the mappings go.', 'end'),
      run: () => {
        const hole = lock.hole !== 0;
        mmap_write_unlock();
        return hole ? 'ENOMEM' : 'end';
      },
      so: { ENOMEM: 'Part of the range is not mapped.' },
    },
  },
);
