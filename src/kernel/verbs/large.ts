/**
 * Large folios: several pages with one reference count. As in Linux, what an entry names is a page; `folio.*`
 * cells of a page have its bytes, its mappings by PTEs and its exclusive mark, and those of the first page
 * (`head`) the references, pins, the lock, and mappings by PMD entries. A small folio is its only page.
 *
 * Pages that a scenario does not name share a slot, and a page number: such a page stands for as many equal
 * pages as its slot (`Region.sizes`), and each entry that maps it counts as many references.
 */
import { OWNERS_MARK_SHARED, guarded } from '../guards.ts';
import {
  cells,
  effect,
  folio_entire,
  folio_head,
  folio_maps,
  folio_mm_id0,
  folio_mm_id1,
  folio_mm_maps0,
  folio_mm_maps1,
  folio_mm_more0,
  folio_mm_more1,
  folio_mm_shared,
  folio_slot,
  now,
  slotPages,
  write,
} from '../world.ts';
import type { Field } from '../world.ts';

/** compound_head(): the page that counts for all of its folio. */
export const headOf = (f: number): number =>
  folio_head.size === 0 || cells[folio_head.at + f] === 0 ? f : cells[folio_head.at + f]!;
export const folio_test_large = (f: number): boolean =>
  folio_head.size !== 0 && cells[folio_head.at + f] !== 0;
/** Pages that page `f` of a large folio stands for; 1 of a small one: there all are alike. */
export const pagesOf = (f: number): number =>
  folio_test_large(f) ? slotPages[cells[folio_slot.at + f]!]! : 1;
/** Page slot of a page of a large folio. */
export const slotOf = (f: number): number => cells[folio_slot.at + f]!;

/** The page numbers of the folio of `f`, its first one first. */
export function pagesIn(f: number): number[] {
  const head = headOf(f);
  if (!folio_test_large(f)) return [f];
  const out: number[] = [];
  for (let g = 1; g < now.counts.folios; g++) if (cells[folio_head.at + g] === head) out.push(g);
  return out.sort((a, b) => slotOf(a) - slotOf(b));
}
/** Mappings by PMD entries: folio_entire_mapcount(). */
export const entireMaps = (f: number): number =>
  folio_entire.size === 0 ? 0 : cells[folio_entire.at + headOf(f)]!;
/** The most mappings by PTEs that any page of the folio has. */
export const mostMaps = (f: number): number =>
  pagesIn(f).reduce((most, g) => Math.max(most, cells[folio_maps.at + g]!), 0);
/** All mappings of a large folio: folio_large_mapcount(). */
export const largeMaps = (f: number): number =>
  pagesIn(f).reduce((sum, g) => sum + cells[folio_maps.at + g]! * pagesOf(g), entireMaps(f));

// ---- which processes map a large folio: include/linux/rmap.h, 6.15 ----

/** The two processes that are remembered, and their mappings. */
const ids: readonly [id: Field, maps: Field, more: Field][] = [
  [folio_mm_id0, folio_mm_maps0, folio_mm_more0],
  [folio_mm_id1, folio_mm_maps1, folio_mm_more1],
];
const maps16 = ([, maps, more]: (typeof ids)[number], head: number): number =>
  cells[maps.at + head]! | (cells[more.at + head]! << 8);
function setId(slot: (typeof ids)[number], head: number, id: number, n: number): void {
  const [at, maps, more] = slot;
  set(at, head, n <= 0 ? 0 : id);
  set(maps, head, Math.max(0, n) & 255);
  set(more, head, Math.max(0, n) >> 8);
}
function set({ at }: Field, f: number, v: number): void {
  if (cells[at + f] !== v) write(at + f, v);
}
/** Perhaps several processes map it: folio_maybe_mapped_shared(). False means: one at most. */
export const isMaybeShared = (f: number): boolean =>
  folio_mm_shared.size !== 0 && cells[folio_mm_shared.at + headOf(f)] !== 0;
/** The processes that the folio remembers, with their mappings; for pictures and invariants. */
export const ownersOf = (f: number): { mm: number; maps: number }[] =>
  folio_mm_shared.size === 0 || !folio_test_large(f)
    ? []
    : ids.flatMap((slot) => {
        const id = cells[slot[0].at + headOf(f)]!;
        return id === 0 ? [] : [{ mm: id - 1, maps: maps16(slot, headOf(f)) }];
      });

/** Process `m` has `n` mappings more. folio_add_large_mapcount(); the cells of pages count already. */
export function addOwner(f: number, m: number, n: number): void {
  if (folio_mm_shared.size === 0 || !folio_test_large(f)) return;
  const head = headOf(f);
  const own = ids.find(([id]) => cells[id.at + head] === m + 1);
  if (own !== undefined) {
    setId(own, head, m + 1, maps16(own, head) + n);
    return;
  }
  const free = ids.find(([id]) => cells[id.at + head] === 0);
  if (largeMaps(f) > n && guarded(OWNERS_MARK_SHARED)) set(folio_mm_shared, head, 1);
  if (free !== undefined) setId(free, head, m + 1, n);
}
/** Process `m` has `n` mappings less; a third process was never counted. folio_sub_large_mapcount(). */
export function removeOwner(f: number, m: number, n: number): void {
  if (folio_mm_shared.size === 0 || !folio_test_large(f)) return;
  const head = headOf(f);
  const own = ids.find(([id]) => cells[id.at + head] === m + 1);
  if (own !== undefined) {
    const left = maps16(own, head) - n;
    setId(own, head, m + 1, left);
    if (left > 0) return;
  }
  const all = largeMaps(f);
  const alone = all === 0 || ids.some((slot) => cells[slot[0].at + head] !== 0 && maps16(slot, head) === all);
  if (alone) set(folio_mm_shared, head, 0);
}

/** All that a folio remembers of its processes. */
export const OWNER_FIELDS: readonly Field[] = [...ids.flat(), folio_mm_shared];
/** What only large folios have goes with the last reference, or with a split. */
export const LARGE_FIELDS: readonly Field[] = [folio_head, folio_slot, folio_entire, ...OWNER_FIELDS];
/** For observers. */
export const noteEntire = (f: number, by: number): void => effect('maps', headOf(f), entireMaps(f), by);
