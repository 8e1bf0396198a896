/** fork of a PMD entry that maps a huge page: copy_huge_pmd(), mm/huge_memory.c. */
import { rules } from '../rules.ts';
import { tableHere } from '../locks.ts';
import { call, routine } from '../steps.ts';
import {
  ClearPageAnonExclusive,
  PageAnonExclusive,
  ZERO_PAGE,
  folio_add_anon_rmap_pmd,
  folio_get,
  folio_maybe_dma_pinned,
} from '../verbs/folio.ts';
import { pagesIn } from '../verbs/large.ts';
import { mm_has_pinned } from '../verbs/mm.ts';
import { change_huge_pmd, hugeEntry, hugeFolio, isHugeHere, setChildHugePmd } from '../verbs/pmd.ts';
import { PTE_ACCESSED, PTE_UFFD_WP, PTE_WRITE } from '../verbs/pte.ts';
import { userfaultfd_wp } from '../verbs/uffd.ts';
import { is_cow_mapping, vma_of } from '../verbs/vma.ts';
import { decided, now, op } from '../world.ts';
import { split_huge_pmd } from './split-huge.ts';

/** What the child sees of an entry: clean bits are kept, use is not. */
export function inheritedBy(pte: number, vma: number): number {
  // The child's VMA is not registered; kernels that look at the parent's keep a bit that means nothing there.
  const keeps = !rules.forkAsksChildUffdWp && userfaultfd_wp(vma);
  return pte & ~(PTE_ACCESSED | PTE_WRITE | (keeps ? 0 : PTE_UFFD_WP));
}

const both = ['mmap_lock:write', 'pmd_lock:child', 'pmd_lock'] as const;
const first = (): number => now.plan!.regions[tableHere()]!.at;
const folio = (): number => hugeFolio(tableHere());

/** Both map the huge page from here on, read-only where it is private. */
function share(): void {
  const f = folio(),
    vma = vma_of(first());
  if (f !== ZERO_PAGE) {
    folio_get(f);
    folio_add_anon_rmap_pmd(f, op.child);
    if (rules.hasExclusive) for (const page of pagesIn(f)) ClearPageAnonExclusive(page);
  }
  if (is_cow_mapping(vma)) change_huge_pmd(tableHere(), (was) => was & ~PTE_WRITE);
  setChildHugePmd(tableHere(), f, inheritedBy(hugeEntry(first()), vma) & 255);
}

/** Of the region at which the thread is. At the end the child has the entry, or the parent a table. */
export const copy_huge_pmd = routine(
  'copy_huge_pmd',
  { file: 'mm/huge_memory.c', exits: ['done'] },
  {
    lock_child: {
      says: 'Lock the PMD table of {child}.',
      holds: ['mmap_lock:write', 'mmap_lock:child'],
      takes: 'pmd_lock:child',
      next: 'lock',
    },
    lock: {
      says: 'And that of {me}.',
      holds: ['mmap_lock:write', 'pmd_lock:child'],
      takes: 'pmd_lock',
      run: () => {
        if (!isHugeHere()) return 'unlock';
        const f = folio();
        if (f === ZERO_PAGE) return 'share';
        const asks = rules.hasExclusive
          ? PageAnonExclusive(f)
          : rules.forkSplitsPinnedHuge && is_cow_mapping(vma_of(first()));
        return asks ? 'pinned_mm' : 'share';
      },
    },
    pinned_mm: {
      on: () => rules.forkSplitsPinnedHuge,
      says: 'Does {me} have pinned pages at all?',
      holds: both,
      run: () => (mm_has_pinned() ? 'pinned' : 'share'),
      so: { share: '{me} has never pinned a page.' },
    },
    pinned: {
      on: () => rules.forkSplitsPinnedHuge,
      says: 'Is any page of the folio pinned? It counts its pins by itself.',
      holds: both,
      run: () => {
        const f = folio(),
          yes = folio_maybe_dma_pinned(f);
        decided('pinned?', f, yes ? 1 : 0, yes ? 'split, and copy page by page' : 'share');
        return yes ? 'unlock_to_split' : 'share';
      },
      so: { unlock_to_split: 'The huge page is pinned: its pages are copied for {child} one by one.' },
    },
    share: {
      says:
        'One reference and one mapping more: write-protect the PMD entry, and give {child} the same. Other ' +
        'CPUs of {me} may still write through their TLBs.',
      holds: both,
      run: () => {
        share();
        return 'unlock';
      },
    },
    unlock: {
      says: 'Unlock both PMD tables.',
      holds: both,
      drops: ['pmd_lock', 'pmd_lock:child'],
      next: 'done',
    },
    unlock_to_split: {
      on: () => rules.forkSplitsPinnedHuge,
      says: 'Unlock both PMD tables, to split the entry of {me}.',
      holds: both,
      drops: ['pmd_lock', 'pmd_lock:child'],
      next: 'split',
    },
    split: { on: () => rules.forkSplitsPinnedHuge, ...call(split_huge_pmd, { done: 'done' }) },
  },
);
