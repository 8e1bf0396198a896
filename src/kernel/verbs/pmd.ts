/**
 * PMD entries that map a huge page: a region of kind `thp` is what one such entry covers. Its bits, and the
 * page, stand in the entries of all its slots, so that whoever asks which page is mapped at an address
 * finds it there; they change together, under the lock of the PMD table. `PMD_HUGE` says that they are
 * one entry.
 */
import { InternalError } from '../errors.ts';
import { PMD_LOCK, PMD_LOCK_CHILD, held, needs, tableHere, unprotected } from '../locks.ts';
import {
  cells,
  effect,
  mm,
  now,
  op,
  pages,
  pte,
  read,
  read16,
  splits,
  self,
  write,
  write16,
} from '../world.ts';
import { ZERO_PAGE, pageAt } from './folio.ts';
import { PTE_SPECIAL, mk_pte, pte_folio, pte_special } from './pte.ts';
import { PMD_HUGE, PMD_TABLE, isHuge, isSplitting, pmdAt, region_of } from './region.ts';
import { VM_ANON_VMA, VM_HUGEPAGE, VM_MAPPED, VM_NOHUGEPAGE, vmaFlags, vma_range, vma_of } from './vma.ts';

export { isHuge, isSplitting } from './region.ts';

/** The region, as slots. */
const slotsOf = (region: number): { from: number; to: number } => {
  const { at, pages: n } = now.plan!.regions[region]!;
  return { from: at, to: at + n };
};
const entryAt = (m: number, va: number): number => pte.at + 2 * (m * pages + va);

/** Reads the PMD entry for `va`: one access. What it maps is then in hugeEntry(). */
export function pmdp_get(va: number): 'none' | 'table' | 'huge' {
  if ((held & PMD_LOCK) === 0) unprotected('pmd');
  const e = read(pmdAt(mm, region_of(va)));
  if ((e & PMD_HUGE) !== 0) return 'huge';
  return (e & PMD_TABLE) !== 0 ? 'table' : 'none';
}
/** What the PMD entry says for `va`, as a PTE would: part of the access before it. */
export const hugeEntry = (va: number): number => read16(entryAt(mm, va));
/** At `va` a PMD entry maps a huge page now. No access is counted. */
export const pmd_trans_huge = (va: number): boolean => isHuge(mm, region_of(va));
/** ... at which the stepping thread is. */
export const isHugeHere = (): boolean => now.counts.thp !== 0 && isHuge(mm, tableHere());

/** pmd_same(): the entry still is one of a huge page, and says the same for `va`. */
export function pmd_same(va: number, seen: number): boolean {
  needs(PMD_LOCK, 'pmd_same');
  const region = region_of(va);
  return isHuge(mm, region) && !isSplitting(mm, region) && read16(entryAt(mm, va)) === seen;
}
function setAll(m: number, region: number, of: (was: number, slot: number) => number): void {
  const { from, to } = slotsOf(region);
  for (let slot = from; slot < to; slot++) {
    const at = entryAt(m, slot);
    write16(at, of(read16(at), slot));
    effect('set_pte_at', at, read16(at));
  }
}
/** Maps `folio` (or the huge page of zeros) with the bits of `flags`. set_pmd_at(). */
export function setHugePmd(region: number, folio: number, flags: number): void {
  needs(PMD_LOCK, 'set_pmd_at');
  set_huge_of(mm, region, folio, flags);
}
export function setChildHugePmd(region: number, folio: number, flags: number): void {
  needs(PMD_LOCK_CHILD, 'set_pmd_at of the child');
  set_huge_of(op.child, region, folio, flags);
}
function set_huge_of(m: number, region: number, folio: number, flags: number): void {
  const at = pmdAt(m, region);
  write(at, (read(at) & ~PMD_TABLE) | PMD_HUGE);
  const zero = folio === ZERO_PAGE;
  setAll(m, region, (_, slot) =>
    mk_pte(zero ? folio : pageAt(folio, slot), flags | (zero ? PTE_SPECIAL : 0)),
  );
}
/** Other bits for the same page. */
export function change_huge_pmd(region: number, of: (was: number) => number): void {
  needs(PMD_LOCK, 'changing a PMD entry');
  setAll(mm, region, of);
}
/** Nothing is mapped there any more. pmdp_huge_get_and_clear(). */
export function pmdp_huge_get_and_clear(region: number): void {
  needs(PMD_LOCK, 'pmdp_huge_get_and_clear');
  const at = pmdAt(mm, region);
  write(at, read(at) & ~(PMD_HUGE | PMD_TABLE));
  const { from, to } = slotsOf(region);
  for (let slot = from; slot < to; slot++) {
    const was = read16(entryAt(mm, slot));
    write16(entryAt(mm, slot), 0);
    effect('pte_clear', entryAt(mm, slot), was);
  }
}
/** No CPU can use the entry from here on: pmdp_invalidate(), before the flush. */
export function pmdp_invalidate(region: number): void {
  needs(PMD_LOCK, 'pmdp_invalidate');
  const at = pmdAt(mm, region);
  write(at, read(at) | PMD_TABLE);
}
/** ... and it is used again, as it was. */
export function pmdRevalidate(region: number): void {
  needs(PMD_LOCK, 'set_pmd_at');
  const at = pmdAt(mm, region);
  write(at, read(at) & ~PMD_TABLE);
}
/** The entry points at a table of PTEs, which say what it said. pmd_populate(). */
export function pmd_populate(region: number): void {
  needs(PMD_LOCK, 'pmd_populate');
  const at = pmdAt(mm, region);
  if (!isHuge(mm, region)) throw new InternalError('a PMD entry is split that maps no huge page');
  write(at, (read(at) & ~PMD_HUGE) | PMD_TABLE);
  effect('table', mm, region, 1);
}

