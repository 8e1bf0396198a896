/**
 * The worlds that a search has met: pool, queue and visited set in one, packed (`packing.ts`). The number of
 * a world is the order of discovery. They lie in chunks, so that room grows by what is needed and nothing is
 * copied. A table finds worlds by hash; beside the number each slot keeps bits of the hash, so that a probe
 * of another world hardly ever touches the pool. Comparison is exact.
 *
 * A search stands on one world: it is in the scratch memory, and what a step writes is put into the packed
 * form, looked up and taken back cell by cell, from the journal of writes.
 */
import { InternalError } from '../kernel/errors.ts';
import { branches } from '../kernel/engine.ts';
import type { Machine } from '../kernel/machine.ts';
import { CHOICES_MAX } from '../kernel/steps.ts';
import { cells, journal, load, written } from '../kernel/world.ts';
import { HAS_MORE, fitted, pack, packingOf, unpack, widened } from './packing.ts';
import type { Packing } from './packing.ts';
import { findPrint, putPrint } from './prints.ts';

export const CHUNK_BITS = 13,
  CHUNK = 1 << CHUNK_BITS;
const IN_CHUNK = CHUNK - 1;
/** In the place of a chunk whose worlds are fingerprints now. */
export const NOT_KEPT = new Int32Array(0);

export interface Pool {
  readonly machine: Machine;
  packing: Packing;
  count: number;
  /** Packed worlds, CHUNK to a piece; and for each the world it was met from, and how. */
  chunks: Int32Array[];
  readonly origins: Uint32Array[];
  /** Low bits of an origin: the thread, above it the choice; then the world. */
  readonly threadBits: number;
  readonly moveBits: number;
  /** Most worlds that an origin can name. */
  readonly countMax: number;
  /** Number + 1 in the low bits, hash above; 0 = empty. */
  table: Int32Array;
  /** Instead of the table: pairs of words (`fingerprints.ts`); null = exact. */
  prints: Int32Array | null;
  /** A bit has changed that fingerprints have no place for: what was found since is not to be trusted. */
  outgrown: boolean;
  /** The world it stands on: cells, and packed. */
  readonly base: Uint8Array;
  basePacked: Int32Array;
  /**
   * Packed forms of worlds that steps have made, one after the other, and their hashes; behind the last one a
   * word for cells that never change. `made`: how many; find() makes do with one.
   */
  rows: Int32Array;
  readonly hashes: Int32Array;
  made: number;
  /** Of each, if it was made ahead: its origin, and the invariants to ask (as changed() has it). */
  readonly cameFrom: Uint32Array;
  readonly asks: Int32Array;
}
/** Worlds that may be made from several before the first is looked up; those from one are at most as many. */
export const ROWS = 64;

const FIRST_SLOTS = 1 << 8,
  FIRST_WORLDS = 1 << 7;
const bytesOfCells = (from: Int32Array): Uint8Array =>
  new Uint8Array(from.buffer, from.byteOffset, 4 * from.length).slice();

/** `mask`: for each cell the bits that are expected to change. The machine must be active. */
export function newPool(machine: Machine, mask: Uint8Array): Pool {
  const start = bytesOfCells(machine.start),
    packing = packingOf(start, mask),
    threadBits = 32 - Math.clz32(machine.plan.threads.length - 1),
    moveBits = threadBits + (branches ? 31 - Math.clz32(CHOICES_MAX) : 0),
    most = machine.plan.threads.length * (branches ? CHOICES_MAX : 1);
  return {
    machine,
    packing,
    count: 0,
    chunks: [],
    origins: [],
    threadBits,
    moveBits,
    countMax: Math.min(2 ** (32 - moveBits), 2 ** 30),
    table: new Int32Array(FIRST_SLOTS),
    prints: null,
    outgrown: false,
    base: start.slice(),
    basePacked: new Int32Array(packing.words),
    rows: newRows(ROWS + most, packing),
    hashes: new Int32Array(ROWS + most + 1),
    made: 0,
    cameFrom: new Uint32Array(ROWS + most),
    asks: new Int32Array(ROWS + most),
  };
}

