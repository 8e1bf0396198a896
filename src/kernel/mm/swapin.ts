/**
 * A fault meets a swap entry: the page comes back, from the swap cache or from its slot. do_swap_page(),
 * mm/memory.c. Its models differ in who may write to it at once.
 */
import { SWAPIN_LOOKS_AGAIN, SWAPIN_PINS_SLOT, SWAPIN_RECHECKS_PTE, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  PTE_ACCESSED,
  PTE_PRESENT,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  dirtied,
  is_swap_entry,
  mk_pte,
  pte_offset,
  pte_swp_exclusive,
  ptep_get,
  set_pte_at,
  swp_slot,
} from '../verbs/pte.ts';
import {
  allocLarge,
  folio_add_lru,
  folio_alloc,
  folio_mapcount,
  folio_put,
  folio_ref_count,
  folio_test_lru,
  folio_trylock,
  folio_unlock,
  hasFreeFolios,
  has_free_folio,
  lru_add_drain,
  pageAt,
} from '../verbs/folio.ts';
import {
  add_to_swap_cache,
  areUncached,
  delete_from_swap_cache,
  folio_swap,
  folio_test_swapcache,
  isRow,
  refsOfCache,
  slot_pinned,
  swap_cache_get_folio,
  swap_count,
  swap_free,
  swap_read_folio,
  swapcache_clear,
  swapcache_prepare,
  try_to_free_swap,
} from '../verbs/swap.ts';
import { PageKsm } from '../verbs/ksm.ts';
import { folio_test_large, pagesIn } from '../verbs/large.ts';
import { mapPages, mthpAt, spanOf, swapRow } from '../verbs/mthp.ts';
import { isHugeHere } from '../verbs/pmd.ts';
import { VM_LOCKED, VM_SOFTDIRTY, VM_WRITE, find_vma, prot_none } from '../verbs/vma.ts';
import { FAULT_BROKE_COW, FAULT_EXITS, FAULT_FLAG_WRITE, fault_result, vmf } from '../vmf.ts';
import { decided, now, op, pages } from '../world.ts';
import { vma_changed } from './spf.ts';
import { do_wp_page } from './wp.ts';

/** `vmf.how`: the page never was in the swap cache; the fault has its slot pinned; the page is its own. */
const SWAPIN_FRESH = 1,
  SWAPIN_PINNED = 2,
  SWAPIN_OWN = 4,
  /** ... and it is one of several that come back together, from the slots in `vmf.row`. */
  SWAPIN_LARGE = 8;
const how = (bit: number): boolean => (vmf.how.get(0) & bit) !== 0;
const note = (bit: number): void => vmf.how.set(0, vmf.how.get(0) | bit);
const folio = (): number => vmf.swapin.get(0);
const slot = (): number => swp_slot(vmf.orig_pte);
/** All slots that the fault reads, or whose entries it replaces. */
function slots(): readonly number[] {
  if (!how(SWAPIN_LARGE)) return [slot()];
  const row: number[] = [];
  for (let i = 0; i < pages && vmf.row.get(i) !== 0; i++) row.push(vmf.row.get(i));
  return row;
}
function takeRow(row: readonly number[]): void {
  row.forEach((s, i) => vmf.row.set(i, s));
  note(SWAPIN_LARGE);
}
function dropRow(): void {
  for (let i = 0; now.counts.large !== 0 && i < pages; i++) if (vmf.row.get(i) !== 0) vmf.row.set(i, 0);
}
/** The fault has done what it could, one way or the other. */
function forget(): void {
  dropRow();
  vmf.swapin.set(0, 0);
  vmf.how.set(0, 0);
}
const readsLarge = (): boolean => now.counts.large !== 0 && rules.swapinLarge !== 'never';
/** Pages that the fault maps. */
const mapping = (): readonly number[] => (how(SWAPIN_LARGE) ? pagesIn(folio()) : [folio()]);
const hasFolios = (): boolean => {
  const n = slots().length;
  return n === 1 ? has_free_folio() : hasFreeFolios(n);
};
/** A fresh folio, for all of the slots. */
function allocate(): void {
  if (!how(SWAPIN_LARGE)) {
    vmf.swapin.set(0, folio_alloc());
    return;
  }
  const span = mthpAt(op.va)!;
  vmf.swapin.set(0, pageAt(allocLarge(span.from, span.to), op.va));
}
/** Under the lock: are the entries of a large folio still those of its slots? */
function matches(): boolean {
  const row = swapRow(spanOf(folio()), op.va),
    all = how(SWAPIN_FRESH) ? slots() : pagesIn(folio()).map(folio_swap);
  return row.length > 0 && row.length === all.length && row.every((s, i) => s === all[i]);
}
const writing = (): boolean => (vmf.flags & FAULT_FLAG_WRITE) !== 0;
const byMaps = (): boolean => rules.swapinReuses === 'mapcount';
const pins = (): boolean => rules.swapinSkipsCache && rules.swapinPinsSlot && guarded(SWAPIN_PINS_SLOT);