/** The first page of the huge page that a PMD entry maps; 0 = that of zeros. */
export function hugeFolio(region: number): number {
  const e = read16(entryAt(mm, slotsOf(region).from));
  return pte_special(e) ? ZERO_PAGE : pte_folio(e);
}
/** A fault may take a huge page: one VMA has the whole range, and was told so. */
export function isThpAllowed(va: number): boolean {
  const region = region_of(va),
    { from, to } = slotsOf(region);
  if (now.plan!.regions[region]!.kind !== 'thp' || (vma_of(va) & VM_HUGEPAGE) === 0) return false;
  const { start, end } = vma_range(va);
  return start === from && end === to;
}
/** MADV_COLLAPSE asks for no advice, but heeds the one against huge pages. */
export function isCollapseAllowed(va: number): boolean {
  const region = region_of(va),
    { from, to } = slotsOf(region);
  if (now.plan!.regions[region]!.kind !== 'thp' || (vma_of(va) & VM_MAPPED) === 0) return false;
  if ((vma_of(va) & VM_NOHUGEPAGE) !== 0 || (vma_of(va) & VM_ANON_VMA) === 0) return false;
  const { start, end } = vma_range(va);
  return start === from && end === to;
}
/** The table stays, but nobody finds it any more. */
export function pmdp_collapse_flush(region: number): void {
  needs(PMD_LOCK, 'pmdp_collapse_flush');
  const at = pmdAt(mm, region);
  write(at, read(at) & ~PMD_TABLE);
  effect('table', mm, region, 0);
}
/** ... and is found again. */
export function pmd_restore(region: number): void {
  needs(PMD_LOCK, 'pmd_populate');
  const at = pmdAt(mm, region);
  write(at, read(at) | PMD_TABLE);
  effect('table', mm, region, 1);
}
/** The slots of the region that a huge page covers. */
export const hugeSlots = (va: number): { from: number; to: number } => slotsOf(region_of(va));
/** The operation is on the whole region, not on a part. */
export const coversHuge = (from: number, to: number): boolean => {
  const all = slotsOf(region_of(from));
  return from <= all.from && to >= all.to;
};
/** The operation is on a part of the huge page that its region maps: a VMA, or a walk, ends inside of it. */
export const partsHuge = (): boolean =>
  op.region >= 0 && pmd_trans_huge(op.va) && !coversHuge(op.va, op.va + op.pages);
export const isHugeAdvised = (m: number, va: number): boolean => (vmaFlags(m, va) & VM_HUGEPAGE) !== 0;

/** The folio that the stepping thread is about to lock for a split. 0 = none. */
export function splitOf(f: number): void {
  if (cells[splits.at + self] !== f) write(splits.at + self, f);
}
export const toSplit = (): number => cells[splits.at + self]!;
