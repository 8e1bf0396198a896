/**
 * get_user_pages: how the kernel gets at the pages of a process. mm/gup.c.
 *
 * The caller sets `gup.flags` (FOLL_*) and finds the folio in `gup.folio` at exit `done`, referenced or
 * pinned. GUP-fast works on the current address space without a lock; what it cannot decide goes the slow
 * way.
 */
import {
  FOLL_BRIEF,
  FOLL_FAST_ONLY,
  FOLL_FORCE,
  FOLL_KEEPS_LOCK,
  FOLL_LONGTERM,
  FOLL_NAMED,
  FOLL_PIN,
  FOLL_RANGE,
  FOLL_WRITE,
} from '../flags.ts';
import { locals } from '../frame.ts';
import { GUP_FAST_CHECKS_SEQ, GUP_FAST_RECHECKS_PTE, guarded } from '../guards.ts';
import { drop, unprotected } from '../locks.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  PageAnonExclusive,
  ZERO_PAGE,
  folio_mapcount,
  folio_mark_accessed,
  folio_put,
  markReferenced,
  folio_test_anon,
  try_grab_folio,
  unpin_folio,
} from '../verbs/folio.ts';
import { is_vm_hugetlb_page } from '../verbs/hugetlb.ts';
import {
  HOLD_GET,
  HOLD_PIN,
  HOLD_WRITE,
  holdFolio,
  hold_begin,
  hold_end,
  mm_set_has_pinned,
  raw_read_seqcount,
  still_mapped,
} from '../verbs/mm.ts';
import {
  PTE_UFFD_WP,
  pte_dirty,
  pte_folio,
  pte_none,
  pte_offset,
  pte_present,
  pte_protnone,
  pte_special,
  pte_write,
  ptep_get,
} from '../verbs/pte.ts';
import { hugeEntry, pmd_trans_huge, pmdp_get } from '../verbs/pmd.ts';
import { folio_mark_dirty } from '../verbs/swap.ts';
import { SEEN_HUGE, pmdSeen, isSameTable, tablesApart } from '../verbs/table.ts';
import { VM_MAPPED, VM_READ, VM_WRITE, find_vma, is_cow_mapping } from '../verbs/vma.ts';
import { FAULT_FLAG_UNSHARE, FAULT_FLAG_WRITE, vmf } from '../vmf.ts';
import { decided, now, op, turned } from '../world.ts';
import { handle_mm_fault } from './fault.ts';
import { hasNextPage, next_page, pageBefore } from './turn.ts';

/**
 * `cow`: FOLL_COW, a fault of this look-up broke copy-on-write. `seq`: write_protect_seq before the walk.
 * `table`: which page table the lockless walk has found.
 */
export const gup = locals({ flags: 2, folio: 'folio', pte: 'pte', seq: 1, cow: 1, table: (n) => n.tables });

/** The entry, in the table that the lockless walk found: one that was freed meanwhile had been emptied. */
function ptep_get_lockless(): number {
  if (tablesApart() && !isSameTable(op.va, gup.table.get(0))) {
    unprotected('ptep_get');
    return 0;
  }
  return ptep_get(pte_offset(op.va));
}
function forgetTable(): void {
  if (tablesApart()) gup.table.set(0, 0);
}
/** Where pins are not told apart, a pin is a plain reference. */
const pins = (): boolean => (gup.flags & FOLL_PIN) !== 0 && rules.countsPins;
const named = (): boolean => (gup.flags & FOLL_NAMED) !== 0;
const writes = (): boolean => (gup.flags & FOLL_WRITE) !== 0;
const forces = (): boolean => (gup.flags & FOLL_FORCE) !== 0;
const fastOnly = (): boolean => (gup.flags & FOLL_FAST_ONLY) !== 0;
/** The caller wants more pages: one hold after the other. Stays at the page that cannot be had. */
const wantsMore = (): boolean => (gup.flags & FOLL_RANGE) !== 0 && hasNextPage();
const counted = (f: number): boolean => f !== ZERO_PAGE || rules.zeroPagePinsCounted || !pins();