const newRows = (most: number, { words }: Packing): Int32Array => new Int32Array(most * words + 1);
const chunkBytes = ({ packing }: Pool): number => 4 * CHUNK * packing.words;
/** Bytes that it takes now: worlds, origins, table. */
export function bytesOf(pool: Pool): number {
  const { chunks, origins, table, prints } = pool;
  const kept = chunks.reduce((n, c) => n + c.length, 0);
  return 4 * (kept + origins.reduce((n, o) => n + o.length, 0) + table.length + (prints?.length ?? 0));
}
/** Most bytes that it takes while one more world is added. */
export function bytesForNext(pool: Pool): number {
  const chunk = (pool.count & IN_CHUNK) === 0 ? chunkBytes(pool) + 4 * CHUNK : 0;
  const { length } = pool.prints ?? pool.table;
  return bytesOf(pool) + chunk + (isFull(pool, pool.count + 1) ? 8 * length : 0);
}
/** The next world needs more memory than there is. */
export const lacksRoom = (pool: Pool): boolean =>
  (pool.count & IN_CHUNK) === 0 || isFull(pool, pool.count + 1);
const isFull = ({ table, prints }: Pool, count: number): boolean =>
  prints === null ? 4 * count > 3 * table.length : 8 * count >= 3 * prints.length;
/** The worlds before `head` have had their turn. */
export function release(pool: Pool, head: number): void {
  if (pool.prints !== null && (head & IN_CHUNK) === 0 && head > 0)
    pool.chunks[(head >>> CHUNK_BITS) - 1] = NOT_KEPT;
}

/** Brings the first world to the scratch memory. Others may have been there since. */
export function settle(pool: Pool): void {
  load(pool.machine.start, 0);
  pool.base.set(pool.packing.start);
  pool.basePacked.fill(0);
}
/** Goes from the world it stands on to world `id`. */
export function stand(pool: Pool, id: number): void {
  const { packing, base, basePacked } = pool,
    { words, besides, toCell } = packing,
    chunk = pool.chunks[id >>> CHUNK_BITS]!,
    at = (id & IN_CHUNK) * words;
  if (chunk === NOT_KEPT) throw new InternalError(`world ${id} is not kept`);
  for (let w = 0; w < words; w++) {
    const v = chunk[at + w]!;
    let differs = v ^ basePacked[w]!;
    if (differs === 0) continue;
    basePacked[w] = v;
    do {
      const bit = 32 * w + 31 - Math.clz32(differs),
        piece = besides[bit]!,
        p = toCell[bit]!,
        c = p & 0xffff,
        now = base[c]! ^ ((differs & piece) >>> (p >> 16));
      base[c] = now;
      cells[c] = now;
      differs &= ~piece;
    } while (differs !== 0);
  }
}
/** Takes back what was written since the last step began. */
export function back({ base }: Pool): void {
  for (let j = 0; j < written; j++) {
    const c = journal[j]!;
    cells[c] = base[c]!;
  }
}

/** Two lanes of murmur3 over the words, which a processor runs side by side, with its finish. */
export function hash(from: Int32Array, at: number, n: number): number {
  let h = 0x9e3779b9 | 0,
    g = n;
  const end = at + (n & ~1);
  for (let i = at; i < end; i += 2) {
    h = Math.imul(h ^ from[i]!, 0x85ebca6b);
    g = Math.imul(g ^ from[i + 1]!, 0xcc9e2d51);
    h = (h << 13) | (h >>> 19);
    g = (g << 15) | (g >>> 17);
  }
  if ((n & 1) !== 0) h = Math.imul(h ^ from[end]!, 0x85ebca6b);
  h ^= Math.imul(g ^ (g >>> 15), 0x1b873593);
  h = Math.imul(h ^ (h >>> 16), 0xc2b2ae35);
  return h ^ (h >>> 15);
}
const tag = (h: number, ids: number): number => Math.imul(h, 0x9e3779b1) & ~ids;

