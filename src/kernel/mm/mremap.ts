/**
 * mremap moves a region to another address, with its pages. mm/mremap.c. Page slots are named after their
 * region, so the region keeps its slots: what is seen is each entry clear for a moment, and the flush.
 */
import { locals } from '../frame.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { moveHolds } from '../verbs/mm.ts';
import {
  is_swap_entry,
  pte_clear,
  pte_folio,
  pte_counted,
  pte_none,
  pte_offset,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { partsHuge, pmdp_get } from '../verbs/pmd.ts';
import { tableMoved, regionMoved } from '../verbs/table.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { userfaultfd_armed } from '../verbs/uffd.ts';
import { VM_UFFD_MISSING, VM_UFFD_WP, vm_flags_set, vma_merge, vma_of, vma_range } from '../verbs/vma.ts';
import { now, op } from '../world.ts';
import { unmerge_ksm_pages } from './ksm.ts';
import { lock_vmas, range, unlock_and } from './mmap.ts';
import { announce_all, speculates } from './spf.ts';
import { split_huge_pmd } from './split-huge.ts';
import { pte_alloc } from './table.ts';

/** `pte`: the entry that was taken from the old address and is not at the new one yet. */
const move = locals({ addr: 1, pte: 'pte', moved: 1 });
const taken: Ref = {
  label: 'mremap',
  // Of an entry that names a swap slot, the slot.
  folios: () => (pte_counted(move.pte) || is_swap_entry(move.pte) ? [pte_folio(move.pte)] : []),
  mapped: true,
};
/**
 * One VMA only, until 6.17 learnt to move several, but none that a userfaultfd watches. vma_to_resize(),
 * vma_multi_allowed().
 */
const mayMove = (): boolean => {
  const { from, to } = range();
  if (vma_of(from) === 0) return false;
  if (vma_range(from).end >= to) return true;
  if (!rules.mremapMovesManyVmas) return false;
  for (let va = from; va < to; va++) if (userfaultfd_armed(vma_of(va))) return false;
  return true;
};

/** Who did not ask for the event loses the registration: mremap_userfaultfd_prep(). */
function drop_uffd({ from, to }: { from: number; to: number }): void {
  for (let va = from; va < to; va++)
    if (userfaultfd_armed(vma_of(va))) vm_flags_set(va, vma_of(va) & ~(VM_UFFD_MISSING | VM_UFFD_WP));
}

const locks = (): 'lock_vma' | 'announce' | 'lock_pte' =>
  rules.hasVmaLocks ? 'lock_vma' : speculates() ? 'announce' : 'lock_pte';

export const mremap = routine(
  'move_page_tables',
  { file: 'mm/mremap.c', exits: ['end', 'EFAULT', 'EINVAL'], locals: move },
  {
    lock: {
      says: 'No mapping may change meanwhile: {mmap_lock} for writing.',
      takes: 'mmap_lock:write',
      next: 'check',
    },
    check: {
      says: 'Is the range one that may be moved?',
      holds: ['mmap_lock:write'],
      run: () => {
        if (!mayMove()) return 'refuse';
        if (is_vm_hugetlb_page(op.va) && !rules.mremapMovesHugetlb) return 'refuse_huge';
        move.addr = op.va;
        return now.counts.ksm !== 0 ? 'unmerge' : locks();
      },
      so: {
        refuse: 'The range is not mapped, or is more than one VMA.',
        refuse_huge: 'This kernel does not move huge pages.',
      },
    },
    unmerge: { where: 'ksm', ...call(unmerge_ksm_pages, { done: 'unmerged' }) },
    unmerged: {
      where: 'ksm',
      says: 'No KSM page of the range is left: they would be confusing at the new address.',
      holds: ['mmap_lock:write'],
      run: locks,
    },
    refuse: unlock_and('Let the mappings go.', 'EFAULT'),
    refuse_huge: { ...unlock_and('Let the mappings go.', 'EINVAL'), where: 'huge' },
    lock_vma: lock_vmas('lock_pte'),
    announce: announce_all('lock_pte'),
    old_pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there a page table at the old address?',
      holds: ['mmap_lock:write'],
      run: () => {
        const kind = pmdp_get(op.va);
        if (kind === 'huge') return partsHuge() ? 'split_huge' : 'move_huge';
        if (kind === 'table') return 'new_table';
        drop_uffd(range());
        regionMoved(op.region);
        return 'unlock';
      },
      so: {
        new_table: 'There is a page table at the old address: the new one needs one, too.',
        unlock: 'There is no page table, and so no entry to move.',
      },
    },
    split_huge: { where: 'thp', ...call(split_huge_pmd, { done: 'new_table' }) },
    move_huge: {
      where: 'thp',
      says: 'Lock both PMD tables: the entry of the huge page goes to the new address. move_huge_pmd().',
      holds: ['mmap_lock:write'],
      takes: 'pmd_lock',
      run: () => {
        drop_uffd(range());
        moveHolds(range().from, range().to);
        vma_merge(op.region);
        return 'flush_huge';
      },
    },
    flush_huge: {
      where: 'thp',
      says: 'Flush the old address on all CPUs of {me}, before the PMD tables are unlocked.',
      holds: ['mmap_lock:write', 'pmd_lock'],
      drops: ['pmd_lock'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        regionMoved(op.region);
        flush_tlb_range(op.va, op.pages);
        return 'unlock';
      },
    },
    new_table: { where: 'tables', ...call(pte_alloc, { done: 'lock_old' }) },
    lock_old: {
      where: 'tables',
      says: 'Take the page-table lock of the old address.',
      holds: ['mmap_lock:write'],
      takes: 'ptl',
      next: 'lock_new',
    },
    lock_new: {
      where: 'tables',
      says: 'And that of the new one, which is another. mmap_lock makes the order safe.',
      holds: ['mmap_lock:write', 'ptl'],
      takes: 'ptl:new',
      next: 'clear',
    },
    lock_pte: {
      says: 'Take the page-table locks of the old and the new address.',
      holds: ['mmap_lock:write'],
      takes: 'ptl',
      next: 'clear',
    },
    clear: {
      says: 'Take the entry of {va} out: whoever touches it now faults and waits.',
      holds: ['mmap_lock:write', 'ptl'],
      run: () => {
        const { to } = range();
        for (; move.addr < to; move.addr += 1) {
          const ptep = pte_offset(move.addr),
            pte = ptep_get(ptep);
          if (pte_none(pte)) continue;
          move.pte = pte;
          pte_clear(ptep);
          return 'set';
        }
        drop_uffd(range());
        moveHolds(range().from, range().to);
        vma_merge(op.region);
        return move.moved !== 0 ? 'flush' : 'unlock_pte';
      },
      so: { flush: 'All entries are moved.', unlock_pte: 'There is no entry to move.' },
    },
    set: {
      says: 'Put it in at the new address, with all its bits.',
      holds: ['mmap_lock:write', 'ptl'],
      keeps: [taken],
      run: () => {
        set_pte_at(pte_offset(move.addr), move.pte);
        move.pte = 0;
        move.moved = 1;
        move.addr += 1;
        return 'clear';
      },
    },
    flush: {
      says: 'Flush the old address on all CPUs of {me}, before the page tables are let go.',
      holds: ['mmap_lock:write', 'ptl'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_range(op.va, op.pages);
        return 'unlock_pte';
      },
    },
    unlock_new: {
      where: 'tables',
      before: 'unlock_pte',
      says: 'Let go of the page table of the new address.',
      holds: ['mmap_lock:write', 'ptl', 'ptl:new'],
      drops: ['ptl:new'],
      next: 'unlock_pte',
    },
    unlock_pte: {
      says: 'Let go of the page tables.',
      holds: ['mmap_lock:write', 'ptl'],
      drops: ['ptl'],
      next: 'unlock',
    },
    free_old: {
      where: 'tables',
      before: 'unlock',
      says: 'Empty the PMD entry of the old address: its page table goes.',
      holds: ['mmap_lock:write'],
      run: () => {
        tableMoved(op.region);
        return 'flush_old';
      },
    },
    flush_old: {
      where: 'tables',
      says: 'Flush all CPUs of {me}, before the page of the table may be used again.',
      holds: ['mmap_lock:write'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_range(op.va, op.pages);
        return 'unlock';
      },
    },
    unlock: unlock_and('{me} has the memory at its new address.', 'end'),
  },
);
