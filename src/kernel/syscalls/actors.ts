/**
 * What the hardware and per-CPU work do by themselves, where a scenario lets them: threads without an end.
 */
import { routine } from '../steps.ts';
import { lru_add_drain } from '../verbs/folio.ts';
import { evict, is_cached } from '../verbs/tlb.ts';
import { cells, cpuOf, folio_batch, now, op, self } from '../world.ts';

export const tlb_evict = routine(
  'tlb',
  { file: 'hardware', exits: ['end'] },
  {
    evict: {
      says: 'The CPU drops a translation by itself, to make room for others.',
      when: () => is_cached(op.slot, op.va),
      awaits: 'has nothing to drop',
      run: () => {
        evict(op.slot, op.va);
        return 'evict';
      },
    },
  },
);

const hasBatch = (): boolean => {
  for (let f = 1; f < now.counts.folios; f++) if (cells[folio_batch.at + f] === cpuOf[self]! + 1) return true;
  return false;
};
export const lru_drain = routine(
  'lru_add_drain_per_cpu',
  { file: 'mm/swap.c', exits: ['end'] },
  {
    drain: {
      says: 'Per-CPU work empties the LRU batch of a CPU.',
      when: hasBatch,
      awaits: 'has nothing to drain',
      run: () => {
        lru_add_drain();
        return 'drain';
      },
    },
  },
);
