/** Advice that changes a VMA. mm/madvise.c. */
import {
  ADVISED_PART,
  MADV_DOFORK,
  MADV_DONTFORK,
  MADV_HUGEPAGE,
  MADV_KEEPONFORK,
  MADV_MERGEABLE,
  MADV_NOHUGEPAGE,
  MADV_NOHUGEPAGE_AGAIN,
  MADV_UNMERGEABLE,
  MADV_WIPEONFORK,
} from '../flags.ts';
import { locals } from '../frame.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import {
  VM_DONTCOPY,
  VM_HUGEPAGE,
  VM_MERGEABLE,
  VM_NOHUGEPAGE,
  VM_SHARED,
  VM_WIPEONFORK,
  is_cached,
  vm_flags_set,
  vma_merge,
  vma_of,
} from '../verbs/vma.ts';
import { now, op } from '../world.ts';
import { unmerge_ksm_pages } from './ksm.ts';
import { lock_vmas, range, unlock_and } from './mmap.ts';
import { split_first, split_huge_pmd } from './split-huge.ts';

/** What an advice adds to a VMA's flags, and what it takes away. */
const CHANGES: Readonly<Record<number, readonly [add: number, take: number]>> = {
  [MADV_DONTFORK]: [VM_DONTCOPY, 0],
  [MADV_DOFORK]: [0, VM_DONTCOPY],
  [MADV_WIPEONFORK]: [VM_WIPEONFORK, 0],
  [MADV_KEEPONFORK]: [0, VM_WIPEONFORK],
  [MADV_HUGEPAGE]: [VM_HUGEPAGE, VM_NOHUGEPAGE],
  [MADV_NOHUGEPAGE]: [VM_NOHUGEPAGE, VM_HUGEPAGE],
  [MADV_NOHUGEPAGE_AGAIN]: [0, VM_HUGEPAGE],
  [MADV_MERGEABLE]: [VM_MERGEABLE, 0],
  [MADV_UNMERGEABLE]: [0, VM_MERGEABLE],
};
const WIPES: ReadonlySet<number> = new Set([MADV_WIPEONFORK, MADV_KEEPONFORK]);
const advised_as = (): number => op.flags & ~ADVISED_PART;
const unknown = (): boolean => WIPES.has(advised_as()) && rules.adviceMissing.includes('wipeonfork');
/** Shared memory and huge pages are never merged: the advice changes nothing. ksm_madvise(), mm/ksm.c. */
function advised(vma: number): number {
  const [add, take] = CHANGES[advised_as()]!,
    never = (vma & VM_SHARED) !== 0 || is_vm_hugetlb_page(op.va);
  return (add & VM_MERGEABLE) !== 0 && never ? vma : (vma & ~take) | add;
}
/** Memory of files; and a part of a huge page cannot be a VMA of its own: hugetlb_vm_op_split(). */
const refuses = (vma: number): boolean =>
  (advised_as() === MADV_WIPEONFORK && (is_cached(vma) || is_vm_hugetlb_page(op.va))) ||
  ((op.flags & ADVISED_PART) !== 0 && advised(vma) !== vma);

/** Some VMA of the range gets other flags. */
function changesFlags(): boolean {
  const { from, to } = range();
  for (let va = from; va < to; va++) if (vma_of(va) !== 0 && advised(vma_of(va)) !== vma_of(va)) return true;
  return false;
}

/** `result`: holes and refusals on the way, for the last row. */
const advice = locals({ result: 1 });
const HOLE = 1,
  REFUSED = 2;
const outcome = (): 'end' | 'ENOMEM' | 'EINVAL' =>
  advice.result === REFUSED ? 'EINVAL' : advice.result === HOLE ? 'ENOMEM' : 'end';

/** MADV_DONTFORK and its kin. Entries stay as they are. */
const behavior = (unlocks: string) =>
  routine(
    'madvise_vma_behavior',
    { file: 'mm/madvise.c', exits: ['end', 'ENOMEM', 'EINVAL'], locals: advice },
    {
      begin: {
        says: 'Does this kernel know the advice?',
        run: () => (unknown() ? 'EINVAL' : 'lock'),
        so: { EINVAL: 'This kernel does not know the advice.' },
      },
      lock: {
        says: 'No mapping may change meanwhile: {mmap_lock} for writing.',
        takes: 'mmap_lock:write',
        run: () => (rules.hasVmaLocks ? 'lock_vma' : 'set_vma'),
      },
      lock_vma: lock_vmas('set_vma'),
      parts_vma: split_first('set_vma', changesFlags),
      split_huge: { where: 'thp', ...call(split_huge_pmd, { done: 'set_vma' }) },
      set_vma: {
        says: 'Note the advice in the VMA.',
        holds: ['mmap_lock:write'],
        run: () => {
          const { from, to } = range();
          let first = to,
            end = from;
          for (let va = from; va < to && advice.result !== REFUSED; va++) {
            if (vma_of(va) === 0) advice.result = HOLE;
            else if (refuses(vma_of(va))) advice.result = REFUSED;
            else if (advised(vma_of(va)) !== vma_of(va)) {
              vm_flags_set(va, advised(vma_of(va)));
              first = Math.min(first, va);
              end = va + 1;
            }
          }
          if (first < end) vma_merge(op.region, first, end);
          // Memory that was not offered is not looked at: ksm_madvise().
          const ends = advised_as() === MADV_UNMERGEABLE && first < end;
          return now.counts.ksm !== 0 && ends ? 'unmerge' : 'unlock';
        },
      },
      unmerge: { where: 'ksm', ...call(unmerge_ksm_pages, { done: 'unlock' }) },
      unlock: {
        ...unlock_and(unlocks, 'end'),
        run: () => {
          const result = outcome();
          unlock_and('', 'end').run();
          return result;
        },
      },
    },
  );
export const madvise_flags = behavior('Let the mappings go: the next fork will look.');
export const madvise_hint = behavior('Let the mappings go: for small pages nothing else changes.');