/** A named hold begins with the reference, so that an unmap in between ends its promise. */
function grabbed(f: number): void {
  gup.folio = f;
  if (!named()) return;
  // Until GUP-fast looked twice, it could end after a zap that it had begun before: then it came first.
  const inTime = rules.gupFastRechecksPte || still_mapped(op.va, f);
  const promises = inTime && (writes() || (gup.flags & FOLL_BRIEF) === 0);
  hold_begin(op.slot, f, (pins() ? HOLD_PIN : HOLD_GET) | (writes() ? HOLD_WRITE : 0), promises);
}
function letGo(): void {
  if (counted(gup.folio)) {
    if (pins()) unpin_folio(gup.folio);
    else folio_put(gup.folio);
  }
  if (named()) hold_end(op.slot);
}
/** The slow way has the page of {@link op}. */
function hasPage(): 'next' | 'done' | 'unlock' {
  if (wantsMore()) return 'next';
  return (gup.flags & FOLL_KEEPS_LOCK) !== 0 ? 'done' : 'unlock';
}
/** This walk has pinned pages of its range before the one that it stands at. */
const hasPinnedSome = (): boolean => (gup.flags & FOLL_RANGE) !== 0 && turned() > 0;
/** Turns back to the page before, which is pinned; false at the first page. */
function unpinsBefore(): boolean {
  const before = (gup.flags & FOLL_RANGE) !== 0 && pageBefore();
  gup.folio = before ? holdFolio(op.slot) : 0;
  return before;
}
/**
 * A plain reference that is not in a pipe or hold yet. Pins, and references of named holds, show as that
 * hold.
 */
const grab: Ref = { label: 'get_user_pages', folios: () => (named() ? [] : [gup.folio]) };

/**
 * May a read-only reference be taken to this page, or must it be made exclusive first? gup_must_unshare().
 */
const must_unshare = (f: number): boolean => asks_unshare() && !writes() && folio_test_anon(f) && isShared(f);
/**
 * The same for what is not anonymous. Short pins need not see later stores of the process; long ones do.
 * 84209e87c696.
 */
const must_unshare_longterm = (): boolean =>
  rules.unsharesNonAnonLongterm && pins() && (gup.flags & FOLL_LONGTERM) !== 0 && !writes();
const asks_unshare = (): boolean => (pins() ? rules.unsharesReadPins : rules.unsharesReadGets);
const isShared = (f: number): boolean =>
  rules.sharedIf === 'mapped twice' ? folio_mapcount(f) > 1 : !PageAnonExclusive(f);
const sharedWord = (): string => (rules.sharedIf === 'mapped twice' ? 'mapcount 1?' : 'exclusive?');
/**
 * A read of a copy-on-write mapping that must not be left with the page of another process; with
 * FOLL_BREAK_COW the look-up decides that at the entry, where it can tell the page of zeros.
 */
const breaks_cow_at = (pte: number): boolean =>
  rules.gupBreaksCow &&
  rules.gupSparesZeroPage &&
  !writes() &&
  !pte_special(pte) &&
  is_cow_mapping(find_vma(op.va));

/** Does the VMA permit the access? check_vma_flags(). */
function permits(vma: number): boolean {
  const need = VM_MAPPED | (writes() ? VM_WRITE : VM_READ);
  if ((vma & need) === need) return true;
  // By force any mapping may be read, and a private one be written; of huge pages only in some kernels.
  if (forces() && writes() && is_vm_hugetlb_page(op.va) && rules.hugetlbForcedWrites === 'refused')
    return false;
  return forces() && (vma & VM_MAPPED) !== 0 && (!writes() || is_cow_mapping(vma));
}
/** May a write use this entry? What a forced write makes of a mapping without VM_WRITE stays read-only. */
function can_follow_write_pte(pte: number): boolean {
  if (pte_write(pte)) return true;
  if (rules.forcedWrites !== 'exclusive')
    return (forces() || rules.gupBreaksCow) && gup.cow !== 0 && pte_dirty(pte);
  const vma = find_vma(op.va);
  if (!forces() || !is_cow_mapping(vma) || (vma & VM_WRITE) !== 0) return false;
  if (pte_special(pte) || (pte & PTE_UFFD_WP) !== 0) return false;
  return folio_test_anon(pte_folio(pte)) && PageAnonExclusive(pte_folio(pte));
}

