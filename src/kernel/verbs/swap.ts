/**
 * Swap: slots, the swap cache, and pages that are freed lazily. A slot has a number as folios have; its
 * bytes, and how often it is used, are in the same fields: an entry that names it is one use, the swap cache
 * another, and so is a reader that goes past the cache (SWAP_HAS_CACHE). Linux has a lock for a cluster of
 * slots; each of these is one step under it. mm/swapfile.c, mm/swap_state.c.
 */
import { unprotected } from '../locks.ts';
import {
  cells,
  effect,
  folio_epoch,
  folio_lock,
  folio_maps,
  folio_refs,
  folio_stored,
  now,
  read,
  swap_block,
  swap_cache,
  swap_place,
  swap_state,
  write,
} from '../world.ts';
import { collectNames, nameAt, nameBias } from '../names.ts';
import {
  addRefs,
  dropRefs,
  folio_ref_count,
  folio_test_hugetlb,
  isFreed,
  onLru,
  pinsOf,
  refsOf,
} from './folio.ts';
import { entireMaps, folio_test_large, headOf, pagesIn, pagesOf, slotOf } from './large.ts';

/** The number is that of a slot, for ever. */
export const SWAP_SLOT = 1;
/** A slot that a fault reads without the swap cache: others wait. swapcache_prepare(), 13ddaf26be32, 6.8. */
export const SWAP_PINNED = 2;
/** Of a folio: reclaim has taken it off the LRU; MADV_FREE said that it may go; it was written since. */
export const FOLIO_ISOLATED = 4,
  FOLIO_LAZY = 8,
  FOLIO_DIRTY = 16;

const isSlotFree = (s: number): boolean => cells[folio_refs.at + s] === 0;
/** Which slot that number is of, from 0; -1: it is a folio's. */
export const slotNumber = (f: number): number =>
  now.counts.swap !== 0 && f > now.plan!.folios ? f - now.plan!.folios - 1 : -1;
export const is_slot = (f: number): boolean =>
  now.counts.swap !== 0 && (cells[swap_state.at + f]! & SWAP_SLOT) !== 0;

function uses(s: number, by: number): void {
  write(folio_refs.at + s, read(folio_refs.at + s) + by);
  effect('swap_count', s, cells[folio_refs.at + s]!, by);
  if (!isSlotFree(s)) return;
  for (const { at, size } of [folio_stored, folio_epoch, swap_block, swap_place])
    if (size !== 0 && cells[at + s] !== 0) write(at + s, 0);
}
/** Of a large folio, its first page counts for all; a slot is itself. */
function mark(f: number, bits: number, on: boolean): void {
  const at = swap_state.at + headOf(f),
    was = cells[at]!,
    is = on ? was | bits : was & ~bits;
  if (is !== was) write(at, is);
}
const marked = (f: number, bit: number): boolean => (cells[swap_state.at + headOf(f)]! & bit) !== 0;

// ---- slots ----

/** Entries that name the slot. */
export function swap_count(s: number): number {
  const cached = cells[swap_cache.at + s] !== 0 || marked(s, SWAP_PINNED) ? 1 : 0;
  return cells[folio_refs.at + s]! - cached;
}
/** One more entry names the slot. */
export function swap_duplicate(s: number): void {
  unprotected('swap_duplicate');
  uses(s, 1);
}
/** One less of each. */
export function swap_free(...slots: readonly number[]): void {
  unprotected('swap_free');
  for (const s of slots) uses(s, -1);
}
/**
 * An entry goes for good. If it was the last one, a page of the swap cache that nobody maps or has locked
 * goes with it: __try_to_reclaim_swap().
 */
export function free_swap_and_cache(s: number): void {
  unprotected('free_swap_and_cache');
  uses(s, -1);
  const f = cells[swap_cache.at + s]!;
  if (f !== 0) free_swap_cache(f);
}
/** A fault is about to read the slot without the swap cache. False: it may not now. */
const isReadable = (s: number): boolean =>
  !isSlotFree(s) && !marked(s, SWAP_PINNED) && cells[swap_cache.at + s] === 0;
