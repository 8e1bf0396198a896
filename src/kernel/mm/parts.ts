/**
 * What a walk over a range does with large folios: some are left alone, some taken whole, and some are split
 * because only a part of them is meant. Of MADV_COLD, MADV_PAGEOUT and MADV_FREE, mm/madvise.c.
 */
import { SPLIT_LOCKS_FOLIO, guarded } from '../guards.ts';
import { FOLIO_LOCK, held } from '../locks.ts';
import { call } from '../steps.ts';
import type { Lock, Ref } from '../steps.ts';
import { folio_get, folio_put, folio_trylock, folio_unlock } from '../verbs/folio.ts';
import { headOf, largeMaps, slotOf } from '../verbs/large.ts';
import { splitOf, toSplit } from '../verbs/pmd.ts';
import { PTE_PROTNONE, PTE_UFFD_WP, pte_counted, pte_folio, pte_offset, ptep_get } from '../verbs/pte.ts';
import { folio_nr_pages, likelyShared, mapsOfPage } from '../verbs/split.ts';
import { vma_range } from '../verbs/vma.ts';
import { slotPages } from '../world.ts';
import { split_folio } from './split-folio.ts';

/** By what a kernel sees that nobody else maps a large folio: `adviceSplits` of the rules. */
type By = 'page' | 'folio' | 'batch';

const entryAt = (addr: number): number => ptep_get(pte_offset(addr));
/** Where the walk of the VMA ends that has `addr`. */
export const walkTo = (addr: number, end: number): number => Math.min(end, vma_range(addr).end);
/** Slots from `addr` on whose entries, alike, map the folio in its order: folio_pte_batch(). */
export function batchFrom(addr: number, end: number): number {
  const first = entryAt(addr),
    head = headOf(pte_folio(first)),
    kind = PTE_UFFD_WP | PTE_PROTNONE;
  let n = 1;
  for (const to = walkTo(addr, end); addr + n < to; n++) {
    const pte = entryAt(addr + n),
      f = pte_folio(pte);
    if (!pte_counted(pte) || headOf(f) !== head || slotOf(f) !== slotOf(pte_folio(first)) + n) break;
    if ((pte & kind) !== (first & kind)) break;
  }
  return n;
}
function pagesFrom(addr: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += slotPages[addr + i]!;
  return sum;
}
/** Others map the huge page that a PMD entry maps. */
export const isHugeShared = (f: number, by: By): boolean =>
  by === 'batch' ? likelyShared(f) : (by === 'page' ? mapsOfPage(f) : largeMaps(f)) !== 1;
/**
 * Of a large folio that PTEs map: `end`, the walk of its VMA ends here; `skip`, leave what maps it;
 * `split`, only a part is meant; or `whole`.
 */
export function fateOfLarge(by: By, addr: number, end: number): 'end' | 'skip' | 'split' | 'whole' {
  const f = pte_folio(entryAt(addr));
  if (by !== 'batch') return (by === 'page' ? mapsOfPage(f) : largeMaps(f)) === 1 ? 'split' : 'end';
  if (pagesFrom(addr, batchFrom(addr, end)) === folio_nr_pages(f)) return 'whole';
  return likelyShared(f) ? 'skip' : 'split';
}
/** All mappings are those of one process that maps all of it. */
export const isMappedOnce = (f: number): boolean => largeMaps(f) === folio_nr_pages(f);
/** Where the walk goes on if the folio stays whole. */
export const behindLarge = (by: By, addr: number, end: number): number =>
  by === 'batch' ? addr + batchFrom(addr, end) : walkTo(addr, end);

/** The page whose folio a walk over entries takes apart. */
export const splitting: Ref = {
  label: 'split',
  folios: () => (toSplit() === 0 ? [] : [toSplit()]),
};
/** Locks the folio of a page for its split, without sleeping. */
export function lockForSplit(page: number): boolean {
  splitOf(page);
  if (!guarded(SPLIT_LOCKS_FOLIO) || folio_trylock(page)) return true;
  splitOf(0);
  return false;
}
/**
 * What a walk over entries does once it has locked a folio: `failed` hears that it stays whole, and the walk
 * goes on at `then`, with the page table let go.
 */
export const split_rows = <To extends string>(
  to: To,
  {
    holds,
    keeps = [],
    on = () => true,
    failed,
  }: {
    readonly holds: readonly Lock[];
    readonly keeps?: readonly Ref[];
    readonly on?: () => boolean;
    readonly failed: () => void;
  },
) => {
  const about = { where: 'splits', on, holds } as const,
    held_ = [...keeps, splitting];
  return {
    split_hold: {
      ...about,
      holds: [...holds, 'ptl'],
      says: 'Hold {folio}, and let go of the page table: splitting takes a while.',
      drops: ['ptl'],
      keeps,
      run: (): 'split_folio' => {
        folio_get(toSplit());
        return 'split_folio';
      },
    },
    split_folio: {
      where: 'splits',
      on,
      ...call(split_folio, { done: 'split_unlock', failed: 'split_failed' }),
      keeps: held_,
    },
    split_failed: {
      ...about,
      says: 'It stays whole.',
      keeps: held_,
      run: (): 'split_unlock' => {
        failed();
        return 'split_unlock';
      },
    },
    split_unlock: {
      ...about,
      says: 'Unlock the page.',
      keeps: held_,
      run: (): 'split_put' => {
        if ((held & FOLIO_LOCK) !== 0) folio_unlock();
        return 'split_put';
      },
    },
    split_put: {
      ...about,
      says: 'Drop the reference to it.',
      keeps: held_,
      run: (): To => {
        const page = toSplit();
        splitOf(0);
        folio_put(page);
        return to;
      },
    },
  } as const;
};