/** What the slow way does with an entry: reference the page, or fault first. */
function follow(pte: number): 'miss' | 'grab' {
  gup.pte = pte;
  if (!pte_present(pte) || (pte_protnone(pte) && rules.gupHonoursNumaHints && !forces())) {
    vmf.flags = writes() ? FAULT_FLAG_WRITE : 0;
    return 'miss';
  }
  if ((writes() || breaks_cow_at(pte)) && !can_follow_write_pte(pte)) {
    if (!writes()) decided('copy-on-write mapping?', pte_folio(pte), 1, 'break it first');
    vmf.flags = FAULT_FLAG_WRITE;
    return 'miss';
  }
  if (!pte_write(pte) && !pte_special(pte) && must_unshare(pte_folio(pte))) {
    decided(sharedWord(), pte_folio(pte), 0, 'unshare first');
    vmf.flags = FAULT_FLAG_UNSHARE;
    return 'miss';
  }
  const other = pte_special(pte) || !folio_test_anon(pte_folio(pte));
  if (!pte_write(pte) && other && must_unshare_longterm() && is_cow_mapping(find_vma(op.va))) {
    decided('a long-term pin of a page that is not anonymous?', pte_folio(pte), 1, 'unshare first');
    vmf.flags = FAULT_FLAG_UNSHARE;
    return 'miss';
  }
  return 'grab';
}
/** ... and the lockless way: the page may be taken, as far as its entry says. */
function isFastEntry(pte: number): boolean {
  // With FOLL_FAST_ONLY nothing can be broken: the caller takes what is there (17839856fd58).
  const writable = pte_write(pte) || !(writes() || (rules.gupBreaksCow && !fastOnly()));
  return !pte_none(pte) && pte_present(pte) && !pte_special(pte) && !pte_protnone(pte) && writable;
}

export const get_user_pages = routine(
  '__get_user_pages',
  { file: 'mm/gup.c', exits: ['done', 'EFAULT', 'ENOMEM'], locals: gup },
  {
    begin: {
      says: 'The slow way: look the page up under locks.',
      run: () => {
        // For the next fork to know that it has to look for pins.
        if (rules.marksPinned && pins()) mm_set_has_pinned();
        return 'lock';
      },
    },
    lock: {
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      touches: 'vma',
      run: () => {
        const vma = find_vma(op.va);
        if (!permits(vma)) return 'bad_address';
        // After the check of the VMA, so that it works on read-only mappings too.
        const breaks = rules.gupBreaksCow && (rules.gupBreaksCowHuge || !is_vm_hugetlb_page(op.va));
        if (breaks && !rules.gupSparesZeroPage && is_cow_mapping(vma)) {
          if (!writes()) decided('copy-on-write mapping?', ZERO_PAGE, 1, 'look up as for a write');
          gup.flags |= FOLL_WRITE;
        }
        return 'follow';
      },
      so: { bad_address: 'No VMA permits this access.' },
    },
    follow_pmd: {
      where: 'tables',
      before: 'follow',
      says: 'Is there a page table for {page}?',
      holds: ['mmap_lock:read'],
      run: () => {
        const kind = pmdp_get(op.va);
        if (kind !== 'none') return kind === 'huge' ? 'follow_huge' : 'follow';
        vmf.flags = writes() ? FAULT_FLAG_WRITE : 0;
        return 'fault';
      },
      so: {
        fault: 'There is no page table for {page} yet: fault first.',
        follow_huge: 'The PMD entry maps a huge page.',
      },
    },
    follow_huge: {
      where: 'thp',
      says: 'Lock the PMD table and look at the entry of the huge page.',
      holds: ['mmap_lock:read'],
      takes: 'pmd_lock',
      run: () => {
        if (!pmd_trans_huge(op.va)) return 'again_huge';
        return follow(hugeEntry(op.va)) === 'grab' ? 'grab_huge' : 'miss_huge';
      },
      so: {
        again_huge: 'The entry has changed meanwhile.',
        miss_huge: 'The entry does not allow this reference yet: fault first.',
        grab_huge: 'The entry allows the reference.',
      },
    },
    again_huge: {
      where: 'thp',
      says: 'Unlock the PMD table and look again.',
      holds: ['mmap_lock:read', 'pmd_lock'],
      drops: ['pmd_lock'],
      next: 'follow_pmd',
    },
    miss_huge: {
      where: 'thp',
      says: 'Unlock the PMD table.',
      holds: ['mmap_lock:read', 'pmd_lock'],
      drops: ['pmd_lock'],
      next: 'fault',
    },
    grab_huge: {
      where: 'thp',
      says: 'Take the reference under the lock of the PMD table: it counts for the whole folio of {folio}.',
      holds: ['mmap_lock:read', 'pmd_lock'],
      drops: ['pmd_lock'],
      run: () => {
        const f = pte_folio(gup.pte);
        if (counted(f) && !try_grab_folio(f, pins())) return 'refused';
        grabbed(f);
        return hasPage();
      },
      so: { refused: 'The counter of {folio} is half full: nobody else gets a reference.' },
    },
    follow: {
      says: 'Take the page-table lock and look at the entry.',
      takes: 'ptl',
      run: () => follow(ptep_get(pte_offset(op.va))),
      so: {
        miss: 'The entry of {page} does not allow this reference yet: fault first.',
        grab: 'The entry of {page} allows the reference.',
      },
    },
    grab: {
      says: 'Take the reference to {folio} under the page-table lock.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        const f = pte_folio(gup.pte);
        if (!counted(f) || try_grab_folio(f, pins())) {
          grabbed(f);
          // FOLL_TOUCH, which the lockless walk does not do.
          if (writes()) folio_mark_dirty(f);
          if (now.counts.ages !== 0) return 'touch';
          drop('ptl');
          return hasPage();
        }
        drop('ptl');
        return 'refused';
      },
      so: { refused: 'The counter of {folio} is half full: nobody else gets a reference.' },
    },
    touch: {
      says: 'Note that {folio} was used; the second time it moves to the active list, by way of a batch.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl'],
      keeps: [grab],
      run: () => {
        folio_mark_accessed(gup.folio);
        return hasPage();
      },
    },
    next: {
      says: 'Go on with the next page; the mappings have not changed meanwhile.',
      holds: ['mmap_lock:read'],
      run: () => {
        next_page();
        gup.folio = 0;
        gup.cow = 0;
        return permits(find_vma(op.va)) ? 'follow' : 'bad_address';
      },
      so: { bad_address: 'No VMA permits the access to the next page.' },
    },
    refused: {
      says: 'Give up with ENOMEM.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      next: 'ENOMEM',
    },
    unlock: {
      says: 'Done: let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      keeps: [grab],
      next: 'done',
    },
    miss: {
      says: 'Let go of the page table.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl'],
      next: 'fault',
    },
    fault: call(handle_mm_fault, {
      done: 'follow',
      VM_FAULT_WRITE: 'broke_cow',
      VM_FAULT_SIGBUS: 'bad_address',
    }),
    broke_cow: {
      says: 'Copy-on-write is broken for {page}: look again.',
      holds: ['mmap_lock:read'],
      touches: 'vma',
      run: () => {
        // On a mapping without VM_WRITE the entry stays read-only; remember that it is private all the same.
        if ((find_vma(op.va) & VM_WRITE) !== 0 || rules.forcedWrites === 'exclusive') return 'follow';
        if (rules.forcedWrites === 'forgets-write') gup.flags &= ~FOLL_WRITE;
        else gup.cow = 1;
        return 'follow';
      },
    },
    bad_address: {
      says: 'Give up with EFAULT.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      next: 'EFAULT',
    },
  },
);

