/** AE2: the hardware may write to a private page only if the page is exclusive. */
import { PTL, PTL_CHILD, PTL_OTHER } from '../kernel/locks.ts';
import { rules } from '../kernel/rules.ts';
import { FOLIO_ANON, FOLIO_EXCLUSIVE } from '../kernel/verbs/folio.ts';
import { PTE_PRESENT, PTE_WRITE } from '../kernel/verbs/pte.ts';
import { is_cow_mapping } from '../kernel/verbs/vma.ts';
import { tableAt, tableOf, vmaAt } from '../kernel/view.ts';
import { cells, folio_flags, mmNow, now, pages, pte, ptl, vm_flags, vm_flags_more } from '../kernel/world.ts';
import { folioCard, folioName, pageName, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

const WRITABLE = PTE_PRESENT | PTE_WRITE;

/**
 * Entry, counted over all processes, that is writable and private and whose page has exactly `flags`; -1 =
 * none.
 */
function writableWith(flags: number): number {
  for (let m = 0, i = 0; m < now.counts.mms; m++) {
    // fork clears the mark before it write-protects the entry: whoever holds the page-table lock may be
    // between the two.
    if (now.counts.tables === 0 && cells[ptl.at + m] !== 0) {
      i += pages;
      continue;
    }
    for (let va = 0; va < pages; va++, i++) {
      if (now.counts.tables !== 0 && tableAt(m, tableOf(va)).ptl >= 0) continue;
      const at = pte.at + 2 * i;
      if ((cells[at]! & WRITABLE) !== WRITABLE || !is_cow_mapping(vmaAt(m, va))) continue;
      if ((cells[folio_flags.at + cells[at + 1]!]! & (FOLIO_ANON | FOLIO_EXCLUSIVE)) === flags) return i;
    }
  }
  return -1;
}

function broken(): Broken | null {
  if (!rules.hasExclusive) return null;
  const i = writableWith(FOLIO_ANON);
  if (i < 0) return null;
  const m = Math.trunc(i / pages),
    f = cells[pte.at + 2 * i + 1]!;
  const page = pageName(i % pages),
    owner = processName(m);
  return {
    reason: `${owner} may write to ${folioName(f)} at ${page}, but the page is not marked exclusive.`,
    cards: [processCard(m), folioCard(f)],
    process: m,
    folio: f,
  };
}

/** Locks that are not the thread's own process's hide, too, but no check moves their taking. */
const ANY_PTL = PTL | PTL_CHILD | PTL_OTHER;
function mayWrite(m: number): boolean {
  for (let va = 0; va < pages; va++)
    if ((cells[pte.at + 2 * (m * pages + va)]! & WRITABLE) === WRITABLE) return true;
  return false;
}

export const writable_implies_exclusive: Invariant = {
  id: 'writable-implies-exclusive',
  alias: ['INV-AE2', 'AE2'],
  says: 'A writable entry of private anonymous memory maps an exclusive page, unless its lock is held.',
  word: 'writable',
  cite: '6c287605fd56',
  reads: [pte, folio_flags, ptl, vm_flags, vm_flags_more],
  broken,
  hides: (t, locks) => rules.hasExclusive && (locks & ANY_PTL) !== 0 && mayWrite(mmNow(t)),
  applies: () => rules.hasExclusive && writableWith(FOLIO_ANON | FOLIO_EXCLUSIVE) >= 0,
};
