/**
 * NUMA hinting: the kernel takes the access away from pages now and then, to see who uses them. The scan is
 * mm/mempolicy.c change_prot_numa(), run by the task itself; the fault that gives it back, do_numa_page().
 */
import { locals } from '../frame.ts';
import { rules } from '../rules.ts';
import { routine } from '../steps.ts';
import {
  folio_mapcount,
  folio_maybe_dma_pinned,
  folio_ref_count,
  folio_test_hugetlb,
} from '../verbs/folio.ts';
import {
  PTE_ACCESSED,
  PTE_PROTNONE,
  PTE_WRITE,
  pte_folio,
  pte_counted,
  pte_offset,
  pte_protnone,
  ptep_get,
  set_pte_at,
} from '../verbs/pte.ts';
import { PageKsm } from '../verbs/ksm.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { pmd_none } from '../verbs/table.ts';
import { VM_READ, find_vma, is_cow_mapping } from '../verbs/vma.ts';
import { FAULT_EXITS, vmf } from '../vmf.ts';
import { decided, op } from '../world.ts';
import { range } from './mmap.ts';
import { may_set_write } from './mprotect.ts';
import { vma_changed } from './spf.ts';

/** An entry that grants nothing although its VMA does: the fault is a hint, not a mistake. */
export const is_numa_hint = (pte: number, vma: number): boolean => pte_protnone(pte) && (vma & VM_READ) !== 0;

const scan = locals({ addr: 1, dirty: 1 });
const entry = (): number => ptep_get(pte_offset(scan.addr));
const skipped = (pte: number): boolean =>
  !pte_counted(pte) || pte_protnone(pte) || PageKsm(pte_folio(pte)) || folio_test_hugetlb(pte_folio(pte));

/** What the scan leaves alone: pages that more than one process uses, as far as it can tell. */
function isShared(f: number): boolean {
  const byRefs = rules.numaSkips === 'refcount',
    n = byRefs ? folio_ref_count(f) : folio_mapcount(f);
  decided(byRefs ? 'refcount 1?' : 'mapcount 1?', f, n, n === 1 ? 'take the access away' : 'leave it alone');
  return n !== 1;
}

export const change_prot_numa = routine(
  'change_prot_numa',
  { file: 'mm/mempolicy.c', exits: ['end'], locals: scan },
  {
    lock: {
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      run: () => {
        scan.addr = op.va;
        return 'lock_pte';
      },
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there a page table? Where there is none, nothing is mapped.',
      holds: ['mmap_lock:read'],
      run: () => (pmd_none(op.va) ? 'unlock' : 'lock_pte'),
    },
    lock_pte: { says: 'Take the page-table lock.', holds: ['mmap_lock:read'], takes: 'ptl', next: 'next' },
    next: {
      says: 'Find the next page of the range.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        const { to } = range();
        for (; scan.addr < to; scan.addr += 1) {
          const vma = find_vma(scan.addr);
          if ((vma & VM_READ) === 0 || skipped(entry())) continue;
          if (!is_cow_mapping(vma)) return 'protect';
          return rules.numaSkips === 'pinned or mapped' ? 'pinned' : 'shared';
        }
        return 'unlock_pte';
      },
      so: { unlock_pte: 'There are no more pages.' },
    },
    pinned: {
      on: () => rules.numaSkips === 'pinned or mapped',
      says: 'Is {folio} pinned?',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        const f = pte_folio(entry()),
          yes = folio_maybe_dma_pinned(f);
        decided('pinned?', f, yes ? 1 : 0, yes ? 'leave it alone' : 'go on');
        if (!yes) return 'shared';
        scan.addr += 1;
        return 'next';
      },
      so: { next: '{folio} is pinned: leave it alone.' },
    },
    shared: {
      says: 'Does anybody else use {folio}?',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        if (!isShared(pte_folio(entry()))) return 'protect';
        scan.addr += 1;
        return 'next';
      },
      so: { next: 'Somebody else may use {folio}: leave it alone.' },
    },
    protect: {
      says: 'Take the access away: the next use of {va} faults, and tells which CPU it comes from.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        const pte = entry();
        set_pte_at(pte_offset(scan.addr), (rules.numaKeepsWriteBit ? pte : pte & ~PTE_WRITE) | PTE_PROTNONE);
        scan.dirty = 1;
        scan.addr += 1;
        return 'next';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl'],
      run: () => (scan.dirty !== 0 ? 'flush' : 'unlock'),
    },
    flush: {
      says: 'Flush the range on all CPUs of {me}.',
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
      says: 'Let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      next: 'end',
    },
  },
);

/** Entered with the entry in `vmf.orig_pte`, and without the page-table lock. */
export const do_numa_page = routine(
  'do_numa_page',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf },
  {
    lock: {
      says: 'Take the page-table lock and look again: is it still the entry that was read?',
      takes: 'ptl',
      run: () => (!vma_changed() && ptep_get(pte_offset(op.va)) === vmf.orig_pte ? 'restore' : 'unlock'),
      so: { unlock: 'The entry of {page} changed meanwhile: try the access again.' },
    },
    restore: {
      says: 'Note who used {page}, and give the access back.',
      holds: ['ptl'],
      drops: ['ptl'],
      run: () => {
        const pte = (vmf.orig_pte & ~PTE_PROTNONE) | PTE_ACCESSED;
        const again = !rules.numaKeepsWriteBit && may_set_write(pte, find_vma(op.va));
        set_pte_at(pte_offset(op.va), pte | (again ? PTE_WRITE : 0));
        return 'done';
      },
    },
    unlock: { says: 'Let go of the page table.', holds: ['ptl'], drops: ['ptl'], next: 'done' },
  },
);