/**
 * Number of the scratch world, which one step (and what followed it) has made of the one it stands on; in a
 * pool of fingerprints 0. If it is new, `~slot` of the table for put().
 */
export function find(pool: Pool): number {
  pool.made = 0;
  make(pool);
  pool.hashes[0] = hash(pool.rows, 0, pool.packing.words);
  return findMade(pool, 0);
}
/** Packs the scratch world, which one step has made of the one it stands on, behind those that were made. */
export function make(pool: Pool): void {
  if (packWrites(pool) !== 0) widen(pool);
  pool.made += 1;
}
/**
 * make() and back() in one pass. False: a bit has changed that the packing has no place for; then nothing was
 * made, and the step was taken back all the same.
 */
export function makeBack(pool: Pool): boolean {
  const { base, basePacked, rows, made } = pool,
    { words, start, toWord } = pool.packing,
    row = made * words;
  if (written > journal.length) throw new InternalError(`${written} writes in one step`);
  for (let w = 0; w < words; w++) rows[row + w] = basePacked[w]!;
  let strange = 0;
  for (let j = 0, n = written; j < n; j++) {
    const c = journal[j]!,
      now = cells[c]!,
      was = base[c]!;
    cells[c] = was;
    // Nothing, if it is as it was, or was met before in the journal: to ask costs more than to do it.
    const d = now ^ was,
      p = toWord[c]!,
      m = (p >> 16) & 255;
    rows[row + (p & 0xffff)]! ^= (d & m) << ((p >> 24) & 31);
    if ((d & ~m) !== 0 || ((p & HAS_MORE) !== 0 && d !== 0))
      strange |= packMore(pool.packing, rows, row, c, now ^ start[c]!);
  }
  if (strange !== 0) return false;
  pool.made = made + 1;
  return true;
}
/**
 * Hashes what was made, and touches the places of the table where each will be looked up: the processor
 * fetches them side by side, and none is waited for.
 */
export function hashMade(pool: Pool): void {
  const { rows, hashes, made, table } = pool,
    n = pool.packing.words;
  if (pool.prints !== null) return;
  const mask = table.length - 1;
  for (let k = 0; k < made; k++) hashes[k] = hash(rows, k * n, n);
  // Kept behind the hashes, as what nobody asks for is not fetched.
  hashes[made] = touch(table, mask, hashes, made);
}
/** A loop of its own, so short that the processor has many of the loads under way at once. */
function touch(table: Int32Array, mask: number, hashes: Int32Array, n: number): number {
  let touched = 0;
  for (let k = 0; k < n; k++) touched ^= table[hashes[k]! & mask]!;
  return touched;
}
/** The same as find(), of the world that was made as number `k`. */
export function findMade({ table, rows, chunks, prints, packing, hashes }: Pool, k: number): number {
  const n = packing.words;
  if (prints !== null) return findPrint(prints, rows, k * n, n);
  return probe(table, hashes[k]!, chunks, rows, k * n, n);
}
function probe(
  table: Int32Array,
  h: number,
  chunks: readonly Int32Array[],
  rows: Int32Array,
  from: number,
  n: number,
): number {
  const mask = table.length - 1,
    wanted = tag(h, mask);
  for (let slot = h & mask; ; slot = (slot + 1) & mask) {
    const e = table[slot]!;
    if (e === 0) return ~slot;
    if ((e & ~mask) !== wanted) continue;
    const id = (e & mask) - 1,
      chunk = chunks[id >>> CHUNK_BITS]!,
      at = (id & IN_CHUNK) * n;
    let i = 0;
    while (i < n && chunk[at + i] === rows[from + i]) i++;
    if (i === n) return id;
  }
}
/**
 * Looks up what was made ahead, from number `k` on, and adds what is new. Returns the number of the first one
 * that is new and cannot be added just so: because then there were more than `most` worlds, or the room for
 * them has to grow, or somebody who is `asked` may want to look at it. Of fingerprints that is every one.
 */
