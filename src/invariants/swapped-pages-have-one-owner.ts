/**
 * SWX and AE4, of swap: the entry that brings a page back as exclusive is the only one that names its slot,
 * and a page that some entry may still bring back is not marked exclusive.
 */
import { rules } from '../kernel/rules.ts';
import { FOLIO_EXCLUSIVE } from '../kernel/verbs/folio.ts';
import { is_swap_entry, pte_swp_exclusive } from '../kernel/verbs/pte.ts';
import { cells, folio_flags, now, pages, pte, swap_cache } from '../kernel/world.ts';
import { folioCard, folioName, pageName, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

const entries = (): number => now.counts.mms * pages;
const nameOf = (i: number): string => `${pageName(i % pages)} of ${processName(Math.trunc(i / pages))}`;
/** First entry from place `i` on that names a swap slot (that one, if it is not 0), -1 = none. */
function swapEntry(i: number, slot = 0): number {
  for (let n = entries(), at = pte.at + 2 * i; i < n; i++, at += 2)
    if (is_swap_entry(cells[at]!) && (slot === 0 || cells[at + 1] === slot)) return i;
  return -1;
}

function broken(): Broken | null {
  if (now.counts.swap === 0 || !rules.hasExclusive) return null;
  for (let i = swapEntry(0); i >= 0; i = swapEntry(i + 1)) {
    const slot = cells[pte.at + 2 * i + 1]!,
      f = cells[swap_cache.at + slot]!;
    const m = Math.trunc(i / pages);
    if (f !== 0 && (cells[folio_flags.at + f]! & FOLIO_EXCLUSIVE) !== 0)
      return {
        reason: `${folioName(f)} is marked exclusive, but ${nameOf(i)} may bring it back as well.`,
        cards: [folioCard(f), processCard(m)],
        process: m,
        folio: f,
      };
    if (!pte_swp_exclusive(cells[pte.at + 2 * i]!)) continue;
    const first = swapEntry(0, slot),
      other = first === i ? swapEntry(i + 1, slot) : first;
    if (other < 0) continue;
    return {
      reason: `${nameOf(i)} is to come back as exclusive, but ${nameOf(other)} names the same slot.`,
      cards: [processCard(m), processCard(Math.trunc(other / pages))],
      process: m,
      folio: slot,
    };
  }
  return null;
}

export const swapped_pages_have_one_owner: Invariant = {
  id: 'swapped-pages-have-one-owner',
  alias: ['INV-SWX', 'SWX'],
  says: 'A page that comes back from swap as exclusive comes back in one place only.',
  word: 'shared',
  cite: '1493a1913e34',
  reads: [pte, swap_cache, folio_flags],
  broken,
  applies: () => now.counts.swap !== 0 && rules.hasExclusive && swapEntry(0) >= 0,
};
