/** KSM: a page that stands for equal ones is never written. */
import { KSM_NEW } from '../kernel/verbs/ksm.ts';
import { cells, folio_ksm, folio_maps, folio_stored, now } from '../kernel/world.ts';
import { bytesName, folioCard, folioName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

/** What a merged page holds is nobody's own; whoever writes leaves bytes of his. */
function broken(): Broken | null {
  if (folio_ksm.size === 0) return null;
  for (let f = 1, n = now.counts.folios; f < n; f++) {
    if (cells[folio_ksm.at + f]! < KSM_NEW || cells[folio_maps.at + f] === 0) continue;
    const stored = cells[folio_stored.at + f]!;
    if (now.plan!.stored[stored]!.process < 0) continue;
    return {
      reason: `${folioName(f)} is a merged page, and somebody has written ${bytesName(stored)} to it.`,
      cards: [folioCard(f)],
      process: null,
      folio: f,
    };
  }
  return null;
}
function applies(): boolean {
  for (let f = 1; folio_ksm.size !== 0 && f < now.counts.folios; f++)
    if (cells[folio_ksm.at + f]! >= KSM_NEW) return true;
  return false;
}

export const merged_pages_stay_equal: Invariant = {
  id: 'merged-pages-stay-equal',
  alias: ['INV-KSM', 'KSM'],
  says: 'Nobody writes to a page that KSM has merged.',
  word: 'shared',
  cite: 'mm/ksm.c, write_protect_page',
  reads: [folio_ksm, folio_maps, folio_stored],
  broken,
  applies,
};
