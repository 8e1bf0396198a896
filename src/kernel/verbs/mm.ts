/**
 * Address spaces, holds, pipes, and what a program sees. Ghost state (`expected`, epochs) is kept here and
 * nowhere else.
 */
import { InternalError } from '../errors.ts';
import { MMAP_WRITE, needs, unprotected } from '../locks.ts';
import {
  MM_ALIVE,
  MM_EXITED,
  OP,
  cells,
  effect,
  enter,
  epoch,
  expected,
  folio_epoch,
  folio_flags,
  folio_lock,
  folio_maps,
  folio_stored,
  has_pinned,
  hold,
  mm,
  mm_birth,
  mm_state,
  mm_users,
  mmOf,
  now,
  observation,
  op,
  opsOfThread,
  page_cache,
  pages,
  phase,
  pipe_slot,
  pte,
  ptl,
  read,
  self,
  taskOf,
  swap_cache,
  thread,
  userfault,
  visited,
  write,
  write_protect_seq,
} from '../world.ts';
import { isFileBytes } from './file.ts';
import { RESV_UNMAPPED, isHugetlbRegion, is_vm_hugetlb_page, is_vma_resv_set } from './hugetlb.ts';
import { FOLIO_SHMEM } from './folio.ts';
import { PTE_PRESENT, is_migration_entry, is_swap_entry } from './pte.ts';
import { hasTable, region_of, tablesApart } from './region.ts';
import { folio_isolated } from './swap.ts';
import { cached_by_others } from './tlb.ts';
import { VM_DONTCOPY, VM_FILE, VM_SHARED, VM_WIPEONFORK, is_cached, vmaFlags, vma_of } from './vma.ts';

export function mm_has_pinned(): boolean {
  unprotected('has_pinned');
  return read(has_pinned.at + mm) !== 0;
}
export function mm_set_has_pinned(): void {
  unprotected('has_pinned');
  if (read(has_pinned.at + mm) === 0) write(has_pinned.at + mm, 1);
}
/** Odd while fork copies page tables. The counter wraps within a byte and keeps its parity. */
export function raw_read_seqcount(): number {
  unprotected('write_protect_seq');
  return read(write_protect_seq.at + mm);
}
export function raw_write_seqcount(): void {
  needs(MMAP_WRITE, 'write_protect_seq');
  write(write_protect_seq.at + mm, (read(write_protect_seq.at + mm) + 1) & 255);
  effect('seq', mm, cells[write_protect_seq.at + mm]!);
}

// ---- what a program may expect to see (ghost) ----

/**
 * Instead of an index in `expected`. ANY: a write that promises nobody anything; the next store decides.
 * RACING: the page was unmapped while other CPUs could still reach it, so that until the flush both what
 * was there and what comes may be seen.
 */
export const EXPECT_ANY = 255,
  EXPECT_RACING = 254;
const expectedAt = (m: number, va: number): number => expected.at + m * pages + va;
function expect(at: number, stored: number): void {
  if (cells[at] !== EXPECT_RACING) write(at, stored);
}
export const expected_bytes = (va: number): number => cells[expectedAt(mm, va)]!;
/**
 * A store by this process, or by a device that holds a pin of it, to folio `f`, is what the next load must
 * return.
 */
export function expect_bytes(m: number, va: number, f: number, stored: number): void {
  expect(expectedAt(m, va), stored);
  if (isShared(f)) expectOfAll(f, stored);
}
/** A write to a folio that its address has lost meanwhile: whoever else shares the memory sees it. */
export function expectOfSharers(f: number, stored: number): void {
  if (isShared(f)) expectOfAll(f, stored);
}
/**
 * A write that nobody may rely on: whoever maps the folio, or finds it in the page cache, may see it or
 * not.
 */