/** The page on its way back: the fault's reference, which becomes that of the entry. */
const coming: Ref = { label: 'swap-in', folios: () => (folio() === 0 ? [] : [folio()]) };
const pinned: Ref = {
  label: 'swap-in without the cache',
  folios: () => (how(SWAPIN_PINNED) ? slots() : []),
};
/** The entry is still there, but no longer counted. */
const given: Ref = { label: 'swap entry', owed: true, folios: slots };
/** The other way round: the entry has been replaced, and is still counted. */
const counted: Ref = { label: 'swap entry', folios: () => [slot()] };

/** What the entry becomes: what it said of soft-dirty and uffd-wp, it says again. */
function returning(page: number): number {
  const vma = find_vma(op.va),
    kept = vmf.orig_pte & (PTE_SOFT_DIRTY | PTE_UFFD_WP),
    writable = (vma & VM_WRITE) !== 0,
    own = how(SWAPIN_OWN);
  let bits = PTE_PRESENT | PTE_ACCESSED | kept | prot_none(vma);
  if (own && writing()) bits |= dirtied() | (writable && (kept & PTE_UFFD_WP) === 0 ? PTE_WRITE : 0);
  // Also a read may leave it writable, unless the first store must be noticed.
  const notices = now.counts.softDirty !== 0 && (vma & VM_SOFTDIRTY) === 0 && (kept & PTE_SOFT_DIRTY) === 0;
  if (own && rules.swapinMapsWrite && writable && (kept & PTE_UFFD_WP) === 0 && !notices) bits |= PTE_WRITE;
  return mk_pte(page, bits);
}
/** Only an old fault that finds the page its own is through; else do_wp_page decides. */
const satisfied = (): boolean => !writing() || (how(SWAPIN_OWN) && (vmf.orig_pte & PTE_UFFD_WP) === 0);
/** Swap entries that name the slot of a page. */
const entriesOf = (page: number): number => (folio_test_swapcache(page) ? swap_count(folio_swap(page)) : 0);
/** The other pages of the folio are not in swap any more. */
const isLastSwapped = (): boolean =>
  pagesIn(folio()).every((page) => page === folio() || entriesOf(page) === 0);
/** Asks how many use a page that was in the swap cache, by page tables and by swap entries. */
function usedOnce(): boolean {
  const f = folio(),
    // Of a large folio, of the page that is used most: page_trans_huge_map_swapcount().
    n = folio_mapcount(f) + pagesIn(f).reduce((most, page) => Math.max(most, entriesOf(page)), 0);
  decided('one page table or swap entry?', f, n, n <= 1 ? 'reuse' : 'copy');
  return n <= 1;
}
const locked = ['folio_lock'] as const;
const both = ['ptl', 'folio_lock'] as const;