export const swapcache_prepare = (slots: readonly number[]): boolean => {
  unprotected('swapcache_prepare');
  if (!slots.every(isReadable)) return false;
  for (const s of slots) {
    mark(s, SWAP_PINNED, true);
    uses(s, 1);
  }
  return true;
};
export function swapcache_clear(slots: readonly number[]): void {
  unprotected('swapcache_clear');
  for (const s of slots) {
    mark(s, SWAP_PINNED, false);
    uses(s, -1);
  }
}
export const slot_pinned = (s: number): boolean => marked(s, SWAP_PINNED);
/** The bytes of the slots go into a folio that nobody else uses yet; of a large one, for each page one. */
export function swap_read_folio(f: number, slots: readonly number[]): void {
  unprotected('swap_read_folio');
  pagesIn(f).forEach((page, i) => {
    const s = slots[i]!;
    write(folio_stored.at + page, read(folio_stored.at + s));
    write(folio_epoch.at + page, read(folio_epoch.at + s));
    effect('swap_read', page, s);
  });
}
/** The bytes of a folio go into its slots. */
export function swap_writepage(f: number): void {
  unprotected('swap_writepage');
  for (const page of pagesIn(f)) {
    const s = cells[swap_cache.at + page]!;
    write(folio_stored.at + s, read(folio_stored.at + page));
    write(folio_epoch.at + s, read(folio_epoch.at + page));
    effect('swap_write', page, s);
  }
  folio_clear_dirty(f);
}

// ---- the swap cache ----

/** The folio is in the swap cache. Stable under the folio lock. */
export const folio_test_swapcache = (f: number): boolean =>
  now.counts.swap !== 0 && read(swap_cache.at + f) !== 0;
/** References but that of the swap cache, which says nothing of who looks at the page. For proposals. */
export const refsBesideSwapCache = (f: number): number => folio_ref_count(f) - refsOfCache(f);
/** Slot of a folio in the swap cache. */
export const folio_swap = (f: number): number => read(swap_cache.at + f);
function cache(f: number, slots: readonly number[]): void {
  pagesIn(f).forEach((page, i) => {
    const s = slots[i]!;
    write(swap_cache.at + page, s);
    write(swap_cache.at + s, page);
    uses(s, 1);
    addRefs(page, pagesOf(page));
    effect('swap_cache', page, s, 1);
  });
}
/** The whole folio leaves the swap cache. */
function uncache(f: number): void {
  const all = pagesIn(f),
    refs = all.reduce((sum, page) => sum + pagesOf(page), 0);
  for (const page of all) {
    const s = cells[swap_cache.at + page]!;
    write(swap_cache.at + page, 0);
    write(swap_cache.at + s, 0);
    uses(s, -1);
    effect('swap_cache', page, s, -1);
  }
  // What is in the slots is no copy of it any more.
  folio_mark_dirty(f);
  dropRefs(f, refs);
}
/** Some entry names a slot of the folio: folio_swapped(). */
const isSwapped = (f: number): boolean =>
  pagesIn(f).some((page) => swap_count(cells[swap_cache.at + page]!) !== 0);
const isFreeSlot = (s: number): boolean => s > 0 && marked(s, SWAP_SLOT) && isSlotFree(s);
/**
 * The free slot that a page gets, or -1: one that somebody still remembers, if there is one, so that whoever
 * goes by its number alone is found out. As `free_folio`, it never asks for numbers otherwise.
 */
function free_slot(): number {
  for (let i = 0, n = collectNames(); i < n; i++) {
    const s = cells[nameAt[i]!]! - nameBias[i]!;
    if (isFreeSlot(s)) return s;
  }
  for (let s = 1, n = now.counts.folios; s < n; s++) if (isFreeSlot(s)) return s;
  return -1;
}
/** Free slots one behind the other, for each page of a large folio; none if there are not enough. */
function free_slots(f: number): readonly number[] {
  const n = pagesIn(f).length,
    slots: number[] = [];
  for (let s = 1; s < now.counts.folios && slots.length < n; s++) if (isFreeSlot(s)) slots.push(s);
  return slots.length < n ? [] : slots;
}
/** Gives the folio its slots, and puts it into the swap cache. False: swap is full. */
export function add_to_swap(f: number): boolean {
  unprotected('add_to_swap');
  const large = folio_test_large(f),
    slots = large ? free_slots(f) : [free_slot()];
  if (slots.length === 0 || slots[0]! < 0) return false;
  cache(f, slots);
  if (large)
    pagesIn(f).forEach((page, i) => {
      write(swap_block.at + slots[i]!, slots[0]!);
      write(swap_place.at + slots[i]!, slotOf(page) + 1);
    });
  folio_mark_dirty(f);
  return true;
}
/** The slots lie one behind the other, as those of pages do that went to swap together. */
export const isRow = (slots: readonly number[], va: number): boolean =>
  slots.every(
    (s, i) =>
      cells[swap_block.at + s] !== 0 &&
      cells[swap_block.at + s] === cells[swap_block.at + slots[0]!] &&
      cells[swap_place.at + s] === va + i + 1,
  );
