/**
 * "Why?", of anything that can be pointed at: bytes, an entry of a page table and its bits, what a CPU
 * remembers, a thread that waits. Pure functions of a run; each answer is links to the steps that made it so.
 */
import type { Lock } from '../kernel/steps.ts';
import { status } from '../kernel/engine.ts';
import type { Status } from '../kernel/engine.ts';
import {
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_PRESENT,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  pte_folio,
} from '../kernel/verbs/pte.ts';
import { pteAt, tlbAt } from '../kernel/view.ts';
import { lockSpans } from './lanes.ts';
import type { Tenure } from './history.ts';
import { goTo } from './run.ts';
import type { Run } from './run.ts';
import { bytesWords, decisionOf, judgedBy, sinceWhen, sliceOf } from './slice.ts';
import type { Bytes, Link, Role } from './slice.ts';
import { actorName, folioName, lockLabel, pageName, processName, pteWords, sentence } from './words.ts';

export type Subject =
  | Bytes
  | { readonly kind: 'pte'; readonly mm: number; readonly va: number }
  | { readonly kind: 'tlb'; readonly thread: number; readonly va: number }
  | { readonly kind: 'thread'; readonly thread: number };

export interface Answer {
  /** `How did “secret” get here?` */
  readonly question: string;
  /** A sentence before the links, or ''. */
  readonly lead: string;
  /** The latest step first. */
  readonly links: readonly Link[];
}

/** null: there is nothing to ask about. */
export function answer(run: Run, history: readonly Tenure[], of: Subject, at: number): Answer | null {
  switch (of.kind) {
    case 'pte':
      return entryAnswer(run, history, of.mm, of.va, at);
    case 'tlb':
      return tlbAnswer(run, history, of.thread, of.va, at);
    case 'thread':
      return threadAnswer(run, history, of.thread, at);
    default: {
      const links = sliceOf(run, history, of, at);
      if (links.length === 0) return null;
      const words = bytesWords(run, of, at, history);
      const question = words === '' ? 'Why is there no page?' : `How did ${words} get here?`;
      return { question, lead: '', links };
    }
  }
}

/** Links by step: what several answers share. */
class Links {
  readonly #found = new Map<number, Link>();
  readonly #run: Run;
  readonly #history: readonly Tenure[];

  constructor(run: Run, history: readonly Tenure[]) {
    this.#run = run;
    this.#history = history;
  }

