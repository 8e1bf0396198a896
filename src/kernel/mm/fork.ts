/**
 * fork: the child gets the parent's VMAs, and of private memory its page-table entries, write-protected on
 * both sides. kernel/fork.c dup_mmap(), mm/memory.c copy_page_range(). write_protect_seq is raised once for
 * the whole fork (docs/limits.md).
 */
import { folios, locals } from '../frame.ts';
import { FORK_FLUSHES, guarded } from '../guards.ts';
import { drop, walkToTable } from '../locks.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  ClearPageAnonExclusive,
  PageAnonExclusive,
  copy_user_highpage,
  folio_add_lru,
  folio_add_new_anon_rmap,
  folio_add_rmap,
  folio_alloc,
  folio_get,
  folio_maybe_dma_pinned,
  folio_put,
  folio_test_anon,
  has_free_folio,
} from '../verbs/folio.ts';
import { pagesOf } from '../verbs/large.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import { mm_born, mmStillborn, mm_has_pinned, raw_write_seqcount } from '../verbs/mm.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_SWP_EXCLUSIVE,
  PTE_UFFD_WP,
  PTE_WRITE,
  dirtied,
  is_migration_entry,
  is_swap_entry,
  mk_pte,
  pte_folio,
  pte_none,
  pte_offset,
  pte_offset_child,
  pte_special,
  ptep_get,
  set_child_pte_at,
  set_pte_at,
  swp_slot,
} from '../verbs/pte.ts';
import { sharedMigrationEntry } from '../verbs/migrate.ts';
import { isHuge, pmdp_get } from '../verbs/pmd.ts';
import { swap_duplicate } from '../verbs/swap.ts';
import { hasTable, regionsInherited, tableEnd, tablesApart, walkEnd } from '../verbs/table.ts';
import { every_cpu_answers, flush_tlb_mm } from '../verbs/tlb.ts';
import { userfaultfd_wp } from '../verbs/uffd.ts';
import {
  VM_ANON_VMA,
  VM_APART,
  VM_DONTCOPY,
  VM_LOCKED,
  VM_READ,
  VM_UFFD_MISSING,
  VM_UFFD_WP,
  VM_WIPEONFORK,
  VM_WRITE,
  is_cow_mapping,
  mmap_write_unlock,
  region_of,
  set_child_vma,
  vma_can_write_lock,
  vma_of,
  vma_start_write,
} from '../verbs/vma.ts';
import { decided, now, op, pages } from '../world.ts';
import { copy_huge_pmd, inheritedBy } from './fork-thp.ts';
import { announce_all } from './spf.ts';
import { proposal_rows } from './fork-proposals.ts';
import { hasFailed, huge_rows } from './fork-huge.ts';
import { pte_alloc } from './table.ts';

/** `new_folio`: page allocated ahead for the copy of a pinned one. `addr`: the entry that is copied. */
const fork = locals({
  addr: 1,
  new_folio: 'folio',
  region: 1,
  refs: (n) => n.owners,
  /** The huge page for a copy, and the one that is copied; whether fork has failed. */
  huge: folios((n) => 2 * n.huge),
  failed: (n) => n.huge,
});
const entry = (): number => ptep_get(pte_offset(fork.addr));
const folio = (): number => pte_folio(entry());
const taken: Ref = { label: 'fork', folios: () => [folioHere()], mapped: true };
const ahead: Ref = {
  label: 'fork, page for a copy',
  folios: () => (fork.new_folio === 0 ? [] : [fork.new_folio]),
};
/** A child may get a page of its own at once. */
const copies = (): boolean => rules.forkCopiesPinned || rules.forkCopiesReferenced;
/** The folio under copy, for observers: no access is counted. */
const folioHere = (): number => pte_folio(ptep_get(pte_offset(fork.addr)));

/** A VMA whose entries are copied: those of others are found again by faults. vma_needs_copy(). */
const needsCopy = (va: number): boolean =>
  (vma_of(va) & (VM_ANON_VMA | VM_DONTCOPY | VM_WIPEONFORK)) === VM_ANON_VMA;
