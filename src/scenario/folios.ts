/**
 * How many folios a world needs. Too few and a run ends for want of memory that a machine has; too many and
 * every state of a check grows, by some 3 % for each. So two bounds, each safe on every model, and the
 * smaller one counts.
 */
import { MAP_POPULATE, PROT_WRITE } from '../kernel/flags.ts';
import type { Op } from '../kernel/plan.ts';
import { movable } from './actors.ts';
import { isHuge, isLargeKind } from './draft.ts';
import type { Area, Draft } from './draft.ts';
import { FOLIOS_MAX } from './limits.ts';

/** A forced write to a mapping without VM_WRITE may take a fresh page and copy that at once. */
const FORCED: ReadonlySet<string> = new Set(['poke', 'ptpoke', 'rdma_register']);
/** Direct I/O, registered buffers, a look-up. */
const DEVICES = ['lookup', 'dio', 'dio_read', 'dio_write', 'uring_register'];
const REACHING = [...FORCED, ...DEVICES, 'peek', 'process_vm_readv', 'process_vm_writev'];
const FAULTING: ReadonlySet<string> = new Set([...REACHING, 'uffd_copy', 'store', 'vmsplice', 'pin', 'get']);
const GUP: ReadonlySet<string> = new Set([...REACHING, 'vmsplice', 'pin', 'get']);
/**
 * Take the write bit or the page away from other threads of the process, so that their stores fault once
 * more.
 */
const DISTURBING: ReadonlySet<string> = new Set([
  'fork',
  'mprotect',
  'madvise',
  'munmap',
  'mmap',
  'mremap',
  'exec',
  'numa_hint',
  'uffd_writeprotect',
  'clear_refs',
  'ksm',
  'ksm_unmerge',
  'move_pages',
  'madvise_pageout',
  'reclaim',
]);
/** Work on every page of every process. */
const KSM: ReadonlySet<string> = new Set(['ksm', 'ksm_unmerge']);
/** May leave a region without a page. */
const EMPTYING: ReadonlySet<string> = new Set(['munmap', 'madvise', 'mmap', 'exec', 'madvise_collapse']);
/** Fault in every page of their range. A writable mapping that was locked is populated by mprotect, too. */
const POPULATING: ReadonlySet<string> = new Set(['mlock', 'madvise_populate']);
const populates = (draft: Draft, op: Op): boolean =>
  POPULATING.has(op.syscall) ||
  (op.syscall === 'mmap' && (op.flags & MAP_POPULATE) !== 0) ||
  (op.syscall === 'mprotect' && draft.ops.some((o) => o.syscall === 'mlock'));

/** Takes pages away, which come back as other folios. */
const RECLAIMING: ReadonlySet<string> = new Set(['madvise_pageout', 'reclaim']);
const swaps = (draft: Draft): boolean => draft.ops.some((op) => RECLAIMING.has(op.syscall));
/**
 * Swap slots that can be in use at once: each time that a page goes to swap it needs one at most, and as many
 * as there are entries and pages are enough.
 */
export function slotBound(draft: Draft, folios: number): number {
  const wanted = draft.ops.reduce((n, op) => n + (RECLAIMING.has(op.syscall) ? op.pages : 0), 0);
  return Math.min(wanted, draft.members.size * privatePages(draft) + folios);
}

/** Folios besides the zero page that can be in use at once, at most. */
export function folioBound(draft: Draft): number {
  const large = [...draft.areas.values()].some((area) => isLargeKind(area.kind)),
    simple = !draft.batched && !swaps(draft) && !large;
  // What moves needs a page to move to, and keeps others from writing in place, as often as it likes.
  const moving = 2 * movable(draft).length,
    all = moving === 0 ? allocated(draft) : Math.max(allocated(draft), alive(draft));
  const bound = moving + (simple ? Math.min(all, alive(draft)) : all);
  return Math.max(1, Math.min(FOLIOS_MAX, bound));
}

/**
 * No more folios can be in use than were ever allocated and kept. A page of shared memory is allocated
 * once, but each thread of a block may come with one of its own and find that it is too late. A store or a
 * GUP of a private page allocates at most one (a new page, a COW copy, or an unshared copy), plus one for
 * each operation that another thread of the process can slip in to make it fault again; a copy that loses
 * the race is freed before the next one is made. A load maps the zero page. Fork (and mprotect to read-
 * only, by a proposal) copy a page only where they see a reference beyond the mapping: of an earlier GUP,
 * of another thread's operation in flight, or of an LRU batch.
 */
function allocated(draft: Draft): number {
  const { ops, batched } = draft;
  let folios = sharedPages(draft) + racersForShared(draft) + largePages(draft);
  for (const op of ops) {
    const beside = ops.filter((o) => overlap(o, op));
    // A load of a huge page needs one, too: there is no such page of zeros.
    const loads = op.syscall === 'load' && isHuge(areaOf(draft, op));
    if ((FAULTING.has(op.syscall) || loads) && !isShared(draft, op)) {
      const again = beside.filter((o) => DISTURBING.has(o.syscall) && sameProcess(draft, o, op)).length;
      folios += (FORCED.has(op.syscall) ? 2 : 1) * Math.max(1, op.pages) * (1 + again);
    }
    if (populates(draft, op) && !isShared(draft, op)) {
      const again = beside.filter((o) => DISTURBING.has(o.syscall) && sameProcess(draft, o, op)).length;
      folios += op.pages * (1 + again);
    }
    // The page that it moves to, of which it lets go again where it may not move.
    if (op.syscall === 'move_pages' && !isLargeKind(areaOf(draft, op)?.kind ?? 'anon')) folios += op.pages;
    // ksmd takes pages back that it could not merge after all.
    if (KSM.has(op.syscall)) folios += draft.members.size * privatePages(draft);
    // A page that is not in memory any more: a load brings it back, too.
    if (op.syscall === 'load' && swaps(draft) && !isShared(draft, op)) folios += op.pages;
    const protects = op.syscall === 'mprotect' && (op.flags & PROT_WRITE) === 0;
    if (op.syscall === 'fork' || protects) {
      const referenced =
        batched || beside.length > 0 || ops.some((o) => o.phase <= op.phase && GUP.has(o.syscall));
      if (referenced) folios += op.syscall === 'fork' ? privatePages(draft) : op.pages;
    }
  }
  return folios;
}