export function expect_anywhere(f: number): void {
  expectOfAll(f, EXPECT_ANY);
}
/** munmap takes the VMA away before the entry: both say who can see the folio. */
function expectOfAll(f: number, stored: number): void {
  for (let m = 0; m < now.counts.mms; m++) {
    for (let va = 0; va < pages; va++) {
      const at = pte.at + 2 * (m * pages + va);
      const maps = (cells[at]! & PTE_PRESENT) !== 0 && cells[at + 1] === f;
      const finds = now.counts.shared !== 0 && cells[page_cache.at + va] === f;
      const vma = vmaFlags(m, va);
      const brings =
        now.counts.swap !== 0 && is_swap_entry(cells[at]!) && cells[swap_cache.at + cells[at + 1]!] === f;
      const moves = now.counts.visits !== 0 && isMoving(at, m, va, f);
      if (
        maps ||
        brings ||
        moves ||
        (finds && is_cached(vma) && ((vma & VM_SHARED) !== 0 || cells[at] === 0))
      ) {
        expect(expectedAt(m, va), seesFileChange(vma) ? stored : EXPECT_ANY);
      }
    }
  }
}
/**
 * Whether a private mapping sees what is written to its file is left open, mmap(2): it may be about to make
 * its
 * copy.
 */
const seesFileChange = (vma: number): boolean => (vma & (VM_SHARED | VM_FILE)) !== VM_FILE;
const isShared = (f: number): boolean => (cells[folio_flags.at + f]! & FOLIO_SHMEM) !== 0;
/**
 * The page is gone or new: zeros, or what the page cache has. Holds taken before no longer promise
 * anything. `cleared`: it was mapped, so that other CPUs may reach it until they are flushed.
 */
export function forget_page(va: number, cleared = false): void {
  const at = expectedAt(mm, va);
  if (cleared && cached_by_others(va)) write(at, EXPECT_RACING);
  else expect(at, bytesLeft(va));
  invalidateHolds(mm, va, HOLD_GET | HOLD_PIN);
}
/** No CPU can reach unmapped pages any more: what the page table has is what loads return from here on. */
export function races_end(): void {
  for (let va = 0; va < pages; va++) {
    const at = pte.at + 2 * (mm * pages + va);
    if (cells[expectedAt(mm, va)] !== EXPECT_RACING) continue;
    const f = behindEntry(at);
    write(expectedAt(mm, va), f >= 0 ? cells[folio_stored.at + f]! : bytesLeft(va));
  }
}
/**
 * The folio (or swap slot, which has its bytes in the same place) that an entry brings a load to, -1 = none:
 * the entry is empty.
 */
function behindEntry(at: number): number {
  const e = cells[at]!,
    f = cells[at + 1]!;
  if ((e & PTE_PRESENT) !== 0 || is_migration_entry(e)) return f;
  if (!is_swap_entry(e)) return -1;
  return cells[swap_cache.at + f] === 0 ? f : cells[swap_cache.at + f]!;
}

// ---- lazily freed pages ----

/** MADV_FREE: from here on a load may find what was there, or zeros, until somebody stores. */
export function may_go(va: number): void {
  write(expectedAt(mm, va), cached_by_others(va) ? EXPECT_RACING : EXPECT_ANY);
}
/** All CPUs have heard of it. */
export function may_have_gone(va: number): void {
  if (cells[expectedAt(mm, va)] === EXPECT_RACING) write(expectedAt(mm, va), EXPECT_ANY);
}
/** Reclaim has freed it. If somebody was promised something else, it is lost. */
export function lazy_page_gone(m: number, va: number): void {
  if (cells[expectedAt(m, va)] === EXPECT_ANY) write(expectedAt(m, va), 0);
}
/** What a load finds where nothing is mapped. */
function bytesLeft(va: number): number {
  const f = now.counts.shared !== 0 && is_cached(vma_of(va)) ? cells[page_cache.at + va]! : 0;
  return f === 0 ? 0 : cells[folio_stored.at + f]!;
}

/** Bytes that `m` may see although another process wrote them: inherited at fork, or not private. */
export function may_see(m: number, stored: number, at: number): boolean {
  const writer = now.plan!.stored[stored]!.process;
  if (writer < 0 || writer === m || (now.counts.files !== 0 && isFileBytes(stored))) return true;
  for (let child = m, parent = parentOf(m); parent !== null; child = parent, parent = parentOf(parent)) {
    if (parent === writer) return at < cells[mm_birth.at + child]!;
  }
  return false;
}
const parentOf = (m: number): number | null => now.plan!.processes[m]!.parent;

/**
 * Bits of an observation: filled; it differs from what the program must see; another process's private
 * bytes; written after the last fork.
 */
export const SEEN = 1,
  SEEN_STALE = 2,
  SEEN_FOREIGN = 4,
  SEEN_FRESH = 8,
  SEEN_SHARED = 16;

