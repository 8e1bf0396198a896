/**
 * What the active world looks like, for layers outside the kernel: the picture, `why`, the invariants.
 * Reads only; no access is counted and no observer hears of it. To be called between steps, not inside one.
 */
import { LOCKS, heldBy, lockNames } from './locks.ts';
import type { Op } from './plan.ts';
import type { Lock } from './steps.ts';
import {
  FOLIO_ANON,
  FOLIO_EXCLUSIVE,
  FOLIO_SHMEM,
  folio_test_hugetlb,
  isFreed,
  pinBias,
  pinsOf,
  refsOf,
} from './verbs/folio.ts';
import {
  entireMaps,
  folio_test_large,
  headOf,
  isMaybeShared,
  largeMaps,
  ownersOf,
  slotOf,
} from './verbs/large.ts';
import {
  HOLD_GET,
  HOLD_LIVE,
  HOLD_PIN,
  HOLD_PROMISED,
  HOLD_WRITE,
  SEEN,
  SEEN_FOREIGN,
  SEEN_FRESH,
  SEEN_SHARED,
  SEEN_STALE,
  holdBits,
  holdFolio,
  holdPlace,
  pipeAt,
  pipeSlots,
} from './verbs/mm.ts';
import {
  MM_ALIVE,
  MM_EXITED,
  OP,
  WRITER,
  cells,
  expected,
  folio_batch,
  folio_epoch,
  folio_flags,
  folio_ksm,
  folio_lock,
  folio_maps,
  folio_node,
  folio_owner,
  folio_stored,
  has_pinned,
  mm_birth,
  mm_state,
  mmNow,
  mmap_lock,
  now,
  observation,
  opsOfThread,
  page_cache,
  pages,
  pte,
  ptl,
  swap_cache,
  taskOf,
  tlb,
  vma_lock,
  write_protect_seq,
} from './world.ts';
import { isBehind } from './verbs/pick.ts';
import { isOfFile } from './verbs/file.ts';
import { folio_test_lazy, slotNumber } from './verbs/swap.ts';
import { freeHugePages, poolSize, reservedPages } from './verbs/hugetlb.ts';
import { tablesApart } from './verbs/table.ts';
import { vmaFlags } from './verbs/vma.ts';
import { tableAt, tableCount } from './walk.ts';

export { splitTables, tableAt, tableCount, tableOf, walkAt } from './walk.ts';
export type { TableView, WalkView } from './walk.ts';
export { allHolders, holders } from './holders.ts';
export type { Holder } from './holders.ts';

// ---- page tables, TLBs, VMAs ----

/**
 * The entry of process `m` for page slot `va`: PTE_* bits and the folio, for the functions of
 * `verbs/pte.ts`. 0 = none.
 */
export const pteAt = (m: number, va: number): number => cell16(pte.at + 2 * (m * pages + va));
/** What the CPU of thread `t` has cached for `va`, as an entry. 0 = nothing. */
export const tlbAt = (t: number, va: number): number => cell16(tlb.at + 2 * (t * pages + va));
/** VM_* of process `m` at page slot `va`, 0 = not mapped. */
export const vmaAt = vmaFlags;
/** What a load of process `m` at `va` must return: an index into `Plan.stored`. */
export const expectedAt = (m: number, va: number): number => cells[expected.at + m * pages + va]!;
/** Folio that the page cache has for page slot `va`, 0 = none. */
export const cachedAt = (va: number): number => (now.counts.shared === 0 ? 0 : cells[page_cache.at + va]!);
/** Page slot of the file that has folio `f` in the page cache, -1 = it is of no file. */
export function fileSlotOf(f: number): number {
  for (let va = 0; now.counts.files !== 0 && va < pages; va++)
    if (isOfFile(va) && cells[page_cache.at + va] === f) return va;
  return -1;
}
const cell16 = (at: number): number => cells[at]! | (cells[at + 1]! << 8);

// ---- folios ----

