/**
 * Migration: while a page moves, the entries that mapped it name it without being present, and whoever comes
 * by waits. include/linux/swapops.h, mm/migrate.c.
 */
import { rules } from '../rules.ts';
import { cells, effect, folio_flags, folio_ksm, folio_node, now, pages, pte, write } from '../world.ts';
import { FOLIO_ANON } from './folio.ts';
import { headOf } from './large.ts';
import {
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_MIGRATION,
  PTE_MIGRATION_EXCLUSIVE,
  PTE_MIGRATION_WRITE,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_SOFT_DIRTY,
  PTE_SPECIAL,
  PTE_UFFD_WP,
  PTE_WRITE,
  is_migration_entry,
  mk_pte,
  pte_folio,
  pte_offset,
  pte_write,
} from './pte.ts';
import { VM_READ, VM_WRITE } from './vma.ts';

const KEPT = PTE_SOFT_DIRTY | PTE_UFFD_WP;
const kept = (): number => KEPT | (rules.migrationKeepsAccessed ? PTE_ACCESSED | PTE_DIRTY : 0);

/** The entry that takes the place of a present one. `exclusive`: the mark that the page had. */
export function make_migration_entry(e: number, exclusive: boolean): number {
  const kind = pte_write(e) ? PTE_MIGRATION_WRITE : exclusive ? PTE_MIGRATION_EXCLUSIVE : 0;
  return mk_pte(pte_folio(e), PTE_MIGRATION | kind | (e & kept()));
}
/** The page was exclusive: it was writable, or said so. */
export const migratesExclusive = (e: number): boolean =>
  rules.hasExclusive && (e & (PTE_MIGRATION_WRITE | PTE_MIGRATION_EXCLUSIVE)) !== 0;
/** The present entry of folio `f` that takes the place of a migration entry. remove_migration_pte(). */
export function restoredPte(e: number, f: number, vma: number): number {
  const writes =
    (e & PTE_MIGRATION_WRITE) !== 0 && (vma & VM_WRITE) !== 0 && (e & PTE_UFFD_WP) === 0 ? PTE_WRITE : 0;
  return mk_pte(f, PTE_PRESENT | writes | ((vma & VM_READ) === 0 ? PTE_PROTNONE : 0) | (e & kept()));
}
/** ... or of the page of zeros. try_to_map_unused_to_zeropage(). */
export const restoredZero = (e: number, vma: number): number =>
  mk_pte(
    0,
    PTE_PRESENT | PTE_ACCESSED | PTE_SPECIAL | ((vma & VM_READ) === 0 ? PTE_PROTNONE : 0) | (e & KEPT),
  );
/** fork shares what moves: neither side may write, and no side has it alone. copy_nonpresent_pte(). */
export const sharedMigrationEntry = (e: number): number =>
  e & ~(PTE_MIGRATION_WRITE | PTE_MIGRATION_EXCLUSIVE);

/** Somebody waits for a page that moves. Pure. */
export const stillMigrates = (va: number): boolean => {
  const at = pte_offset(va);
  return is_migration_entry(cells[at]! | (cells[at + 1]! << 8));
};

/** The first page slot from `from` on, over all processes, whose entry is one of those; -1 = none. */
function nextEntry(from: number, fits: (e: number, page: number) => boolean): number {
  for (let i = from, n = now.counts.mms * pages; i < n; i++) {
    const at = pte.at + 2 * i;
    if (cells[at] !== 0 && fits(cells[at]!, cells[at + 1]!)) return i;
  }
  return -1;
}
/**
 * ... that maps a page of the folio of `f`. It is looked at again under its lock. Parents come before their
 * children, so that what fork copies meanwhile is found: rmap_walk(), mm/rmap.c.
 */
export const nextMapping = (f: number, from: number): number =>
  nextEntry(
    from,
    (e, page) => headOf(page) === headOf(f) && (e & (PTE_PRESENT | PTE_SPECIAL)) === PTE_PRESENT,
  );
/** ... that is the migration entry of a page. */
export const nextMigrationEntry = (of: (page: number) => boolean, from: number): number =>
  nextEntry(from, (e, page) => is_migration_entry(e) && of(page));

export const folio_nid = (f: number): number => cells[folio_node.at + f]!;
/** The new folio stands for the old one; the mark of an exclusive page comes back with its entry. */
export function folio_migrate_flags(to: number, from: number, node: number): void {
  write(folio_flags.at + to, FOLIO_ANON);
  write(folio_node.at + to, node);
  if (folio_ksm.size !== 0 && cells[folio_ksm.at + from] !== 0) {
    write(folio_ksm.at + to, cells[folio_ksm.at + from]!);
    write(folio_ksm.at + from, 0);
  }
  effect('moved', to, from, node);
}
