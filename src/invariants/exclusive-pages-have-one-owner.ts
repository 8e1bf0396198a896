/** AE1: what PageAnonExclusive promises to whoever finds it set. */
import { rules } from '../kernel/rules.ts';
import { FOLIO_EXCLUSIVE } from '../kernel/verbs/folio.ts';
import { cells, folio_flags, now, pages, pte } from '../kernel/world.ts';
import { folioCard, folioName, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

/** First entry, in any process, that names folio `f`; counted in entries, from `i` on. -1 = none. */
function entryOf(f: number, i: number): number {
  for (let n = now.counts.mms * pages, at = pte.at + 2 * i; i < n; i++, at += 2)
    if (cells[at] !== 0 && cells[at + 1] === f) return i;
  return -1;
}
function exclusive(): number {
  for (let f = 1, n = now.counts.folios; f < n; f++)
    if ((cells[folio_flags.at + f]! & FOLIO_EXCLUSIVE) !== 0) return f;
  return -1;
}

function broken(): Broken | null {
  if (!rules.hasExclusive) return null;
  for (let f = 1, n = now.counts.folios; f < n; f++) {
    if ((cells[folio_flags.at + f]! & FOLIO_EXCLUSIVE) === 0) continue;
    const first = entryOf(f, 0),
      second = first < 0 ? -1 : entryOf(f, first + 1);
    if (second >= 0) return shared(f, Math.trunc(first / pages), Math.trunc(second / pages));
  }
  return null;
}
function shared(f: number, a: number, b: number): Broken {
  const whom =
    a === b ? `${processName(a)} maps it twice` : `${processName(a)} and ${processName(b)} both map it`;
  return {
    reason: `${folioName(f)} is marked exclusive, but ${whom}.`,
    cards: [folioCard(f), processCard(a), ...(a === b ? [] : [processCard(b)])],
    process: b,
    folio: f,
  };
}

export const exclusive_pages_have_one_owner: Invariant = {
  id: 'exclusive-pages-have-one-owner',
  alias: ['INV-AE1', 'AE1'],
  says: 'A page that is marked exclusive is mapped by one entry of one process at most.',
  word: 'shared',
  cite: '6c287605fd56',
  reads: [folio_flags, pte],
  broken,
  applies: () => rules.hasExclusive && exclusive() >= 0,
};
