/**
 * What can be asked about a step and the world after it, by name: the words of conditions, of watches and
 * of diffs. One table; the parser, completion, the reference and the evaluator read it.
 */
import { citationOf } from '../../kernel/citations.ts';
import { pcOf, status } from '../../kernel/engine.ts';
import { LOCKS, heldBy, lockNames, lockOfBit } from '../../kernel/locks.ts';
import type { Plan } from '../../kernel/plan.ts';
import type { Lock } from '../../kernel/steps.ts';
import { isStep } from '../../kernel/steps.ts';
import {
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  pte_dirty,
  pte_folio,
  pte_present,
  pte_write,
  PTE_ACCESSED,
} from '../../kernel/verbs/pte.ts';
import { folioAt, hasEnded, isFree, mmAt, observationAt, pteAt, tlbAt } from '../../kernel/view.ts';
import { OP, cells, taskOf } from '../../kernel/world.ts';
import type { Run, StepRecord } from '../run.ts';
import { goTo } from '../run.ts';
import { isStale } from '../stale.ts';
import { folioName, pageName, placeOfPte, pteWords } from '../words.ts';

/** `yes`: true or false. `set`: `=` asks whether it is in there. */
export type Kind = 'number' | 'yes' | 'word' | 'bytes' | 'set';
export type Value = number | boolean | string | readonly string[];
export type Of = 'step' | 'folio' | 'entry' | 'thread' | 'process' | 'result';

/** Whom a path names: indices of the plan, or a folio's number. */
export interface Subject {
  readonly of: Of;
  /** As it is written: `f0`, `child.a.0`. */
  readonly name: string;
  /** Folio, process, thread, or observation. */
  readonly id: number;
  /** Page slot of an entry. */
  readonly va: number;
}
export interface Fact {
  readonly of: Of;
  readonly name: string;
  readonly kind: Kind;
  /** What it says, without its subject. */
  readonly says: string;
  /** In the world after step `at`, which stands in the scratch memory. */
  readonly read: (run: Run, at: number, subject: Subject) => Value;
}

const fact = (of: Of, name: string, kind: Kind, says: string, read: Fact['read']): Fact => ({
  of,
  name,
  kind,
  says,
  read,
});
const onStep = (name: string, kind: Kind, says: string, read: (run: Run, s: StepRecord) => Value): Fact =>
  fact('step', name, kind, says, (run, at) => {
    const step = run.steps[at - 1];
    if (step !== undefined) return read(run, step);
    return kind === 'set' ? [] : kind === 'yes' ? false : kind === 'number' ? 0 : NONE;
  });
const onFolio = (name: string, kind: Kind, says: string, read: (f: number, plan: Plan) => Value): Fact =>
  fact('folio', name, kind, says, (run, _, { id }) => read(id, run.machine.plan));
/** Of the entry itself, and of the folio that it maps. */
const onEntry = (
  name: string,
  kind: Kind,
  says: string,
  read: (e: number, subject: Subject, plan: Plan) => Value,
): Fact =>
  fact('entry', name, kind, says, (run, _, subject) =>
    read(pteAt(subject.id, subject.va), subject, run.machine.plan),
  );
export const NONE = 'none';

/** `mmap_lock:read` is written `mmap_lock.read`, or without how it is held. */
const lockWords = (lock: Lock): string[] => [...new Set([lock.replace(':', '.'), lock.replace(/:.*/, '')])];
const heldWords = (t: number): string[] => {
  const mask = heldBy(t);
  return lockNames.flatMap((l) => ((mask & LOCKS[l].bit) === 0 ? [] : lockWords(l)));
};
const locksIn = (s: StepRecord, name: 'lock' | 'unlock'): string[] =>
  s.effects.flatMap((e) => {
    const lock = e.name === name ? lockOfBit.get(e.a) : undefined;
    return lock === undefined ? [] : lockWords(lock);
  });

const FOLIOS_OF: Readonly<Record<string, readonly ('a' | 'b' | 'c')[]>> = {
  refs: ['a'],
  pins: ['a'],
  maps: ['a'],
  exclusive: ['a'],
  store: ['a'],
  alloc: ['a'],
  freed: ['a'],
  copy: ['a', 'b'],
  hold: ['b'],
  pipe: ['b'],
  seen: ['c'],
  cache: ['a'],
  drained: ['a'],
  ksm: ['a'],
  moved: ['a', 'b'],
};
function touched(s: StepRecord): string[] {
  const all = s.effects.flatMap((e) => (FOLIOS_OF[e.name] ?? []).map((operand) => e[operand]));
  if (s.decided !== null) all.push(s.decided.folio);
  return [...new Set(all.filter((f) => f >= 0).map(folioName))];
}
export const entryName = (plan: Plan, m: number, va: number): string =>
  `${plan.processes[m]!.name}.${pageName(plan, va)}`;

