/**
 * INV-SEQ: write_protect_seq is odd only while its writer holds mmap_lock; and a pin that was taken without
 * a lock while it was odd has been dropped again. What fork would have shared behind the back of such a pin
 * is what a state shows of it: no process but the holder's maps a private page that is pinned for writing.
 */
import {
  MM_ALIVE,
  WRITER,
  cells,
  folio_flags,
  folio_hugetlb,
  mm_state,
  mmap_lock,
  now,
  pages,
  pte,
  write_protect_seq,
  range_lock,
  hold,
} from '../kernel/world.ts';
import { no_writer_at } from '../kernel/locks.ts';
import { rules } from '../kernel/rules.ts';
import { FOLIO_ANON, folio_test_hugetlb } from '../kernel/verbs/folio.ts';
import { HOLD_PIN, HOLD_PROMISED, HOLD_WRITE, holdFolio, holdPlace } from '../kernel/verbs/mm.ts';
import { holdWith } from './devices.ts';
import { folioCard, folioName, holdCard, processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

const isUnlocked = (m: number): boolean =>
  rules.locksRanges ? no_writer_at(m, 0) : cells[mmap_lock.at + m] !== WRITER;

const WRITES = HOLD_PIN | HOLD_WRITE | HOLD_PROMISED;
/** A process other than the holder's that maps the private page of hold `h`, or -1. */
function otherOwner(h: number): number {
  const f = holdFolio(h),
    { process } = holdPlace(h);
  if ((cells[folio_flags.at + f]! & FOLIO_ANON) === 0) return -1;
  // 5.11 announces itself and shares a pinned huge page all the same.
  if (folio_test_hugetlb(f) && !rules.forkCopiesPinnedHuge) return -1;
  for (let i = 0, n = now.counts.mms * pages, at = pte.at; i < n; i++, at += 2) {
    const m = Math.trunc(i / pages);
    if (m !== process && cells[at] !== 0 && cells[at + 1] === f) return m;
  }
  return -1;
}

function broken(): Broken | null {
  for (let m = 0; m < now.counts.mms; m++) {
    if ((cells[write_protect_seq.at + m]! & 1) === 0 || cells[mm_state.at + m] !== MM_ALIVE) continue;
    if (!isUnlocked(m)) continue;
    return {
      reason: `write_protect_seq of ${processName(m)} is odd, but nobody holds its mmap_lock for writing.`,
      cards: [processCard(m)],
      process: m,
      folio: -1,
    };
  }
  // Where fork shares what is pinned, there is nothing that a pin could have to notice.
  if (!rules.hasWriteProtectSeq || !rules.forkCopiesPinned || now.counts.holds === 0) return null;
  const h = holdWith(WRITES, (x) => otherOwner(x) >= 0);
  return h < 0 ? null : sharedBehind(h);
}
function sharedBehind(h: number): Broken {
  const f = holdFolio(h),
    { process } = holdPlace(h),
    { name } = now.plan!.holds[h]!,
    other = otherOwner(h);
  return {
    reason: `${name} pins ${folioName(f)} for writing, but fork gave it to ${processName(other)} as well.`,
    cards: [holdCard(h), folioCard(f), processCard(other)],
    process,
    folio: f,
  };
}

export const fork_announces_itself: Invariant = {
  id: 'fork-announces-itself',
  alias: ['INV-SEQ', 'SEQ'],
  says: 'Only while fork holds mmap_lock is write_protect_seq odd, and no pin gets past a fork.',
  word: 'miscounted',
  cite: '57efa1fe5957',
  reads: [write_protect_seq, mm_state, mmap_lock, range_lock, folio_flags, folio_hugetlb, pte, hold],
  broken,
  applies: () => {
    for (let m = 0; m < now.counts.mms; m++) if (cells[write_protect_seq.at + m] !== 0) return true;
    return false;
  },
};
