/** Regions: which one a page slot is in, and its PMD entry where regions lie apart (`table.ts`). */
import { cells, now, pmd } from '../world.ts';

/** The PMD entry points at a page table; or it maps a huge page itself. Both: it is just being split. */
export const PMD_TABLE = 1,
  PMD_HUGE = 8;

/** Region of a page slot, -1 = none. */
export function region_of(va: number): number {
  const regions = now.plan!.regions;
  for (let r = 0; r < regions.length; r++)
    if (va >= regions[r]!.at && va < regions[r]!.at + regions[r]!.pages) return r;
  return -1;
}
/** Each region has a page table of its own. */
export const tablesApart = (): boolean => now.counts.tables !== 0;
export const pmdAt = (m: number, region: number): number => pmd.at + m * now.counts.regions + region;
export const isHuge = (m: number, region: number): boolean =>
  now.counts.thp !== 0 && (cells[pmdAt(m, region)]! & PMD_HUGE) !== 0;
export const isSplitting = (m: number, region: number): boolean =>
  isHuge(m, region) && (cells[pmdAt(m, region)]! & PMD_TABLE) !== 0;
/** A table that khugepaged has taken out, or a PMD entry that is being split: no CPU gets through. */
export const isHidden = (m: number, region: number): boolean =>
  now.counts.thp !== 0 &&
  (isSplitting(m, region) || (cells[pmdAt(m, region)]! & (PMD_TABLE | PMD_HUGE)) === 0);
export const hasTable = (m: number, region: number): boolean =>
  !tablesApart() || (cells[pmdAt(m, region)]! & PMD_TABLE) !== 0;