/**
 * The child's VMA: none with VM_DONTCOPY; an empty one with VM_WIPEONFORK; never locked, never registered
 * with userfaultfd. dup_mmap().
 */
const childs = (vma: number): number =>
  (vma & VM_DONTCOPY) !== 0
    ? 0
    : (vma & ~(VM_LOCKED | VM_UFFD_MISSING | VM_UFFD_WP | ((vma & VM_WIPEONFORK) !== 0 ? VM_ANON_VMA : 0))) |
      ((vma & VM_LOCKED) !== 0 && now.counts.vmaMore !== 0 ? VM_APART : 0);
/** Entries left to copy: if not, the last step of one is the last of all. */
function more(): 'copy_pte' | 'unlock_pte' {
  for (let va = fork.addr, end = walkEnd(); va < end; va++) if (needsCopy(va)) return 'copy_pte';
  return 'unlock_pte';
}
/** Of huge pages since 5.12. 4eae4efa2c29. */
const forkCopiesPinned = (): boolean =>
  is_vm_hugetlb_page(fork.addr) ? rules.forkCopiesPinnedHuge : rules.forkCopiesPinned;
/** All entries are copied. */
const copied = (): 'seq_even' | 'unlock_child' => (rules.hasWriteProtectSeq ? 'seq_even' : 'unlock_child');
const isLastRegion = (): boolean => fork.region >= now.plan!.regions.length;
const both = ['mmap_lock:write', 'ptl:child', 'ptl'] as const;

/** What the child sees of an entry: clean bits are kept; use is not, but of huge pages of the pool. */
const inherited = (pte: number): number =>
  inheritedBy(pte, vma_of(fork.addr)) | (is_vm_hugetlb_page(fork.addr) ? pte & PTE_ACCESSED : 0);

/** A page that moves has no mapping to count, and nobody asks whether it is pinned. copy_nonpresent_pte(). */
function copy_migration_entry(pte: number): void {
  const shared = is_cow_mapping(vma_of(fork.addr)) ? sharedMigrationEntry(pte) : pte;
  if (shared !== pte) set_pte_at(pte_offset(fork.addr), shared);
  set_child_pte_at(pte_offset_child(fork.addr), childsEntry(shared));
}
/** Of an entry that is not present: write-protection by userfaultfd is the parent's own. */
function childsEntry(pte: number): number {
  const keeps = !rules.forkAsksChildUffdWp && userfaultfd_wp(vma_of(fork.addr));
  return keeps ? pte : pte & ~PTE_UFFD_WP;
}

const huge = huge_rows(fork, { both, ahead, taken, more });
const proposals = proposal_rows(fork, { both, ahead, need_page });

