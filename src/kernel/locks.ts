/**
 * Locks: where each lives, what it excludes, in which order they nest. Linux: Documentation/mm/locking,
 * mm/rmap.c header.
 */
import { InternalError } from './errors.ts';
import { rules } from './rules.ts';
import type { Lock } from './steps.ts';
import { vmf } from './vmf.ts';
import type { Op } from './plan.ts';
import {
  HELD,
  WRITER,
  cells,
  effect,
  folio_lock,
  mm,
  mmNow,
  mmap_lock,
  now,
  op,
  opsOfThread,
  pages,
  ptl,
  range_lock,
  self,
  task,
  taskOf,
  vma_lock,
  write,
  OP,
} from './world.ts';

export const MMAP_READ = 1,
  MMAP_WRITE = 2,
  MMAP_CHILD = 4,
  VMA_READ = 8,
  VMA_WRITE = 16,
  FOLIO_LOCK = 32;
export const PTL_CHILD = 64,
  PTL = 128,
  IRQS_OFF = 256,
  PTL_OTHER = 512,
  VMA_SRCU = 1024;

interface Info {
  readonly bit: number;
  /** Locks are taken in this order; trylock may break it. */
  readonly rank: number;
  readonly at: () => number;
  readonly how: 'read' | 'write' | 'owner' | 'local';
}
export const LOCKS: Readonly<Record<Lock, Info>> = {
  'mmap_lock:read': { bit: MMAP_READ, rank: 1, how: 'read', at: () => mmap_lock.at + mm },
  'mmap_lock:write': { bit: MMAP_WRITE, rank: 1, how: 'write', at: () => mmap_lock.at + mm },
  'mmap_lock:child': { bit: MMAP_CHILD, rank: 2, how: 'write', at: () => mmap_lock.at + op.child },
  'vma_lock:read': { bit: VMA_READ, rank: 3, how: 'read', at: () => vmaLockAt(op.region) },
  // fork locks every region, and begins with the first one.
  'vma_lock:write': { bit: VMA_WRITE, rank: 3, how: 'write', at: () => vmaLockAt(Math.max(0, op.region)) },
  folio_lock: { bit: FOLIO_LOCK, rank: 4, how: 'owner', at: () => folio_lock.at + (vmf.orig_pte >> 8) },
  'ptl:child': { bit: PTL_CHILD, rank: 5, how: 'owner', at: () => ptl.at + op.child },
  ptl: { bit: PTL, rank: 6, how: 'owner', at: () => ptl.at + mm },
  'ptl:other': { bit: PTL_OTHER, rank: 6, how: 'owner', at: () => ptl.at + vmf.around },
  vma_srcu: { bit: VMA_SRCU, rank: 0, how: 'local', at: () => -1 },
  irqs_off: { bit: IRQS_OFF, rank: 9, how: 'local', at: () => -1 },
};
export const lockNames = Object.keys(LOCKS) as Lock[];
/** Names by bit, for observers. */
export const lockOfBit = new Map(lockNames.map((l) => [LOCKS[l].bit, l]));

export const vmaLockAt = (region: number): number => vma_lock.at + mm * now.counts.regions + region;

/** Locks of the stepping thread. Kept in its header between steps. */
export let held = 0;
export function loadHeld(): void {
  held = cells[task + HELD]! | (cells[task + HELD + 1]! << 8);
}
export function saveHeld(): void {
  if (cells[task + HELD] !== (held & 255)) write(task + HELD, held & 255);
  if (cells[task + HELD + 1] !== held >> 8) write(task + HELD + 1, held >> 8);
}
/** The locks thread `t` holds, as a mask. */
export const heldBy = (t: number): number => cells[taskOf[t]! + HELD]! | (cells[taskOf[t]! + HELD + 1]! << 8);

export function isFree(lock: Lock): boolean {
  const { how, at, bit } = LOCKS[lock];
  if (how === 'local') return true;
  if (rules.locksRanges && (bit & RANGES) !== 0) return rangeIsFree(how === 'write');
  return how === 'read' ? cells[at()]! !== WRITER : cells[at()] === 0;
}
/**
 * Takes a free lock. Throws when the order of locks is broken: that is a bug of ours, as lockdep would
 * report it.
 */
