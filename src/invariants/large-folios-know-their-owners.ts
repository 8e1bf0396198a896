/**
 * INV-OWN: a large folio remembers two of the processes that map it, each with its mappings, and whether
 * there may be others. It may think so when there are none; that there are none must be true, as a store
 * then keeps the page. From 6.15 on.
 */
import { OWNER_FIELDS, isMaybeShared, largeMaps, ownersOf } from '../kernel/verbs/large.ts';
import { is_migration_entry, is_swap_entry } from '../kernel/verbs/pte.ts';
import {
  cells,
  folio_entire,
  folio_head,
  folio_maps,
  folio_mm_shared,
  folio_slot,
  now,
  pages,
  pte,
} from '../kernel/world.ts';
import { folioCard, folioName, pageName, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

const isHead = (f: number): boolean => cells[folio_head.at + f] === f;
/** First entry that maps a page of the folio `head`, in another process than `m`; -1 = none. */
function mappedBesides(m: number, head: number): number {
  for (let i = 0, n = now.counts.mms * pages; i < n; i++) {
    const bits = cells[pte.at + 2 * i]!,
      f = cells[pte.at + 2 * i + 1]!;
    if (bits === 0 || is_swap_entry(bits) || is_migration_entry(bits)) continue;
    if (cells[folio_head.at + f] === head && Math.trunc(i / pages) !== m) return i;
  }
  return -1;
}

function broken(): Broken | null {
  if (folio_mm_shared.size === 0) return null;
  for (let f = 1, n = now.counts.folios; f < n; f++) {
    if (!isHead(f)) continue;
    const all = largeMaps(f),
      owners = ownersOf(f),
      known = owners.reduce((sum, o) => sum + o.maps, 0);
    if (known > all)
      return about(f, `${folioName(f)} has ${all} mappings, but ${known} are told of its processes.`);
    if (all === 0 || isMaybeShared(f)) continue;
    const owner = owners.find((o) => o.maps === all);
    if (owner === undefined)
      return about(
        f,
        `${folioName(f)} counts as mapped by one process, and remembers none that has all of it.`,
      );
    const i = mappedBesides(owner.mm, f);
    if (i < 0) continue;
    const other = Math.trunc(i / pages);
    return {
      reason:
        `${folioName(f)} counts as mapped by ${processName(owner.mm)} alone, ` +
        `but ${pageName(i % pages)} of ${processName(other)} maps it, too.`,
      cards: [folioCard(f), processCard(owner.mm), processCard(other)],
      process: other,
      folio: f,
    };
  }
  return null;
}
const about = (f: number, reason: string): Broken => ({
  reason,
  cards: [folioCard(f)],
  process: null,
  folio: f,
});
function applies(): boolean {
  for (let f = 1; folio_mm_shared.size !== 0 && f < now.counts.folios; f++)
    if (isHead(f) && largeMaps(f) > 0) return true;
  return false;
}

export const large_folios_know_their_owners: Invariant = {
  id: 'large-folios-know-their-owners',
  alias: ['INV-OWN', 'OWN'],
  says: 'A large folio that counts as mapped by one process is mapped by no other.',
  word: 'miscounted',
  cite: '1da190f4d0a6',
  reads: [
    folio_head,
    folio_slot,
    folio_entire,
    folio_maps,
    ...OWNER_FIELDS,
    pte,
  ],
  broken,
  applies,
};
