/**
 * A large folio is taken apart: each of its pages becomes a folio of its own, with a count of its own.
 * __split_huge_page() (__split_unmapped_folio() from 6.15 on), mm/huge_memory.c. What a scenario does not
 * name is one page number still, which stands for as many equal pages.
 */
import { FOLIO_LOCK, held, needs, unprotected } from '../locks.ts';
import { rules } from '../rules.ts';
import {
  cells,
  effect,
  folio_flags,
  folio_lock,
  folio_maps,
  folio_refs,
  folio_refs_more,
  folio_stored,
  now,
  self,
  swap_state,
  write,
} from '../world.ts';
import type { Field } from '../world.ts';
import { FOLIO_ANON, ZERO_PAGE, folio_ref_count } from './folio.ts';
import {
  LARGE_FIELDS,
  entireMaps,
  headOf,
  isMaybeShared,
  largeMaps,
  pagesIn,
  pagesOf,
  slotOf,
} from './large.ts';
import { refsOfCache } from './swap.ts';

/** Pages that it stands for: folio_nr_pages(). */
export const folio_nr_pages = (f: number): number => pagesIn(f).reduce((sum, page) => sum + pagesOf(page), 0);
/** All references are mappings, the swap cache's, and the caller's own: can_split_folio(). */
export function can_split_folio(f: number): boolean {
  const n = folio_ref_count(f);
  return n === largeMaps(f) + refsOfCache(f) + 1;
}
/** Nothing maps it any more, and only the swap cache and the caller have references: folio_ref_freeze(). */
export function canFreeze(f: number): boolean {
  const n = folio_ref_count(f);
  return largeMaps(f) === 0 && n === refsOfCache(f) + 1;
}
/** It is mapped by PTEs only, and not all of it: what the deferred split queue is for. */
export const isPartiallyMapped = (f: number): boolean =>
  entireMaps(f) === 0 && largeMaps(f) < folio_nr_pages(f);

/** Mappings of one page of a large folio, with those as a whole: page_mapcount(). */
export const mapsOfPage = (f: number): number => cells[folio_maps.at + f]! + entireMaps(f);
/**
 * Does more than one process map the folio, as far as the kernel knows? From 6.15 on by the processes that it
 * remembers, folio_maybe_mapped_shared(); before by a guess, folio_likely_mapped_shared(), 6.10.
 */
export function likelyShared(f: number): boolean {
  unprotected('mapped shared?');
  const n = largeMaps(f);
  if (n <= 1) return false;
  if (rules.largeReuse === 'owner') return isMaybeShared(f);
  return entireMaps(f) > 0 || n > folio_nr_pages(f) || cells[folio_maps.at + headOf(f)]! > 1;
}

function set({ at, size }: Field, f: number, v: number): void {
  if (size !== 0 && cells[at + f] !== v) write(at + f, v);
}
/**
 * Each page has a reference of its own from here on, the caller's, and is locked if the folio was. Returns
 * the pages.
 */
export function __split_folio(f: number): readonly { readonly page: number; readonly slot: number }[] {
  const head = headOf(f),
    lock = cells[folio_lock.at + head]!,
    state = swap_state.size === 0 ? 0 : cells[swap_state.at + head]!,
    refs = refsOfCache(head) === 0 ? 1 : 2;
  unprotected('splitting the folio');
  const parts = pagesIn(head).map((page) => ({ page, slot: slotOf(page) }));
  for (const { page } of parts) {
    for (const field of LARGE_FIELDS) set(field, page, 0);
    set(folio_refs, page, refs);
    set(folio_refs_more, page, 0);
    set(folio_flags, page, FOLIO_ANON);
    set(folio_lock, page, lock);
    set(swap_state, page, state);
    effect('refs', page, refs, refs);
  }
  effect('split', head, parts.length);
  return parts;
}
/** One of the pages is unlocked; the page in toSplit() has the lock that the thread holds. */
export function unlockPart(f: number): void {
  if ((held & FOLIO_LOCK) === 0) return;
  needs(FOLIO_LOCK, 'unlocking a page of a split folio');
  if (cells[folio_lock.at + f] === self + 1) write(folio_lock.at + f, 0);
}
/** Nothing was ever stored there, or zeros. */
export function isZeroFilled(f: number): boolean {
  const { stored } = now.plan!;
  return stored[cells[folio_stored.at + f]!]!.text === stored[cells[folio_stored.at + ZERO_PAGE]!]!.text;
}
