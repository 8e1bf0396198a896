/**
 * Page tables as objects: the PMD entry of each region, where a scenario keeps regions apart, and the tables
 * that it points at. Elsewhere all regions share one table, which is there from the start, and nothing here
 * is ever asked. The levels above (pgd, p4d, pud) are never empty and have no state.
 */
import { InternalError } from '../errors.ts';
import { MMAP_CHILD, MMAP_WRITE, PMD_LOCK, PMD_LOCK_CHILD, needs, tableHere, unprotected } from '../locks.ts';
import { cells, effect, mm, now, op, pages, pte, read, write } from '../world.ts';
import { PMD_HUGE, PMD_TABLE, pmdAt, region_of, tablesApart } from './region.ts';
import { vma_of } from './vma.ts';

export { hasTable, tablesApart } from './region.ts';

/** Beside PMD_TABLE: mremap has made a table at another address; the region lies there. */
export const PMD_NEW = 2,
  PMD_MOVED = 4;
/** Tables that were freed here: whoever walks without a lock may still stand in one of them. */
const FREED = 16,
  FREED_MAX = 15;

export const tablesFreed = (m: number, region: number): number => cells[pmdAt(m, region)]! >> 4;

/** The slot behind the last one that lies in the page table of `va`. */
export function tableEnd(va: number): number {
  if (!tablesApart()) return pages;
  const { at, pages: n } = now.plan!.regions[region_of(va)]!;
  return at + n;
}

/** The slot where the page table ends at which the stepping thread is. */
export function walkEnd(): number {
  if (!tablesApart()) return pages;
  const { at, pages: n } = now.plan!.regions[tableHere()]!;
  return at + n;
}

/** Reads the PMD entry: one access that no lock protects, as all walks do it. */
export const pmd_none = (va: number): boolean => pmdNoneOf(mm, va);
export function pmdNoneOf(m: number, va: number): boolean {
  unprotected('pmd');
  return (read(pmdAt(m, region_of(va))) & (PMD_TABLE | PMD_HUGE)) === 0;
}
/** What GUP-fast has found in the place of a table: a huge page. */
export const SEEN_HUGE = 64;
/** What GUP-fast remembers of the entry: 0 = none, SEEN_HUGE, else which table it is. */
export function pmdSeen(va: number): number {
  unprotected('pmd');
  const e = read(pmdAt(mm, region_of(va)));
  if ((e & PMD_HUGE) !== 0) return (e & PMD_TABLE) === 0 ? SEEN_HUGE : 0;
  return (e & PMD_TABLE) === 0 ? 0 : 1 + (e >> 4);
}
/** The table that GUP-fast found is still the one that the entry points at; no access is counted. */
export function isSameTable(va: number, seen: number): boolean {
  if (!tablesApart()) return true;
  const region = region_of(va);
  if (seen === SEEN_HUGE) return (cells[pmdAt(mm, region)]! & (PMD_HUGE | PMD_TABLE)) === PMD_HUGE;
  const table = (cells[pmdAt(mm, region)]! & (PMD_HUGE | PMD_TABLE)) === PMD_TABLE;
  return table && 1 + tablesFreed(mm, region) === seen;
}

/**
 * Entries of huge pages lie in the PMD table itself, which is there as the levels above are: as if these
 * regions always had a table, in every process.
 */
export function hugetlbTablesAreThere(): void {
  now.plan!.regions.forEach(({ kind }, r) => {
    if (kind === 'huge') for (let m = 0; m < now.counts.mms; m++) cells[pmdAt(m, r)] = PMD_TABLE;
  });
}

/** Links an empty table, unless another thread was faster: then false. pmd_install(), mm/memory.c. */
export function pmd_install(m: number, region: number): boolean {
  needs(m === mm ? PMD_LOCK : PMD_LOCK_CHILD, 'pmd_install');
  const at = pmdAt(m, region);
  if ((read(at) & (PMD_TABLE | PMD_HUGE)) !== 0) return false;
  write(at, cells[at]! | PMD_TABLE);
  effect('table', m, region, 1);
  return true;
}
/** Unlinks the table of the region, which the zap has emptied. free_pte_range(), mm/memory.c. */
export function pmd_clear(region: number): void {
  unprotected('pmd_clear');
  const at = pmdAt(mm, region);
  if (!is_empty(mm, region)) throw new InternalError('a page table is freed with entries in it');
  const freed = Math.min(FREED_MAX, (read(at) >> 4) + 1);
  write(at, (freed * FREED) | (cells[at]! & PMD_MOVED));
  effect('table', mm, region, 0);
}
function is_empty(m: number, region: number): boolean {
  const { at, pages: n } = now.plan!.regions[region]!;
  for (let va = at; va < at + n; va++) if (cells[pte.at + 2 * (m * pages + va)] !== 0) return false;
  return true;
}
/** No entry of the region's page table is in use. */
export const isEmptyTable = (region: number): boolean => is_empty(mm, region);
/** No mapping is left in the 2 MB of the region, so that its table goes. free_pgd_range(). */
export function nothingMapped(region: number): boolean {
  const { at, pages: n } = now.plan!.regions[region]!;
  for (let va = at; va < at + n; va++) if (vma_of(va) !== 0) return false;
  return true;
}

/** mremap makes a table at the address where the region goes. alloc_new_pmd(), mm/mremap.c. */
export function installNewTable(region: number): void {
  needs(PMD_LOCK, 'pmd_install');
  const at = pmdAt(mm, region);
  write(at, read(at) | PMD_NEW);
  effect('table', mm, region, 1);
}
/** The old address loses its table; from here on the region is where the new one is. */
export function tableMoved(region: number): void {
  unprotected('pmd_clear');
  needs(MMAP_WRITE, 'moving a region');
  const at = pmdAt(mm, region),
    freed = Math.min(FREED_MAX, (read(at) >> 4) + 1);
  write(at, (freed * FREED) | ((cells[at]! & PMD_MOVED) ^ PMD_MOVED) | PMD_TABLE);
  effect('table', mm, region, 0);
}
/** A region without a table moves: only its address changes. */
export function regionMoved(region: number): void {
  needs(MMAP_WRITE, 'moving a region');
  const at = pmdAt(mm, region);
  write(at, read(at) ^ PMD_MOVED);
}
/** The child has its mappings where its parent has them. */
export function regionsInherited(): void {
  needs(MMAP_CHILD, 'copying mappings');
  for (let r = 0; tablesApart() && r < now.counts.regions; r++) {
    const moved = cells[pmdAt(mm, r)]! & PMD_MOVED;
    if (moved !== 0) write(pmdAt(op.child, r), moved);
  }
}
/** Where the region lies after mremap, for views. */
export const hasMoved = (m: number, region: number): boolean =>
  tablesApart() && (cells[pmdAt(m, region)]! & PMD_MOVED) !== 0;
export const isMoving = (m: number, region: number): boolean =>
  tablesApart() && (cells[pmdAt(m, region)]! & PMD_NEW) !== 0;
