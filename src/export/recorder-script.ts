/**
 * A scenario as scripts for the recorder, which runs one operation after the other on a real kernel: names
 * become its letters and numbers, strings become bytes. A `parallel` block is a race that nobody can force
 * from user space; it becomes its serial orders, one script each, which bound what a kernel may answer.
 */
import { recorderSpelling } from '../evidence/spelling.ts';
import { withExtra } from '../kernel/guards.ts';
import { operationText } from '../scenario/printer.ts';
import type { OpStatement, Operation, Name, Place, Scenario, Value } from '../scenario/syntax.ts';
import { Refusal, namingOf, renamed } from './recorder-names.ts';
import type { Naming } from './recorder-names.ts';

export interface Script {
  /** Operations, each as the recorder reads it. */
  readonly ops: readonly string[];
  /** The order of the racing operations, as the scenario calls them; [] without a race. */
  readonly order: readonly string[];
}
export interface Scripts {
  readonly scripts: readonly Script[];
  /** Serial orders that there are; more than `scripts` if they are too many. */
  readonly orders: number;
  /** Name in the scenario to the recorder's. */
  readonly names: readonly (readonly [scenario: string, recorder: string])[];
  /** What is not as in the scenario, a sentence each. */
  readonly remarks: readonly string[];
}
/** The scenario has something that the recorder has not. */
export interface Refused {
  readonly why: string;
  /** Line of the scenario, from 1; 0: the whole. */
  readonly line: number;
}

/** Scripts that one program runs at most. */
const ORDERS_MOST = 24;

/** `verbs`: what the recorder can do, `verbsOf` of its sources. */
export function recorderScripts(scenario: Scenario, verbs: ReadonlySet<string>): Scripts | Refused {
  try {
    return scriptsOf(scenario, verbs);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    return { why: problem.message, line: problem.line };
  }
}

/** Rows of its tables of verbs: `{ "ld", V_ACTOR | V_REGION, 3, verb_ld },`. */
export function verbsOf(sources: readonly { readonly text: string }[]): ReadonlySet<string> {
  const rows = sources.flatMap(({ text }) => [
    ...text.matchAll(/^\t\{ "(\w+)", [\w| ]+, \d, verb_\w+ \},$/gm),
  ]);
  return new Set(rows.map(([, verb]) => verb!));
}

/** Steps that were switched off, or on (`+...`), are so in models only. */
export function notReal(guards: readonly string[]): string {
  const [first = ''] = guards;
  return first.startsWith('+')
    ? `no kernel has the extra step ${first.slice(1)}`
    : `no kernel leaves out ${guards.join(', ')}`;
}

/** Operations one after the other, or the branches of a block: each a list of a thread's operations. */
type Part = { readonly branches: readonly (readonly OpStatement[])[] };

function scriptsOf(scenario: Scenario, verbs: ReadonlySet<string>): Scripts {
  const remarks: string[] = [];
  const parts = partsOf(scenario, remarks);
  const naming = namingOf(
    scenario,
    parts.flatMap((p) => p.branches.flat()),
  );
  const orders = ordersOf(parts);
  const intro = introOf(scenario, naming, verbs);
  const racing = parts.some((p) => p.branches.length > 1);
  const scripts = orders.slice(0, ORDERS_MOST).map((order): Script => {
    const speaking = new Speaker(naming, verbs);
    return {
      ops: [...intro, ...order.flatMap(({ s }) => speaking.lines(s))],
      order: racing ? order.flatMap(({ s, races }) => (races ? [saidBy(s)] : [])) : [],
    };
  });
  const seconds = new Set(
    parts.flatMap((p) => p.branches.flat()).flatMap((s) => (s.actor.thread > 1 ? [threadOf(s)] : [])),
  );
  if (seconds.size > 0)
    remarks.push(
      `The recorder runs one operation at a time, so ${[...seconds].join(' and ')} ` +
        `${seconds.size === 1 ? 'acts' : 'act'} as the first thread of the process.`,
    );
  return { scripts, orders: countOf(parts), names: naming.said, remarks };
}

const threadOf = ({ actor }: OpStatement): string =>
  actor.thread === 1 ? actor.name.text : `${actor.name.text}/${actor.thread}`;
const saidBy = (s: OpStatement): string => `${threadOf(s)}: ${operationText(s.op)}`;

