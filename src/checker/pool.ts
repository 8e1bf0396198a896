/**
 * The worlds that a search has met: pool, queue and visited set in one. World number `i` lies at `i *
 * words`; the number is the order of discovery. A table finds worlds by hash; beside the number each slot
 * keeps bits of the hash, so that a probe of another world hardly ever touches the pool. Comparison is
 * exact.
 */
import { words as scratch } from '../kernel/world.ts';

export interface Pool {
  /** Words of one world. */
  readonly words: number;
  /** Worlds that fit. A power of two. */
  capacity: number;
  count: number;
  worlds: Int32Array;
  /** World from which each was met first, and the thread that moved. */
  parent: Uint32Array;
  via: Uint8Array;
  /** Number + 1 in the low bits, hash above; 0 = empty. Twice as many slots as worlds. */
  table: Int32Array;
}

export function newPool(words: number, capacity: number): Pool {
  return {
    words,
    capacity,
    count: 0,
    worlds: new Int32Array(capacity * words),
    parent: new Uint32Array(capacity),
    via: new Uint8Array(capacity),
    table: new Int32Array(2 * capacity),
  };
}
/** Bytes that a pool of that capacity takes. */
export const bytesOf = (words: number, capacity: number): number => capacity * (4 * words + 4 + 1 + 8);

/** Twice the room. */
export function grow(pool: Pool): void {
  const { words, worlds, parent, via, count } = pool,
    capacity = pool.capacity * 2;
  const next = newPool(words, capacity);
  next.worlds.set(worlds);
  next.parent.set(parent);
  next.via.set(via);
  const { table } = next,
    mask = table.length - 1,
    ids = idMask(capacity);
  for (let i = 0; i < count; i++) {
    const h = hash(worlds, i * words, words);
    let slot = h & mask;
    while (table[slot] !== 0) slot = (slot + 1) & mask;
    table[slot] = tag(h, ids) | (i + 1);
  }
  Object.assign(pool, { capacity, worlds: next.worlds, parent: next.parent, via: next.via, table });
}

/** Bits of a slot that hold the number. */
const idMask = (capacity: number): number => 2 * capacity - 1;
const tag = (h: number, ids: number): number => Math.imul(h, 0x9e3779b1) & ~ids;

/** murmur3 over the words, with its finish. */
export function hash(from: Int32Array, at: number, n: number): number {
  let h = 0x9e3779b9 | 0;
  for (let i = at, end = at + n; i < end; i++) {
    h = Math.imul(h ^ from[i]!, 0x85ebca6b);
    h = (h << 13) | (h >>> 19);
  }
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
  return h ^ (h >>> 15);
}

/** Of the world that find() has looked for last. */
let hashed = 0;

/** Number of the world in the scratch memory, or, if it is new, `~slot` of the table for put(). */
export function find(worlds: Int32Array, table: Int32Array, capacity: number, n: number): number {
  const h = hash(scratch, 0, n),
    ids = idMask(capacity),
    wanted = tag(h, ids),
    mask = table.length - 1;
  hashed = h;
  for (let slot = h & mask; ; slot = (slot + 1) & mask) {
    const e = table[slot]!;
    if (e === 0) return ~slot;
    if ((e & ~ids) !== wanted) continue;
    const id = (e & ids) - 1,
      at = id * n;
    let k = 0;
    while (k < n && worlds[at + k] === scratch[k]) k++;
    if (k === n) return id;
  }
}
/** Adds the scratch world, which find() has just not found. There must be room. */
export function put(pool: Pool, slot: number, parent: number, via: number): number {
  const { words: n, worlds, table, count } = pool,
    at = count * n;
  for (let i = 0; i < n; i++) worlds[at + i] = scratch[i]!;
  pool.parent[count] = parent;
  pool.via[count] = via;
  table[slot] = tag(hashed, idMask(pool.capacity)) | (count + 1);
  pool.count = count + 1;
  return count;
}

/** Threads whose moves lead to world `id`, in order. */
export function pathTo(pool: Pool, id: number): number[] {
  const out: number[] = [];
  for (let i = id; i !== 0; i = pool.parent[i]!) out.push(pool.via[i]!);
  return out.toReversed();
}