/**
 * Large folios are allocated where nothing of their region is mapped: in each process once, and again after
 * what may empty it; and by kernels that copy huge pages, in parent and child after each fork. Threads that
 * fault at the same time may each come with one.
 */
function largePages(draft: Draft): number {
  let pages = 0;
  for (const area of draft.areas.values()) {
    if (!isLargeKind(area.kind)) continue;
    const here = draft.ops.filter((o) => o.region === area.index),
      faults = here.filter(
        (o) => FAULTING.has(o.syscall) || populates(draft, o) || o.syscall === 'madvise_collapse',
      ),
      empties = here.filter((o) => EMPTYING.has(o.syscall)).length,
      forks = draft.ops.filter((o) => o.syscall === 'fork').length,
      moves = here.filter((o) => o.syscall === 'move_pages').length,
      races = faults.filter((o) => draft.ops.some((p) => overlap(o, p))).length;
    pages += (Math.min(faults.length + races, 1 + empties + 3 * forks + 2 * races) + moves) * area.pages;
  }
  return pages;
}

/**
 * Nor more than there are holders: PTEs of every process, the page cache of shared memory, holds, pipe
 * buffers, and what the operations in flight keep for a moment. LRU batches count as in flight, because
 * they are drained when an operation ends; undrained they keep unmapped folios, and this bound does not
 * apply.
 */
function alive(draft: Draft): number {
  const { members, holds, pipes, ops } = draft;
  const slots = [...pipes.values()].reduce((sum, pipe) => sum + pipe.slots, 0);
  // Of each thread at most one operation is in flight, the greediest one of the phase.
  const inFlight = new Map<number, Map<number, number>>();
  for (const op of ops) {
    const alone = !ops.some((o) => overlap(o, op));
    const phase = inFlight.get(op.phase) ?? new Map<number, number>();
    phase.set(op.thread, Math.max(phase.get(op.thread) ?? 0, alone ? 1 : momentary(draft, op)));
    inFlight.set(op.phase, phase);
  }
  const momentarily = [...inFlight.values()].map((phase) =>
    [...phase.values()].reduce((sum, n) => sum + n, 0),
  );
  return (
    members.size * privatePages(draft) +
    sharedPages(draft) +
    holds.length +
    slots +
    2 * ops.filter((o) => o.detached === true).length +
    Math.max(0, ...momentarily)
  );
}

/**
 * Folios that an operation may keep alive by itself while others run beside it. Alone it is one: a copy
 * before it is installed, or the page that it has replaced; what it unmaps, no page table can replace
 * meanwhile.
 */
function momentary(draft: Draft, op: Op): number {
  switch (op.syscall) {
    // Pages that are unmapped but not yet flushed and freed.
    case 'munmap':
    case 'madvise':
    case 'mmap':
      return op.pages;
    case 'exit':
    case 'exec':
      return privatePages(draft) + sharedPages(draft);
    // Each time it is disturbed it begins again, and its batch keeps what it had.
    case 'poke':
    case 'ptpoke':
      return 2 * (1 + draft.ops.filter((o) => o.phase === op.phase && DISTURBING.has(o.syscall)).length);
    // A copy that another thread has unmapped while it is in the LRU batch, and the page that it was made
    // from.
    default:
      return 2;
  }
}

/** Both may be in flight at one time: in one block, or a detached one with what comes after it. */
const overlap = (a: Op, b: Op): boolean =>
  a.thread !== b.thread &&
  (a.phase === b.phase ||
    (a.detached === true && a.phase < b.phase) ||
    (b.detached === true && b.phase < a.phase));

/** Threads of one block that may find a page of shared memory absent, but the one that is first. */
function racersForShared(draft: Draft): number {
  const racers = new Map<number, Set<number>>();
  for (const op of draft.ops) {
    if (op.syscall !== 'load' && !FAULTING.has(op.syscall)) continue;
    if (areaOf(draft, op)?.shared === null) continue;
    racers.set(op.phase, (racers.get(op.phase) ?? new Set()).add(op.thread));
  }
  return Math.max(0, ...[...racers.values()].map((threads) => threads.size - 1));
}

function sharedPages(draft: Draft): number {
  return [...draft.areas.values()].reduce(
    (sum, area) => sum + (area.shared === null && area.file < 0 ? 0 : area.pages),
    0,
  );
}

function privatePages(draft: Draft): number {
  return [...draft.areas.values()].reduce((sum, area) => sum + (area.private ? area.pages : 0), 0);
}

/** Every mapping of its region is shared. */
function isShared(draft: Draft, op: Op): boolean {
  const area = areaOf(draft, op);
  return area !== undefined && area.shared !== null && !area.private;
}

function areaOf(draft: Draft, op: Op): Area | undefined {
  return [...draft.areas.values()][op.region];
}

function sameProcess(draft: Draft, a: Op, b: Op): boolean {
  if (KSM.has(a.syscall) || KSM.has(b.syscall)) return true;
  const strands = [...draft.strands.values()];
  const process = (op: Op): number | undefined => op.target ?? strands[op.thread]?.process;
  return process(a) === process(b);
}
