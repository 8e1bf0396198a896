/** Advice that changes a VMA, or how recently its pages were used. mm/madvise.c. */
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
import { folio_deactivate, folio_mapcount, lru_add_drain } from '../verbs/folio.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { PTE_ACCESSED, pte_folio, pte_counted, pte_offset, ptep_get, set_pte_at } from '../verbs/pte.ts';
import { pmd_none } from '../verbs/table.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import {
  VM_DONTCOPY,
  VM_HUGEPAGE,
  VM_LOCKED,
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
          return now.counts.ksm !== 0 && advised_as() === MADV_UNMERGEABLE ? 'unmerge' : 'unlock';
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

const isYoung = (pte: number): boolean => (pte & PTE_ACCESSED) !== 0;
/** Where pages have an age, the page of an old entry may be young. */
const isOld = (pte: number): boolean => !pte_counted(pte) || (!isYoung(pte) && now.counts.ages === 0);
const cold = locals({ addr: 1, end: 1, result: 1, dirty: 1 });

const knows = (): boolean => !rules.adviceMissing.includes('cold');
/** MADV_COLD: the pages count as not used lately. Pages that others map are left alone. 9c276cc65a58, 5.4. */
export const madvise_cold = routine(
  'madvise_cold',
  { file: 'mm/madvise.c', exits: ['end', 'ENOMEM', 'EINVAL'], locals: cold },
  {
    begin: {
      says: 'Does this kernel know the advice?',
      run: () => (knows() ? 'lock' : 'EINVAL'),
      so: { EINVAL: 'This kernel does not know the advice.' },
    },
    lock: {
      on: knows,
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      next: 'check',
    },
    check: {
      on: knows,
      says: 'Empty the LRU batch of this CPU, and see which part of the range may grow old.',
      holds: ['mmap_lock:read'],
      run: () => {
        const { from, to } = range();
        cold.addr = from;
        cold.end = to;
        for (let va = from; va < to; va++) {
          if (vma_of(va) === 0) cold.result = HOLE;
          if ((vma_of(va) & VM_LOCKED) === 0 && !(vma_of(va) !== 0 && is_vm_hugetlb_page(va))) continue;
          cold.result = REFUSED;
          cold.end = va;
          break;
        }
        if (cold.end > from) lru_add_drain();
        return 'lock_pte';
      },
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there a page table? Where there is none, nothing can grow old.',
      holds: ['mmap_lock:read'],
      run: () => (pmd_none(op.va) ? 'unlock' : 'lock_pte'),
    },
    lock_pte: {
      on: knows,
      says: 'Take the page-table lock.',
      holds: ['mmap_lock:read'],
      takes: 'ptl',
      next: 'look',
    },
    look: {
      on: knows,
      says: 'Find the next entry that counts as used.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        while (cold.addr < cold.end && isOld(ptep_get(pte_offset(cold.addr)))) cold.addr += 1;
        return cold.addr < cold.end ? 'age' : 'unlock_pte';
      },
    },
    age: {
      on: knows,
      says: 'Nobody else maps the page: mark its entry as not used.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        const ptep = pte_offset(cold.addr),
          pte = ptep_get(ptep);
        if (folio_mapcount(pte_folio(pte)) !== 1) {
          cold.addr += 1;
          return 'look';
        }
        if (isYoung(pte)) {
          set_pte_at(ptep, pte & ~PTE_ACCESSED);
          cold.dirty = 1;
        }
        if (now.counts.ages !== 0) return 'deactivate';
        cold.addr += 1;
        return 'look';
      },
    },
    deactivate: {
      on: knows,
      says: 'The page itself counts as not used, too.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        folio_deactivate(pte_folio(ptep_get(pte_offset(cold.addr))));
        cold.addr += 1;
        return 'look';
      },
    },
    unlock_pte: {
      on: knows,
      says: 'Let go of the page table.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl'],
      run: () => (cold.dirty !== 0 ? 'flush' : 'unlock'),
    },
    flush: {
      on: knows,
      says: 'Flush the range on all CPUs of {me}, so that the next use is noticed.',
      holds: ['mmap_lock:read'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_range(op.va, op.pages);
        return 'unlock';
      },
    },
    unlock: {
      on: knows,
      says: 'Let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      run: () => (cold.result === REFUSED ? 'EINVAL' : cold.result === HOLE ? 'ENOMEM' : 'end'),
    },
  },
);
