/** INV-SEQ: write_protect_seq is odd only while its writer holds mmap_lock. */
import { WRITER, cells, mm_state, MM_ALIVE, mmap_lock, now, write_protect_seq } from '../kernel/world.ts';
import { no_writer_at } from '../kernel/locks.ts';
import { rules } from '../kernel/rules.ts';
import { processCard, processName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';

const isUnlocked = (m: number): boolean =>
  rules.locksRanges ? no_writer_at(m, 0) : cells[mmap_lock.at + m] !== WRITER;
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
  return null;
}

export const fork_announces_itself: Invariant = {
  id: 'fork-announces-itself',
  alias: ['INV-SEQ'],
  says: 'Only while fork holds mmap_lock for writing is write_protect_seq odd.',
  word: 'miscounted',
  cite: '57efa1fe5957',
  broken,
  applies: () => {
    for (let m = 0; m < now.counts.mms; m++) if (cells[write_protect_seq.at + m] !== 0) return true;
    return false;
  },
};