/** No slot of them is in the swap cache, or just being read. */
export const areUncached = (slots: readonly number[]): boolean => slots.every(isReadable);
/** The folio that the swap cache has for the slot, with a reference; 0 = none. */
export function swap_cache_get_folio(s: number): number {
  unprotected('swap_cache_get_folio');
  const f = read(swap_cache.at + s);
  if (f !== 0) addRefs(f, 1);
  return f;
}
/** Puts a fresh folio into the swap cache. False: a slot is not in use, or another was faster. */
export function add_to_swap_cache(f: number, slots: readonly number[]): boolean {
  unprotected('add_to_swap_cache');
  if (!slots.every(isReadable)) return false;
  cache(f, slots);
  return true;
}
/** Takes a folio out of the swap cache, if no entry names its slot any more. Under the folio lock. */
export function try_to_free_swap(f: number): boolean {
  unprotected('try_to_free_swap');
  if (read(swap_cache.at + f) === 0 || isSwapped(f)) return false;
  uncache(f);
  return true;
}
/** A page moves: its new folio takes its place in the swap cache. folio_migrate_mapping(). */
export function swap_cache_moves(from: number, to: number): void {
  if (now.counts.swap === 0 || cells[swap_cache.at + from] === 0) return;
  const pages = pagesIn(to);
  pagesIn(from).forEach((page, i) => {
    const s = cells[swap_cache.at + page]!;
    write(swap_cache.at + page, 0);
    write(swap_cache.at + pages[i]!, s);
    write(swap_cache.at + s, pages[i]!);
    addRefs(to, pagesOf(page));
    dropRefs(from, pagesOf(page));
  });
}
/** Takes the folio out of the swap cache, whatever entries name its slot: until 5.17, and reclaim. */
export function delete_from_swap_cache(f: number): void {
  unprotected('delete_from_swap_cache');
  uncache(f);
}
/** Nobody uses the page but the swap cache and the caller: the page goes, its bytes are in the slot. */
export function remove_mapping(f: number): boolean {
  unprotected('__remove_mapping');
  if (refsOf(f) !== 1 + refsOfCache(f) || pinsOf(f) !== 0) return false;
  uncache(f);
  return true;
}
/**
 * The last user of a page drops it: if it is in the swap cache, unmapped, not locked, and no entry names its
 * slot, it goes from there as well. free_swap_cache().
 */
export function free_swap_cache(f: number): void {
  if (now.counts.swap === 0 || cells[swap_cache.at + f] === 0 || isMapped(f)) return;
  if (cells[folio_lock.at + headOf(f)] !== 0 || isSwapped(f)) return;
  uncache(f);
}
const isMapped = (f: number): boolean =>
  entireMaps(f) !== 0 || pagesIn(f).some((page) => cells[folio_maps.at + page] !== 0);
/** References that the swap cache has to the folio: one for each page. */
export const refsOfCache = (f: number): number =>
  folio_test_swapcache(f) ? pagesIn(f).reduce((sum, page) => sum + pagesOf(page), 0) : 0;

// ---- the LRU as reclaim sees it, and lazily freed pages ----

export const folio_isolated = (f: number): boolean => marked(f, FOLIO_ISOLATED);
/** Takes the folio off the LRU, with a reference. False: it is not there. */
export function folio_isolate_lru(f: number): boolean {
  unprotected('folio_isolate_lru');
  // Pages of the huge page pool are on no list.
  if (isFreed(f) || !onLru(f) || folio_test_hugetlb(f)) return false;
  mark(f, FOLIO_ISOLATED, true);
  addRefs(f, 1);
  return true;
}
/** Back on a list. */
export const folio_putback_lru = (f: number): void => mark(f, FOLIO_ISOLATED, false);
export const folio_test_lazy = (f: number): boolean => now.counts.swap !== 0 && marked(f, FOLIO_LAZY);
export function set_lazy(f: number, on: boolean): void {
  mark(f, FOLIO_LAZY, on);
  effect('lazy', f, on ? 1 : 0);
}
export const folio_test_dirty = (f: number): boolean => marked(f, FOLIO_DIRTY);
/** Whoever has written through a reference says so, before dropping it. Atomic. set_page_dirty(). */
export function folio_mark_dirty(f: number): void {
  if (now.counts.lazy !== 0 && f > 0 && !isFreed(f)) mark(f, FOLIO_DIRTY, true);
}
export const folio_clear_dirty = (f: number): void => mark(f, FOLIO_DIRTY, false);
