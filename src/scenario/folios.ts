/**
 * How many folios a world needs. Too few and a run ends for want of memory that a machine has; too many and
 * every state of a check grows, by some 3 % for each. So two bounds, each safe on every model, and the
 * smaller one counts.
 */
import { PROT_WRITE } from '../kernel/flags.ts';
import type { Op } from '../kernel/plan.ts';
import type { Area, Draft } from './draft.ts';
import { FOLIOS_MAX } from './limits.ts';

const FAULTING: ReadonlySet<string> = new Set(['store', 'vmsplice', 'pin', 'get']);
const GUP: ReadonlySet<string> = new Set(['vmsplice', 'pin', 'get']);
/**
 * Take the write bit or the page away from other threads of the process, so that their stores fault once
 * more.
 */
const DISTURBING: ReadonlySet<string> = new Set(['fork', 'mprotect', 'madvise', 'munmap', 'mmap']);

/** Folios besides the zero page that can be in use at once, at most. */
export function folioBound(draft: Draft): number {
  const bound = draft.batched ? allocated(draft) : Math.min(allocated(draft), alive(draft));
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
  let folios = sharedPages(draft) + racersForShared(draft);
  for (const op of ops) {
    const beside = ops.filter((o) => o.phase === op.phase && o.thread !== op.thread);
    if (FAULTING.has(op.syscall) && !isShared(draft, op)) {
      folios += 1 + beside.filter((o) => DISTURBING.has(o.syscall) && sameProcess(draft, o, op)).length;
    }
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
    const alone = !ops.some((o) => o.phase === op.phase && o.thread !== op.thread);
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
      return privatePages(draft) + sharedPages(draft);
    // A copy that another thread has unmapped while it is in the LRU batch, and the page that it was made
    // from.
    default:
      return 2;
  }
}

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
  return [...draft.areas.values()].reduce((sum, area) => sum + (area.shared === null ? 0 : area.pages), 0);
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
  const strands = [...draft.strands.values()];
  return strands[a.thread]?.process === strands[b.thread]?.process;
}
