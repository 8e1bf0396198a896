/**
 * Page-table entries. A PTE is named by its place, as a pte_t pointer is; its value is PTE_* bits and the
 * folio, as x86 keeps them. An entry without PTE_PRESENT that is not empty is of a page that is elsewhere:
 * a swap entry, a migration entry, or a marker. There other bits have the places of bits that only a present
 * entry has, so whoever reads a bit asks first what the entry is.
 */
import { InternalError } from '../errors.ts';
import { MMAP_WRITE, PMD_LOCK, PTL, PTL_CHILD, PTL_OTHER, held, needs, unprotected } from '../locks.ts';
import { effect, mm, now, op, pages, pte, read16, write16 } from '../world.ts';
import { hasTable, isHuge, region_of } from './region.ts';

export const PTE_PRESENT = 1,
  PTE_WRITE = 2,
  PTE_DIRTY = 4,
  PTE_ACCESSED = 8,
  PTE_SPECIAL = 16;
/** Soft-dirty and userfaultfd-wp keep their places for the models that have them. */
export const PTE_SOFT_DIRTY = 32,
  PTE_UFFD_WP = 64,
  PTE_PROTNONE = 128;
/**
 * Not present: a swap entry; its second cell is the slot, which has a number as folios have (`swap.ts`). The
 * mark of an exclusive page stays in the entry from 5.19 on: 1493a1913e34.
 */
export const PTE_SWP = 16,
  PTE_SWP_EXCLUSIVE = 2;
/** Not present: a migration entry; its second cell is the folio that moves. Of a page that was writable... */
export const PTE_MIGRATION = 128,
  PTE_MIGRATION_WRITE = 2,
  /** ... or only exclusive. A, D, soft-dirty and uffd-wp keep their places. */
  PTE_MIGRATION_EXCLUSIVE = 16;

/** What a store leaves in an entry, as pte_mkdirty() on x86: also the soft-dirty bit, where anybody asks. */
export const dirtied = (): number => PTE_DIRTY | (now.counts.softDirty === 0 ? 0 : PTE_SOFT_DIRTY);
export const pte_mkdirty = (e: number): number => e | dirtied();
export const pte_none = (e: number): boolean => e === 0;
export const pte_present = (e: number): boolean => (e & PTE_PRESENT) !== 0;
const has = (e: number, bit: number): boolean => (e & (PTE_PRESENT | bit)) === (PTE_PRESENT | bit);
export const pte_write = (e: number): boolean => has(e, PTE_WRITE);
export const pte_dirty = (e: number): boolean => (e & PTE_DIRTY) !== 0;
export const pte_protnone = (e: number): boolean => has(e, PTE_PROTNONE);
/** The zero page: mapped without being counted. */
export const pte_special = (e: number): boolean => has(e, PTE_SPECIAL);
/** Of a present entry, or of a migration entry. */
export const pte_folio = (e: number): number => e >> 8;
export const mk_pte = (folio: number, flags: number): number => (folio << 8) | flags;

/** Neither empty nor present: one of the three kinds below. */
export const is_swap_pte = (e: number): boolean => e !== 0 && (e & PTE_PRESENT) === 0;
/** An entry that names a swap slot. */
export const is_swap_entry = (e: number): boolean =>
  (e & (PTE_PRESENT | PTE_SWP | PTE_MIGRATION)) === PTE_SWP;
export const is_migration_entry = (e: number): boolean =>
  (e & (PTE_PRESENT | PTE_MIGRATION)) === PTE_MIGRATION;
/** Nothing but the word that the page was write-protected with userfaultfd. */
export const is_pte_marker = (e: number): boolean => e === PTE_UFFD_WP;
/** Present, and counted: an entry that holds a reference to its folio. */
export const pte_counted = (e: number): boolean => (e & (PTE_PRESENT | PTE_SPECIAL)) === PTE_PRESENT;
export const swp_slot = (e: number): number => e >> 8;
export const mk_swap_pte = (slot: number, flags: number): number => (slot << 8) | PTE_SWP | flags;
export const pte_swp_exclusive = (e: number): boolean => (e & PTE_SWP_EXCLUSIVE) !== 0;

/** Only a table that is there has entries. */
function inTable(ptep: number, what: string): void {
  if (now.counts.tables === 0) return;
  const i = (ptep - pte.at) >> 1,
    m = Math.trunc(i / pages);
  const region = region_of(i % pages);
  if (!hasTable(m, region) || isHuge(m, region)) throw new InternalError(`${what} without a page table`);
}
export const pte_offset = (va: number): number => pte.at + 2 * (mm * pages + va);
export const pte_offset_child = (va: number): number => pte.at + 2 * (op.child * pages + va);

/** Reads an entry. Without its lock this is one unprotected access. */
export function ptep_get(ptep: number): number {
  if ((held & (PTL | PTL_CHILD | PTL_OTHER | PMD_LOCK)) === 0) unprotected('ptep_get');
  return read16(ptep);
}
/** The first swap entry of the slots [from, to), as far as a look without lock can tell; none: at `to`. */
export function nextSwapEntry(from: number, to: number): { va: number; e: number } {
  unprotected('ptep_get_lockless');
  for (let va = from; va < to; va++) {
    const e = read16(pte_offset(va));
    if (is_swap_entry(e)) return { va, e };
  }
  return { va: to, e: 0 };
}
/** Nothing is mapped in the slots [from, to): one access where no lock protects them. */
export function pte_range_none(from: number, to: number): boolean {
  if ((held & PTL) === 0) unprotected('pte_range_none');
  for (let va = from; va < to; va++) if (read16(pte_offset(va)) !== 0) return false;
  return true;
}
export function set_pte_at(ptep: number, e: number): void {
  needs(PTL | PTL_CHILD, 'set_pte_at');
  inTable(ptep, 'set_pte_at');
  write16(ptep, e);
  effect('set_pte_at', ptep, e);
}
export function pte_clear(ptep: number): void {
  needs(PTL, 'pte_clear');
  const was = read16(ptep);
  write16(ptep, 0);
  effect('pte_clear', ptep, was);
}
export const pte_offset_of = (m: number, va: number): number => pte.at + 2 * (m * pages + va);
/** An entry of another process, found over the mappings of the page. */
export function set_pte_at_other(ptep: number, e: number): void {
  needs(PTL_OTHER, 'set_pte_at of another process');
  inTable(ptep, 'set_pte_at of another process');
  write16(ptep, e);
  effect('set_pte_at', ptep, e);
}
/** A fork's child is reachable for nobody else: writing its table needs the lock that fork took, not more. */
export function set_child_pte_at(ptep: number, e: number): void {
  needs(PTL_CHILD, 'set_pte_at of the child');
  needs(MMAP_WRITE, 'copying page tables');
  inTable(ptep, 'set_pte_at of the child');
  write16(ptep, e);
  effect('set_pte_at', ptep, e);
}
