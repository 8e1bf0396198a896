/** AE4: the mark means something for private pages only, not for that of zeros, shared or merged ones. */
import { rules } from '../kernel/rules.ts';
import { is_slot } from '../kernel/verbs/swap.ts';
import { FOLIO_ANON, FOLIO_EXCLUSIVE, ZERO_PAGE } from '../kernel/verbs/folio.ts';
import { cells, folio_flags, folio_ksm, folio_refs, now, pages, pte, swap_state } from '../kernel/world.ts';
import { folioCard, folioName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

const BOTH = FOLIO_ANON | FOLIO_EXCLUSIVE;

function broken(): Broken | null {
  if (!rules.hasExclusive) return null;
  for (let f = ZERO_PAGE, n = now.counts.folios; f < n; f++) {
    const merged = folio_ksm.size !== 0 && cells[folio_ksm.at + f] !== 0,
      flags = cells[folio_flags.at + f]! & BOTH;
    if (flags !== FOLIO_EXCLUSIVE && !(merged && flags === BOTH)) continue;
    return {
      reason: `${folioName(f)} is marked exclusive, but it is ${merged ? 'a merged' : 'no private'} page.`,
      cards: [folioCard(f)],
      process: null,
      folio: f,
    };
  }
  return null;
}
/** The page of zeros is mapped, or shared memory has a page. */
function applies(): boolean {
  if (!rules.hasExclusive) return false;
  for (let i = 0, n = now.counts.mms * pages, at = pte.at; i < n; i++, at += 2)
    if (cells[at] !== 0 && cells[at + 1] === ZERO_PAGE) return true;
  for (let f = 1; f < now.counts.folios; f++)
    if (cells[folio_refs.at + f] !== 0 && (cells[folio_flags.at + f]! & FOLIO_ANON) === 0 && !is_slot(f))
      return true;
  return false;
}

export const exclusive_pages_are_anonymous: Invariant = {
  id: 'exclusive-pages-are-anonymous',
  alias: ['INV-AE4', 'AE4'],
  says: 'Only private pages are marked exclusive: not that of zeros, no shared or merged one.',
  word: 'shared',
  cite: '6c287605fd56',
  reads: [folio_flags, folio_ksm, folio_refs, pte, swap_state],
  broken,
  applies,
};
