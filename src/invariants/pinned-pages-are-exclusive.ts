/** AE3: what a pin relies on. A page that is pinned and mapped stays marked, so that no fault copies it. */
import { rules } from '../kernel/rules.ts';
import { FOLIO_ANON, FOLIO_EXCLUSIVE, ZERO_PAGE } from '../kernel/verbs/folio.ts';
import { HOLD_PIN, HOLD_PROMISED, holdFolio, holdPlace } from '../kernel/verbs/mm.ts';
import { cells, folio_flags, now, hold } from '../kernel/world.ts';
import { holdWith } from './devices.ts';
import { folioCard, folioName, holdCard, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

/** `HOLD_PROMISED` ends with the mapping: from then on the pin has the page for itself. */
const MAPPED_PIN = HOLD_PIN | HOLD_PROMISED;
const flagsOf = (h: number): number => cells[folio_flags.at + holdFolio(h)]!;
const isAnon = (h: number): boolean => holdFolio(h) > ZERO_PAGE && (flagsOf(h) & FOLIO_ANON) !== 0;

function broken(): Broken | null {
  if (!rules.hasExclusive || now.counts.holds === 0) return null;
  const h = holdWith(MAPPED_PIN, (x) => isAnon(x) && (flagsOf(x) & FOLIO_EXCLUSIVE) === 0);
  if (h < 0) return null;
  const f = holdFolio(h),
    { process } = holdPlace(h),
    { name } = now.plan!.holds[h]!;
  return {
    reason: `${name} pins ${folioName(f)} of ${processName(process)}, but the page is not marked exclusive.`,
    cards: [holdCard(h), folioCard(f), processCard(process)],
    process,
    folio: f,
  };
}

export const pinned_pages_are_exclusive: Invariant = {
  id: 'pinned-pages-are-exclusive',
  alias: ['INV-AE3', 'AE3'],
  says: 'A private page that is pinned is marked exclusive for as long as its process maps it.',
  word: 'shared',
  cite: 'c89357e27f20, 6c287605fd56',
  reads: [hold, folio_flags],
  broken,
  applies: () => rules.hasExclusive && holdWith(MAPPED_PIN, isAnon) >= 0,
};