/** Notes what the operation has seen in folio `f`, for process `viewer` (-1: nobody in particular). */
export function observe_bytes(f: number, viewer: number, va: number, promised: boolean): void {
  write(observation.at + 2 * op.observed, sight(f, viewer, va, promised));
  write(observation.at + 2 * op.observed + 1, cells[folio_stored.at + f]!);
  effect('seen', op.observed, cells[folio_stored.at + f]!, f);
}
/** Such a look would note something that the operation has not noted. Pure. */
export function wouldObserve(f: number, viewer: number, va: number, promised: boolean): boolean {
  const at = observation.at + 2 * op.observed;
  return cells[at] !== sight(f, viewer, va, promised) || cells[at + 1] !== cells[folio_stored.at + f];
}
/** SEEN_* of a look. */
function sight(f: number, viewer: number, va: number, promised: boolean): number {
  const stored = cells[folio_stored.at + f]!,
    at = cells[folio_epoch.at + f]!;
  const shared = isShared(f);
  const foreign = viewer >= 0 && !shared && !may_see(viewer, stored, at);
  const due = viewer >= 0 && va >= 0 ? cells[expectedAt(viewer, va)]! : EXPECT_ANY;
  const stale = promised && due < EXPECT_RACING && stored !== due;
  const fresh = at >= cells[epoch.at]!;
  return (
    SEEN |
    (stale ? SEEN_STALE : 0) |
    (foreign ? SEEN_FOREIGN : 0) |
    (fresh ? SEEN_FRESH : 0) |
    (shared ? SEEN_SHARED : 0)
  );
}

// ---- holds: references that outlive a call, and that the scenario names ----

export const HOLD_LIVE = 1,
  HOLD_PIN = 2,
  HOLD_GET = 4,
  HOLD_WRITE = 8;
/** The page is still mapped where it was when the hold was taken. */
export const HOLD_PROMISED = 16;
/** The process has forked since, and the page is still mapped: what direct I/O should have survived. */
export const HOLD_FORKED = 32;

/** The process has moved the region since: the buffer's pages have other addresses than the ring knows. */
export const HOLD_MOVED = 64;

const holdAt = (h: number): number => hold.at + 2 * h;
export const holdFolio = (h: number): number => cells[holdAt(h)]! - 1;
export const holdBits = (h: number): number => cells[holdAt(h) + 1]!;
/** Process and page slot of a hold: those of the operation that takes it. */
export function holdPlace(h: number): { process: number; va: number } {
  const { op: by, page = 0 } = now.plan!.holds[h]!,
    taking = now.plan!.ops[by]!;
  return { process: taking.target ?? now.plan!.threads[taking.thread]!.process, va: taking.va + page };
}
/** From the moment GUP has the reference, so that a zap in between ends the promise. */
export function hold_begin(h: number, f: number, bits: number, promised = true): void {
  write(holdAt(h), f + 1);
  write(holdAt(h) + 1, bits | (promised ? HOLD_PROMISED : 0));
}
/** Ghost: the entry of this address space for `va` maps folio `f`. */
export function still_mapped(va: number, f: number): boolean {
  const at = pte.at + 2 * (mm * pages + va);
  if (now.counts.swap !== 0 && comesBack(at, f)) return true;
  if (now.counts.visits !== 0 && isMoving(at, mm, va, f)) return true;
  return (cells[at]! & PTE_PRESENT) !== 0 && cells[at + 1] === f;
}
/** Reclaim is about to unmap the folio, or has done so; what loads here is still in it. */
function comesBack(at: number, f: number): boolean {
  if (cells[at] === 0) return folio_isolated(f) && cells[folio_maps.at + f] !== 0;
  return is_swap_entry(cells[at]!) && cells[swap_cache.at + cells[at + 1]!] === f;
}
/** Migration, or ksmd, has the entry now, with the folio locked: who holds the page sees it come back. */
function isMoving(at: number, m: number, va: number, f: number): boolean {
  if (is_migration_entry(cells[at]!)) return cells[at + 1] === f;
  const t = cells[folio_lock.at + f]! - 1;
  if (cells[at] !== 0 || t < 0) return false;
  return cells[visited.at + 2 * t] === m + 1 && cells[visited.at + 2 * t + 1] === va + 1;
}
export function hold_live(h: number): void {
  write(holdAt(h) + 1, holdBits(h) | HOLD_LIVE);
  effect('hold', h, holdFolio(h));
}
export function hold_end(h: number): void {
  write(holdAt(h), 0);
  write(holdAt(h) + 1, 0);
  effect('hold', h, -1);
}
/** The region is at another address from here on: rings go by the one that they were told. */
export function moveHolds(from: number, to: number): void {
  for (let h = 0; h < now.counts.holds; h++) {
    const { process, va } = holdPlace(h),
      isBuffer = now.plan!.ops[now.plan!.holds[h]!.op]!.syscall === 'uring_register';
    if (isBuffer && process === mm && va >= from && va < to && (holdBits(h) & HOLD_LIVE) !== 0)
      write(holdAt(h) + 1, holdBits(h) | HOLD_MOVED);
  }
}
/** The page is gone: what was promised ends. */
function invalidateHolds(m: number, va: number, kinds: number): void {
  changeHolds(m, va, kinds, HOLD_PROMISED | HOLD_FORKED, 0);
}
/** The page of process `m` was taken away, and none takes its place: its bytes are what it should see. */
export const pageTaken = (m: number, va: number): void => invalidateHolds(m, va, HOLD_GET | HOLD_PIN);
/** Plain references lose their promise, and all holds remember the fork. */
function forkHolds(m: number, va: number): void {
  changeHolds(m, va, HOLD_GET | HOLD_PIN, 0, HOLD_FORKED);
  changeHolds(m, va, HOLD_GET, HOLD_PROMISED, 0);
}
/** Of holds that still promise something. */
function changeHolds(m: number, va: number, kinds: number, without: number, and: number): void {
  for (let h = 0; h < now.counts.holds; h++) {
    const place = holdPlace(h),
      bits = holdBits(h);
    if (place.process !== m || place.va !== va || (bits & kinds) === 0) continue;
    if ((bits & (HOLD_PROMISED | HOLD_FORKED)) === 0) continue;
    const next = (bits & ~without) | and;
    if (next !== bits) write(holdAt(h) + 1, next);
  }
}

