/**
 * Folios of 64 kB where a VMA may have them: 16 pages, aligned, in one VMA. alloc_anon_folio() and
 * alloc_swap_folio(), mm/memory.c.
 */
import { PTL, needs, unprotected } from '../locks.ts';
import { MTHP_PAGES, pagesOfSlot } from '../plan.ts';
import { cells, effect, folio_flags, folio_maps, mm, now, slotPages, write } from '../world.ts';
import { FOLIO_ANON, FOLIO_EXCLUSIVE, addRefs } from './folio.ts';
import { addOwner, pagesIn, pagesOf, slotOf } from './large.ts';
import { is_swap_entry, pte_offset, ptep_get, swp_slot } from './pte.ts';
import { region_of } from './region.ts';
import { userfaultfd_armed } from './uffd.ts';
import { VM_HUGEPAGE, vma_of, vma_range } from './vma.ts';

/** Page slots. */
export interface Span {
  readonly from: number;
  readonly to: number;
}
/**
 * The slots of the 64 kB around `va`, or null: they are not all in one VMA that may have such folios, or a
 * monitor watches it; or a page beside them shares a slot with one of them, which no line of the scenario
 * names then.
 */
export function mthpAt(va: number): Span | null {
  const region = now.plan!.regions[region_of(va)]!,
    vma = vma_of(va);
  if (region.sizes === undefined || (vma & VM_HUGEPAGE) === 0 || userfaultfd_armed(vma)) return null;
  const group = (slot: number): number => Math.trunc(pagesOfSlot(region, slot).first / MTHP_PAGES);
  let from = va,
    to = va + 1,
    pages = slotPages[va]!;
  while (from > region.at && group(from - 1) === group(va)) pages += slotPages[--from]!;
  while (to < region.at + region.pages && group(to) === group(va)) pages += slotPages[to++]!;
  const { start, end } = vma_range(va);
  return pages === MTHP_PAGES && start <= from && to <= end ? { from, to } : null;
}

/** The slots that the entries name, if all are swap entries like that at `va`. swap_pte_batch(). */
export function swapRow({ from, to }: Span, va: number): readonly number[] {
  const kind = ptep_get(pte_offset(va)) & 255,
    row: number[] = [];
  for (let i = from; i < to; i++) {
    const e = ptep_get(pte_offset(i));
    if (!is_swap_entry(e) || (e & 255) !== kind) return [];
    row.push(swp_slot(e));
  }
  return row;
}
/** The page slots that a folio of the swap cache was swapped out from. */
export function spanOf(f: number): Span {
  const slots = pagesIn(f).map(slotOf);
  return { from: slots[0]!, to: slots.at(-1)! + 1 };
}

/**
 * Pages that come back are mapped, all in one step. The caller's reference to the folio is that of one of
 * them. folio_add_anon_rmap_ptes().
 */
export function mapPages(pages: readonly number[], exclusive: boolean): void {
  needs(PTL, 'folio_add_anon_rmap_ptes');
  unprotected('folio_add_anon_rmap_ptes');
  addRefs(pages[0]!, pages.reduce((sum, page) => sum + pagesOf(page), 0) - 1);
  for (const page of pages) {
    const flags = cells[folio_flags.at + page]! | FOLIO_ANON | (exclusive ? FOLIO_EXCLUSIVE : 0);
    if (flags !== cells[folio_flags.at + page]) write(folio_flags.at + page, flags);
    write(folio_maps.at + page, cells[folio_maps.at + page]! + 1);
    addOwner(page, mm, pagesOf(page));
    effect('maps', page, cells[folio_maps.at + page]!, 1);
  }
}
