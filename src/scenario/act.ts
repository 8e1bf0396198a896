/** One operation of the text into one of the plan. */
import {
  FOLL_FAST_PATH,
  FOLL_GET,
  FOLL_PIN,
  FOLL_WRITE,
  MAP_SHARED,
  PROT_READ,
  PROT_WRITE,
} from '../kernel/flags.ts';
import type { Op } from '../kernel/plan.ts';
import { bear, exit, memberAt, strandOf } from './cast.ts';
import { notModelled } from './diagnostic.ts';
import type { Draft, Member, Strand } from './draft.ts';
import { holdFor, take } from './holds.ts';
import { OPS_MAX } from './limits.ts';
import { change, map, slotsOf } from './memory.ts';
import { pipeOf } from './pipes.ts';
import { operationText } from './printer.ts';
import type { Name, Operation, OpStatement, Value } from './syntax.ts';

/** What an operation says about itself; the rest of an `Op` follows from where it stands. */
type Part = Partial<Pick<Op, 'va' | 'pages' | 'region' | 'stored' | 'child' | 'slot' | 'observed' | 'flags'>>;

/** Operations that the outside observer can do: it has no memory. */
const OUTSIDE: ReadonlySet<Operation['verb']> = new Set(['read', 'release']);
const OUTSIDE_HINT = 'It reads pipes and releases holds. Name a process.';

export function act(draft: Draft, statement: OpStatement): void {
  const { op, span } = statement;
  if (op.verb === 'foreign') {
    draft.problems.error(span, notModelled(op.what), 'docs/limits.md lists what the models leave out.');
  } else if (op.verb === 'nodrain') {
    draft.batched = true;
    return;
  } else {
    perform(draft, statement);
  }
  if (draft.block === null) draft.phase += 1;
  else draft.block.ops += 1;
}

function perform(draft: Draft, statement: OpStatement): void {
  const { op, actor, span } = statement;
  const { problems } = draft;
  const strand = strandOf(draft, actor);
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
    syscall: op.verb === 'read' ? 'pipe_read' : op.verb,
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
    text: operationText(op),
    line: span.line,
  });
}

/** `store`, then `store~2`. */
function named(strand: Strand, keyword: string): string {
  const count = (strand.counts.get(keyword) ?? 0) + 1;
  strand.counts.set(keyword, count);
  return count === 1 ? keyword : `${keyword}~${count}`;
}

interface Acting {
  readonly statement: OpStatement;
  readonly strand: Strand;
  /** undefined: the observer, which `OUTSIDE` lets do what needs no process. */
  readonly member: Member | undefined;
  readonly name: string;
}

/** null after a mistake. */
function partOf(draft: Draft, acting: Acting): Part | null {
  const { statement, strand, member, name } = acting;
  const { op, span } = statement;
  switch (op.verb) {
    case 'mmap': {
      const flags = protection(op.readonly ? 'ro' : 'rw') | (op.kind === 'shanon' ? MAP_SHARED : 0);
      if (member !== undefined) change(draft, member, strand, op.region, true);
      const area = member && map(draft, member, op);
      return area ? { va: area.at, pages: op.pages, region: area.index, flags } : null;
    }
    case 'munmap': {
      const slots = slotsOf(draft, member, op.place, op.pages);
      if (member !== undefined) change(draft, member, strand, op.place.region, false);
      if (op.place.page === null) member?.maps.delete(op.place.region.text);
      return slots;
    }
    case 'madvise':
      return slotsOf(draft, member, op.place, op.pages);
    case 'mprotect': {
      const slots = slotsOf(draft, member, op.place, null);
      return slots && { ...slots, flags: protection(op.protection) };
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
    case 'pin':
    case 'get': {
      const slots = slotsOf(draft, member, op.place, null);
      const how = op.verb === 'pin' ? FOLL_PIN : FOLL_GET;
      const flags = how | (op.access === 'write' ? FOLL_WRITE : 0) | (op.fast ? FOLL_FAST_PATH : 0);
      const slot = take(draft, op, strand, flags, span);
      return slots && { ...slots, slot, flags };
    }
    case 'release':
      return release(draft, op, acting);
    case 'nodrain':
    case 'foreign':
      throw new Error(`${op.verb} is no operation of a plan`);
  }
}

function protection(protection: 'ro' | 'rw' | 'none'): number {
  return protection === 'none' ? 0 : protection === 'ro' ? PROT_READ : PROT_READ | PROT_WRITE;
}

/** Every operation that writes has an entry of its own, so that equal strings of two stores stay apart. */
function store(draft: Draft, value: Value, process: number): number {
  draft.stored.push({ text: value.text, hex: value.hex, process });
  return draft.stored.length - 1;
}

function observe(
  draft: Draft,
  strand: Strand,
  result: Name | null,
  name: string,
  { span }: OpStatement,
): number {
  const text = result?.text ?? name;
  if (strand.results.has(text)) {
    const hint = 'Give each result of a thread a name of its own.';
    draft.problems.error(result?.span ?? span, `${strand.name} has a result ${text} already`, hint);
  }
  strand.results.add(text);
  draft.observed.push({ name: text, op: draft.ops.length, thread: strand.index });
  return draft.observed.length - 1;
}

function fork(draft: Draft, child: Name, member: Member | undefined): Part | null {
  if (draft.members.has(child.text)) {
    draft.problems.error(child.span, `${child.text} exists already`, 'Give the child another name.');
    return null;
  }
  return { child: bear(draft, child, member ?? null).index };
}

/** A write hold stores the value into its page as its owner's device; a read hold reports what it sees. */
function release(draft: Draft, op: Extract<Operation, { verb: 'release' }>, acting: Acting): Part | null {
  const { statement, strand, name } = acting;
  const slot = holdFor(draft, op.hold, strand, statement.span);
  const hold = draft.holds[slot];
  if (hold === undefined) return null;
  const { flags } = hold;
  if (hold.access === 'write') {
    if (op.result !== null) {
      const hint = 'Load the page to see what is in it.';
      draft.problems.error(op.result.span, `${hold.name} is a write hold: it reports nothing`, hint);
    }
    return { slot, flags, stored: op.value === null ? 0 : store(draft, op.value, hold.process) };
  }
  // The recorder gives a byte to every release; only a string is meant to be stored.
  if (op.value !== null && !op.value.hex) {
    draft.problems.warning(
      op.value.span,
      `${hold.name} is a read hold: it stores nothing`,
      'Take it with write.',
    );
  }
  return { slot, flags, observed: observe(draft, strand, op.result, name, statement) };
}