// ---- pipes ----

/** First cell of pipe `p`: pipes lie one behind the other. */
export function pipeAt(p: number): number {
  let at = pipe_slot.at;
  for (let i = 0; i < p; i++) at += 2 * now.plan!.pipes[i]!.slots;
  return at;
}
export const pipeSlots = (p: number): number => now.plan!.pipes[p]!.slots;
export const pipe_empty = (p: number): boolean => cells[pipeAt(p)] === 0;
/** Appends a buffer. The pipe's own lock makes it one step. */
export function add_to_pipe(p: number, f: number): void {
  unprotected('the pipe');
  let at = pipeAt(p);
  while (cells[at] !== 0) at += 2;
  write(at, f + 1);
  write(at + 1, mm + 1);
  effect('pipe', p, f, 1);
}
export const pipe_first = (p: number): { folio: number; from: number } => ({
  folio: cells[pipeAt(p)]! - 1,
  from: cells[pipeAt(p) + 1]! - 1,
});
/** Removes the first buffer; the others move up, so that equal pipes are equal worlds. */
export function pipe_shift(p: number): void {
  const at = pipeAt(p),
    n = pipeSlots(p);
  effect('pipe', p, cells[at]! - 1, -1);
  for (let i = 0; i < 2 * (n - 1); i++)
    if (cells[at + i] !== cells[at + i + 2]) write(at + i, cells[at + i + 2]!);
  write(at + 2 * (n - 1), 0);
  write(at + 2 * (n - 1) + 1, 0);
}

// ---- birth and death ----

/** Somebody is just changing an entry there: an empty one may have been taken out for a moment only. */
const isTableLocked = (m: number, va: number): boolean =>
  cells[ptl.at + (tablesApart() ? m * now.counts.regions + region_of(va) : m)] !== 0;
/**
 * The child exists from here on. Stores that reached the parent's pages through stale TLB entries before
 * this moment count as made before the fork, so what the child must see is what its pages hold now.
 */