export interface FolioView {
  /** Index into `Plan.stored`. */
  readonly stored: number;
  /** Forks that had ended when those bytes were written. */
  readonly epoch: number;
  /** References without pins. */
  readonly refs: number;
  readonly pins: number;
  /** What the kernel's counter shows. */
  readonly refcount: number;
  /** Mappings of this page: by PTEs, and by PMD entries that map its folio. */
  readonly maps: number;
  /** The first page of the large folio that it is of; itself, if it is small. References are those of all. */
  readonly head: number;
  /** Page slot of a page of a large folio, -1 = it is small. */
  readonly page: number;
  /** PMD entries that map the folio, and all of its mappings. */
  readonly entire: number;
  readonly large: number;
  /**
   * The processes that a large folio remembers, on kernels that track them; and whether others may map
   * it.
   */
  readonly owners: readonly { readonly mm: number; readonly maps: number }[];
  readonly maybeShared: boolean;
  readonly anon: boolean;
  readonly exclusive: boolean;
  readonly shmem: boolean;
  /** It stands for equal pages: KSM. */
  readonly ksm: boolean;
  /** A page of 2 MB, out of the pool of huge pages. */
  readonly huge: boolean;
  /** NUMA node, 0 where a scenario moves no pages. */
  readonly node: number;
  /** CPU whose LRU batch holds it, or -1. */
  readonly batch: number;
  /** Thread that has it locked, or -1. */
  readonly lockedBy: number;
  /** The swap cache: of a folio in it its slot, of a slot its folio; 0 = none. */
  readonly swap: number;
  /** MADV_FREE has said that it may go. */
  readonly lazy: boolean;
  /** Number of the swap slot that this is, -1: a folio. */
  readonly slot: number;
  /** Process that `gup_owner` names, -1 = none, or not a kernel that has such a mark. */
  readonly owner: number;
}
export function folioAt(f: number): FolioView {
  const refs = refsOf(f),
    pins = pinsOf(f),
    flags = cells[folio_flags.at + f]!;
  return {
    stored: cells[folio_stored.at + f]!,
    epoch: cells[folio_epoch.at + f]!,
    refs,
    pins,
    refcount: refs + pinBias(f) * pins,
    maps: cells[folio_maps.at + f]! + entireMaps(f),
    head: headOf(f),
    page: folio_test_large(f) ? slotOf(f) : -1,
    entire: entireMaps(f),
    large: largeMaps(f),
    owners: ownersOf(f),
    maybeShared: isMaybeShared(f),
    anon: (flags & FOLIO_ANON) !== 0,
    exclusive: (flags & FOLIO_EXCLUSIVE) !== 0,
    shmem: (flags & FOLIO_SHMEM) !== 0,
    huge: folio_test_hugetlb(f),
    ksm: folio_ksm.size !== 0 && cells[folio_ksm.at + f] !== 0,
    node: folio_node.size === 0 ? 0 : cells[folio_node.at + f]!,
    batch: cells[folio_batch.at + f]! - 1,
    lockedBy: cells[folio_lock.at + headOf(f)]! - 1,
    swap: swap_cache.size === 0 ? 0 : cells[swap_cache.at + f]!,
    lazy: folio_test_lazy(f),
    slot: slotNumber(f),
    owner: folio_owner.size === 0 ? -1 : cells[folio_owner.at + f]! - 1,
  };
}
/** The pool of huge pages: its size, how many are free, and of those promised; null: there is none here. */
export interface PoolView {
  readonly size: number;
  readonly free: number;
  readonly reserved: number;
}
export const hugePool = (): PoolView | null =>
  now.counts.huge === 0 ? null : { size: poolSize(), free: freeHugePages(), reserved: reservedPages() };
/** Nobody has it. The zero page is never free. */
export const isFree = isFreed;

// ---- address spaces and locks ----

export interface MmView {
  readonly state: 'unborn' | 'alive' | 'exited';
  readonly hasPinned: boolean;
  readonly writeProtectSeq: number;
  /** Number of the fork that made it. */
  readonly birth: number;
  /** Readers of mmap_lock; -1 = a writer has it. */
  readonly mmapLock: number;
  /** Thread that has the page-table lock, or -1. Where regions have tables of their own, see `tableAt`. */
  readonly ptl: number;
}
export function mmAt(m: number): MmView {
  const state = cells[mm_state.at + m]!,
    lock = cells[mmap_lock.at + m]!;
  return {
    state: state === MM_ALIVE ? 'alive' : state === MM_EXITED ? 'exited' : 'unborn',
    hasPinned: cells[has_pinned.at + m] !== 0,
    writeProtectSeq: cells[write_protect_seq.at + m]!,
    birth: cells[mm_birth.at + m]!,
    mmapLock: lock === WRITER ? -1 : lock,
    ptl: now.counts.tables === 0 ? cells[ptl.at + m]! - 1 : -1,
  };
}

/**
 * A lock that a thread holds, and whose: the process of an mmap_lock or page-table lock, the region of a
 * VMA lock, the folio.
 */
