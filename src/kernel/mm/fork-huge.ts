/**
 * fork of a huge page that is pinned. It is copied with no page table locked. The child was promised no page
 * of the pool; where there is none fork fails, and what the child has is taken from it again.
 * copy_hugetlb_page_range(), mm/hugetlb.c.
 */
import { drop } from '../locks.ts';
import { rules } from '../rules.ts';
import type { Ref } from '../steps.ts';
import {
  copy_user_highpage,
  folio_add_new_anon_rmap,
  folio_get,
  folio_put,
  folio_remove_rmap,
  has_free_folio,
} from '../verbs/folio.ts';
import { alloc_hugetlb_folio } from '../verbs/hugetlb.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_WRITE,
  dirtied,
  is_swap_entry,
  mk_pte,
  pte_counted,
  pte_folio,
  pte_none,
  pte_offset,
  pte_offset_child,
  ptep_get,
  set_child_pte_at,
  swp_slot,
} from '../verbs/pte.ts';
import { free_swap_and_cache } from '../verbs/swap.ts';
import { VM_WRITE, prot_none, set_child_vma, vmaFlags, vma_of } from '../verbs/vma.ts';
import { now, op, pages } from '../world.ts';

interface Cells {
  get(i: number): number;
  set(i: number, v: number): void;
}
/** Locals of fork: where it is; the page for a copy, and its source; whether it has failed. */
interface ForkLocals {
  addr: number;
  readonly huge: Cells;
  readonly failed: Cells;
}
export const hasFailed = ({ failed }: ForkLocals): boolean => now.counts.huge !== 0 && failed.get(0) !== 0;

const child_locks = ['mmap_lock:write', 'mmap_lock:child'] as const;

