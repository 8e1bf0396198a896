/**
 * INV-R: the counters say what is there. In every state, for every folio:
 *
 *   refs = entries that map it + page cache + swap cache + LRU batch + pipe buffers + plain holds
 *          + what running code keeps (`keeps` of its row)
 *   pins = holds that are pins
 *   entries <= maps <= entries + what is kept under a page-table lock
 *
 * Of a large folio the first page counts references and pins of all; an entry is as many references as pages
 * that its slot stands for; mappings are counted page by page, those by PMD entries on the first one; a PMD
 * entry that is being split may count twice.
 *
 * `maps` is ahead of the entries where an entry is half made or half gone: fork counts before it writes the
 * child's entry; the copy clears, flushes, and only then uncounts. The zero page is mapped without being
 * counted.
 */
import { PTL, PTL_OTHER, heldBy } from '../kernel/locks.ts';
import { ZERO_PAGE, refsOf } from '../kernel/verbs/folio.ts';
import { headOf, pagesIn } from '../kernel/verbs/large.ts';
import { isHuge, isSplitting, region_of } from '../kernel/verbs/region.ts';
import { HOLD_PIN, holdBits } from '../kernel/verbs/mm.ts';
import {
  HELD_BY_HOLD,
  HELD_BY_PTE,
  HELD_BY_THREAD,
  NOT_HELD,
  allHolders,
  eachHolder,
  refsHeld,
} from '../kernel/holders.ts';
import type { Holder, HolderKind } from '../kernel/holders.ts';
import {
  cells,
  folio_entire,
  folio_head,
  folio_maps,
  folio_slot,
  folio_pins,
  folio_refs,
  folio_refs_more,
  now,
  pmd,
  pte,
  page_cache,
  swap_cache,
  folio_batch,
  pipe_slot,
  hold,
  splits,
  visited,
} from '../kernel/world.ts';
import { folioCard, folioName, pageName, processName, threadName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

const FOLIOS_MAX = 256;
const refs = new Int16Array(FOLIOS_MAX),
  pins = new Int16Array(FOLIOS_MAX),
  entries = new Int16Array(FOLIOS_MAX);
const changing = new Int16Array(FOLIOS_MAX),
  whole = new Int16Array(FOLIOS_MAX);

function count(kind: HolderKind, f: number, a: number, b: number): void {
  const head = headOf(f);
  if (kind === HELD_BY_HOLD && (holdBits(a) & HOLD_PIN) !== 0) {
    pins[head]! += 1;
    return;
  }
  refs[head]! += kind === NOT_HELD ? -1 : refsHeld(kind, f, a, b);
  if (kind === HELD_BY_PTE) {
    if (now.counts.thp !== 0 && isHuge(a, region_of(b))) countHuge(f, a, region_of(b));
    else entries[f]! += 1;
  } else if (kind === HELD_BY_THREAD && (heldBy(a) & (PTL | PTL_OTHER)) !== 0) changing[f]! += 1;
}
function countHuge(f: number, m: number, region: number): void {
  whole[headOf(f)]! += 1;
  if (isSplitting(m, region)) for (const page of pagesIn(f)) changing[page]! += 1;
}
function tally(): void {
  const n = now.counts.folios;
  for (let f = 0; f < n; f++) refs[f] = pins[f] = entries[f] = changing[f] = whole[f] = 0;
  eachHolder(count);
}

function broken(): Broken | null {
  tally();
  for (let f = ZERO_PAGE, n = now.counts.folios; f < n; f++) {
    const maps = cells[folio_maps.at + f]!;
    if (headOf(f) === f && (refsOf(f) !== refs[f] || cells[folio_pins.at + f] !== pins[f]))
      return miscounted(f);
    if (folio_entire.size !== 0 && cells[folio_entire.at + f] !== whole[f]) return mismapped(f);
    if (maps < entries[f]! || maps > entries[f]! + changing[f]!) return mismapped(f);
  }
  return null;
}
function miscounted(f: number): Broken {
  const there = refsOf(f),
    pinned = cells[folio_pins.at + f]!,
    who = allHolders()[f]!.map(holderName);
  const counts = several(there, 'reference') + (pins[f] === pinned ? '' : ` and ${several(pinned, 'pin')}`);
  return {
    reason: `${folioName(f)} counts ${counts}, but its holders are ${who.join(', ') || 'none'}.`,
    cards: [folioCard(f)],
    process: null,
    folio: f,
  };
}
function mismapped(f: number): Broken {
  const maps = several(cells[folio_maps.at + f]!, 'mapping');
  return {
    reason: `${folioName(f)} counts ${maps}, but ${entries[f]} page-table entries name it.`,
    cards: [folioCard(f)],
    process: null,
    folio: f,
  };
}
const several = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
function holderName(h: Holder): string {
  switch (h.kind) {
    case 'pte':
      return `${pageName(h.va)} of ${processName(h.mm)}`;
    case 'swap':
      return `the swap entry of ${pageName(h.va)} in ${processName(h.mm)}`;
    case 'swap-cache':
      return 'the swap cache';
    case 'cache':
      return 'the page cache';
    case 'batch':
      return `the LRU batch of CPU ${h.cpu}`;
    case 'pipe':
      return `pipe ${now.plan!.pipes[h.pipe]!.name}`;
    case 'get':
    case 'pin':
      return now.plan!.holds[h.hold]!.name;
    case 'kernel':
      return `${threadName(h.thread)} (${h.label})`;
  }
}

export const references_are_counted: Invariant = {
  id: 'references-are-counted',
  alias: ['INV-R', 'R'],
  says: 'The counters of every page equal the number of its holders, after every step.',
  word: 'miscounted',
  cite: 'include/linux/mm.h, page_ref',
  reads: [
    folio_refs,
    folio_refs_more,
    folio_head,
    folio_slot,
    folio_entire,
    pmd,
    folio_pins,
    folio_maps,
    pte,
    page_cache,
    swap_cache,
    folio_batch,
    pipe_slot,
    hold,
    visited,
    splits,
    'keeps',
  ],
  broken,
  applies: () => {
    for (let f = 1; f < now.counts.folios; f++) if (cells[folio_refs.at + f] !== 0) return true;
    return false;
  },
};
