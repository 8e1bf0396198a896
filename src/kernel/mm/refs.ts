/** References that a thread holds while it stands somewhere inside the fault path. */
import { COPY_FLUSHES_FIRST, COPY_HOLDS_OLD_FOLIO, guarded } from '../guards.ts';
import type { Ref } from '../steps.ts';
import { pte_folio, pte_special } from '../verbs/pte.ts';
import { vmf } from '../vmf.ts';

const origFolio = (): readonly number[] => (pte_special(vmf.orig_pte) ? [] : [pte_folio(vmf.orig_pte)]);

/** A page that was allocated and is not installed yet. */
export const new_folio: Ref = {
  label: 'new page',
  folios: () => (vmf.new_folio === 0 ? [] : [vmf.new_folio]),
};
/** The page that is being replaced, held across the unlocked copy. */
export const old_folio: Ref = {
  label: 'copy',
  folios: () => (guarded(COPY_HOLDS_OLD_FOLIO) ? origFolio() : []),
};
/** A page whose lock somebody sleeps for. */
export const waited_folio: Ref = { label: 'page-lock wait', folios: origFolio };
/** The reference of the entry that was cleared, not yet dropped. */
export const mapping: Ref = { label: 'old mapping', folios: origFolio, mapped: true };
/** The same before the copy is installed: without the guard the entry is still there, and is what holds. */
export const cleared_mapping: Ref = {
  label: 'old mapping',
  folios: () => (guarded(COPY_FLUSHES_FIRST) ? origFolio() : []),
  mapped: true,
};