export function mm_born(): void {
  const child = op.child;
  const forks = cells[epoch.at]! + 1;
  write(epoch.at, forks);
  write(mm_birth.at + child, forks);
  write(mm_state.at + child, MM_ALIVE);
  for (let va = 0; va < pages; va++) {
    const f = behindEntry(pte.at + 2 * (child * pages + va));
    const gone = now.counts.lazy !== 0 && f >= 0 && cells[expectedAt(mm, va)]! >= EXPECT_RACING;
    const copied = (vmaFlags(mm, va) & (VM_DONTCOPY | VM_WIPEONFORK)) === 0;
    // What the parent stores to a private page after fork has passed its entry is not the child's.
    // A huge page that was taken from the parent is the child's loss, too.
    const taken = is_vm_hugetlb_page(va) && is_vma_resv_set(mm, va, RESV_UNMAPPED);
    const finds = copied && ((vmaFlags(mm, va) & VM_SHARED) !== 0 || taken);
    const seen =
      gone || (f < 0 && isTableLocked(child, va))
        ? EXPECT_ANY
        : f >= 0
          ? cells[folio_stored.at + f]!
          : finds
            ? cells[expectedAt(mm, va)]!
            : copied
              ? bytesLeft(va)
              : 0;
    write(expectedAt(child, va), seen);
    // A plain reference promises nothing across fork: user space had to know (R16, eras-to-5.18). With
    // MADV_DONTFORK it did know: the page stays with the parent alone.
    if (copied) forkHolds(mm, va);
  }
  effect('born', child, mm);
}
/** Every page table has gone with its mappings, as check_mm() wants it. kernel/fork.c. */
function assertNoTables(): void {
  for (let r = 0; tablesApart() && r < now.counts.regions; r++)
    if (hasTable(mm, r) && !isHugetlbRegion(r))
      throw new InternalError('an address space goes and leaves a page table behind');
}
/** The last user of the address space is gone; its other threads end with it. */
export function mm_exited(): void {
  assertNoTables();
  write(mm_state.at + mm, MM_EXITED);
  for (let t = 0; t < now.counts.threads; t++) {
    if (t === self || mmOf[t] !== mm) continue;
    const at = taskOf[t]!;
    write(at + OP, opsOfThread(t).length);
    if (userfault.size !== 0 && cells[userfault.at + t] !== 0) write(userfault.at + t, 0);
    for (let i = 0; i < now.counts.frame; i++) if (i !== OP && cells[at + i] !== 0) write(at + i, 0);
  }
  effect('exited', mm, self);
}
/** exec: the same process goes on with a new address space. Bytes that it inherited stay known to it. */
export function mm_replaced(): void {
  assertNoTables();
  if (mm_users.size !== 0) write(mm_users.at + mm, 0);
  if (cells[has_pinned.at + mm] !== 0) write(has_pinned.at + mm, 0);
  if (cells[write_protect_seq.at + mm] !== 0) write(write_protect_seq.at + mm, 0);
  effect('exec', mm, self);
}
/** fork failed: the child was never born, nor were those that it would have forked. */
export function mmStillborn(child: number): void {
  write(mm_state.at + child, MM_EXITED);
  for (let t = 0; t < now.counts.threads; t++)
    if (mmOf[t] === child) write(taskOf[t]! + OP, opsOfThread(t).length);
  now.plan!.processes.forEach((p, m) => {
    if (p.parent === child) mmStillborn(m);
  });
}
const ENDING = 255;
/** The last of its own users is leaving: from here on nobody gets hold of it. */
export function mm_ends(): void {
  if (mm_users.size !== 0) write(mm_users.at + mm, ENDING);
}
/** Nobody else may end this address space while we work on it. Its own threads need not ask. */
export function mmget_not_zero(): boolean {
  if (op.target === undefined) return true;
  if (read(mm_state.at + mm) !== MM_ALIVE || cells[mm_users.at + mm] === ENDING) return false;
  write(mm_users.at + mm, read(mm_users.at + mm) + 1);
  return true;
}
export function mmput(): void {
  if (op.target !== undefined) write(mm_users.at + mm, read(mm_users.at + mm) - 1);
}
/** True when no other thread of the process is in the middle of an operation, and nobody reaches into it. */
export function other_threads_idle(): boolean {
  if (mm_users.size !== 0 && cells[mm_users.at + mm] !== 0) return false;
  const me = self;
  let idle = true;
  for (let t = 0; t < now.counts.threads && idle; t++) {
    if (t === me || mmOf[t] !== mmOf[me]) continue;
    // Sleeping for a monitor: it is killed there.
    if (userfault.size !== 0 && cells[userfault.at + t] !== 0) continue;
    const o = opsOfThread(t)[cells[taskOf[t]! + OP]!];
    if (o !== undefined && o.phase <= cells[phase.at]!) idle = false;
  }
  enter(me);
  return idle;
}
export const threadCells = thread;
