/**
 * A pool that has become too large keeps of each world that was expanded 64 bits and its origin only. Two
 * worlds with equal bits are then taken for one: with n worlds that happens with a probability below
 * n^2 / 2^65, which the result of a search states. Worlds that wait for their turn are kept whole.
 */
import { roomier } from './packing.ts';
import { FULL, enterPrint } from './prints.ts';
import { CHUNK, CHUNK_BITS, NOT_KEPT } from './pool.ts';
import type { Pool } from './pool.ts';

/** Words for bits that have not changed yet: places of bits cannot move any more. */
const SPARE_WORDS = 3;
/** Turns an exact pool into one of fingerprints. `head`: worlds before it have been expanded. */
export function toFingerprints(pool: Pool, head: number): void {
  const old = pool.packing,
    packing = roomier(old, SPARE_WORDS),
    n = packing.words;
  let slots = 1 << 10;
  while (slots * FULL < 1.4 * pool.count) slots *= 2;
  const prints = new Int32Array(2 * slots);
  pool.table = new Int32Array(0);
  pool.chunks.forEach((chunk, i) => {
    const next = new Int32Array(CHUNK * n);
    for (let k = 0, worlds = Math.min(CHUNK, pool.count - i * CHUNK); k < worlds; k++) {
      for (let w = 0; w < old.words; w++) next[k * n + w] = chunk[k * old.words + w]!;
      enterPrint(prints, next, k * n, n);
    }
    pool.chunks[i] = i < head >>> CHUNK_BITS ? NOT_KEPT : next;
  });
  const basePacked = new Int32Array(n),
    rows = new Int32Array(pool.hashes.length * n);
  basePacked.set(pool.basePacked);
  for (let k = 0; k < pool.made; k++)
    for (let w = 0; w < old.words; w++) rows[k * n + w] = pool.rows[k * old.words + w]!;
  Object.assign(pool, { packing, prints, basePacked, rows });
}

/** Bound on the probability that some world was taken for another one. */
export const missedAtMost = ({ prints, count }: Pool): number =>
  prints === null ? 0 : (count * count) / 2 ** 65;
