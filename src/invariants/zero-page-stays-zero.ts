/** ZERO: everybody who has never written reads the same page. */
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import { PTE_WRITE } from '../kernel/verbs/pte.ts';
import { cells, folio_stored, now, pages, pte } from '../kernel/world.ts';
import { bytesName, folioCard, pageName, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

/** First entry, over all processes, that maps the zero page with all of the bits; -1 = none. */
function mappedWith(bits: number): number {
  for (let i = 0, n = now.counts.mms * pages, at = pte.at; i < n; i++, at += 2) {
    if (cells[at] !== 0 && cells[at + 1] === ZERO_PAGE && (cells[at]! & bits) === bits) return i;
  }
  return -1;
}

function broken(): Broken | null {
  const stored = cells[folio_stored.at + ZERO_PAGE]!;
  if (stored !== 0) {
    return {
      reason: `The page of zeros holds ${bytesName(stored)}.`,
      cards: [folioCard(ZERO_PAGE)],
      process: null,
      folio: ZERO_PAGE,
    };
  }
  const i = mappedWith(PTE_WRITE);
  if (i < 0) return null;
  const m = Math.trunc(i / pages);
  return {
    reason: `${processName(m)} may write to the page of zeros at ${pageName(i % pages)}.`,
    cards: [processCard(m), folioCard(ZERO_PAGE)],
    process: m,
    folio: ZERO_PAGE,
  };
}

export const zero_page_stays_zero: Invariant = {
  id: 'zero-page-stays-zero',
  alias: ['INV-ZERO', 'ZERO'],
  says: 'The page of zeros stays zero, and nobody may write to it.',
  word: 'zeros',
  cite: 'mm/memory.c, do_anonymous_page',
  reads: [pte, folio_stored],
  broken,
  applies: () => mappedWith(0) >= 0,
};
