/** PIN: a device and the process that gave it a page must mean the same page. */
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import { SEEN, SEEN_STALE, holdFolio, holdPlace } from '../kernel/verbs/mm.ts';
import { throughHold } from '../kernel/view.ts';
import { cells, now, observation, hold, pte } from '../kernel/world.ts';
import { PROMISES, hasParted, holdWith, isPin, partedReason, promises } from './devices.ts';
import { bytesName, holdCard, pageName, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';
import { opOf, seenBytes } from './observed.ts';

const promisesPin = (h: number): boolean => isPin(h) && promises(h);

/** First device that looked and has all of the bits, or -1. */
function deviceWith(bits: number): number {
  for (let o = 0, n = now.counts.observed, at = observation.at; o < n; o++, at += 2) {
    if ((cells[at]! & bits) === bits && throughHold(opOf(o))) return o;
  }
  return -1;
}

function broken(): Broken | null {
  const h = holdWith(PROMISES, (x) => promisesPin(x) && hasParted(x));
  if (h >= 0) return partedReason(h);
  const o = deviceWith(SEEN_STALE);
  return o < 0 ? null : staleReason(o);
}
function staleReason(o: number): Broken {
  const { slot } = opOf(o),
    { process, va } = holdPlace(slot),
    { name } = now.plan!.holds[slot]!,
    seen = bytesName(seenBytes(o)),
    owner = processName(process),
    f = holdFolio(slot);
  return {
    reason: `The device behind ${name} reads ${seen}, which is not what ${owner} has at ${pageName(va)}.`,
    cards: [holdCard(slot), processCard(process)],
    process,
    folio: f > ZERO_PAGE ? f : -1,
  };
}

export const pins_stay_coherent: Invariant = {
  id: 'pins-stay-coherent',
  alias: ['INV-PIN', 'PIN'],
  says: 'While a page is pinned and stays mapped, the pin and the page table name the same page.',
  word: 'stale',
  cite: '70e806e4e645, 57efa1fe5957, c89357e27f20',
  reads: [hold, pte, observation],
  broken,
  applies: () => holdWith(PROMISES, promisesPin) >= 0 || deviceWith(SEEN) >= 0,
};
