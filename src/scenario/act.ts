/** One operation of the text into one of the plan. */
import {
  ADVISED_PART,
  FOLL_FAST_PATH,
  FOLL_GET,
  MADV_NOHUGEPAGE_AGAIN,
  MAP_FILE,
  MAP_HUGEPAGE,
  MAP_POPULATE,
  MAP_SHARED,
  PART,
  PROT_READ,
  PROT_WRITE,
} from '../kernel/flags.ts';
import type { Op } from '../kernel/plan.ts';
import { ADVICE, LARGE_FROM } from './advice.ts';
import { bear, exec, exit, memberAt, strandOf } from './cast.ts';
import { notModelled } from './diagnostic.ts';
import type { Span } from './diagnostic.ts';
import { devicePart, syscallOf } from './devices.ts';
import type { Acting } from './devices.ts';
import { isFileKind, isHuge, isLargeKind, isSharedKind } from './draft.ts';
import type { Draft, Member, Strand } from './draft.ts';
import { OPS_MAX } from './limits.ts';
import { change, map, slotsOf, slotsOfPart } from './memory.ts';
import { joined, monitorPart } from './monitor.ts';
import { pipeOf } from './pipes.ts';
import { operationText } from './printer.ts';
import { reach } from './remote.ts';
import { observe, store } from './results.ts';
import type { Name, Operation, OpStatement, Place } from './syntax.ts';

/** What an operation says about itself; the rest of an `Op` follows from where it stands. */
type Part = Partial<
  Pick<
    Op,
    | 'syscall'
    | 'va'
    | 'pages'
    | 'region'
    | 'stored'
    | 'child'
    | 'slot'
    | 'observed'
    | 'target'
    | 'joins'
    | 'flags'
  >
>;

/** Advice about pages, and not about VMAs: a page of 2 MB is one. */
const CHANGES_PAGES: ReadonlySet<string> = new Set([
  'madvise_cold',
  'madvise_pageout',
  'madvise_free',
  'madvise_populate',
]);
/** Operations that the outside observer can do: it has no memory. */
const OUTSIDE: ReadonlySet<Operation['verb']> = new Set([
  'read',
  'release',
  'complete',
  'unpin',
  'device_write',
  'device_read',
  'ksm',
  'ksm_unmerge',
]);
const OUTSIDE_HINT = 'It reads pipes, releases holds and runs ksmd. Name a process.';

export function act(draft: Draft, statement: OpStatement): void {
  const { op, span } = statement;
  if (op.verb === 'foreign') {
    draft.problems.error(span, notModelled(op.what), 'docs/limits.md lists what the models leave out.');
  } else if (op.verb === 'nodrain') {
    draft.batched = true;
    return;
  } else if (op.verb === 'fopen') {
    // A file to do direct I/O on: nothing happens to memory.
    return;
  } else {
    const times = op.verb === 'vmsplice' ? op.times : 1;
    for (let i = 0; i < times; i++) perform(draft, statement);
  }
  if (draft.block === null) draft.phase += 1;
  else draft.block.ops += 1;
}

/** One operation of a thread, on its way into the plan. */
export function perform(draft: Draft, statement: OpStatement): void {
  const { op, actor, detached, span } = statement;
  const { problems } = draft;
  const strand = strandOf(draft, detached && actor.thread === 1 ? { ...actor, thread: 2 } : actor);
  const member = strand === null ? undefined : memberAt(draft, strand.process);
  const outside = strand !== null && member === undefined && !OUTSIDE.has(op.verb);
  if (outside) problems.error(actor.name.span, `the outside observer cannot ${op.verb}`, OUTSIDE_HINT);
  if (strand === null || outside) {
    // The child is taken for born all the same, so that its own lines are not blamed too.
    const parent = memberAt(draft, 0);
    if (op.verb === 'fork' && parent !== undefined && !draft.members.has(op.child.text))
      bear(draft, op.child, parent);
    return;
  }
  if (draft.ops.length === OPS_MAX) {
    problems.error(
      span,
      `more than ${OPS_MAX} operations`,
      'Split the scenario: checks grow with every operation.',
    );
    return;
  }
  const name = named(strand, op.verb);
  strand.lastPhase = draft.phase;
  const part = partOf(draft, { statement, strand, member, name });
  if (part === null) return;
  strand.ops.push(draft.ops.length);
  draft.ops.push({
    syscall: syscallOf(op.verb),
    thread: strand.index,
    phase: draft.phase,
    va: -1,
    pages: 0,
    region: -1,
    stored: 0,
    child: -1,
    slot: -1,
    observed: -1,
    flags: 0,
    ...part,
    name,
    text: (detached ? '&' : '') + operationText(op),
    line: span.line,
    ...(detached ? { detached } : {}),
  });
}