export const dup_mmap = routine(
  'dup_mmap',
  { file: 'kernel/fork.c', exits: ['end', 'ENOMEM'], locals: fork },
  {
    lock: {
      says: 'No mapping of {me} may change: {mmap_lock} for writing.',
      takes: 'mmap_lock:write',
      next: 'lock_child',
    },
    lock_child: {
      says: 'The new address space is locked too; nobody knows it yet.',
      holds: ['mmap_lock:write'],
      takes: 'mmap_lock:child',
      run: () =>
        rules.hasVmaLocks && rules.forkLocksVmas
          ? 'lock_vma'
          : rules.speculatesFaults && rules.spfCoversFork
            ? 'announce'
            : 'copy_vmas',
    },
    announce: { ...announce_all('copy_vmas'), on: () => rules.spfCoversFork },
    lock_vma: {
      on: () => rules.hasVmaLocks && rules.forkLocksVmas,
      says: 'Write-lock each VMA: faults that run under its lock must end first.',
      holds: ['mmap_lock:write'],
      when: () => isLastRegion() || vma_can_write_lock(fork.region),
      awaits: 'waits for a fault that has the VMA locked',
      run: () => {
        if (isLastRegion()) return 'copy_vmas';
        vma_start_write(fork.region);
        fork.region += 1;
        return isLastRegion() ? 'copy_vmas' : 'lock_vma';
      },
    },
    copy_vmas: {
      says: 'Copy the VMAs: {child} has the same mappings.',
      holds: ['mmap_lock:write', 'mmap_lock:child'],
      run: () => {
        for (let va = 0; va < pages; va++)
          if (childs(vma_of(va)) !== 0) set_child_vma(va, childs(vma_of(va)));
        regionsInherited();
        return rules.hasWriteProtectSeq ? 'seq_odd' : 'lock_child_pte';
      },
    },
    seq_odd: {
      on: () => rules.hasWriteProtectSeq,
      says: 'Make write_protect_seq odd: lockless pins must not trust what they see now.',
      holds: ['mmap_lock:write'],
      run: () => {
        raw_write_seqcount();
        return 'lock_child_pte';
      },
    },
    next_table: {
      where: 'tables',
      before: 'lock_child_pte',
      says: 'Go to the next page table of {me} that has entries to copy.',
      holds: ['mmap_lock:write', 'mmap_lock:child'],
      keeps: [ahead],
      run: () => {
        while (fork.addr < pages && !needsCopy(fork.addr)) fork.addr += 1;
        if (fork.addr >= pages) {
          walkToTable(-1);
          return copied();
        }
        const region = region_of(fork.addr);
        walkToTable(region);
        const kind = pmdp_get(fork.addr);
        if (kind === 'huge' && !isHuge(op.child, region)) return 'copy_huge';
        if (kind === 'table') return hasTable(op.child, region) ? 'lock_child_pte' : 'child_table';
        fork.addr = tableEnd(fork.addr);
        return 'next_table';
      },
      so: {
        next_table: 'Here {me} has no page table: {child} needs none.',
        child_table: '{me} has a page table here, and {child} needs one, too.',
        copy_huge: 'Here the PMD entry of {me} maps a huge page.',
      },
    },
    copy_huge: { where: 'thp', keeps: [ahead], ...call(copy_huge_pmd, { done: 'next_table' }) },
    child_table: { where: 'tables', keeps: [ahead], ...call(pte_alloc, { done: 'lock_child_pte' }) },
    lock_child_pte: {
      says: 'Take the page-table lock of {child}.',
      holds: ['mmap_lock:write', 'mmap_lock:child'],
      keeps: [ahead],
      takes: 'ptl:child',
      next: 'lock_pte',
    },
    lock_pte: {
      says: 'And the page-table lock of {me}.',
      holds: ['mmap_lock:write', 'ptl:child'],
      keeps: [ahead],
      takes: 'ptl',
      next: 'copy_pte',
    },
    copy_pte: {
      says: 'Next entry to copy.',
      holds: both,
      keeps: [ahead],
      run: () => {
        for (const end = walkEnd(); fork.addr < end; fork.addr += 1) {
          const pte = entry();
          if (!needsCopy(fork.addr) || pte_none(pte)) continue;
          if (is_migration_entry(pte)) {
            copy_migration_entry(pte);
            continue;
          }
          if (is_swap_entry(pte)) return 'swap';
          if (pte_special(pte)) {
            set_child_pte_at(pte_offset_child(fork.addr), inherited(pte));
            continue;
          }
          if (rules.hasExclusive) return 'get';
          if (rules.forkCopiesReferenced && (pte & PTE_WRITE) !== 0 && is_cow_mapping(vma_of(fork.addr)))
            return 'hide';
          if (rules.forkMarksOwner && is_cow_mapping(vma_of(fork.addr))) return 'owner_refs';
          return forkCopiesPinned() && is_cow_mapping(vma_of(fork.addr)) ? 'pinned_mm' : 'get';
        }
        return 'unlock_pte';
      },
      so: {
        get: 'The entry of {va} maps {folio}.',
        pinned_mm: 'The entry of {va} maps {folio}.',
        swap: 'The entry of {va} names a swap slot.',
        unlock_pte: 'No more entries.',
      },
    },
    swap: {
      where: 'swap',
      says: '{child} gets an entry that names the same slot: copy_nonpresent_pte().',
      holds: both,
      keeps: [ahead],
      run: () => {
        const pte = entry(),
          shared = pte & ~PTE_SWP_EXCLUSIVE;
        swap_duplicate(swp_slot(pte));
        if (shared !== pte) set_pte_at(pte_offset(fork.addr), shared);
        set_child_pte_at(pte_offset_child(fork.addr), childsEntry(shared));
        fork.addr += 1;
        return more();
      },
    },
    pinned_mm: {
      on: () => rules.forkCopiesPinned && !rules.hasExclusive,
      says: 'Does {me} have pinned pages at all?',
      holds: both,
      keeps: [ahead],
      run: () => (mm_has_pinned() ? 'pinned' : 'get'),
      so: { get: '{me} has never pinned a page.' },
    },
    pinned: {
      on: () => rules.forkCopiesPinned && !rules.hasExclusive,
      says: 'Is {folio} pinned?',
      holds: both,
      keeps: [ahead],
      run: () => {
        const yes = folio_maybe_dma_pinned(folio());
        decided('pinned?', folio(), yes ? 1 : 0, yes ? 'copy for the child' : 'share');
        if (!yes) return 'get';
        return is_vm_hugetlb_page(fork.addr) ? 'huge_get' : need_page();
      },
      so: {
        unlock_to_alloc: '{folio} is pinned: {child} gets a copy at once.',
        copy: '{folio} is pinned: {child} gets a copy at once.',
        huge_get: '{folio} is pinned: {child} gets a copy at once.',
      },
    },
    ...proposals,
    get: {
      says: 'One more reference to {folio}, for the entry of {child}.',
      holds: both,
      keeps: [ahead],
      run: () => {
        folio_get(folio(), pagesOf(folio()));
        return rules.hasExclusive ? 'dup_rmap' : 'map';
      },
    },
    map: {
      says: 'One more page table points at {folio}.',
      holds: both,
      keeps: [ahead, taken],
      run: () => {
        folio_add_rmap(folio(), op.child);
        return 'protect';
      },
    },
    dup_rmap: {
      on: () => rules.hasExclusive,
      says: 'Is {folio} exclusive to {me}?',
      holds: both,
      keeps: [ahead, taken],
      run: () => {
        const f = folio();
        if (!folio_test_anon(f) || !PageAnonExclusive(f)) return 'map';
        return mm_has_pinned() ? 'dup_pinned' : 'share';
      },
      so: {
        map: '{folio} is shared already.',
        share: '{folio} is exclusive to {me}, and no page of {me} is pinned.',
        dup_pinned: '{folio} is exclusive to {me}; it may be pinned.',
      },
    },
    dup_pinned: {
      on: () => rules.hasExclusive,
      says: 'Is {folio} pinned?',
      holds: both,
      keeps: [ahead, taken],
      run: () => {
        const yes = folio_maybe_dma_pinned(folio());
        decided('pinned?', folio(), yes ? 1 : 0, yes ? 'copy for the child' : 'share');
        return !yes ? 'share' : is_vm_hugetlb_page(fork.addr) ? 'huge_unlock' : 'undo_get';
      },
      so: {
        undo_get: '{folio} is pinned: {child} gets a copy at once.',
        huge_unlock: '{folio} is pinned: {child} gets a copy at once.',
      },
    },
    share: {
      on: () => rules.hasExclusive,
      says: '{folio} is no longer exclusive: two page tables point at it.',
      holds: both,
      keeps: [ahead, taken],
      run: () => {
        ClearPageAnonExclusive(folio());
        folio_add_rmap(folio(), op.child);
        return 'protect';
      },
    },
    undo_get: {
      on: () => rules.hasExclusive,
      says: 'Drop the reference again: the page is not shared.',
      holds: both,
      keeps: [ahead, taken],
      run: () => {
        folio_put(folio(), pagesOf(folio()));
        return need_page();
      },
    },
    unlock_to_alloc: {
      on: () => copies(),
      says: 'Let go of both page tables, to get a page.',
      holds: both,
      run: () => {
        drop('ptl');
        drop('ptl:child');
        return 'alloc';
      },
    },
    alloc: {
      on: () => copies(),
      says: 'Take a fresh page, {folio}, for the copy; then look at the entry again.',
      when: has_free_folio,
      awaits: 'waits for a free page',
      run: () => {
        fork.new_folio = folio_alloc();
        return 'lock_child_pte';
      },
    },
    copy: {
      on: () => copies(),
      says: 'Copy the pinned page for {child}; {me} keeps its page and its write permission.',
      holds: both,
      keeps: [ahead],
      mark: 'copy',
      run: () => {
        copy_user_highpage(fork.new_folio, folio());
        return 'map_copy';
      },
    },
    map_copy: {
      on: () => copies(),
      says: 'Map the copy {folio} for {child}.',
      holds: both,
      keeps: [ahead],
      run: () => {
        const vma = vma_of(fork.addr);
        folio_add_new_anon_rmap(fork.new_folio, rules.hasExclusive);
        folio_add_lru(fork.new_folio);
        const allowed = (vma & VM_WRITE) !== 0 ? PTE_WRITE : (vma & VM_READ) === 0 ? PTE_PROTNONE : 0;
        const bits = PTE_PRESENT | PTE_ACCESSED | dirtied() | allowed;
        set_child_pte_at(pte_offset_child(fork.addr), mk_pte(fork.new_folio, bits));
        fork.new_folio = 0;
        fork.addr += 1;
        return more();
      },
    },
    ...huge,
    protect: {
      says:
        'Write-protect the entry of {va}, and give {child} the same. Other CPUs of {me} may still ' +
        'write through their TLBs.',
      holds: both,
      keeps: [ahead, taken],
      run: () => {
        const pte = entry();
        if ((pte & PTE_WRITE) !== 0 && is_cow_mapping(vma_of(fork.addr)))
          set_pte_at(pte_offset(fork.addr), pte & ~PTE_WRITE);
        set_child_pte_at(pte_offset_child(fork.addr), inherited(pte));
        fork.addr += 1;
        return more();
      },
    },
    unlock_pte: {
      says: 'Let go of the page table of {me}.',
      holds: both,
      drops: ['ptl'],
      keeps: [ahead],
      next: 'unlock_child_pte',
    },
    unlock_child_pte: {
      says: 'And of that of {child}.',
      holds: ['ptl:child'],
      drops: ['ptl:child'],
      keeps: [ahead],
      run: () => (fork.new_folio !== 0 ? 'free_ahead' : tablesApart() ? 'lock_child_pte' : copied()),
    },
    free_ahead: {
      on: () => copies(),
      says: 'The page for a copy was not needed: give it back.',
      keeps: [ahead],
      run: () => {
        folio_put(fork.new_folio);
        fork.new_folio = 0;
        return tablesApart() ? 'lock_child_pte' : copied();
      },
    },
    seq_even: {
      on: () => rules.hasWriteProtectSeq,
      says: 'write_protect_seq is even again.',
      holds: ['mmap_lock:write'],
      run: () => {
        raw_write_seqcount();
        return 'unlock_child';
      },
    },
    unlock_child: {
      says: 'Unlock the new address space.',
      holds: ['mmap_lock:write', 'mmap_lock:child'],
      drops: ['mmap_lock:child'],
      next: 'flush',
    },
    flush: {
      says: 'Flush all CPUs of {me}: only from here on can nobody write to the shared pages.',
      holds: ['mmap_lock:write'],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        if (guarded(FORK_FLUSHES)) flush_tlb_mm();
        return 'unlock';
      },
    },
    unlock: {
      so: { ENOMEM: 'fork has failed: there is no {child}.' },
      says: '{child} may run.',
      holds: ['mmap_lock:write'],
      run: () => {
        mmap_write_unlock();
        if (hasFailed(fork)) {
          mmStillborn(op.child);
          return 'ENOMEM';
        }
        mm_born();
        return 'end';
      },
    },
  },
);

/**
 * A copy needs a page allocated without locks: if there is none yet, both locks are dropped and the entry
 * is looked at again.
 */
function need_page(): 'copy' | 'unlock_to_alloc' {
  return fork.new_folio !== 0 ? 'copy' : 'unlock_to_alloc';
}