  /** `{step}` in `says` is the sentence of the step. */
  add(at: number, role: Role, says: string): void {
    const step = this.#run.steps[at - 1];
    const told = step === undefined ? 'so from the start.' : sentence(this.#run, step);
    const judged = step === undefined ? null : judgedBy(this.#run, step, this.#history);
    const one = { at, role, says: says.replace('{step}', told), judged };
    if (!this.#found.has(at)) this.#found.set(at, one);
  }
  /** The rule that answered in the operation of that step. */
  decided(at: number): void {
    const step = at > 0 ? decisionOf(this.#run, at) : undefined;
    const made = step?.decided;
    if (step === undefined || made === null || made === undefined) return;
    const { id } = this.#run.machine.model;
    this.add(step.at, 'decided', `${id} asks “${made.asks}” It sees ${made.sees}: ${made.answer}.`);
  }
  all(): Link[] {
    return [...this.#found.values()].sort((a, b) => b.at - a.at);
  }
}

const BITS: readonly (readonly [name: string, bit: number])[] = [
  ['present', PTE_PRESENT],
  ['writable', PTE_WRITE],
  ['dirty', PTE_DIRTY],
  ['accessed', PTE_ACCESSED],
  ['soft-dirty', PTE_SOFT_DIRTY],
  ['uffd-wp', PTE_UFFD_WP],
];

/** Who wrote each bit last: one link for those of a step. */
function entryAnswer(run: Run, history: readonly Tenure[], mm: number, va: number, at: number): Answer {
  const { plan, counts } = run.machine,
    links = new Links(run, history);
  goTo(run, at);
  const entry = pteAt(mm, va);
  const known = BITS.filter(
    ([, bit]) => (bit !== PTE_SOFT_DIRTY || counts.softDirty > 0) && (bit !== PTE_UFFD_WP || counts.uffd > 0),
  );
  const since = new Map<number, string[]>();
  const note = (step: number, words: string): void => {
    if (step > 0) since.set(step, [...(since.get(step) ?? []), words]);
  };
  for (const [name, bit] of known) {
    const set = (entry & bit) !== 0;
    const step = sinceWhen(run, at, () => pteAt(mm, va) & bit);
    note(step, set ? name : `not ${name}`);
  }
  if ((entry & PTE_PRESENT) !== 0)
    note(
      sinceWhen(run, at, () => pte_folio(pteAt(mm, va))),
      `shows ${folioName(pte_folio(entry))}`,
    );
  for (const [step, words] of since) {
    links.add(step, 'changed', `${capital(words.join(', '))}: {step}`);
    links.decided(step);
  }
  return {
    question: `Why is ${processName(plan, mm)}’s entry of ${pageName(plan, va)} “${pteWords(entry)}”?`,
    lead: since.size === 0 ? 'It was so from the start: nothing has written it yet.' : '',
    links: links.all(),
  };
}

function tlbAnswer(run: Run, history: readonly Tenure[], t: number, va: number, at: number): Answer {
  const { plan } = run.machine,
    thread = plan.threads[t]!,
    links = new Links(run, history);
  const page = pageName(plan, va);
  goTo(run, at);
  const entry = tlbAt(t, va),
    now = pteAt(thread.process, va);
  const filled = sinceWhen(run, at, () => tlbAt(t, va));
  const changed = sinceWhen(run, at, () => pteAt(thread.process, va));
  const same = (now & PTE_PRESENT) !== 0 && pte_folio(now) === pte_folio(entry);
  const stale = entry !== 0 && (!same || (entry & PTE_WRITE) > (now & PTE_WRITE));
  if (filled > 0) links.add(filled, 'changed', entry === 0 ? 'Forgotten: {step}' : 'Filled: {step}');
  if (changed > filled) links.add(changed, 'changed', 'The entry itself changes: {step}');
  const flushed = run.steps.find(
    (s) =>
      s.at > at &&
      s.effects.some((e) => e.name === 'flush_tlb' && e.a === thread.process && (e.b === va || e.b < 0)),
  );
  if (stale && flushed !== undefined) links.add(flushed.at, 'frees', 'Only here is it flushed: {step}');
  const lead = stale
    ? `CPU ${thread.cpu} still uses what the page table no longer says.`
    : entry === 0
      ? `CPU ${thread.cpu} has to ask the page table.`
      : 'It is what the page table says.';
  const words = entry === 0 ? 'nothing' : `“${pteWords(entry)}”`;
  return { question: `Why does CPU ${thread.cpu} know ${words} of ${page}?`, lead, links: links.all() };
}

/** A thread that waits: for what, who has it, since when, and when he lets go of it. */
function threadAnswer(run: Run, history: readonly Tenure[], t: number, at: number): Answer | null {
  const { plan, model } = run.machine,
    name = actorName(plan, t),
    links = new Links(run, history);
  goTo(run, at);
  const s = status(t);
  if (s.kind === 'waits') {
    const { until } = s;
    const wakes = firstFree(run, t, at);
    if (wakes > 0) links.add(wakes, 'frees', 'In this run it can go on after this: {step}');
    waited(run, links, t, at, s);
    return { question: `Why does ${name} not move?`, lead: `${capital(name)} ${until}.`, links: links.all() };
  }
  if (s.kind !== 'locked') return null;
  const lock = lockLabel(s.lock, model);
  const spans = lockSpans(run);
  for (const h of s.holders) {
    const span = spans.findLast(
      (one) => one.thread === h && one.first <= at && at < one.last && meets(one.lock, s.lock),
    );
    if (span === undefined) continue;
    links.add(
      span.first,
      'blocks',
      `${capital(actorName(plan, h))} takes ${lockLabel(span.lock, model)}: {step}`,
    );
    if (span.last > at && run.steps[span.last - 1]?.thread === h)
      links.add(span.last, 'frees', `${capital(actorName(plan, h))} will let go of it: {step}`);
  }
  waited(run, links, t, at, s);
  const by = s.holders.map((h) => actorName(plan, h)).join(' and ');
  return {
    question: `Why does ${name} wait?`,
    lead: by === '' ? `It needs ${lock}.` : `It needs ${lock}, and ${by} has it.`,
    links: links.all(),
  };
}

/** The step since which the thread stands there unable to move. */
function waited(run: Run, links: Links, t: number, at: number, s: Status): void {
  const since = sinceWhen(run, at, () => {
    const then = status(t);
    return then.kind === s.kind ? 1 : 0;
  });
  if (since > 0) links.add(since, 'blocks', `It waits since this step: {step}`);
}

/** The first step after which the thread can move again. */
function firstFree(run: Run, t: number, at: number): number {
  for (let i = at + 1; i <= run.steps.length; i++) {
    goTo(run, i);
    if (status(t).kind === 'enabled') return i;
  }
  return 0;
}

/** A lock that is in the way of another: the same one, in whatever mode. */
const meets = (held: Lock, wanted: Lock): boolean => family(held) === family(wanted);
const family = (lock: Lock): string => lock.replace(/:(read|write|child|other|new)$/, '');
const capital = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);