export interface HeldLock {
  readonly thread: number;
  readonly lock: Lock;
  readonly mm: number;
  /** Region of a VMA lock; -1 = all of them, or not a VMA lock. */
  readonly region: number;
  /** Folio of a folio lock, or -1. */
  readonly folio: number;
  /** Region whose page table a page-table lock is of, where each has one; else -1. */
  readonly table: number;
}
export function locksHeld(): HeldLock[] {
  const out: HeldLock[] = [];
  for (let t = 0; t < now.counts.threads; t++) {
    const mask = heldBy(t),
      o = opsOfThread(t)[cells[taskOf[t]! + OP]!];
    for (const lock of lockNames) {
      if ((mask & LOCKS[lock].bit) === 0) continue;
      const mm =
        lock === 'mmap_lock:child' || lock === 'ptl:child' || lock === 'pmd_lock:child'
          ? (o?.child ?? -1)
          : lock === 'ptl:other'
            ? otherPtl(t)
            : mmNow(t);
      const region = lock === 'vma_lock:read' ? (o?.region ?? -1) : -1;
      const folio = lock === 'folio_lock' ? lockedFolio(t) : -1;
      out.push({ thread: t, lock, mm, region, folio, table: lockedTable(lock, mm, t) });
    }
  }
  return out;
}
/** Process of which thread `t` has the page-table lock without being of it, or -1. */
function otherPtl(t: number): number {
  for (let m = 0; m < now.counts.mms; m++) {
    if (m === mmNow(t)) continue;
    for (let i = 0; i < tableCount(); i++) if (tableAt(m, i).ptl === t) return m;
  }
  return -1;
}
/** Region of the page table of process `m` that thread `t` has locked, or -1. */
function lockedTable(lock: Lock, m: number, t: number): number {
  if (!lock.startsWith('ptl') || !tablesApart() || m < 0) return -1;
  for (let i = 0; i < tableCount(); i++) {
    if ((lock === 'ptl:new' ? tableAt(m, i).newPtl : tableAt(m, i).ptl) === t) return i;
  }
  return -1;
}
function lockedFolio(t: number): number {
  for (let f = 0; f < now.counts.folios; f++) if (cells[folio_lock.at + f] === t + 1) return f;
  return -1;
}
/** Readers of the VMA lock of a region, -1 = write-locked; 0 where the model has no such lock. */
export function vmaLockAt(m: number, region: number): number {
  if (vma_lock.size === 0) return 0;
  const v = cells[vma_lock.at + m * now.counts.regions + region]!;
  return v === WRITER ? -1 : v;
}

// ---- pipes, holds, observations ----

/** `from`: the process that spliced the buffer. */
export interface PipeBuffer {
  readonly folio: number;
  readonly from: number;
}
export function pipeBuffers(p: number): PipeBuffer[] {
  const out: PipeBuffer[] = [];
  for (let i = 0, at = pipeAt(p); i < pipeSlots(p); i++, at += 2)
    if (cells[at] !== 0) out.push({ folio: cells[at]! - 1, from: cells[at + 1]! - 1 });
  return out;
}

export interface HoldView {
  /** -1: not taken, or released. */
  readonly folio: number;
  readonly pin: boolean;
  readonly write: boolean;
  /** The call that takes it has returned. */
  readonly live: boolean;
  /** The page is still mapped where it was taken, and the reference promises to stay the mapped page. */
  readonly promised: boolean;
  readonly process: number;
  readonly va: number;
}
export function holdAt(h: number): HoldView {
  const bits = holdBits(h);
  return {
    folio: holdFolio(h),
    pin: (bits & HOLD_PIN) !== 0,
    write: (bits & HOLD_WRITE) !== 0,
    live: (bits & HOLD_LIVE) !== 0,
    promised:
      (bits & HOLD_PROMISED) !== 0 &&
      ((bits & HOLD_PIN) !== 0 || (bits & (HOLD_GET | HOLD_WRITE)) === (HOLD_GET | HOLD_WRITE)),
    ...holdPlace(h),
  };
}

export interface ObservationView {
  readonly seen: boolean;
  /** Index into `Plan.stored` of what was seen. */
  readonly stored: number;
  /** Not what the observer had to see. */
  readonly stale: boolean;
  /** Private bytes of another process. */
  readonly foreign: boolean;
  /** Written after the last fork. */
  readonly fresh: boolean;
  /** Seen in shared memory. */
  readonly shared: boolean;
}
export function observationAt(o: number): ObservationView {
  const bits = cells[observation.at + 2 * o]!;
  return {
    seen: (bits & SEEN) !== 0,
    stored: cells[observation.at + 2 * o + 1]!,
    stale: (bits & SEEN_STALE) !== 0,
    foreign: (bits & SEEN_FOREIGN) !== 0,
    fresh: (bits & SEEN_FRESH) !== 0,
    shared: (bits & SEEN_SHARED) !== 0,
  };
}
/** True once operation `i` (an index into `Plan.ops`) has ended. */
export function hasEnded(i: number): boolean {
  const plan = now.plan!,
    { ops } = plan.threads[plan.ops[i]!.thread]!;
  const current = cells[taskOf[plan.ops[i]!.thread]! + OP]!,
    { pick } = plan.ops[i]!;
  return pick === undefined ? current > ops.indexOf(i) : isBehind(ops.indexOf(i), current, pick);
}

const THROUGH_HOLD: ReadonlySet<string> = new Set(['release', 'device_read', 'uring_write', 'dma_read']);
/** What the operation sees, it sees as the device behind its hold. */
export const throughHold = (op: Op): boolean => THROUGH_HOLD.has(op.syscall);