/** Some huge pages are copied for the child. */
const copies = (): boolean => rules.hasExclusive || rules.forkCopiesPinnedHuge || rules.forkCopiesReferenced;
/** What fork brings: its locks and references, and where it goes after an entry. */
interface Around<Both extends readonly string[]> {
  readonly both: Both;
  readonly ahead: Ref;
  readonly taken: Ref;
  readonly more: () => 'copy_pte' | 'unlock_pte';
}
export function huge_rows<const Both extends readonly string[]>(
  fork: ForkLocals,
  { both, ahead, taken, more }: Around<Both>,
) {
  const folio = (): number => pte_folio(entry());
  const entry = (): number => ptep_get(pte_offset(fork.addr));
  /** The huge page that is copied while the locks are gone, and the one that it is copied to. */
  const hugeSource: Ref = { label: 'fork', folios: () => [fork.huge.get(1)].filter((f) => f !== 0) };
  const hugeCopy: Ref = {
    label: 'fork, page for a copy',
    folios: () => [fork.huge.get(0)].filter((f) => f !== 0),
  };
  const failed = (): boolean => hasFailed(fork);
  /** Entry of the child that is there, from `fork.addr` on. */
  function childHas(): boolean {
    while (fork.addr < pages && pte_none(ptep_get(pte_offset_child(fork.addr)))) fork.addr += 1;
    return fork.addr < pages;
  }
  return {
    huge_get: {
      where: 'huge',
      on: () => !rules.hasExclusive && copies(),
      says: 'Take a reference to {folio}: it is copied without the locks.',
      holds: both,
      keeps: [ahead],
      run: (): 'huge_unlock' => {
        folio_get(folio());
        return 'huge_unlock';
      },
    },
    huge_unlock: {
      where: 'huge',
      on: copies,
      says: 'Let go of both page tables, to get a huge page.',
      holds: both,
      keeps: [ahead, taken],
      run: (): 'huge_alloc' => {
        fork.huge.set(1, folio());
        drop('ptl');
        drop('ptl:child');
        return 'huge_alloc';
      },
    },
    huge_alloc: {
      where: 'huge',
      on: copies,
      says: 'Take a page out of the pool, {folio}, for the copy; none that was promised.',
      holds: child_locks,
      keeps: [ahead, hugeSource],
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: (): 'huge_copy' | 'huge_put' => {
        const f = alloc_hugetlb_folio(fork.addr, true);
        if (f < 0) fork.failed.set(0, 1);
        else fork.huge.set(0, f);
        return f < 0 ? 'huge_put' : 'huge_copy';
      },
      so: { huge_put: 'The pool has no page left that was not promised: fork cannot go on.' },
    },
    huge_copy: {
      where: 'huge',
      on: copies,
      says: 'Copy the pinned huge page for {child}; {me} keeps its page and its write permission.',
      holds: child_locks,
      keeps: [ahead, hugeSource, hugeCopy],
      mark: 'copy',
      run: (): 'huge_put' => {
        copy_user_highpage(fork.huge.get(0), fork.huge.get(1));
        return 'huge_put';
      },
    },
    huge_put: {
      where: 'huge',
      on: copies,
      says: 'Drop the reference to the page that was copied.',
      holds: child_locks,
      keeps: [ahead, hugeSource, hugeCopy],
      run: (): 'huge_lock_child' | 'fail_lock' => {
        const f = fork.huge.get(1);
        fork.huge.set(1, 0);
        folio_put(f);
        if (failed()) fork.addr = 0;
        return failed() ? 'fail_lock' : 'huge_lock_child';
      },
    },
    huge_lock_child: {
      where: 'huge',
      on: copies,
      says: 'Take the page-table lock of {child} again.',
      holds: child_locks,
      keeps: [ahead, hugeCopy],
      takes: 'ptl:child',
      next: 'huge_lock',
    },
    huge_lock: {
      where: 'huge',
      on: copies,
      says: 'And that of {me}. Its entry is as it was: it is writable and dirty, and {mmap_lock} is held.',
      holds: ['mmap_lock:write', 'ptl:child'],
      keeps: [ahead, hugeCopy],
      takes: 'ptl',
      next: 'huge_map',
    },
    huge_map: {
      where: 'huge',
      on: copies,
      says: 'Map the copy {folio} for {child}.',
      holds: both,
      keeps: [ahead, hugeCopy],
      run: (): 'copy_pte' | 'unlock_pte' => {
        const f = fork.huge.get(0),
          vma = vma_of(fork.addr);
        fork.huge.set(0, 0);
        folio_add_new_anon_rmap(f, rules.hasExclusive);
        const writable = (vma & VM_WRITE) !== 0 || rules.hugetlbForcedWrites === 'writable';
        const bits = PTE_PRESENT | PTE_ACCESSED | (writable ? PTE_WRITE | dirtied() : 0) | prot_none(vma);
        set_child_pte_at(pte_offset_child(fork.addr), mk_pte(f, bits));
        fork.addr += 1;
        return more();
      },
    },
    fail_lock: {
      where: 'huge',
      on: copies,
      says: 'Take back what {child} has. Take its page-table lock.',
      holds: child_locks,
      keeps: [ahead],
      takes: 'ptl:child',
      next: 'fail_clear',
    },
    fail_clear: {
      where: 'huge',
      on: copies,
      says: 'Clear the next entry of {child}, which nobody has used.',
      holds: [...child_locks, 'ptl:child'],
      keeps: [ahead],
      run: (): 'fail_clear' | 'fail_put' | 'unlock_child_pte' => {
        if (!childHas()) {
          for (let va = 0; va < pages; va++) if (vmaFlags(op.child, va) !== 0) set_child_vma(va, 0);
          return 'unlock_child_pte';
        }
        const pte = ptep_get(pte_offset_child(fork.addr));
        set_child_pte_at(pte_offset_child(fork.addr), 0);
        if (is_swap_entry(pte)) free_swap_and_cache(swp_slot(pte));
        if (!pte_counted(pte)) return 'fail_clear';
        folio_remove_rmap(pte_folio(pte));
        fork.huge.set(1, pte_folio(pte));
        return 'fail_put';
      },
      so: { unlock_child_pte: '{child} has nothing left.' },
    },
    fail_put: {
      where: 'huge',
      on: copies,
      says: 'Drop the reference that it had.',
      holds: [...child_locks, 'ptl:child'],
      keeps: [ahead, hugeSource],
      run: (): 'fail_clear' => {
        const f = fork.huge.get(1);
        fork.huge.set(1, 0);
        folio_put(f);
        return 'fail_clear';
      },
    },
  } as const;
}