export const do_swap_page = routine(
  'do_swap_page',
  { file: 'mm/memory.c', exits: FAULT_EXITS, locals: vmf },
  {
    lookup: {
      says: 'The page is swapped out. Is it still in memory, in the swap cache?',
      when: () => !pins() || !slot_pinned(slot()),
      awaits: 'waits for another fault that reads the same slot',
      run: () => {
        const f = swap_cache_get_folio(slot());
        vmf.swapin.set(0, f);
        if (f !== 0) return 'lock';
        if (rules.swapinSkipsCache) return 'alone';
        return readsLarge() ? 'order' : 'alloc';
      },
      so: {
        lock: 'The swap cache still has the page: {folio}.',
        alone: 'Only the slot has its bytes.',
        alloc: 'Only the slot has its bytes: read them into the swap cache, for all who need them.',
        order: 'Only the slot has its bytes: read them into the swap cache, for all who need them.',
      },
    },
    alone: {
      on: () => rules.swapinSkipsCache,
      says: 'How many entries name the slot?',
      run: () => {
        if (swap_count(slot()) !== 1) return 'alloc';
        if (readsLarge()) return 'order';
        return pins() ? 'prepare' : 'alloc_fresh';
      },
      so: {
        alloc: 'Others need it, too: read it into the swap cache.',
        alloc_fresh: 'Only {me} has an entry for the slot: read it without the swap cache.',
        prepare: 'Only {me} has an entry for the slot: read it without the swap cache.',
        order: 'Only {me} has an entry for the slot: read it without the swap cache.',
      },
    },
    order: {
      where: 'large',
      on: () => rules.swapinLarge !== 'never',
      says: 'Have the pages of the 64 kB around {page} gone to swap together? Then they come back so.',
      takes: 'ptl',
      drops: ['ptl'],
      run: () => {
        const span = mthpAt(op.va),
          row = span === null || isHugeHere() ? [] : swapRow(span, op.va);
        if (row.length > 0 && isRow(row, span!.from) && areUncached(row)) takeRow(row);
        if (!rules.swapinSkipsCache) return 'alloc';
        return pins() ? 'prepare' : 'alloc_fresh';
      },
    },
    prepare: {
      on: pins,
      says: 'Mark the slot as being read, so that nobody else does the same.',
      run: () => {
        if (!swapcache_prepare(slots())) {
          forget();
          return 'done';
        }
        note(SWAPIN_PINNED);
        return 'alloc_fresh';
      },
      so: { done: 'The slot is not free for that any more: try the access again.' },
    },
    alloc_fresh: {
      on: () => rules.swapinSkipsCache,
      says: 'Take a fresh page, {folio}.',
      keeps: [pinned],
      when: hasFolios,
      awaits: 'waits for a free page',
      run: () => {
        allocate();
        note(SWAPIN_FRESH);
        return 'read_fresh';
      },
    },
    read_fresh: {
      on: () => rules.swapinSkipsCache,
      says: 'Read the slot into the page, which nobody else knows yet.',
      keeps: [pinned, coming],
      mark: 'copy',
      run: () => {
        swap_read_folio(folio(), slots());
        return 'lock';
      },
    },
    alloc: {
      says: 'Take a fresh page, {folio}.',
      when: hasFolios,
      awaits: 'waits for a free page',
      run: () => {
        allocate();
        return 'lock_new';
      },
    },
    lock_new: {
      says: 'Lock it until it has its bytes.',
      keeps: [coming],
      run: () => {
        folio_trylock(folio());
        return 'insert';
      },
    },
    insert: {
      says: 'Put it into the swap cache: whoever needs the slot now waits for this page.',
      holds: locked,
      keeps: [coming],
      run: () => {
        if (!add_to_swap_cache(folio(), slots())) return 'beaten';
        folio_add_lru(folio());
        return 'read';
      },
      so: { beaten: 'Somebody was faster.' },
    },
    beaten: {
      says: 'Unlock the page.',
      holds: locked,
      keeps: [coming],
      run: () => {
        folio_unlock();
        return 'free_new';
      },
    },
    free_new: {
      says: 'Give the page back, and look again.',
      keeps: [coming],
      run: () => {
        folio_put(folio());
        forget();
        return 'done';
      },
    },
    read: {
      says: 'Read the slot into the page.',
      holds: locked,
      keeps: [coming],
      mark: 'copy',
      run: () => {
        swap_read_folio(folio(), slots());
        return 'check';
      },
    },
    lock: {
      says: 'Lock the page: whoever reads or reclaims it comes first.',
      keeps: [pinned, coming],
      takes: 'folio_lock',
      next: 'check',
    },
    check: {
      says: 'Is it still the page of that slot?',
      holds: locked,
      keeps: [pinned, coming],
      run: () => {
        if (how(SWAPIN_FRESH)) {
          folio_add_lru(folio());
          return 'lock_pte';
        }
        if (folio_swap(folio()) !== slot() && guarded(SWAPIN_LOOKS_AGAIN)) return 'unlock_page';
        return writing() && !byMaps() ? 'drain' : 'lock_pte';
      },
      so: { unlock_page: 'The page left the swap cache meanwhile: try the access again.' },
    },
    drain: {
      on: () => !byMaps(),
      says: 'If an LRU batch still holds the page, empty that of this CPU: its reference would count.',
      holds: locked,
      keeps: [pinned, coming],
      run: () => {
        if (!folio_test_lru(folio())) lru_add_drain();
        return 'lock_pte';
      },
    },
    lock_pte: {
      says: 'Take the page-table lock and look again: is it still the entry that was read?',
      holds: locked,
      keeps: [pinned, coming],
      takes: 'ptl',
      run: () => {
        if (vma_changed()) return 'unlock_pte';
        if (ptep_get(pte_offset(op.va)) !== vmf.orig_pte && guarded(SWAPIN_RECHECKS_PTE)) return 'unlock_pte';
        if (readsLarge() && folio_test_large(folio())) {
          const all = matches();
          if (how(SWAPIN_FRESH) && !all) return 'unlock_pte';
          // Of a large folio in the swap cache, all that this page table has of it, or the one page.
          if (all && !how(SWAPIN_LARGE)) takeRow(pagesIn(folio()).map(folio_swap));
          if (!all && how(SWAPIN_LARGE)) {
            dropRow();
            vmf.how.set(0, vmf.how.get(0) & ~SWAPIN_LARGE);
          }
        }
        if (!byMaps()) return 'free_entry';
        return writing() ? 'count' : 'map';
      },
      so: { unlock_pte: 'The entry of {page} changed meanwhile: the page is not needed.' },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: both,
      drops: ['ptl'],
      keeps: [pinned, coming],
      next: 'unlock_page',
    },
    unlock_page: {
      says: 'Unlock the page.',
      holds: locked,
      keeps: [pinned, coming],
      run: () => {
        folio_unlock();
        return 'put';
      },
    },
    put: {
      says: 'Drop the reference, and try the access again.',
      keeps: [pinned, coming],
      run: () => {
        folio_put(folio());
        vmf.swapin.set(0, 0);
        if (how(SWAPIN_PINNED)) return 'unpin';
        forget();
        return fault_result();
      },
    },
    unpin: {
      on: pins,
      says: 'Others may read the slot again.',
      keeps: [pinned],
      run: () => {
        swapcache_clear(slots());
        forget();
        return fault_result();
      },
    },

    // ---- until 5.17: page tables and swap entries are counted, references are not ----

    count: {
      on: byMaps,
      says: 'How many page tables and swap entries use {folio}?',
      holds: both,
      keeps: [coming],
      run: () => {
        if (PageKsm(folio()) || !usedOnce()) return 'map';
        note(SWAPIN_OWN);
        return folio_test_swapcache(folio()) && isLastSwapped() ? 'uncache' : 'map';
      },
      so: {
        map: 'Others use {folio}, too: map it read-only for now.',
        uncache:
          'Only this entry uses {folio}, so {model} takes the page for private. References do not count.',
      },
    },
    uncache: {
      on: byMaps,
      says: 'Take {folio} out of the swap cache.',
      holds: both,
      keeps: [coming],
      run: () => {
        delete_from_swap_cache(folio());
        return 'map';
      },
    },
    map: {
      on: byMaps,
      says: 'Map {folio} at {page}.',
      holds: both,
      keeps: [coming],
      run: () => {
        mapPages([folio()], false);
        set_pte_at(pte_offset(op.va), returning(folio()));
        return 'free_late';
      },
    },
    free_late: {
      on: byMaps,
      says: 'One entry less names the slot.',
      holds: both,
      keeps: [counted],
      run: () => {
        swap_free(slot());
        return (find_vma(op.va) & VM_LOCKED) !== 0 ? 'free_locked' : 'unlock_mapped';
      },
    },
    free_locked: {
      on: byMaps,
      says: 'Locked memory needs no slot.',
      holds: both,
      run: () => {
        try_to_free_swap(folio());
        return 'unlock_mapped';
      },
    },

    // ---- from 5.18 on: the reference count, and from 5.19 on the mark in the entry ----

    free_entry: {
      on: () => !byMaps(),
      says: 'One entry less names the slot.',
      holds: both,
      keeps: [pinned, coming],
      run: () => {
        swap_free(...slots());
        return 'ask_cache';
      },
    },
    ask_cache: {
      on: () => !byMaps(),
      says: 'Does the page still have to be in the swap cache?',
      holds: both,
      keeps: [pinned, coming, given],
      run: () => {
        if (!folio_test_swapcache(folio())) return 'decide';
        if ((find_vma(op.va) & VM_LOCKED) !== 0 || rules.swapinFreesCache) return 'free_cache';
        return writing() && folio_ref_count(folio()) === 1 + refsOfCache(folio()) ? 'free_cache' : 'decide';
      },
    },
    free_cache: {
      on: () => !byMaps(),
      says: 'Take {folio} out of the swap cache, unless other entries name its slot.',
      holds: both,
      keeps: [pinned, coming, given],
      run: () => {
        try_to_free_swap(folio());
        return 'decide';
      },
    },
    decide: {
      on: () => !byMaps(),
      says: 'Is {folio} the page of {me} alone?',
      holds: both,
      keeps: [pinned, coming, given],
      run: () => {
        const f = folio(),
          ksm = PageKsm(f),
          known = how(SWAPIN_FRESH) || (rules.swapMarksExclusive && pte_swp_exclusive(vmf.orig_pte)),
          n = known ? 1 : folio_ref_count(f);
        if (known) decided('exclusive?', f, 1, 'reuse');
        else decided('refcount 1?', f, n, n === 1 ? 'reuse' : 'share');
        if (n === 1 && !ksm) note(SWAPIN_OWN);
        return 'set';
      },
    },
    set: {
      on: () => !byMaps(),
      says: 'Map {folio} at {page}.',
      holds: both,
      keeps: [pinned, coming, given],
      run: () => {
        const all = mapping(),
          { from } = how(SWAPIN_LARGE) ? spanOf(folio()) : { from: op.va };
        mapPages(all, how(SWAPIN_OWN) && rules.hasExclusive);
        all.forEach((page, i) => set_pte_at(pte_offset(from + i), returning(page)));
        return 'unlock_mapped';
      },
    },

    unlock_mapped: {
      says: 'Unlock the page.',
      holds: both,
      keeps: [pinned],
      run: () => {
        folio_unlock();
        if (how(SWAPIN_PINNED)) return 'unpin_mapped';
        return mapped();
      },
    },
    unpin_mapped: {
      on: pins,
      says: 'Others may read the slot again.',
      holds: ['ptl'],
      keeps: [pinned],
      run: () => {
        swapcache_clear(slots());
        return mapped();
      },
    },
    wp: { tail: do_wp_page },
    unlock: { says: 'Let go of the page table.', holds: ['ptl'], drops: ['ptl'], run: () => fault_result() },
  },
);
/** The page is mapped: a store that it is not good enough for goes on in do_wp_page. */
function mapped(): 'wp' | 'unlock' {
  const ok = satisfied();
  if (ok && writing()) vmf.flags |= FAULT_BROKE_COW;
  forget();
  if (is_swap_entry(vmf.orig_pte)) vmf.orig_pte = ptep_get(pte_offset(op.va));
  return ok ? 'unlock' : 'wp';
}