export function take(lock: Lock, trylock = false): void {
  const { how, bit, rank, at } = LOCKS[lock];
  if (!trylock) {
    for (const l of lockNames) {
      if ((held & LOCKS[l].bit) !== 0 && LOCKS[l].rank > rank && l !== 'irqs_off') {
        throw new InternalError(`lock order: ${lock} taken while ${l} is held`);
      }
    }
  }
  if ((held & bit) !== 0) throw new InternalError(`${lock} taken twice`);
  held |= bit;
  if (how === 'local') return;
  if (rules.locksRanges && (bit & RANGES) !== 0) {
    takeRange(how === 'write');
    effect('lock', bit, mmap_lock.at + mm);
    return;
  }
  const a = at();
  write(a, how === 'read' ? cells[a]! + 1 : how === 'write' ? WRITER : self + 1);
  effect('lock', bit, a);
}
export function drop(lock: Lock): void {
  const { how, bit, at } = LOCKS[lock];
  if ((held & bit) === 0) throw new InternalError(`${lock} dropped but not held`);
  held &= ~bit;
  if (how === 'local') return;
  if (rules.locksRanges && (bit & RANGES) !== 0) {
    dropRange(how === 'write');
    effect('unlock', bit, mmap_lock.at + mm);
    return;
  }
  const a = at();
  write(a, how === 'read' ? cells[a]! - 1 : 0);
  effect('unlock', bit, a);
}

// ---- range locks: where a model has them, they are what mmap_lock means ----

/** The page slots that an operation locks: its own, or all where it names none (fork, exit) or two ranges. */
function rangeOf(o: Op | undefined): { from: number; to: number } {
  return o === undefined || o.va < 0 || o.syscall === 'mremap'
    ? { from: 0, to: pages }
    : { from: o.va, to: o.va + Math.max(1, o.pages) };
}
const RANGES = MMAP_READ | MMAP_WRITE;
/** As an interval tree of locks: a range is taken as a whole, once nothing in it conflicts. */
function rangeIsFree(write_: boolean): boolean {
  const { from, to } = rangeOf(op);
  for (let i = range_lock.at + mm * pages + from, end = i + to - from; i < end; i++)
    if (write_ ? cells[i] !== 0 : cells[i] === WRITER) return false;
  return true;
}
function takeRange(write_: boolean): void {
  const { from, to } = rangeOf(op);
  for (let i = range_lock.at + mm * pages + from, end = i + to - from; i < end; i++)
    write(i, write_ ? WRITER : cells[i]! + 1);
}
function dropRange(write_: boolean): void {
  const { from, to } = rangeOf(op);
  for (let i = range_lock.at + mm * pages + from, end = i + to - from; i < end; i++)
    write(i, write_ ? 0 : cells[i]! - 1);
}
/** Process `m` is not being changed at page slot `va` by a writer of its mappings. */
export function no_writer_at(m: number, va: number): boolean {
  if (rules.locksRanges) return cells[range_lock.at + m * pages + va] !== WRITER;
  return cells[mmap_lock.at + m] !== WRITER;
}

/** Asserts that one of the locks in `mask` is held, as lockdep_assert_held() does. */
export function needs(mask: number, what: string): void {
  if ((held & mask) === 0) throw new InternalError(`${what} without its lock`);
}

/** Accesses of this step to state that no held lock protects. More than one would hide an interleaving. */
let lockless = 0;
export function beginStep(): void {
  lockless = 0;
}
export function unprotected(what: string): void {
  lockless += 1;
  if (lockless > 1) throw new InternalError(`${what}: second unprotected access in one step`);
}

/** Threads that hold what `lock` of thread `t` would need (readers, the writer, or the owner). */
export function holdersOf(lock: Lock, t: number): number[] {
  const out: number[] = [];
  const target = LOCKS[lock].at();
  for (let u = 0; u < now.counts.threads; u++) {
    if (u === t) continue;
    const mask = heldBy(u);
    for (const l of lockNames)
      if ((mask & LOCKS[l].bit) !== 0 && sameLock(l, u, target)) {
        out.push(u);
        break;
      }
  }
  return out;
}
function sameLock(lock: Lock, u: number, target: number): boolean {
  const m = mmNow(u),
    i = cells[taskOf[u]! + OP]!,
    o = opsOfThread(u)[i];
  switch (lock) {
    case 'mmap_lock:read':
    case 'mmap_lock:write':
      return target === mmap_lock.at + m && (!rules.locksRanges || overlap(rangeOf(o), rangeOf(op)));
    case 'mmap_lock:child':
      return target === mmap_lock.at + (o?.child ?? -1);
    case 'vma_lock:read':
    case 'vma_lock:write': {
      const first = vma_lock.at + m * now.counts.regions;
      return lock === 'vma_lock:read'
        ? target === first + (o?.region ?? -1)
        : target >= first && target < first + now.counts.regions;
    }
    case 'folio_lock':
    case 'ptl':
    case 'ptl:child':
    case 'ptl:other':
      return cells[target] === u + 1;
    case 'vma_srcu':
    case 'irqs_off':
      return false;
  }
}
const overlap = (a: { from: number; to: number }, b: { from: number; to: number }): boolean =>
  a.from < b.to && b.from < a.to;
