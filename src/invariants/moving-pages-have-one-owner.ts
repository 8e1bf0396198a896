/** SWX, of migration entries: at most one of them brings a page back as exclusive. */
import { rules } from '../kernel/rules.ts';
import { migratesExclusive } from '../kernel/verbs/migrate.ts';
import { is_migration_entry } from '../kernel/verbs/pte.ts';
import { cells, now, pages, pte } from '../kernel/world.ts';
import { folioCard, folioName, pageName, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

const entries = (): number => now.counts.mms * pages;
/** The migration entry at place `i` says that its page is exclusive. */
const isExclusive = (i: number): boolean => {
  const e = cells[pte.at + 2 * i]!;
  return is_migration_entry(e) && migratesExclusive(e);
};

function broken(): Broken | null {
  if (now.counts.moves === 0 || !rules.hasExclusive) return null;
  for (let i = 0, n = entries(); i < n; i++) {
    if (!isExclusive(i)) continue;
    const f = cells[pte.at + 2 * i + 1]!;
    for (let j = 0; j < n; j++) {
      if (j === i || cells[pte.at + 2 * j + 1] !== f || !is_migration_entry(cells[pte.at + 2 * j]!)) continue;
      const m = Math.trunc(i / pages),
        other = Math.trunc(j / pages);
      return {
        reason:
          `${folioName(f)} is to come back to ${pageName(i % pages)} of ${processName(m)} as exclusive, ` +
          `and to ${processName(other)} as well.`,
        cards: [folioCard(f), processCard(m), processCard(other)],
        process: m,
        folio: f,
      };
    }
  }
  return null;
}
function applies(): boolean {
  for (let i = 0; now.counts.moves !== 0 && i < entries(); i++) if (isExclusive(i)) return true;
  return false;
}

export const moving_pages_have_one_owner: Invariant = {
  id: 'moving-pages-have-one-owner',
  alias: ['INV-SWX-MIGRATION'],
  says: 'A page on the move that comes back as exclusive comes back in one place.',
  word: 'shared',
  cite: '6c287605fd56',
  reads: [pte],
  broken,
  applies,
};
