/**
 * Soft-dirty tracking: clear_refs takes the write permission of every page away, so that the next store to
 * each leaves a mark. fs/proc/task_mmu.c, clear_refs_write().
 */
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { locals } from '../frame.ts';
import { CLEAR_REFS_FLUSHES, CLEAR_REFS_SKIPS_PINNED, guarded } from '../guards.ts';
import { drop, walkToTable } from '../locks.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import { folio_maybe_dma_pinned } from '../verbs/folio.ts';
import { mm_has_pinned } from '../verbs/mm.ts';
import {
  PTE_SOFT_DIRTY,
  PTE_WRITE,
  pte_folio,
  pte_offset,
  pte_present,
  pte_special,
  pte_write,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { change_huge_pmd, isHugeHere, pmdp_get } from '../verbs/pmd.ts';
import { tablesApart, walkEnd } from '../verbs/table.ts';
import { every_cpu_answers, flush_tlb_mm, flush_tlb_range } from '../verbs/tlb.ts';
import { dec_tlb_flush_pending, inc_tlb_flush_pending } from '../verbs/uffd.ts';
import {
  VM_SOFTDIRTY,
  is_cow_mapping,
  mmap_write_downgrade,
  mmap_write_unlock,
  region_of,
  vm_flags_set,
  vma_can_write_lock,
  vma_of,
  vma_start_write,
} from '../verbs/vma.ts';
import { decided, now, pages } from '../world.ts';
import { announce_all, speculates } from './spf.ts';
import { ask_count, asks_count, protect_referenced } from './strict.ts';

const walk = locals({ addr: 1, region: 1, refused: 1 });
/** How it ends: proposals may refuse. */
const result = (): 'end' | 'EAGAIN' => (walk.refused === 0 ? 'end' : 'EAGAIN');
const isLastRegion = (): boolean => walk.region >= now.plan!.regions.length;
const isTracked = (): boolean => {
  for (let va = 0; va < pages; va++) if ((vma_of(va) & VM_SOFTDIRTY) !== 0) return false;
  return true;
};
/** New mappings count as written to until the first clear_refs. */
function clearVmas(): void {
  for (let va = 0; va < pages; va++)
    if ((vma_of(va) & VM_SOFTDIRTY) !== 0) vm_flags_set(va, vma_of(va) & ~VM_SOFTDIRTY);
}
const entry = (): number => ptep_get(pte_offset(walk.addr));
const isClean = (e: number): boolean => !pte_write(e) && (e & PTE_SOFT_DIRTY) === 0;
/** The next entry that is writable, or marked; huge pages are not tracked. */
function toNext(): boolean {
  if (now.counts.softDirty === 0) return false;
  const end = walkEnd();
  while (walk.addr < end && (isClean(entry()) || is_vm_hugetlb_page(walk.addr))) walk.addr += 1;
  return walk.addr < end;
}
const askPinned = (): boolean =>
  rules.clearRefsSkipsPinned &&
  pte_write(entry()) &&
  !pte_special(entry()) &&
  is_cow_mapping(vma_of(walk.addr));
function clearEntry(): void {
  const without = PTE_SOFT_DIRTY | (pte_present(entry()) ? PTE_WRITE : 0);
  set_pte_at(pte_offset(walk.addr), entry() & ~without);
  walk.addr += 1;
}

export const clear_refs = routine(
  'clear_refs_write',
  { file: 'fs/proc/task_mmu.c', exits: ['end', 'EAGAIN'], locals: walk },
  {
    begin: {
      says: '{me} asks which pages are written to from now on.',
      run: () => (rules.clearRefsLock === 'write' ? 'lock_write' : 'lock'),
    },
    lock: {
      on: () => rules.clearRefsLock === 'read',
      says: 'Keep the mappings from changing: {mmap_lock} for reading. Faults go on.',
      takes: 'mmap_lock:read',
      run: () => {
        inc_tlb_flush_pending();
        return isTracked() ? 'lock_pte' : 'unlock_read';
      },
    },
    unlock_read: {
      on: () => rules.clearRefsLock === 'read',
      says: 'VMAs have to change: for that it takes the lock anew.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      next: 'relock',
    },
    relock: {
      on: () => rules.clearRefsLock === 'read',
      says: '{mmap_lock} for writing, for a moment.',
      takes: 'mmap_lock:write',
      run: () => (rules.hasVmaLocks ? 'lock_vma_read' : 'clear_vmas'),
    },
    lock_vma_read: {
      ...vmaLocks('clear_vmas'),
      on: () => rules.hasVmaLocks && rules.clearRefsLock === 'read',
    },
    clear_vmas: {
      on: () => rules.clearRefsLock === 'read',
      says: 'No VMA counts as written to as a whole; then {mmap_lock} for reading is enough.',
      holds: ['mmap_lock:write'],
      run: () => {
        clearVmas();
        mmap_write_downgrade();
        return 'lock_pte';
      },
    },
    lock_write: {
      on: () => rules.clearRefsLock === 'write',
      says: 'No fault may run meanwhile: {mmap_lock} for writing.',
      takes: 'mmap_lock:write',
      run: () =>
        rules.hasVmaLocks && rules.clearRefsLocksVmas ? 'lock_vma' : speculates() ? 'announce' : 'set_vmas',
    },
    announce: announce_all('set_vmas'),
    lock_vma: { ...vmaLocks('set_vmas'), on: () => rules.hasVmaLocks && rules.clearRefsLocksVmas },
    set_vmas: {
      on: () => rules.clearRefsLock === 'write',
      says: 'No VMA counts as written to as a whole. A flush is pending from here on.',
      holds: ['mmap_lock:write'],
      run: () => {
        clearVmas();
        inc_tlb_flush_pending();
        return 'lock_pte';
      },
    },
    next_table: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Go to the next page table; where there is none, no page was written to.',
      run: () => {
        if (walk.addr >= pages) {
          walkToTable(-1);
          return flushRow();
        }
        walkToTable(region_of(walk.addr));
        const kind = pmdp_get(walk.addr);
        if (kind === 'huge') return 'clear_huge';
        if (kind === 'table') return 'lock_pte';
        walk.addr = walkEnd();
        return 'next_table';
      },
    },
    // clear_soft_dirty_pmd() asks for no pins.
    clear_huge: {
      where: 'thp',
      says: 'Lock the PMD table: make the entry of the huge page read-only and clear its soft-dirty bit.',
      takes: 'pmd_lock',
      run: () => {
        if (!isHugeHere()) {
          drop('pmd_lock');
          return 'next_table';
        }
        if (now.counts.softDirty !== 0)
          change_huge_pmd(region_of(walk.addr), (was) => was & ~(PTE_SOFT_DIRTY | PTE_WRITE));
        return rules.clearRefsFlushesHuge ? 'flush_huge' : 'unlock_huge';
      },
    },
    flush_huge: {
      where: 'thp',
      on: () => rules.clearRefsFlushesHuge,
      says: 'Flush it on all CPUs of {me}, before anybody else may look at the entry.',
      holds: ['pmd_lock'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        flush_tlb_range(walk.addr, walkEnd() - walk.addr);
        return 'unlock_huge';
      },
    },
    unlock_huge: {
      where: 'thp',
      says: 'Let go of the PMD table.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      run: () => {
        walk.addr = walkEnd();
        return 'next_table';
      },
    },
    lock_pte: { says: 'Take the page-table lock.', takes: 'ptl', next: 'next' },
    next: {
      says: 'Next entry.',
      holds: ['ptl'],
      run: () => {
        if (!toNext()) return 'unlock_pte';
        if (asks_count(entry(), entry() & ~PTE_WRITE, vma_of(walk.addr))) {
          ask_count(walk.addr, entry(), entry() & ~(PTE_WRITE | PTE_SOFT_DIRTY));
          walk.addr += 1;
          return 'ask';
        }
        if (askPinned()) return 'pinned_mm';
        clearEntry();
        return 'next';
      },
      so: {
        next: 'Make the entry of {va} read-only and clear its soft-dirty bit.',
        pinned_mm: 'The entry of {va} is writable.',
        ask: 'The entry of {va} is writable.',
        unlock_pte: 'No more entries.',
      },
    },
    // Proposals only: may a page that others hold be write-protected?
    ask: {
      ...call(protect_referenced, { done: 'next', again: 'again', refused: 'refused' }),
      on: () => rules.protectsReferenced !== 'always',
    },
    refused: {
      on: () => rules.protectsReferenced === 'fail',
      says: 'Somebody holds a page: stop here. It stays writable, and marked.',
      holds: ['ptl'],
      run: () => {
        walk.refused = 1;
        return 'unlock_pte';
      },
    },
    again: {
      on: () => rules.protectsReferenced !== 'always',
      says: 'Look at the entry again.',
      holds: ['ptl'],
      run: () => {
        walk.addr -= 1;
        return 'next';
      },
    },
    pinned_mm: {
      on: () => rules.clearRefsSkipsPinned,
      says: 'Does {me} have pinned pages at all?',
      holds: ['ptl'],
      run: () => (mm_has_pinned() ? 'pinned' : 'clear'),
    },
    pinned: {
      on: () => rules.clearRefsSkipsPinned,
      says: 'Is the page pinned? A device may write to it, and must not lose it to a copy.',
      holds: ['ptl'],
      run: () => {
        const f = pte_folio(entry()),
          yes = folio_maybe_dma_pinned(f);
        decided('pinned?', f, yes ? 1 : 0, yes ? 'leave it alone' : 'clear');
        if (!yes || !guarded(CLEAR_REFS_SKIPS_PINNED)) return 'clear';
        walk.addr += 1;
        return 'next';
      },
      so: { next: '{folio} is pinned: its entry stays writable.' },
    },
    clear: {
      on: () => rules.clearRefsSkipsPinned,
      says: 'Make the entry of {va} read-only and clear its soft-dirty bit.',
      holds: ['ptl'],
      run: () => {
        clearEntry();
        return 'next';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => {
        if (!tablesApart()) return flushRow();
        walk.addr = walkEnd();
        return 'lock_pte';
      },
    },
    flush: {
      on: () => rules.clearRefsFlushes,
      says: 'Flush all CPUs of {me}: from here on every store leaves its mark.',
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        if (guarded(CLEAR_REFS_FLUSHES)) flush_tlb_mm();
        dec_tlb_flush_pending();
        return unlockRow();
      },
    },
    no_flush: {
      on: () => !rules.clearRefsFlushes,
      says: 'Nothing was gathered to free, so nobody flushes: other CPUs keep what they have cached.',
      run: () => {
        dec_tlb_flush_pending();
        return unlockRow();
      },
    },
    unlock_read_end: {
      on: () => rules.clearRefsLock === 'read',
      says: 'Let the mappings go.',
      run: () => {
        drop('mmap_lock:read');
        return result();
      },
    },
    unlock_write: {
      on: () => rules.clearRefsLock === 'write',
      says: 'Let the mappings go.',
      run: () => {
        mmap_write_unlock();
        return result();
      },
    },
  },
);

const flushRow = (): 'flush' | 'no_flush' => (rules.clearRefsFlushes ? 'flush' : 'no_flush');
function unlockRow(): 'unlock_write' | 'unlock_read_end' {
  return rules.clearRefsLock === 'write' ? 'unlock_write' : 'unlock_read_end';
}
function vmaLocks<R extends string>(to: R) {
  return {
    on: () => rules.hasVmaLocks,
    says: 'Write-lock each VMA: faults that run under its lock must end first.',
    holds: ['mmap_lock:write'] as const,
    when: () => isLastRegion() || vma_can_write_lock(walk.region),
    awaits: 'waits for a fault that has the VMA locked',
    run: (): R | 'lock_vma' | 'lock_vma_read' => {
      if (isLastRegion()) return to;
      vma_start_write(walk.region);
      walk.region += 1;
      if (isLastRegion()) return to;
      return rules.clearRefsLock === 'write' ? 'lock_vma' : 'lock_vma_read';
    },
  };
}
