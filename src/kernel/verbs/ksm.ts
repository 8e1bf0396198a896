/**
 * KSM pages: a page that stands for all equal ones. The stable tree is the set of KSM pages themselves; the
 * unstable tree is what a pass has come by and could not merge yet. include/linux/ksm.h, mm/ksm.c.
 */
import { FOLIO_LOCK, needs, unprotected } from '../locks.ts';
import {
  MM_ALIVE,
  cells,
  effect,
  expected,
  folio_epoch,
  folio_ksm,
  folio_refs,
  folio_stored,
  mm_state,
  now,
  pages,
  pte,
  read,
  write,
} from '../world.ts';
import { folio_test_anon, try_grab_folio } from './folio.ts';
import { PTE_PRESENT, PTE_SPECIAL } from './pte.ts';
import { VM_ANON_VMA, VM_MERGEABLE, VM_SHARED, vmaFlags } from './vma.ts';

/** Values of `folio.ksm`: made one, but for now the only one of its kind; in the stable tree. */
export const KSM_NEW = 1,
  KSM_STABLE = 2;

/** Of a page that an entry maps under the page-table lock: it is made a KSM page under the folio lock. */
export const PageKsm = (f: number): boolean => folio_ksm.size !== 0 && read(folio_ksm.at + f) !== 0;
/** page_stable_node(). */
export const page_stable_node = (f: number): boolean =>
  folio_ksm.size !== 0 && read(folio_ksm.at + f) === KSM_STABLE;

/** Two byte strings are equal, whoever wrote them. */
function pagesIdentical(a: number, b: number): boolean {
  const { stored } = now.plan!;
  return a === b || stored[a]!.text === stored[b]!.text;
}
/** The bytes as nobody's own: a plan with KSM has such an entry for each text (`scenario/compile.ts`). */
function nobodys(stored: number): number {
  const all = now.plan!.stored,
    { text } = all[stored]!,
    i = all.findIndex((s) => s.process < 0 && s.text === text);
  return i < 0 ? stored : i;
}
/**
 * The page stands for all that are equal to it. Ghost: its bytes are nobody's from here on, and whoever maps
 * it has to see just these.
 */
export function set_page_stable_node(f: number, node: number): void {
  if (node === KSM_NEW) {
    needs(FOLIO_LOCK, 'set_page_stable_node');
    const bytes = nobodys(cells[folio_stored.at + f]!);
    for (let i = 0, n = now.counts.mms * pages; i < n; i++)
      if (cells[pte.at + 2 * i + 1] === f && (cells[pte.at + 2 * i]! & PTE_PRESENT) !== 0) sees(i, f, bytes);
    if (cells[folio_stored.at + f] !== bytes) write(folio_stored.at + f, bytes);
    if (cells[folio_epoch.at + f] !== 0) write(folio_epoch.at + f, 0);
  }
  write(folio_ksm.at + f, node);
  effect('ksm', f, node);
}
/** Ghost: page slot `i` (over all processes) maps equal bytes, which are nobody's. */
function sees(i: number, f: number, bytes: number): void {
  const due = cells[expected.at + i]!;
  if (due < now.plan!.stored.length && pagesIdentical(due, cells[folio_stored.at + f]!))
    write(expected.at + i, bytes);
}
/** Ghost: the entry of process `m` at `va` maps KSM page `f` instead of an equal page from here on. */
export const pageReplaced = (m: number, va: number, f: number): void =>
  sees(m * pages + va, f, cells[folio_stored.at + f]!);
/** It is an ordinary page of its only owner again: reuse_ksm_page(). */
export function clearKsm(f: number): void {
  needs(FOLIO_LOCK, 'reuse_ksm_page');
  write(folio_ksm.at + f, 0);
  effect('ksm', f, 0);
}

/** Does page `f` equal KSM page `kpage`, which nobody writes? memcmp_pages(). */
export function pages_identical(f: number, kpage: number): boolean {
  unprotected('reading the page');
  return pagesIdentical(read(folio_stored.at + f), read(folio_stored.at + kpage));
}
/** The KSM page with the bytes of page `f`, 0 = none. The tree is ksmd's own. */
export function stable_tree_search(f: number): number {
  unprotected('reading the page');
  const bytes = read(folio_stored.at + f);
  for (let k = 1; k < now.counts.folios; k++) {
    if (k === f || cells[folio_ksm.at + k] !== KSM_STABLE) continue;
    if (pagesIdentical(bytes, cells[folio_stored.at + k]!)) return k;
  }
  return 0;
}
/** The stable tree has no reference to its pages, so that one may be gone by now. */
export const get_ksm_page = (f: number): boolean =>
  cells[folio_ksm.at + f] === KSM_STABLE && cells[folio_refs.at + f] !== 0 && try_grab_folio(f, false);

/** The page that page slot `i` (over all processes) maps, if KSM may have it; 0 = none. */
function mergeableAt(i: number): number {
  const at = pte.at + 2 * i,
    f = cells[at + 1]!;
  if ((cells[at]! & (PTE_PRESENT | PTE_SPECIAL)) !== PTE_PRESENT || !isMergeable(i)) return 0;
  return folio_test_anon(f) && cells[folio_ksm.at + f] === 0 ? f : 0;
}
/** Page slot `i` (over all processes) is in memory that its process has offered. */
export function isMergeable(i: number): boolean {
  const m = Math.trunc(i / pages),
    all = VM_MERGEABLE | VM_ANON_VMA;
  return cells[mm_state.at + m] === MM_ALIVE && (vmaFlags(m, i % pages) & (all | VM_SHARED)) === all;
}
/** The entry of process `m` at `va` maps a KSM page. Nobody but ksmd changes that, and it waits. */
export function mapsKsm(m: number, va: number): boolean {
  const at = pte.at + 2 * (m * pages + va);
  return (cells[at]! & (PTE_PRESENT | PTE_SPECIAL)) === PTE_PRESENT && PageKsm(cells[at + 1]!);
}
/** Some process has offered memory, whether there is a page in it or not. */
export function ksmd_should_run(): boolean {
  for (let i = 0, n = now.counts.mms * pages; i < n; i++) {
    const m = Math.trunc(i / pages);
    if (cells[mm_state.at + m] === MM_ALIVE && (vmaFlags(m, i % pages) & VM_MERGEABLE) !== 0) return true;
  }
  return false;
}
/**
 * The first page slot before `to`, in the order of the pass, whose page has the bytes of page `f`; -1 = none.
 * One look stands for the comparisons on the way down the tree: nothing is believed that is not asked again
 * before the merge.
 */
export function findUnstable(f: number, to: number): number {
  unprotected('reading the pages');
  const bytes = read(folio_stored.at + f);
  for (let i = 0; i < to; i++) {
    const other = mergeableAt(i);
    // The first one is in the tree: later ones were merged with it, or could not be.
    if (other !== 0 && pagesIdentical(bytes, cells[folio_stored.at + other]!)) return other === f ? -1 : i;
  }
  return -1;
}
/** The page that the entry of page slot `i` (over all processes) maps. */
export const pageAtSlot = (i: number): number => cells[pte.at + 2 * i + 1]!;
/** For page slot `i` (over all processes): its process and page slot. */
export const placeAt = (i: number): readonly [m: number, va: number] => [Math.trunc(i / pages), i % pages];
