/** PIN and GET: a device and the process that gave it a page must mean the same page. */
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import {
  HOLD_GET,
  HOLD_LIVE,
  HOLD_PIN,
  HOLD_PROMISED,
  HOLD_WRITE,
  SEEN,
  SEEN_STALE,
  holdBits,
  holdFolio,
  holdPlace,
} from '../kernel/verbs/mm.ts';
import { pte_folio, pte_present } from '../kernel/verbs/pte.ts';
import { pteAt } from '../kernel/view.ts';
import { cells, now, observation } from '../kernel/world.ts';
import {
  bytesName,
  folioCard,
  folioName,
  holdCard,
  pageName,
  processCard,
  processName,
} from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';
import { opOf, seenBytes } from './observed.ts';

/**
 * Taken, still promising, and of a kind that promises: every pin, and a plain reference for writing until
 * the next fork.
 */
function promises(h: number): boolean {
  const bits = holdBits(h);
  if ((bits & (HOLD_LIVE | HOLD_PROMISED)) !== (HOLD_LIVE | HOLD_PROMISED)) return false;
  return (bits & HOLD_PIN) !== 0 || (bits & (HOLD_GET | HOLD_WRITE)) === (HOLD_GET | HOLD_WRITE);
}
function parted(): number {
  for (let h = 0, n = now.counts.holds; h < n; h++) {
    if (!promises(h)) continue;
    const { process, va } = holdPlace(h),
      e = pteAt(process, va);
    if (pte_present(e) && pte_folio(e) !== holdFolio(h)) return h;
  }
  return -1;
}
/** First device that looked and has all of the bits, or -1. */
function deviceWith(bits: number): number {
  for (let o = 0, n = now.counts.observed, at = observation.at; o < n; o++, at += 2) {
    if ((cells[at]! & bits) === bits && opOf(o).syscall === 'release') return o;
  }
  return -1;
}

function broken(): Broken | null {
  const h = parted();
  if (h >= 0) return partedReason(h);
  const o = deviceWith(SEEN_STALE);
  return o < 0 ? null : staleReason(o);
}
function partedReason(h: number): Broken {
  const { process, va } = holdPlace(h),
    f = holdFolio(h),
    mapped = pte_folio(pteAt(process, va)),
    { name } = now.plan!.holds[h]!;
  const where = `${pageName(va)} of ${processName(process)}`;
  const what = (holdBits(h) & HOLD_PIN) !== 0 ? 'pins' : 'holds';
  return {
    reason: `${name} ${what} ${folioName(f)}, but ${where} now maps ${folioName(mapped)}.`,
    cards: [holdCard(h), folioCard(f), folioCard(mapped), processCard(process)],
    process,
    folio: f,
  };
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
  alias: ['INV-PIN', 'PIN', 'INV-GET', 'GET'],
  says: 'While a page is pinned and stays mapped, the pin and the page table name the same page.',
  word: 'stale',
  cite: '70e806e4e645, 57efa1fe5957, c89357e27f20',
  broken,
  applies: () => {
    for (let h = 0; h < now.counts.holds; h++) if (promises(h)) return true;
    return deviceWith(SEEN) >= 0;
  },
};