export function takeIn(pool: Pool, k: number, most: number, asked: number): number {
  const { table, rows, hashes, chunks, origins, prints, made, cameFrom, asks } = pool,
    n = pool.packing.words,
    mask = table.length - 1;
  if (prints !== null) return k;
  let { count } = pool;
  const end = Math.min(most, roomFor(pool)),
    chunk = chunks[count >>> CHUNK_BITS] ?? NOT_KEPT,
    origin = origins[count >>> CHUNK_BITS];
  for (; k < made; k++) {
    const h = hashes[k]!,
      from = k * n,
      known = probe(table, h, chunks, rows, from, n);
    if (known >= 0) continue;
    if (count >= end || (asks[k]! & asked) !== 0) break;
    const at = (count & IN_CHUNK) * n;
    for (let i = 0; i < n; i++) chunk[at + i] = rows[from + i]!;
    origin![count & IN_CHUNK] = cameFrom[k]!;
    count += 1;
    table[~known] = tag(h, mask) | count;
  }
  pool.count = count;
  return k;
}
/** So many worlds there can be before chunks or table have to grow. */
function roomFor({ count, origins, table }: Pool): number {
  const inChunks = count < CHUNK ? (origins[0]?.length ?? 0) : (count + IN_CHUNK) & ~IN_CHUNK;
  return Math.min(inChunks, 3 * (table.length >> 2));
}
/** Returns bits that the packing has no place for. */
function packWrites({ packing, basePacked, rows, made }: Pool): number {
  const { words, start, toWord } = packing,
    row = made * words;
  if (written > journal.length) throw new InternalError(`${written} writes in one step`);
  for (let w = 0; w < words; w++) rows[row + w] = basePacked[w]!;
  let strange = 0;
  for (let j = 0, n = written; j < n; j++) {
    const c = journal[j]!,
      v = cells[c]! ^ start[c]!,
      p = toWord[c]!,
      m = (p >> 16) & 255,
      up = (p >> 24) & 31,
      w = row + (p & 0xffff);
    rows[w] = (rows[w]! & ~(m << up)) | ((v & m) << up);
    if ((v & ~m) !== 0 || (p & HAS_MORE) !== 0) strange |= packMore(packing, rows, row, c, v);
  }
  return strange;
}
/** The other pieces of a cell. */
function packMore(packing: Packing, rows: Int32Array, row: number, cell: number, v: number): number {
  const { known, more, word, mask, up } = packing;
  for (let p = more[cell]!; p !== 0; p = more[p]!) {
    const w = row + word[p]!;
    rows[w] = (rows[w]! & ~(mask[p]! << up[p]!)) | ((v & mask[p]!) << up[p]!);
  }
  return v & ~known[cell]!;
}
/** Makes room for what was written, and packs all worlds again. */
function widen(pool: Pool): void {
  const bits = new Map<number, number>(),
    old = pool.packing;
  for (let j = 0; j < written; j++) {
    const c = journal[j]!;
    bits.set(c, cells[c]! ^ old.start[c]!);
  }
  const fit = fitted(old, bits);
  if (fit !== null) {
    pool.packing = fit;
    packWrites(pool);
    return;
  }
  if (pool.prints !== null) {
    pool.outgrown = true;
    return;
  }
  const packing = widened(old, bits);
  pool.chunks = pool.chunks.map((chunk, i) =>
    repacked(chunk, Math.min(CHUNK, pool.count - i * CHUNK), old, packing),
  );
  const rows = newRows(pool.hashes.length - 1, packing);
  packAgain(pool.rows, pool.made, old, rows, packing);
  pool.rows = rows;
  pool.packing = packing;
  pool.basePacked = new Int32Array(packing.words);
  pack(packing, pool.base, pool.basePacked, 0);
  packWrites(pool);
  rehash(pool, pool.table.length);
}

function repacked(chunk: Int32Array, worlds: number, old: Packing, packing: Packing): Int32Array {
  const room = old.words === 0 ? FIRST_WORLDS : chunk.length / old.words,
    next = new Int32Array(room * packing.words);
  packAgain(chunk, worlds, old, next, packing);
  return next;
}
function packAgain(from: Int32Array, worlds: number, old: Packing, to: Int32Array, packing: Packing): void {
  const cell = old.start.slice();
  for (let k = 0; k < worlds; k++) {
    unpack(old, from, k * old.words, cell);
    pack(packing, cell, to, k * packing.words);
  }
}

