/**
 * Faults of memory that may have transparent huge pages: do_huge_pmd_anonymous_page, do_huge_pmd_wp_page.
 * mm/huge_memory.c. Where a huge page will not do, the fault goes on with one page of it.
 */
import { rules } from '../rules.ts';
import { call, hook, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  PageAnonExclusive,
  SetPageAnonExclusive,
  ZERO_PAGE,
  copy_huge_page,
  entireMapcount,
  folio_add_lru,
  addNewHugeRmap,
  allocLarge,
  folio_get,
  folio_put,
  folio_ref_count,
  folio_remove_rmap_pmd,
  folio_trylock,
  folio_unlock,
  hasFreeFolios,
  mapcountOfPages,
} from '../verbs/folio.ts';
import { headOf, pagesIn } from '../verbs/large.ts';
import {
  change_huge_pmd,
  hugeSlots,
  pmd_same,
  pmdp_get,
  pmdp_huge_get_and_clear,
  setHugePmd,
} from '../verbs/pmd.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_UFFD_WP,
  PTE_WRITE,
  dirtied,
  pte_folio,
  pte_special,
} from '../verbs/pte.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { userfaultfd_missing, userfaultfd_wp } from '../verbs/uffd.ts';
import { VM_WRITE, anon_vma_prepare, find_vma, prot_none } from '../verbs/vma.ts';
import { FAULT_BROKE_COW, FAULT_EXITS, FAULT_FLAG_WRITE, FAULT_UFFD_WP, fault_result, vmf } from '../vmf.ts';
import { decided, op } from '../world.ts';
import { new_folio, old_folio, waited_folio } from './refs.ts';
import { split_huge_pmd } from './split-huge.ts';
import { handle_userfault, letMonitorFill } from './userfault.ts';

const region = (): number => op.region;
const writing = (): boolean => (vmf.flags & FAULT_FLAG_WRITE) !== 0;
const slots = (): number => hugeSlots(op.va).to - hugeSlots(op.va).from;
const head = (): number => headOf(pte_folio(vmf.orig_pte));
const copied: Ref = { label: 'copy', folios: () => [head()] };

/** Back to the fault path, which looks at the PTEs. Filled in `syscalls/index.ts`. */
const pte_fault = hook('handle_pte_fault', FAULT_EXITS);

/** The value of a fresh entry: writable and dirty only where the VMA allows it. */
function fresh(): number {
  const vma = find_vma(op.va);
  return PTE_PRESENT | PTE_ACCESSED | ((vma & VM_WRITE) !== 0 ? PTE_WRITE | dirtied() : 0) | prot_none(vma);
}
function alloc_huge(): void {
  const { from, to } = hugeSlots(op.va);
  anon_vma_prepare(op.va);
  vmf.new_folio = allocLarge(from, to);
}
/** The fresh huge page is what the PMD entry maps from here on. map_anon_folio_pmd(). */
function map_huge(): void {
  addNewHugeRmap(vmf.new_folio, rules.hasExclusive);
  folio_add_lru(vmf.new_folio);
  setHugePmd(region(), vmf.new_folio, fresh());
  vmf.new_folio = 0;
}

export const do_huge_pmd_anonymous_page = routine(
  'do_huge_pmd_anonymous_page',
  { file: 'mm/huge_memory.c', exits: FAULT_EXITS, locals: vmf },
  {
    begin: {
      says: 'The VMA may have huge pages, and nothing is mapped in all of its 2 MB.',
      touches: 'own',
      run: () => (writing() ? 'alloc' : 'zero'),
      so: {
        alloc: 'Nothing is mapped in the 2 MB around {page}: the store gets a huge page.',
        zero: 'Nothing is mapped in the 2 MB around {page}: for a load the huge page of zeros will do.',
      },
    },
    zero: {
      says: 'Map the huge page of zeros that all processes share; it is not counted.',
      takes: 'pmd_lock',
      run: () => {
        if (pmdp_get(op.va) !== 'none') return 'unlock';
        if (userfaultfd_missing(find_vma(op.va))) return 'missing';
        anon_vma_prepare(op.va);
        setHugePmd(region(), ZERO_PAGE, PTE_PRESENT | PTE_ACCESSED | prot_none(find_vma(op.va)));
        return 'unlock';
      },
    },
    alloc: {
      says: 'Take a huge page of zeros, {folio}: 512 pages with one reference count.',
      when: () => hasFreeFolios(slots()),
      awaits: 'waits for a free huge page',
      run: () => {
        alloc_huge();
        return 'lock';
      },
    },
    lock: {
      says: 'Lock the PMD table: is the entry still empty?',
      takes: 'pmd_lock',
      keeps: [new_folio],
      run: () => {
        if (pmdp_get(op.va) !== 'none') return 'raced';
        return userfaultfd_missing(find_vma(op.va)) ? 'missing_unlock' : 'map';
      },
      so: {
        map: 'The PMD entry is still empty.',
        raced: 'Another thread has mapped something here first.',
        missing_unlock: '{page} is registered with userfaultfd: its monitor must fill it.',
      },
    },
    map: {
      says: 'Map {folio}: one PMD entry points at all of it.',
      holds: ['pmd_lock'],
      keeps: [new_folio],
      run: () => {
        map_huge();
        return 'unlock';
      },
    },
    raced: {
      says: 'Unlock the PMD table.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      keeps: [new_folio],
      next: 'free',
    },
    free: {
      says: 'Give the unused huge page back.',
      keeps: [new_folio],
      run: () => {
        folio_put(vmf.new_folio);
        vmf.new_folio = 0;
        return 'done';
      },
    },
    ...letMonitorFill('pmd_lock', 'Unlock the PMD table.', 'huge page'),
    unlock: { says: 'Unlock the PMD table.', holds: ['pmd_lock'], drops: ['pmd_lock'], next: 'done' },
  },
);