function partsOf({ statements }: Scenario, remarks: string[]): Part[] {
  const parts: Part[] = [];
  let block: Map<string, OpStatement[]> | null = null;
  for (const s of statements) {
    const { line } = s.span;
    switch (s.kind) {
      case 'any':
        throw new Refusal('a free choice is nothing that a program does: write one of its orders', line);
      case 'counter':
        throw new Refusal(`no kernel here counts references with ${s.bits} bits`, line);
      case 'flush':
        if (s.how === 'broadcast')
          throw new Refusal('`flush broadcast` is up to the machine, not to a program', line);
        break;
      case 'without':
      case 'with':
        throw new Refusal(
          notReal(s.names.map(({ text }) => (s.kind === 'with' ? withExtra(text) : text))),
          line,
        );
      case 'actors':
        throw new Refusal(`nobody can make ${s.names.join(', ')} act at a given moment`, line);
      case 'tables':
        if (s.how === 'apart') remarks.push('Where page tables lie is left to the kernel.');
        break;
      case 'parallel':
        block = new Map();
        break;
      case 'end':
        if (block !== null) parts.push({ branches: [...block.values()] });
        block = null;
        break;
      case 'op': {
        const branch = block?.get(threadOf(s)) ?? [];
        if (block === null) parts.push({ branches: [[s]] });
        else block.set(threadOf(s), [...branch, s]);
        break;
      }
      default:
        break;
    }
  }
  return parts;
}

interface Ordered {
  readonly s: OpStatement;
  readonly races: boolean;
}

/** All serial orders, the declared one first; no more than can be used. */
function ordersOf(parts: readonly Part[]): Ordered[][] {
  let all: Ordered[][] = [[]];
  for (const { branches } of parts) {
    const here = mixed(branches, ORDERS_MOST);
    const races = branches.length > 1;
    all = all
      .flatMap((before) => here.map((ops) => [...before, ...ops.map((s) => ({ s, races }))]))
      .slice(0, ORDERS_MOST);
  }
  return all;
}

function mixed(branches: readonly (readonly OpStatement[])[], most: number): OpStatement[][] {
  const left = branches.filter((b) => b.length > 0);
  if (left.length === 0) return [[]];
  const out: OpStatement[][] = [];
  for (const branch of left) {
    const rest = left.map((b) => (b === branch ? b.slice(1) : b));
    for (const order of mixed(rest, most - out.length)) out.push([branch[0]!, ...order]);
    if (out.length >= most) break;
  }
  return out.slice(0, most);
}

/** n! / (a! b! ...) for each block. */
function countOf(parts: readonly Part[]): number {
  let count = 1;
  for (const { branches } of parts) {
    let placed = 0;
    for (const branch of branches)
      for (let i = 1; i <= branch.length; i++) count = Math.round((count * ++placed) / i);
  }
  return Math.min(count, Number.MAX_SAFE_INTEGER);
}

/** The cast as the recorder has it: one root process; the others are forked before anything is mapped. */
function introOf(scenario: Scenario, naming: Naming, verbs: ReadonlySet<string>): string[] {
  const root = naming.first[0];
  if (root === undefined) throw new Refusal('no process is there from the start', 0);
  const letter = (name: string): string => naming.process.get(name)!;
  if (letter(root) !== 'A')
    throw new Refusal(`the recorder’s first process is A, the scenario’s is ${root}`, 0);
  const lines = naming.first.slice(1).map((name) => `A fork ${letter(name)}`);
  for (const s of scenario.statements) {
    if (s.kind === 'lru' && s.mode === 'batched') lines.push('A nodrain');
    if (s.kind !== 'region') continue;
    const { region, type: kind, pages, readonly } = s;
    const op: Operation = { verb: 'mmap', region, kind, pages, readonly, populate: false };
    lines.push(
      ...new Speaker(naming, verbs).lines({
        kind: 'op',
        span: s.span,
        comment: '',
        detached: false,
        actor: { name: s.process ?? { text: root, span: s.span }, thread: 1 },
        op,
      }),
    );
  }
  return lines;
}

/** How a reference was taken, for the word that gives it back. */
interface Taken {
  readonly how: 'pin' | 'gup_test' | 'dio' | 'buffer';
  readonly write: boolean;
  readonly place: Place;
  readonly actor: string;
}

/** Speaks one script; it knows what is held, because the recorder's holds have no names. */
class Speaker {
  private readonly naming: Naming;
  private readonly verbs: ReadonlySet<string>;
  private readonly held = new Map<string, Taken>();

  constructor(naming: Naming, verbs: ReadonlySet<string>) {
    this.naming = naming;
    this.verbs = verbs;
  }

