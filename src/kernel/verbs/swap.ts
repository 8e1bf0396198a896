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
  swap_cache,
  swap_state,
  write,
} from '../world.ts';
import { collectNames, nameAt, nameBias } from '../names.ts';
import { addRefs, dropRefs, folio_ref_count, folio_test_hugetlb, isFreed, onLru } from './folio.ts';

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
  if (cells[folio_stored.at + s] !== 0) write(folio_stored.at + s, 0);
  if (cells[folio_epoch.at + s] !== 0) write(folio_epoch.at + s, 0);
}
function mark(f: number, bits: number, on: boolean): void {
  const was = cells[swap_state.at + f]!,
    is = on ? was | bits : was & ~bits;
  if (is !== was) write(swap_state.at + f, is);
}
const marked = (f: number, bit: number): boolean => (cells[swap_state.at + f]! & bit) !== 0;

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
/** One less. */
export function swap_free(s: number): void {
  unprotected('swap_free');
  uses(s, -1);
}
/**
 * An entry goes for good. If it was the last one, a page of the swap cache that nobody maps or has locked
 * goes with it: __try_to_reclaim_swap().
 */
export function free_swap_and_cache(s: number): void {
  unprotected('free_swap_and_cache');
  uses(s, -1);
  const f = cells[swap_cache.at + s]!;
  if (f === 0 || swap_count(s) !== 0 || cells[folio_maps.at + f] !== 0 || cells[folio_lock.at + f] !== 0)
    return;
  uncache(f, s);
}
/** A fault is about to read the slot without the swap cache. False: it may not now. */
export const swapcache_prepare = (s: number): boolean => {
  unprotected('swapcache_prepare');
  if (isSlotFree(s) || marked(s, SWAP_PINNED) || cells[swap_cache.at + s] !== 0) return false;
  mark(s, SWAP_PINNED, true);
  uses(s, 1);
  return true;
};
export function swapcache_clear(s: number): void {
  unprotected('swapcache_clear');
  mark(s, SWAP_PINNED, false);
  uses(s, -1);
}
export const slot_pinned = (s: number): boolean => marked(s, SWAP_PINNED);
/** The bytes of the slot go into a folio that nobody else uses yet. */
export function swap_read_folio(f: number, s: number): void {
  unprotected('swap_read_folio');
  write(folio_stored.at + f, read(folio_stored.at + s));
  write(folio_epoch.at + f, read(folio_epoch.at + s));
  effect('swap_read', f, s);
}
/** The bytes of a folio go into its slot. */
export function swap_writepage(f: number): void {
  unprotected('swap_writepage');
  const s = cells[swap_cache.at + f]!;
  write(folio_stored.at + s, read(folio_stored.at + f));
  write(folio_epoch.at + s, read(folio_epoch.at + f));
  folio_clear_dirty(f);
  effect('swap_write', f, s);
}

// ---- the swap cache ----

/** The folio is in the swap cache. Stable under the folio lock. */
export const folio_test_swapcache = (f: number): boolean =>
  now.counts.swap !== 0 && read(swap_cache.at + f) !== 0;
/** References but that of the swap cache, which says nothing of who looks at the page. For proposals. */
export const refsBesideSwapCache = (f: number): number =>
  folio_ref_count(f) - (folio_test_swapcache(f) ? 1 : 0);
/** Slot of a folio in the swap cache. */
export const folio_swap = (f: number): number => read(swap_cache.at + f);
function cache(f: number, s: number): void {
  write(swap_cache.at + f, s);
  write(swap_cache.at + s, f);
  uses(s, 1);
  addRefs(f, 1);
  effect('swap_cache', f, s, 1);
}
function uncache(f: number, s: number): void {
  write(swap_cache.at + f, 0);
  write(swap_cache.at + s, 0);
  uses(s, -1);
  // What is in the slot is no copy of it any more.
  folio_mark_dirty(f);
  dropRefs(f, 1);
  effect('swap_cache', f, s, -1);
}
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
/** Gives the folio a slot, and puts it into the swap cache. False: swap is full. */
export function add_to_swap(f: number): boolean {
  unprotected('add_to_swap');
  const s = free_slot();
  if (s < 0) return false;
  cache(f, s);
  folio_mark_dirty(f);
  return true;
}
/** The folio that the swap cache has for the slot, with a reference; 0 = none. */
export function swap_cache_get_folio(s: number): number {
  unprotected('swap_cache_get_folio');
  const f = read(swap_cache.at + s);
  if (f !== 0) addRefs(f, 1);
  return f;
}
/** Puts a fresh folio into the swap cache. False: the slot is not in use, or another was faster. */
export function add_to_swap_cache(f: number, s: number): boolean {
  unprotected('add_to_swap_cache');
  if (isSlotFree(s) || cells[swap_cache.at + s] !== 0 || marked(s, SWAP_PINNED)) return false;
  cache(f, s);
  return true;
}
/** Takes a folio out of the swap cache, if no entry names its slot any more. Under the folio lock. */
export function try_to_free_swap(f: number): boolean {
  unprotected('try_to_free_swap');
  const s = read(swap_cache.at + f);
  if (s === 0 || swap_count(s) !== 0) return false;
  uncache(f, s);
  return true;
}
/** A page moves: its new folio takes its place in the swap cache. folio_migrate_mapping(). */
export function swap_cache_moves(from: number, to: number): void {
  const s = now.counts.swap === 0 ? 0 : cells[swap_cache.at + from]!;
  if (s === 0) return;
  write(swap_cache.at + from, 0);
  write(swap_cache.at + to, s);
  write(swap_cache.at + s, to);
  addRefs(to, 1);
  dropRefs(from, 1);
}
/** Takes the folio out of the swap cache, whatever entries name its slot: until 5.17, and reclaim. */
export function delete_from_swap_cache(f: number): void {
  unprotected('delete_from_swap_cache');
  uncache(f, read(swap_cache.at + f));
}
/** Nobody uses the page but the swap cache and the caller: the page goes, its bytes are in the slot. */
export function remove_mapping(f: number): boolean {
  unprotected('__remove_mapping');
  if (read(folio_refs.at + f) !== 2) return false;
  uncache(f, read(swap_cache.at + f));
  return true;
}
/**
 * The last user of a page drops it: if it is in the swap cache, unmapped, not locked, and no entry names its
 * slot, it goes from there as well. free_swap_cache().
 */
export function free_swap_cache(f: number): void {
  if (now.counts.swap === 0) return;
  const s = cells[swap_cache.at + f]!;
  if (s === 0 || cells[folio_maps.at + f] !== 0 || cells[folio_lock.at + f] !== 0 || swap_count(s) !== 0)
    return;
  uncache(f, s);
}

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