/** By what a kernel tells a huge page that nobody else has. */
function test(): 'exclusive' | 'trylock' | 'count_ptes' {
  if (rules.hugeReuse === 'exclusive') return 'exclusive';
  return rules.hugeReuse === 'mapcount' && !rules.hugeReuseLocks ? 'count_ptes' : 'trylock';
}
const afterLock = (): 'exclusive_locked' | 'count_ptes' | 'count_refs' =>
  rules.hugeReuse === 'exclusive'
    ? 'exclusive_locked'
    : rules.hugeReuse === 'mapcount'
      ? 'count_ptes'
      : 'count_refs';
/** The test is made without the folio lock: then there is none to give back. */
const locksFolio = (): boolean => rules.hugeReuse !== 'mapcount' || rules.hugeReuseLocks;
const copiesAll = (): boolean => rules.hugeCopies && writing();

export const do_huge_pmd_wp_page = routine(
  'do_huge_pmd_wp_page',
  { file: 'mm/huge_memory.c', exits: FAULT_EXITS, locals: vmf },
  {
    lock: {
      says: 'Lock the PMD table: is the entry still the one that was read?',
      takes: 'pmd_lock',
      run: () => {
        if (!pmd_same(op.va, vmf.orig_pte)) return 'unlock';
        const vma = find_vma(op.va);
        if (writing() && userfaultfd_wp(vma) && (vmf.orig_pte & PTE_UFFD_WP) !== 0) return 'protected';
        if (pte_special(vmf.orig_pte)) return writing() && rules.hugeZeroAllocates ? 'zero' : 'split';
        return test();
      },
      so: {
        unlock: 'The PMD entry changed meanwhile: try the access again.',
        protected: '{page} is write-protected with userfaultfd: the monitor decides.',
        zero: 'The entry maps the huge page of zeros: {me} needs a huge page of its own.',
        split: 'The entry maps the huge page of zeros: split it, one small page will do.',
        exclusive: 'One PMD entry maps the whole huge page, and it is read-only.',
        trylock: 'One PMD entry maps the whole huge page, and it is read-only.',
        count_ptes: 'One PMD entry maps the whole huge page, and it is read-only.',
      },
    },
    unlock: { says: 'Unlock the PMD table.', holds: ['pmd_lock'], drops: ['pmd_lock'], next: 'done' },
    protected: {
      on: () => rules.hasUffdWp,
      says: 'Unlock the PMD table, and tell the monitor.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      run: () => {
        vmf.flags |= FAULT_UFFD_WP;
        return 'userfault';
      },
    },
    userfault: { tail: handle_userfault },
    exclusive: {
      on: () => rules.hugeReuse === 'exclusive',
      says: 'Is the huge page marked as exclusive to {me}?',
      holds: ['pmd_lock'],
      run: () => {
        const yes = PageAnonExclusive(head());
        decided('exclusive?', head(), yes ? 1 : 0, yes ? 'reuse' : 'ask the refcount');
        return yes ? 'reuse' : 'trylock';
      },
      so: {
        reuse: 'The huge page is exclusive to {me}: write in place, whatever the counts say.',
        trylock: 'The huge page is not marked as exclusive: then the references decide.',
      },
    },
    trylock: {
      on: locksFolio,
      says: 'Lock the folio, so that its counts stand still.',
      holds: ['pmd_lock'],
      run: () => (folio_trylock(head()) ? afterLock() : 'get'),
      so: { get: 'Somebody has {folio} locked: wait for it.' },
    },
    get: {
      on: locksFolio,
      says: 'Hold the folio and unlock the PMD table, to sleep for the folio lock.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      run: () => {
        folio_get(head());
        return 'wait_lock';
      },
    },
    wait_lock: {
      on: locksFolio,
      says: 'Sleep until the folio lock is free.',
      takes: 'folio_lock',
      keeps: [waited_folio],
      next: 'relock',
    },
    relock: {
      on: locksFolio,
      says: 'Back under the lock of the PMD table: is the entry still the same?',
      holds: ['folio_lock'],
      takes: 'pmd_lock',
      keeps: [waited_folio],
      run: () => (pmd_same(op.va, vmf.orig_pte) ? 'put' : 'give_up'),
    },
    put: {
      on: locksFolio,
      says: 'The folio is locked now: drop the reference again.',
      holds: ['folio_lock', 'pmd_lock'],
      keeps: [waited_folio],
      run: () => {
        folio_put(head());
        return afterLock();
      },
    },
    give_up: {
      on: locksFolio,
      says: 'The entry changed: back out.',
      holds: ['folio_lock', 'pmd_lock'],
      drops: ['folio_lock', 'pmd_lock'],
      keeps: [waited_folio],
      next: 'put_and_retry',
    },
    put_and_retry: {
      on: locksFolio,
      says: 'Drop the reference and try the access again.',
      keeps: [waited_folio],
      run: () => {
        folio_put(head());
        return 'done';
      },
    },
    exclusive_locked: {
      on: () => rules.hugeReuse === 'exclusive',
      says: 'Still not exclusive, now that the folio is locked?',
      holds: ['pmd_lock', 'folio_lock'],
      run: () => (PageAnonExclusive(head()) ? 'unlock_reuse' : 'count_refs'),
    },
    count_refs: {
      on: () => rules.hugeReuse !== 'mapcount',
      says: 'Is the mapping of {me} the one and only reference to the huge page?',
      holds: ['pmd_lock', 'folio_lock'],
      run: () => {
        const n = folio_ref_count(head());
        decided('refcount 1?', head(), n, n === 1 ? 'reuse' : 'split');
        return n === 1 ? 'unlock_reuse' : 'unlock_split';
      },
      so: {
        unlock_reuse: 'One reference, the mapping of {me}: the huge page is private.',
        unlock_split: '{folio} has {refcount} references, so somebody else may look at it.',
      },
    },
    count_ptes: {
      on: () => rules.hugeReuse === 'mapcount',
      says: 'How often do PTEs map the pages of the folio? Look at one after the other.',
      holds: ['pmd_lock'],
      run: () => {
        vmf.maps.set(0, mapcountOfPages(head()));
        return 'count_pmds';
      },
    },
    count_pmds: {
      on: () => rules.hugeReuse === 'mapcount',
      says: 'And how many PMD entries map it as a whole?',
      holds: ['pmd_lock'],
      run: () => {
        const n = vmf.maps.get(0) + entireMapcount(head()),
          alone = n === 1;
        vmf.maps.set(0, 0);
        decided('mapcount 1?', head(), n, alone ? 'reuse' : rules.hugeCopies ? 'copy' : 'split');
        if (alone) return locksFolio() ? 'unlock_reuse' : 'reuse';
        if (locksFolio()) return copiesAll() ? 'unlock_copy' : 'unlock_split';
        return copiesAll() ? 'hold_old' : 'split';
      },
      so: {
        unlock_reuse:
          'One entry maps it, so {model} takes the huge page for private. References do not count.',
        reuse: 'One entry maps it, so {model} takes the huge page for private. References do not count.',
        unlock_copy: 'Others map it, too: {me} gets a huge page of its own.',
        hold_old: 'Others map it, too: {me} gets a huge page of its own.',
        unlock_split: 'Others map it, too: split the entry, a small page will do.',
      },
    },
    unlock_reuse: {
      on: locksFolio,
      says: 'Unlock the folio.',
      holds: ['pmd_lock', 'folio_lock'],
      run: () => {
        if (rules.hugeReuse === 'exclusive') for (const page of pagesIn(head())) SetPageAnonExclusive(page);
        folio_unlock();
        return 'reuse';
      },
      so: { reuse: 'Unlock the folio: it belongs to {me} alone.' },
    },
    unlock_split: {
      on: () => locksFolio() && !rules.hugeCopies,
      says: 'Unlock the folio.',
      holds: ['pmd_lock', 'folio_lock'],
      run: () => {
        folio_unlock();
        return 'split';
      },
    },
    reuse: {
      says: 'Keep the huge page and make the PMD entry writable in place.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      run: () => {
        if (!writing()) return 'done';
        const write = (find_vma(op.va) & VM_WRITE) !== 0 ? PTE_WRITE : 0;
        change_huge_pmd(region(), (was) => was | PTE_ACCESSED | dirtied() | write);
        return 'VM_FAULT_WRITE';
      },
    },
    split: {
      says: 'Unlock the PMD table: the entry is split, and the fault goes on with one page of it.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      next: 'split_pmd',
    },
    split_pmd: call(split_huge_pmd, { done: 'fallback' }),
    fallback: { tail: pte_fault },
    // Until 5.7: a huge page for a huge page.
    unlock_copy: {
      on: () => rules.hugeCopies && locksFolio(),
      says: 'Unlock the folio.',
      holds: ['pmd_lock', 'folio_lock'],
      run: () => {
        folio_unlock();
        return 'hold_old';
      },
    },
    hold_old: {
      on: () => rules.hugeCopies,
      says: 'Take a reference to {folio} and unlock the PMD table: the copy is made without the lock.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      run: () => {
        folio_get(head());
        return 'alloc';
      },
    },
    zero: {
      on: () => rules.hugeZeroAllocates,
      says: 'Unlock the PMD table, to take a huge page.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      next: 'alloc',
    },
    alloc: {
      on: () => rules.hugeCopies || rules.hugeZeroAllocates,
      says: 'Take a huge page, {folio}.',
      keeps: [old_folio],
      when: () => hasFreeFolios(slots()),
      awaits: 'waits for a free huge page',
      run: () => {
        alloc_huge();
        return pte_special(vmf.orig_pte) ? 'relock_copy' : 'copy';
      },
    },
    copy: {
      on: () => rules.hugeCopies,
      says: 'Copy the bytes with no lock held: other threads may still run here.',
      keeps: [copied, new_folio],
      mark: 'copy',
      run: () => {
        copy_huge_page(vmf.new_folio, head());
        return 'relock_copy';
      },
    },
    relock_copy: {
      on: () => rules.hugeCopies || rules.hugeZeroAllocates,
      says: 'Back under the lock: is the PMD entry still the one that faulted?',
      takes: 'pmd_lock',
      keeps: [old_folio, new_folio],
      run: () => (pmd_same(op.va, vmf.orig_pte) ? 'install' : 'raced'),
      so: { raced: 'The PMD entry changed: somebody was faster.' },
    },
    install: {
      on: () => rules.hugeCopies || rules.hugeZeroAllocates,
      says: 'Clear the entry, flush it on all CPUs of {me}, and map {folio} in its place.',
      holds: ['pmd_lock'],
      keeps: [old_folio, new_folio],
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        const { from } = hugeSlots(op.va),
          old = pte_special(vmf.orig_pte) ? ZERO_PAGE : head();
        pmdp_huge_get_and_clear(region());
        flush_tlb_range(from, slots());
        map_huge();
        vmf.flags |= FAULT_BROKE_COW;
        if (old === ZERO_PAGE) return 'unlock_copied';
        folio_remove_rmap_pmd(old);
        folio_put(old);
        return 'unlock_copied';
      },
    },
    raced: {
      on: () => rules.hugeCopies || rules.hugeZeroAllocates,
      says: 'Unlock the PMD table.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      keeps: [old_folio, new_folio],
      next: 'free_new',
    },
    free_new: {
      on: () => rules.hugeCopies || rules.hugeZeroAllocates,
      says: 'Give the unused huge page back.',
      keeps: [old_folio, new_folio],
      run: () => {
        folio_put(vmf.new_folio);
        vmf.new_folio = 0;
        return pte_special(vmf.orig_pte) ? 'done' : 'put_old';
      },
    },
    unlock_copied: {
      on: () => rules.hugeCopies || rules.hugeZeroAllocates,
      says: 'Unlock the PMD table.',
      holds: ['pmd_lock'],
      drops: ['pmd_lock'],
      keeps: [old_folio],
      run: () => (pte_special(vmf.orig_pte) ? fault_result() : 'put_old'),
    },
    put_old: {
      on: () => rules.hugeCopies,
      says: 'Drop the reference that was held for the copy.',
      keeps: [copied],
      run: () => {
        folio_put(head());
        return fault_result();
      },
    },
  },
);
