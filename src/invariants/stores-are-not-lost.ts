/** LOST: a process must see its own stores. */
import { SEEN, SEEN_STALE } from '../kernel/verbs/mm.ts';
import { cells, now, observation } from '../kernel/world.ts';
import { expectedAt } from '../kernel/view.ts';
import { bytesName, folioCard, pageName, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';
import { look, opOf, seenBytes } from './observed.ts';

/** First load whose observation has all of the bits, or -1. */
function loadWith(bits: number): number {
  for (let o = 0, n = now.counts.observed, at = observation.at; o < n; o++, at += 2) {
    if ((cells[at]! & bits) === bits && opOf(o).syscall === 'load') return o;
  }
  return -1;
}

function broken(): Broken | null {
  const o = loadWith(SEEN_STALE);
  if (o < 0) return null;
  const { by, folio } = look(o),
    { va } = opOf(o),
    due = expectedAt(by, va);
  // Once more has been written, what the load should have returned is no longer known.
  const instead =
    due === seenBytes(o) ? 'something else was stored there' : `${bytesName(due)} was stored there`;
  return {
    reason: `${processName(by)} loads ${bytesName(seenBytes(o))} from ${pageName(va)}, but ${instead}.`,
    cards: [processCard(by), ...(folio < 0 ? [] : [folioCard(folio)])],
    process: by,
    folio,
  };
}

export const stores_are_not_lost: Invariant = {
  id: 'stores-are-not-lost',
  alias: ['INV-LOST', 'LOST'],
  says: 'What a process stores is what its next load from there returns, on whichever CPU.',
  word: 'lost',
  cite: '6ce64428d620, and the mails on uffd-wp of January 2021',
  reads: [observation],
  broken,
  applies: () => loadWith(SEEN) >= 0,
};