/** For the calling process's own pages only. */
export const get_user_pages_fast = routine(
  'gup_pte_range',
  { file: 'mm/gup.c', exits: ['done', 'EFAULT', 'ENOMEM'], locals: gup },
  {
    begin: {
      says: 'The fast way: walk the page table without any lock.',
      run: () => {
        // Before anything else: a fork that starts now must know that it has to look for pins.
        if (rules.marksPinned && pins()) mm_set_has_pinned();
        return rules.hasWriteProtectSeq && pins() ? 'read_seq' : 'irqs_off';
      },
    },
    read_seq: {
      on: () => rules.hasWriteProtectSeq,
      says: 'Is a fork copying this address space right now?',
      run: () => {
        gup.seq = raw_read_seqcount();
        return (gup.seq & 1) !== 0 ? 'slow' : 'irqs_off';
      },
      so: { slow: 'A fork is under way: take the slow way, which waits for it.' },
    },
    irqs_off: {
      says: 'Interrupts off: a TLB flush cannot finish on this CPU, so nothing is freed under the walk.',
      takes: 'irqs_off',
      next: 'walk',
    },
    walk_pmd: {
      where: 'tables',
      before: 'walk',
      says: 'Read the PMD entry once. While interrupts are off, the table that it names is not freed.',
      holds: ['irqs_off'],
      run: () => {
        const table = pmdSeen(op.va);
        gup.table.set(0, table);
        if (table !== SEEN_HUGE) return table === 0 ? 'irqs_on_slow' : 'walk';
        // One read: the entry itself names the page.
        if (!isFastEntry(hugeEntry(op.va))) return 'irqs_on_slow';
        gup.pte = hugeEntry(op.va);
        return 'grab';
      },
      so: {
        irqs_on_slow: 'The PMD entry is not for the fast way.',
        grab: 'The PMD entry maps a huge page, and is good enough for this access.',
      },
    },
    walk: {
      says: 'Read the entry of {page} once.',
      holds: ['irqs_off'],
      touches: 'mm',
      run: () => {
        const pte = ptep_get_lockless();
        if (!isFastEntry(pte)) return 'irqs_on_slow';
        gup.pte = pte;
        return 'grab';
      },
      so: {
        irqs_on_slow: 'The entry of {page} is not for the fast way.',
        grab: 'The entry of {page} is there, and good enough for this access.',
      },
    },
    grab: {
      says: 'Take the reference to {folio}, unless it is being freed.',
      holds: ['irqs_off'],
      run: () => {
        const f = pte_folio(gup.pte);
        if (!try_grab_folio(f, pins())) return 'irqs_on_slow';
        grabbed(f);
        if (rules.gupFastRechecksPte) return 'recheck';
        return wantsMore() ? 'next' : 'irqs_on';
      },
    },
    recheck: {
      on: () => rules.gupFastRechecksPte,
      says: 'Is the entry still the same?',
      holds: ['irqs_off'],
      keeps: [grab],
      run: () => {
        if (ptep_get_lockless() !== gup.pte && guarded(GUP_FAST_RECHECKS_PTE)) return 'undo';
        if (!pte_write(gup.pte) && asks_unshare()) return 'exclusive';
        return wantsMore() ? 'next' : 'irqs_on';
      },
      so: { undo: 'The entry changed: the reference may be to the wrong page.' },
    },
    exclusive: {
      on: () => rules.unsharesReadPins || rules.unsharesReadGets,
      says: 'Must {folio} be made exclusive first?',
      holds: ['irqs_off'],
      keeps: [grab],
      run: () => {
        // Without the VMA the fast way cannot tell copy-on-write memory: the slow way decides.
        const must = folio_test_anon(gup.folio) ? must_unshare(gup.folio) : must_unshare_longterm();
        if (must) decided(sharedWord(), gup.folio, 0, 'unshare first');
        if (must) return 'undo';
        return wantsMore() ? 'next' : 'irqs_on';
      },
      so: { undo: '{folio} is not exclusive to {me}: unshare it first, the slow way.' },
    },
    next: {
      says: 'Go on with the next page; interrupts stay off.',
      holds: ['irqs_off'],
      run: () => {
        markReferenced(gup.folio);
        next_page();
        gup.folio = 0;
        return 'walk';
      },
    },
    undo: {
      on: () => rules.gupFastRechecksPte,
      says: 'Drop the reference again.',
      holds: ['irqs_off'],
      keeps: [grab],
      run: () => {
        letGo();
        gup.folio = 0;
        return 'irqs_on_slow';
      },
    },
    irqs_on: {
      says: 'Interrupts on again.',
      holds: ['irqs_off'],
      drops: ['irqs_off'],
      keeps: [grab],
      // Whether the page was used before is everybody's.
      touches: () => (now.counts.ages === 0 ? 'own' : 'more'),
      run: () => {
        forgetTable();
        markReferenced(gup.folio);
        return rules.hasWriteProtectSeq && pins() ? 'check_seq' : 'done';
      },
    },
    check_seq: {
      on: () => rules.hasWriteProtectSeq,
      says: 'Did a fork begin meanwhile?',
      keeps: [grab],
      run: () => (raw_read_seqcount() !== gup.seq && guarded(GUP_FAST_CHECKS_SEQ) ? 'undo_seq' : 'done'),
      so: { undo_seq: 'A fork began meanwhile: it may not have seen the pin.' },
    },
    undo_seq: {
      on: () => rules.hasWriteProtectSeq,
      says: 'Drop the pin again, and wait for the fork the slow way.',
      keeps: [grab],
      run: () => {
        letGo();
        return unpinsBefore() ? 'undo_seq' : 'slow';
      },
    },
    check_seq_of_part: {
      says: 'Did a fork begin meanwhile? Some pages are pinned.',
      run: () => {
        const forks = raw_read_seqcount() !== gup.seq && guarded(GUP_FAST_CHECKS_SEQ);
        gup.seq = 0;
        return forks && unpinsBefore() ? 'undo_seq' : 'slow';
      },
      so: {
        undo_seq: 'A fork began meanwhile: it may not have seen the pins.',
        slow: 'No fork: the pages that are pinned stay, the others are looked up the slow way.',
      },
    },
    irqs_on_slow: {
      says: 'Interrupts on again; go the slow way.',
      holds: ['irqs_off'],
      touches: 'own',
      run: () => {
        drop('irqs_off');
        forgetTable();
        // unpin_user_pages() of what this walk has pinned, if a fork came: gup_fast().
        if (rules.hasWriteProtectSeq && pins() && hasPinnedSome()) return 'check_seq_of_part';
        gup.seq = 0;
        return fastOnly() ? 'EFAULT' : 'slow';
      },
      so: { EFAULT: 'The lockless walk found nothing it may take, and there is no other way.' },
    },
    slow: { tail: get_user_pages },
  },
);
