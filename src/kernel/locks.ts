/**
 * Locks: where each lives, what it excludes, in which order they nest. Linux: Documentation/mm/locking,
 * mm/rmap.c header.
 */
import { InternalError } from './errors.ts';
import { rules } from './rules.ts';
import type { Lock } from './steps.ts';
import { headOf } from './verbs/large.ts';
import { vmf } from './vmf.ts';
import type { Op } from './plan.ts';
import {
  HELD,
  WRITER,
  cells,
  effect,
  fault_mutex,
  folio_lock,
  mm,
  mmNow,
  mmap_lock,
  now,
  op,
  opsOfThread,
  pages,
  pmd_lock,
  ptl,
  ptl_new,
  range_lock,
  self,
  splits,
  table_at,
  task,
  taskOf,
  turned,
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
  VMA_SRCU = 1024,
  PMD_LOCK = 2048,
  PMD_LOCK_CHILD = 4096,
  PTL_NEW = 8192,
  FAULT_MUTEX = 16384;

export interface LockInfo {
  readonly name: Lock;
  readonly bit: number;
  /** Locks are taken in this order; trylock may break it. */
  readonly rank: number;
  readonly at: () => number;
  readonly how: 'read' | 'write' | 'owner' | 'local';
  /** Locks that may not be held when it is taken. */
  readonly above: number;
}
const declared: Readonly<Record<Lock, Omit<LockInfo, 'name' | 'above'>>> = {
  'mmap_lock:read': { bit: MMAP_READ, rank: 1, how: 'read', at: () => mmap_lock.at + mm },
  'mmap_lock:write': { bit: MMAP_WRITE, rank: 1, how: 'write', at: () => mmap_lock.at + mm },
  'mmap_lock:child': { bit: MMAP_CHILD, rank: 2, how: 'write', at: () => mmap_lock.at + op.child },
  'vma_lock:read': { bit: VMA_READ, rank: 3, how: 'read', at: () => vmaLockAt(op.region) },
  // fork locks every region, and begins with the first one.
  'vma_lock:write': { bit: VMA_WRITE, rank: 3, how: 'write', at: () => vmaLockAt(Math.max(0, op.region)) },
  hugetlb_fault_mutex: { bit: FAULT_MUTEX, rank: 3.5, how: 'owner', at: () => fault_mutex.at + op.va },
  folio_lock: { bit: FOLIO_LOCK, rank: 4, how: 'owner', at: () => folio_lock.at + folioToLock() },
  pmd_lock: { bit: PMD_LOCK, rank: 5, how: 'owner', at: () => pmd_lock.at + mm },
  'pmd_lock:child': { bit: PMD_LOCK_CHILD, rank: 5, how: 'owner', at: () => pmd_lock.at + op.child },
  'ptl:child': { bit: PTL_CHILD, rank: 6, how: 'owner', at: () => ptlAt(op.child) },
  ptl: { bit: PTL, rank: 7, how: 'owner', at: () => ptlAt(mm) },
  'ptl:other': { bit: PTL_OTHER, rank: 7, how: 'owner', at: () => ptlAt(vmf.around) },
  // mremap holds mmap_lock for writing, so that no order between the two addresses is needed: move_ptes().
  'ptl:new': { bit: PTL_NEW, rank: 8, how: 'owner', at: () => ptl_new.at + mm },
  vma_srcu: { bit: VMA_SRCU, rank: 0, how: 'local', at: () => -1 },
  irqs_off: { bit: IRQS_OFF, rank: 9, how: 'local', at: () => -1 },
};
export const lockNames = Object.keys(declared) as Lock[];
const aboveRank = (rank: number): number =>
  lockNames.reduce((m, l) => (declared[l].rank > rank && l !== 'irqs_off' ? m | declared[l].bit : m), 0);
export const LOCKS = Object.fromEntries(
  lockNames.map((name): [Lock, LockInfo] => {
    const { bit, rank, at, how } = declared[name];
    return [name, { name, bit, rank, at, how, above: aboveRank(rank) }];
  }),
) as unknown as Readonly<Record<Lock, LockInfo>>;
/** Names by bit, for observers. */
export const lockOfBit = new Map(lockNames.map((l) => [LOCKS[l].bit, l]));

/**
 * The folio whose PMD entry is to be split, or that of the entry that a fault has read; of a swap entry, the
 * one that comes back.
 */
const folioToLock = (): number => {
  if (splits.size !== 0 && cells[splits.at + self] !== 0) return headOf(cells[splits.at + self]!);
  if (now.counts.swap !== 0 && (vmf.orig_pte & 145) === 16) return headOf(vmf.swapin.get(0));
  return headOf(vmf.orig_pte >> 8);
};

/** The lock of the page table of process `m` at which the stepping thread is. */
const ptlAt = (m: number): number =>
  now.counts.tables === 0 ? ptl.at + m : ptl.at + m * now.counts.regions + tableHere();
/** Region whose page table the stepping thread works on. */
export function tableHere(): number {
  const at = cells[table_at.at + self]!;
  if (at !== 0) return at - 1;
  if (op.region < 0) throw new InternalError(`${op.text} has come to no page table`);
  return op.region;
}
/** A walk over many page tables comes to that of a region; -1: it has left the last one. */
export function walkToTable(region: number): void {
  if (now.counts.tables !== 0 && cells[table_at.at + self] !== region + 1)
    write(table_at.at + self, region + 1);
}

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

/** `at`, which need not be called for the locks that are taken most. */
function placeOf(bit: number, at: () => number): number {
  if ((bit & (MMAP_READ | MMAP_WRITE)) !== 0) return mmap_lock.at + mm;
  return bit === PTL ? ptlAt(mm) : at();
}
export const isFree = (lock: Lock): boolean => isLockFree(LOCKS[lock]);
export function isLockFree({ how, at, bit }: LockInfo): boolean {
  if (how === 'local') return true;
  if (range_lock.size !== 0 && (bit & RANGES) !== 0) return rangeIsFree(how === 'write');
  const a = placeOf(bit, at);
  return how === 'read' ? cells[a]! !== WRITER : cells[a] === 0;
}
/**
 * Takes a free lock. Throws when the order of locks is broken: that is a bug of ours, as lockdep would
 * report it.
 */
export const take = (lock: Lock, trylock = false): void => takeLock(LOCKS[lock], trylock);
export function takeLock({ name, how, bit, above, at }: LockInfo, trylock: boolean): void {
  if (!trylock && (held & above) !== 0) throw outOfOrder(name, held & above);
  if ((held & bit) !== 0) throw new InternalError(`${name} taken twice`);
  held |= bit;
  if (how === 'local') return;
  if (range_lock.size !== 0 && (bit & RANGES) !== 0) {
    takeRange(how === 'write');
    effect('lock', bit, mmap_lock.at + mm);
    return;
  }
  const a = placeOf(bit, at);
  write(a, how === 'read' ? cells[a]! + 1 : how === 'write' ? WRITER : self + 1);
  effect('lock', bit, a);
}
function outOfOrder(name: Lock, mask: number): InternalError {
  const l = lockNames.find((x) => (mask & LOCKS[x].bit) !== 0)!;
  return new InternalError(`lock order: ${name} taken while ${l} is held`);
}
export const drop = (lock: Lock): void => dropLock(LOCKS[lock]);
export function dropLock({ name, how, bit, at }: LockInfo): void {
  if ((held & bit) === 0) throw new InternalError(`${name} dropped but not held`);
  held &= ~bit;
  if (how === 'local') return;
  if (range_lock.size !== 0 && (bit & RANGES) !== 0) {
    dropRange(how === 'write');
    effect('unlock', bit, mmap_lock.at + mm);
    return;
  }
  const a = placeOf(bit, at);
  write(a, how === 'read' ? cells[a]! - 1 : 0);
  effect('unlock', bit, a);
}

// ---- range locks: where a model has them, they are what mmap_lock means ----

/** The page slots that an operation locks: its own, or all where it names none (fork, exit) or two ranges. */
function rangeOf(o: Op | undefined): { from: number; to: number } {
  if (o === undefined || o.va < 0 || o.syscall === 'mremap') return { from: 0, to: pages };
  // Whichever page the operation has turned to: what it locks is all of them.
  const from = o === op ? o.va - turned() : o.va;
  return { from, to: from + Math.max(1, o.pages) };
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
    case 'hugetlb_fault_mutex':
    case 'folio_lock':
    case 'ptl':
    case 'ptl:child':
    case 'ptl:other':
    case 'ptl:new':
    case 'pmd_lock':
    case 'pmd_lock:child':
      return cells[target] === u + 1;
    case 'vma_srcu':
    case 'irqs_off':
      return false;
  }
}
const overlap = (a: { from: number; to: number }, b: { from: number; to: number }): boolean =>
  a.from < b.to && b.from < a.to;