const rowOf = (run: Run, pc: number): string => {
  const { routine, label } = run.machine.program.rows[pc]!;
  return `${routine.name}.${label}`;
};
const functionOf = (run: Run, pc: number): string =>
  citationOf(run.machine.program.rows[pc]!.routine, run.machine.model).name;
const opText = (run: Run, t: number): string => {
  const { plan } = run.machine,
    op = plan.threads[t]!.ops[cells[taskOf[t]! + OP]!];
  return op === undefined ? NONE : plan.ops[op]!.name;
};
const bytesOf = (plan: Plan, stored: number): string => (stored === 0 ? 'zeros' : plan.stored[stored]!.text);
const lockState = (value: number): string => (value < 0 ? 'write' : value > 0 ? 'read' : 'free');
const mapped =
  <V extends Value>(otherwise: V, of: (f: number, plan: Plan) => V) =>
  (e: number, _: Subject, plan: Plan): V =>
    pte_present(e) ? of(pte_folio(e), plan) : otherwise;

export const facts: readonly Fact[] = [
  onStep(
    'thread',
    'word',
    'the thread that made the step',
    (run, s) => run.machine.plan.threads[s.thread]!.name,
  ),
  onStep('op', 'word', 'its operation', (run, s) => run.machine.plan.ops[s.op]?.name ?? NONE),
  onStep('function', 'word', 'the kernel function that it is part of', (run, s) => functionOf(run, s.pc)),
  // By the function's name in this era, and by the name that links use.
  onStep('row', 'set', 'its row of the step table: FUNCTION.LABEL', (run, s) => {
    const { label } = run.machine.program.rows[s.pc]!;
    return [...new Set([`${functionOf(run, s.pc)}.${label}`, rowOf(run, s.pc)])];
  }),
  onStep('takes', 'set', 'locks that it takes', (_, s) => locksIn(s, 'lock')),
  onStep('drops', 'set', 'locks that it drops', (_, s) => locksIn(s, 'unlock')),
  onStep('touches', 'set', 'folios that it changes, copies, or decides about', (_, s) => touched(s)),
  onStep('writes', 'set', 'page-table entries that it sets or clears', (run, s) =>
    s.effects.flatMap((e) => {
      if (e.name !== 'set_pte_at' && e.name !== 'pte_clear') return [];
      const { process, va } = placeOfPte(e.a);
      return [entryName(run.machine.plan, process, va)];
    }),
  ),
  onStep('flushes', 'set', 'processes whose TLBs it flushes', (run, s) =>
    s.effects.flatMap((e) => (e.name === 'flush_tlb' ? [run.machine.plan.processes[e.a]!.name] : [])),
  ),
  onStep('mark', 'word', 'fault, copy or flush', (run, s) => {
    const { row } = run.machine.program.rows[s.pc]!;
    return (isStep(row) ? row.mark : undefined) ?? NONE;
  }),
  onStep('decides', 'yes', 'a rule of this kernel answered a question', (_, s) => s.decided !== null),
  onStep('answer', 'word', 'what that rule answered', (_, s) => s.decided?.answer ?? NONE),
  onStep('ends', 'yes', 'an operation ended with it', (_, s) => s.effects.some((e) => e.name === 'end')),

  onFolio('refcount', 'number', 'the counter that the kernel reads', (f) => folioAt(f).refcount),
  onFolio('mapcount', 'number', 'page-table entries that map it', (f) => folioAt(f).maps),
  onFolio('pins', 'number', 'references that FOLL_PIN took', (f) => folioAt(f).pins),
  onFolio('bytes', 'bytes', 'what it holds', (f, plan) => bytesOf(plan, folioAt(f).stored)),
  onFolio('exclusive', 'yes', 'it is marked PageAnonExclusive', (f) => folioAt(f).exclusive),
  onFolio('locked', 'yes', 'somebody has the folio lock', (f) => folioAt(f).lockedBy >= 0),
  onFolio('free', 'yes', 'nobody has it', (f) => isFree(f)),

  onEntry('present', 'yes', 'it maps a page', (e) => pte_present(e)),
  onEntry('writable', 'yes', 'it permits stores', (e) => pte_write(e)),
  onEntry('dirty', 'yes', 'its dirty bit', (e) => pte_present(e) && pte_dirty(e)),
  onEntry('accessed', 'yes', 'its accessed bit', (e) => pte_present(e) && (e & PTE_ACCESSED) !== 0),
  onEntry('softdirty', 'yes', 'its soft-dirty bit', (e) => (e & PTE_SOFT_DIRTY) !== 0),
  onEntry('uffdwp', 'yes', 'its userfaultfd-wp bit', (e) => (e & PTE_UFFD_WP) !== 0),
  onEntry('folio', 'word', 'the folio that it names', (e) =>
    pte_folio(e) === 0 ? NONE : folioName(pte_folio(e)),
  ),
  onEntry('words', 'word', 'the entry in words', (e) => pteWords(e)),
  onEntry(
    'stale',
    'set',
    'threads whose TLB still shows what the entry no longer permits',
    (e, { id, va }, plan) =>
      plan.threads.flatMap((thread, t) =>
        thread.process === id && isStale(tlbAt(t, va), e) ? [thread.name] : [],
      ),
  ),
  onEntry(
    'bytes',
    'bytes',
    'what the mapped folio holds',
    mapped(NONE, (f, plan) => bytesOf(plan, folioAt(f).stored)),
  ),
  onEntry(
    'refcount',
    'number',
    'the counter of the mapped folio',
    mapped(0, (f) => folioAt(f).refcount),
  ),
  onEntry(
    'mapcount',
    'number',
    'entries that map the same folio',
    mapped(0, (f) => folioAt(f).maps),
  ),
  onEntry(
    'pins',
    'number',
    'pins of the mapped folio',
    mapped(0, (f) => folioAt(f).pins),
  ),
  onEntry(
    'exclusive',
    'yes',
    'the mapped folio is exclusive',
    mapped(false, (f) => folioAt(f).exclusive),
  ),

  fact('thread', 'function', 'word', 'the kernel function in which it stands', (run, _, { id }) =>
    pcOf(id) === 0 ? NONE : functionOf(run, pcOf(id)),
  ),
  fact('thread', 'row', 'word', 'the row that it does next', (run, _, { id }) =>
    pcOf(id) === 0 ? NONE : rowOf(run, pcOf(id)),
  ),
  fact('thread', 'op', 'word', 'its operation', (run, _, { id }) => opText(run, id)),
  fact('thread', 'holds', 'set', 'locks that it holds', (_, __, { id }) => heldWords(id)),
  fact('thread', 'waits', 'yes', 'it cannot move: a lock or an event is missing', (_, __, { id }) =>
    ['locked', 'waits'].includes(status(id).kind),
  ),
  fact('thread', 'done', 'yes', 'it has nothing left to do', (_, __, { id }) => pcOf(id) === 0),

  fact('process', 'mmap_lock', 'word', 'free, read or write', (_, __, { id }) =>
    lockState(mmAt(id).mmapLock),
  ),
  fact('process', 'ptl', 'yes', 'somebody has its page-table lock', (_, __, { id }) => mmAt(id).ptl >= 0),
  fact(
    'process',
    'alive',
    'yes',
    'it is born and has not exited',
    (_, __, { id }) => mmAt(id).state === 'alive',
  ),
  fact('process', 'pinned', 'yes', 'MMF_HAS_PINNED is set', (_, __, { id }) => mmAt(id).hasPinned),

  fact('result', '', 'bytes', 'what was seen: a value, none, or pending', (run, _, { id }) => {
    const { plan } = run.machine,
      { seen, stored } = observationAt(id);
    return seen ? bytesOf(plan, stored) : hasEnded(plan.observed[id]!.op) ? NONE : 'pending';
  }),
];