  lines(s: OpStatement): string[] {
    const { op } = s,
      actor = this.actorOf(s);
    const refuse = (why: string): never => {
      throw new Refusal(`${saidBy(s)}: ${why}`, s.span.line);
    };
    switch (op.verb) {
      case 'foreign':
        return [this.checked(s, `${actor} ${op.text}`)];
      case 'pin':
        if (op.fast && !op.longterm) refuse('the recorder has no fast pin that is not long-term');
        this.take(
          s,
          op.hold,
          { how: op.longterm ? 'gup_test' : 'pin', write: op.access === 'write' },
          op.place,
        );
        break;
      case 'get':
        refuse('the recorder has no FOLL_GET reference but a pipe’s');
        break;
      case 'mmap':
        if (op.populate) refuse('the recorder cannot map with MAP_POPULATE');
        break;
      case 'device_write':
        refuse('the recorder cannot do device_write');
        break;
      case 'vmsplice':
        return Array.from({ length: op.times }, () => this.plain(s, { ...op, times: 1 }));
      case 'dio_read':
      case 'dio_write':
        this.take(s, op.hold, { how: 'dio', write: op.verb === 'dio_read' }, op.place);
        break;
      case 'uring_register':
        this.take(s, op.hold, { how: 'buffer', write: true }, op.place);
        break;
      case 'uring_write':
      case 'uring_read':
      case 'uring_unregister':
        return [this.buffered(s, op)];
      case 'release':
      case 'complete':
      case 'unpin':
        return this.givenBack(s, op.verb, op.hold, 'value' in op ? op.value : null);
      case 'process_vm_readv':
      case 'process_vm_writev':
      case 'ptpoke':
        // The recorder does these from outside: its actor is whose memory it is.
        if (op.target !== null)
          return [this.plain({ ...s, actor: { ...s.actor, name: op.target } }, { ...op, target: null })];
        break;
      default:
        break;
    }
    return [this.plain(s, op)];
  }

  /** Renamed, without names of holds and results, in the recorder's spelling. */
  private plain(s: OpStatement, op: Operation): string {
    const text = recorderSpelling(operationText(renamed(op, this.naming)));
    return this.checked(s, `${this.actorOf(s)} ${s.detached ? '&' : ''}${text}`);
  }

  private checked(s: OpStatement, line: string): string {
    const verb = line.split(' ')[1]!.replace(/^&/, '');
    if (this.verbs.has(verb)) return line;
    throw new Refusal(
      `${saidBy(s)}: the recorder cannot do ${s.op.verb === 'foreign' ? verb : s.op.verb}`,
      s.span.line,
    );
  }

  private actorOf({ actor }: OpStatement): string {
    return actor.name.text === '-' ? '-' : this.naming.process.get(actor.name.text)!;
  }

  private take(s: OpStatement, hold: Name | null, taken: Pick<Taken, 'how' | 'write'>, place: Place): void {
    const actor = this.actorOf(s);
    const other = [...this.held].find(
      ([, t]) => t.how === taken.how && (t.how !== 'buffer' || t.actor === actor),
    );
    if (other !== undefined)
      throw new Refusal(`${saidBy(s)}: the recorder can keep only one such reference at a time`, s.span.line);
    this.held.set(hold?.text ?? '', { ...taken, place, actor });
  }

  /** Registered buffers have names in the scenario; the recorder knows the page. */
  private buffered(
    s: OpStatement,
    op: Extract<Operation, { verb: 'uring_write' | 'uring_read' | 'uring_unregister' }>,
  ): string {
    const name = op.buffer?.text ?? '',
      taken = this.held.get(name);
    if (op.verb === 'uring_unregister') {
      this.held.delete(name);
      return this.plain(s, { ...op, buffer: null, place: null });
    }
    const place = op.place ?? (taken && { ...taken.place, page: taken.place.page ?? 0 });
    if (place === undefined)
      throw new Refusal(`${saidBy(s)}: nothing says which page the buffer is`, s.span.line);
    return this.plain(s, { ...op, buffer: null, place });
  }

  private givenBack(
    s: OpStatement,
    verb: Operation['verb'],
    hold: Name | null,
    value: Value | null,
  ): string[] {
    const found = [...this.held].find(([name, t]) =>
      hold !== null ? name === hold.text : t.how === 'dio' ? verb === 'complete' : t.how !== 'buffer',
    );
    if (found === undefined) throw new Refusal(`${saidBy(s)}: nothing says what is held`, s.span.line);
    const [name, { how, write, actor }] = found;
    this.held.delete(name);
    const byte = value === null ? '00' : value.hex ? value.text : this.naming.value.get(`"${value.text}"`)!;
    if (how === 'gup_test') {
      if (value !== null)
        throw new Refusal(`${saidBy(s)}: the driver that holds this pin only reads`, s.span.line);
      const reads = verb === 'unpin' ? [] : [`${actor} gread`];
      return [...reads, `${actor} gstop`].map((line) => this.checked(s, line));
    }
    if (write && value === null)
      throw new Refusal(
        `${saidBy(s)}: the recorder stores something when it ends a reference for writing`,
        s.span.line,
      );
    return [this.checked(s, `- ${how === 'dio' ? 'fdone' : 'hrel'} ${byte}`)];
  }
}
