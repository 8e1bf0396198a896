/**
 * What the hardware and per-CPU work do by themselves, where a scenario lets them: threads without an end.
 */
import { routine } from '../steps.ts';
import { lru_add_drain } from '../verbs/folio.ts';
import { HOLD_WRITE, holdBits, holdFolio, holdPlace, wouldObserve } from '../verbs/mm.ts';
import { evict, is_cached } from '../verbs/tlb.ts';
import { cells, cpuOf, folio_batch, folio_stored, now, op, self } from '../world.ts';
import { device_reads, device_writes, isLive, isPromised } from './hold.ts';

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

/** Its page does not have the device's bytes, so that writing them would be seen. */
const mayWrite = (): boolean =>
  isLive() &&
  (holdBits(op.slot) & HOLD_WRITE) !== 0 &&
  cells[folio_stored.at + holdFolio(op.slot)] !== op.stored;
/** A device writes through a live hold whenever it likes, and as often. */
export const dma_write = routine(
  'dma',
  { file: 'device', exits: ['end'] },
  {
    write: {
      says: 'The device writes {bytes} into {folio}, without asking anybody.',
      when: mayWrite,
      awaits: 'has no page, or has written it already',
      run: () => {
        device_writes();
        return 'write';
      },
    },
  },
);

/** Looking once more would show something else than the last time. */
function mayRead(): boolean {
  if (!isLive()) return false;
  const { process, va } = holdPlace(op.slot);
  return wouldObserve(holdFolio(op.slot), process, va, isPromised());
}
/** A device reads through a live hold whenever it likes; its result is what it saw last. */
export const dma_read = routine(
  'dma',
  { file: 'device', exits: ['end'] },
  {
    read: {
      says: 'The device reads {bytes} from {folio}, without asking anybody.',
      when: mayRead,
      awaits: 'has no page to read, or would see the same again',
      run: () => {
        device_reads();
        return 'read';
      },
    },
  },
);