/** `store`, then `store~2`. */
export function named(strand: Strand, keyword: string): string {
  const count = (strand.counts.get(keyword) ?? 0) + 1;
  strand.counts.set(keyword, count);
  return count === 1 ? keyword : `${keyword}~${count}`;
}

/** null after a mistake. */
function partOf(draft: Draft, acting: Acting): Part | null {
  const { statement, strand, member, name } = acting;
  const { op, span } = statement;
  switch (op.verb) {
    case 'mmap': {
      const flags =
        protection(op.readonly ? 'ro' : 'rw') |
        (isSharedKind(op.kind) ? MAP_SHARED : 0) |
        (isFileKind(op.kind) ? MAP_FILE : 0) |
        (isLargeKind(op.kind) ? MAP_HUGEPAGE : 0) |
        (op.populate ? MAP_POPULATE : 0);
      if (member !== undefined) change(draft, member, strand, op.region, true);
      const area = member && map(draft, member, op);
      const pages = isLargeKind(op.kind) ? (area?.pages ?? 1) : op.pages;
      return area ? { va: area.at, pages, region: area.index, flags } : null;
    }
    case 'munmap': {
      const slots = slotsOfPart(draft, member, op.place, op.pages);
      if (member !== undefined) change(draft, member, strand, op.place.region, false);
      if (op.place.page === null) member?.maps.delete(op.place.region.text);
      if (slots === null) return null;
      const { part, ...rest } = slots;
      return part === 0 ? rest : { ...rest, flags: PART };
    }
    case 'madvise': {
      const found = slotsOfPart(draft, member, op.place, op.pages);
      const { part = 0, ...slots } = found ?? {};
      const large = isLargeAt(draft, op.place);
      if (op.advice === 'collapse' && !(large && op.place.page === null))
        draft.problems.error(
          span,
          notModelled('madvise collapse of other memory'),
          'Take a whole region thp.',
        );
      if (op.advice === 'huge' && found !== null && !large && found.pages >= LARGE_FROM)
        draft.problems.error(span, notModelled('madvise huge of 64 kB and more'), 'Take a smaller region.');
      const { syscall, flags } = ADVICE[op.advice],
        area = draft.areas.get(op.place.region.text);
      if (op.advice === 'pageout' && area !== undefined && (area.shared !== null || area.file >= 0))
        draft.problems.error(span, notModelled('madvise pageout of shared memory'), 'Take private memory.');
      // The recorder maps private memory with this advice.
      const isAgain =
        op.advice === 'nohuge' &&
        draft.recorded &&
        !large &&
        area?.shared === null &&
        area.file < 0 &&
        !isHuge(area);
      // What works on pages finds the whole one; what changes VMAs, or throws pages away, asks.
      const parts =
        part === 0 || CHANGES_PAGES.has(syscall) ? 0 : syscall === 'madvise' ? part : ADVISED_PART;
      return found && { ...slots, syscall, flags: (isAgain ? MADV_NOHUGEPAGE_AGAIN : flags) | parts };
    }
    case 'mremap': {
      const { region } = op;
      return slotsOf(draft, member, { region, page: null, span: region.span }, null);
    }
    case 'uffd_register':
    case 'uffd_writeprotect':
    case 'uffd_copy':
    case 'uffd_continue':
    case 'uffd_wait':
      return monitorPart(draft, op, acting);
    case 'clear_refs':
      return {};
    case 'ksm':
    case 'ksm_unmerge':
      return {};
    case 'move_pages': {
      if (isHuge(draft.areas.get(op.place.region.text)))
        draft.problems.error(span, notModelled('move_pages of a huge page'), 'Take another region.');
      const slots = slotsOf(draft, member, op.place, null);
      return slots && { ...slots, flags: op.node };
    }
    case 'join':
      return joined(draft, acting);
    case 'reclaim': {
      const area = draft.areas.get(op.place.region.text);
      if (area !== undefined && (area.shared !== null || area.file >= 0))
        draft.problems.error(span, notModelled('reclaim of shared memory'), 'Take private memory.');
      return slotsOf(draft, member, op.place, null);
    }
    case 'mlock':
    case 'munlock':
    case 'numa_hint': {
      if (op.verb === 'numa_hint' && isLargeAt(draft, op.place)) notWithLarge(draft, span, 'numa_hint');
      const found = slotsOfPart(draft, member, op.place, null);
      if (found === null) return null;
      const { part: _, ...slots } = found;
      return slots;
    }
    case 'mprotect': {
      const found = slotsOfPart(draft, member, op.place, null);
      if (found === null) return null;
      const { part, ...slots } = found;
      return { ...slots, flags: protection(op.protection) | (part === 0 ? 0 : ADVISED_PART) };
    }
    case 'load': {
      const slots = slotsOf(draft, member, op.place, null);
      return slots && { ...slots, observed: observe(draft, strand, op.result, name, statement) };
    }
    case 'store': {
      const slots = slotsOf(draft, member, op.place, null);
      return slots && { ...slots, stored: store(draft, op.value, strand.process) };
    }
    case 'fork':
      return fork(draft, op.child, member);
    case 'exit':
      if (member !== undefined) exit(draft, member, strand, span);
      return {};
    case 'exec':
      if (member !== undefined) exec(draft, member, strand, span);
      return {};
    case 'vmsplice': {
      const slots = slotsOf(draft, member, op.place, null);
      const pipe = pipeOf(draft, op.pipe);
      pipe.slots += 1;
      pipe.filled = Math.min(pipe.filled, draft.phase);
      return slots && { ...slots, slot: pipe.index, flags: FOLL_GET | FOLL_FAST_PATH };
    }
    case 'read': {
      const pipe = pipeOf(draft, op.pipe);
      pipe.reads.push({ at: op.pipe.span, phase: draft.phase });
      return { slot: pipe.index, observed: observe(draft, strand, op.result, name, statement) };
    }
    case 'lookup': {
      const slots = slotsOf(draft, member, op.place, null);
      return slots && { ...slots, observed: observe(draft, strand, op.result, name, statement) };
    }
    case 'pin':
    case 'get':
    case 'release':
    case 'unpin':
    case 'dio':
    case 'dio_read':
    case 'dio_write':
    case 'complete':
    case 'uring_register':
    case 'uring_write':
    case 'uring_read':
    case 'uring_unregister':
    case 'rdma_register':
    case 'rdma_deregister':
    case 'device_write':
    case 'device_read':
      return devicePart(draft, op, acting);
    case 'poke':
    case 'ptpoke':
    case 'peek':
    case 'process_vm_readv':
    case 'process_vm_writev':
      return reach(draft, op, member, strand, name, statement);
    case 'fopen':
    case 'nodrain':
    case 'foreign':
      throw new Error(`${op.verb} is no operation of a plan`);
  }
}

const isLargeAt = (draft: Draft, { region }: Place): boolean => {
  const area = draft.areas.get(region.text);
  return area !== undefined && isLargeKind(area.kind);
};
function notWithLarge(draft: Draft, span: Span, what: string): void {
  draft.problems.error(span, notModelled(`${what} of large folios`), 'Use memory of kind anon.');
}

function protection(protection: 'ro' | 'rw' | 'none'): number {
  return protection === 'none' ? 0 : protection === 'ro' ? PROT_READ : PROT_READ | PROT_WRITE;
}

function fork(draft: Draft, child: Name, member: Member | undefined): Part | null {
  if (draft.members.has(child.text)) {
    draft.problems.error(child.span, `${child.text} exists already`, 'Give the child another name.');
    return null;
  }
  return { child: bear(draft, child, member ?? null).index };
}