/** One more chunk. The first one begins small and doubles, as most checks are small. */
function makeRoom({ chunks, origins, count, packing }: Pool): void {
  const [chunk, origin] = [chunks[0], origins[0]];
  if (count >= CHUNK || chunk === undefined || origin === undefined) {
    const worlds = count === 0 ? FIRST_WORLDS : CHUNK;
    chunks.push(new Int32Array(worlds * packing.words));
    origins.push(new Uint32Array(worlds));
    return;
  }
  chunks[0] = new Int32Array(2 * chunk.length);
  chunks[0].set(chunk);
  origins[0] = new Uint32Array(2 * origin.length);
  origins[0].set(origin);
}

/** Adds the scratch world, which find() has just not found. */
export const put = (pool: Pool, slot: number, parent: number, move: number): number =>
  putMade(pool, 0, slot, originOf(pool, parent, move));
/** Adds what was made as number `k`, which findMade() has just not found. */
export function putMade(pool: Pool, k: number, slot: number, origin: number): number {
  const { rows, count } = pool,
    n = pool.packing.words,
    from = k * n,
    at = (count & IN_CHUNK) * n;
  if (count >= CHUNK ? (count & IN_CHUNK) === 0 : count === (pool.origins[0]?.length ?? 0)) makeRoom(pool);
  const chunk = pool.chunks[count >>> CHUNK_BITS]!;
  for (let i = 0; i < n; i++) chunk[at + i] = rows[from + i]!;
  pool.origins[count >>> CHUNK_BITS]![count & IN_CHUNK] = origin;
  pool.count = count + 1;
  if (pool.prints !== null) {
    pool.prints = putPrint(pool.prints, slot, count + 1);
    return count;
  }
  pool.table[slot] = tag(pool.hashes[k]!, pool.table.length - 1) | (count + 1);
  if (isFull(pool, count + 1)) rehash(pool, 2 * pool.table.length);
  return count;
}
function rehash(pool: Pool, slots: number): void {
  const table = new Int32Array(slots),
    mask = slots - 1,
    n = pool.packing.words;
  for (let first = 0; first < pool.count; first += AT_ONCE) {
    const chunk = pool.chunks[first >>> CHUNK_BITS]!,
      from = first & IN_CHUNK,
      most = Math.min(AT_ONCE, pool.count - first);
    for (let k = 0; k < most; k++) some[k] = hash(chunk, (from + k) * n, n);
    some[AT_ONCE] = touch(table, mask, some, most);
    for (let k = 0; k < most; k++) {
      const h = some[k]!;
      let slot = h & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = tag(h, mask) | (first + k + 1);
    }
  }
  pool.table = table;
}
/** A part of a chunk. */
const AT_ONCE = 64,
  some = new Int32Array(AT_ONCE + 1);

// A move, as `engine.ts` writes it, has the thread in its low six bits; an origin has as many as it needs.
export const originOf = ({ threadBits, moveBits }: Pool, parent: number, move: number): number =>
  ((parent << moveBits) | ((move >> 6) << threadBits) | (move & 63)) >>> 0;
const originAt = ({ origins }: Pool, id: number): number => origins[id >>> CHUNK_BITS]![id & IN_CHUNK]!;
/** World from which `id` was met first, and the move that led to it. */
export const parentOf = (pool: Pool, id: number): number => originAt(pool, id) >>> pool.moveBits;
export function moveTo(pool: Pool, id: number): number {
  const o = originAt(pool, id) & (2 ** pool.moveBits - 1);
  return (o & (2 ** pool.threadBits - 1)) + 64 * (o >> pool.threadBits);
}
/** Moves that lead to world `id`, in order. */
export function pathTo(pool: Pool, id: number): number[] {
  const out: number[] = [];
  for (let i = id; i !== 0; i = parentOf(pool, i)) out.push(moveTo(pool, i));
  return out.toReversed();
}