export const factOf = (of: Of, name: string): Fact | undefined =>
  facts.find((f) => f.of === of && f.name === name);
export const factNames = (of: Of): string[] => facts.filter((f) => f.of === of).map((f) => f.name);

/** Reads a fact after step `at`; brings that world to the scratch memory. */
export function read(run: Run, at: number, { of, read: look }: Fact, subject: Subject): Value {
  if (of !== 'step') goTo(run, at);
  return look(run, at, subject);
}
/** A value as watches and diffs show it. */
export function valueText(value: Value, kind: Kind): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return value.length === 0 ? NONE : value.join(', ');
  return kind === 'bytes' && !['zeros', NONE, 'pending'].includes(value) ? `“${value}”` : value;
}

/** Everything of a plan that facts can be read of, in the order in which people look. */
export function subjects(run: Run): Subject[] {
  const { plan, counts } = run.machine;
  const out: Subject[] = [];
  plan.observed.forEach((o, id) =>
    out.push({ of: 'result', name: `${plan.threads[o.thread]!.name}.${o.name}`, id, va: -1 }),
  );
  for (let f = 1; f < counts.folios; f++) out.push({ of: 'folio', name: folioName(f), id: f, va: -1 });
  plan.processes.forEach((p, id) => {
    out.push({ of: 'process', name: p.name, id, va: -1 });
    for (let va = 0; va < plan.pages; va++) out.push({ of: 'entry', name: entryName(plan, id, va), id, va });
  });
  plan.threads.forEach(({ name }, id) => out.push({ of: 'thread', name, id, va: -1 }));
  return out;
}
