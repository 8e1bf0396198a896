/**
 * The backward slice of what somebody sees: who read it and how he came by the page, who wrote it, because
 * the entry was writable, because a rule chose reuse, because it counted these holders and not those. Each
 * link is a step of the run and why it matters. All of it is read out of the run.
 */
import { PTE_PRESENT, PTE_WRITE, pte_folio } from '../kernel/verbs/pte.ts';
import { expectedAt, folioAt, pteAt, throughHold, tlbAt } from '../kernel/view.ts';
import { holdingAt } from './history.ts';
import type { Tenure } from './history.ts';
import { counts, readsOf } from './reads.ts';
import { goTo } from './run.ts';
import type { Run, StepRecord } from './run.ts';
import { holderWords } from './why.ts';
import { folioName, pageName, processName, sentence, storedText } from './words.ts';

/** Why a step matters for what is asked about. */
export type Role =
  | 'saw'
  | 'maps'
  | 'held'
  | 'left'
  | 'stored'
  | 'copied'
  | 'writable'
  | 'decided'
  | 'missing'
  | 'changed'
  | 'blocks'
  | 'frees';

/** What a rule saw, and whom the number that it reads does not know. */
export interface Judged {
  readonly folio: string;
  readonly asks: string;
  readonly sees: number;
  readonly answer: string;
  readonly mapcount: number;
  readonly refcount: number;
  readonly counted: readonly string[];
  readonly ignored: readonly string[];
}

export interface Link {
  /** Step, from 1; 0 = so from the start. */
  readonly at: number;
  readonly role: Role;
  /** One sentence. */
  readonly says: string;
  /** Of a rule's decision. */
  readonly judged: Judged | null;
}

/** What bytes are asked about: a page of a process, an observation, a folio, or what a hold has. */
export type Bytes =
  | { readonly kind: 'page'; readonly mm: number; readonly va: number }
  | { readonly kind: 'result'; readonly observed: number }
  | { readonly kind: 'folio'; readonly folio: number }
  | { readonly kind: 'hold'; readonly hold: number };

/**
 * Step after which something became as it is after step `at`, 0 = it was so from the start. `look` reads the
 * scratch world.
 */
export function sinceWhen(run: Run, at: number, look: () => number): number {
  goTo(run, at);
  const is = look();
  for (let i = at; i > 0; i--) {
    goTo(run, i - 1);
    if (look() !== is) return i;
  }
  return 0;
}

/** The last step up to `at` with such an effect. */
export function lastStep(
  run: Run,
  at: number,
  wanted: (name: string, a: number, b: number, c: number) => boolean,
): StepRecord | undefined {
  for (let i = at; i > 0; i--) {
    const step = run.steps[i - 1]!;
    if (step.effects.some(({ name, a, b, c }) => wanted(name, a, b, c))) return step;
  }
  return undefined;
}

/** The rule that answered last in the operation of step `at`, up to it; of that folio, if one is named. */
export function decisionOf(run: Run, at: number, folio = -1): StepRecord | undefined {
  const { op } = run.steps[at - 1] ?? { op: -1 };
  for (let i = at; i > 0; i--) {
    const step = run.steps[i - 1]!;
    if (step.op === op && step.decided !== null && (folio < 0 || step.decided.folio === folio)) return step;
  }
  return undefined;
}

/** Who held the folio of a decision, and whether the number that was read knows them. */
export function judgedBy(run: Run, step: StepRecord, history: readonly Tenure[]): Judged | null {
  if (step.decided === null) return null;
  const { asks, folio, sees, answer } = step.decided,
    { plan } = run.machine,
    reads = readsOf(asks);
  const here = holdingAt(history, step.at).filter((t) => t.folio === folio);
  const names = (counted: boolean): string[] =>
    here.filter((t) => counts(reads, t.holder) === counted).map((t) => holderWords(plan, t.holder));
  goTo(run, step.at);
  const { maps, refcount } = folioAt(folio);
  return {
    folio: folioName(folio),
    asks,
    sees,
    answer,
    mapcount: maps,
    refcount,
    counted: names(true),
    ignored: names(false),
  };
}

/** The slice, the latest step first. Empty: nothing of that kind is there. */
export function sliceOf(run: Run, history: readonly Tenure[], of: Bytes, at: number): Link[] {
  const slice = new Slice(run, history);
  switch (of.kind) {
    case 'page':
      slice.page(of.mm, of.va, at);
      break;
    case 'result':
      slice.result(of.observed, at);
      break;
    case 'folio':
      slice.bytes(of.folio, at);
      break;
    case 'hold':
      slice.hold(of.hold, at);
  }
  return slice.links();
}

const MOST = 14;

class Slice {
  readonly #found = new Map<number, Link>();
  readonly #run: Run;
  readonly #history: readonly Tenure[];

  constructor(run: Run, history: readonly Tenure[]) {
    this.#run = run;
    this.#history = history;
  }

  links(): Link[] {
    return [...this.#found.values()].sort((a, b) => b.at - a.at);
  }

  /** False: that step is a link already, or there are enough. */
  #add(at: number, role: Role, says = ''): boolean {
    if (this.#found.has(at) || this.#found.size >= MOST) return false;
    const step = this.#run.steps[at - 1];
    const judged = step === undefined ? null : judgedBy(this.#run, step, this.#history);
    const told =
      says !== '' ? says : step === undefined ? 'It was so from the start.' : sentence(this.#run, step);
    this.#found.set(at, { at, role: judged === null ? role : 'decided', says: told, judged });
    return true;
  }

  /** What an observation saw, and how its observer came by the page. */
  result(o: number, at: number): void {
    const { plan } = this.#run.machine,
      op = plan.ops[plan.observed[o]!.op]!;
    const step = lastStep(this.#run, at, (name, a) => name === 'seen' && a === o);
    if (step === undefined) return;
    const folio = step.effects.find((e) => e.name === 'seen')!.c;
    this.#add(step.at, 'saw');
    const before = step.at - 1;
    if (op.syscall === 'pipe_read' || throughHold(op)) {
      const tenure = holdingAt(this.#history, before).find(
        ({ folio: f, holder: h }) =>
          f === folio &&
          (h.kind === 'pipe'
            ? op.syscall === 'pipe_read' && h.pipe === op.slot
            : 'hold' in h && h.hold === op.slot),
      );
      if (tenure !== undefined) this.#took(tenure);
      if (tenure !== undefined) this.#parted(tenure, before);
    } else {
      const { process } = plan.threads[op.thread]!,
        mm = op.target ?? process;
      if (mm >= 0 && op.va >= 0) this.#wanted(mm, op.va, folio, before);
      if (mm >= 0 && op.va >= 0) this.#mapping(mm, op.va, folio, before);
    }
    this.bytes(folio, before);
  }

  /** What a process shows at a page. */
  page(mm: number, va: number, at: number): void {
    goTo(this.#run, at);
    const entry = pteAt(mm, va);
    if ((entry & PTE_PRESENT) === 0) {
      this.#mapping(mm, va, -1, at);
      return;
    }
    const folio = pte_folio(entry);
    this.#wanted(mm, va, folio, at);
    this.#mapping(mm, va, folio, at);
    this.bytes(folio, at);
  }

  /** What a page should show was stored in another one, or behind another address. */
  #wanted(mm: number, va: number, folio: number, at: number): void {
    goTo(this.#run, at);
    if (expectedAt(mm, va) === folioAt(folio).stored) return;
    const step = sinceWhen(this.#run, at, () => expectedAt(mm, va));
    if (step > 0) this.#add(step, 'missing');
  }

  hold(h: number, at: number): void {
    const tenure = holdingAt(this.#history, at).find(({ holder }) => 'hold' in holder && holder.hold === h);
    if (tenure === undefined) return;
    this.#took(tenure);
    this.#parted(tenure, at);
    this.bytes(tenure.folio, at);
  }

  /** Who wrote what a folio holds, and why he could. */
  bytes(folio: number, at: number): void {
    const step = lastStep(
      this.#run,
      at,
      (name, a) => a === folio && (name === 'store' || name === 'copy' || name === 'alloc'),
    );
    if (step === undefined) return;
    const copied = step.effects.find((e) => e.name === 'copy' && e.a === folio);
    const fresh = this.#add(step.at, copied === undefined ? 'stored' : 'copied');
    if (!fresh) return;
    if (copied !== undefined) {
      this.#decided(step.at, copied.b);
      this.bytes(copied.b, step.at - 1);
      return;
    }
    if (step.effects.some((e) => e.name === 'store')) this.#permission(step, folio);
  }

  /** A store needs a writable entry, or a TLB that still remembers one, or a hold. */
  #permission(step: StepRecord, folio: number): void {
    const { plan } = this.#run.machine,
      op = plan.ops[step.op],
      { process } = plan.threads[step.thread]!;
    const before = step.at - 1;
    if (op !== undefined && (process < 0 || throughHold(op))) {
      const held = holdingAt(this.#history, before).find(
        ({ folio: f, holder: h }) => f === folio && 'hold' in h && h.hold === op.slot,
      );
      if (held !== undefined) this.#took(held);
      return;
    }
    const mm = op?.target ?? process;
    for (let va = 0; va < plan.pages; va++) {
      goTo(this.#run, before);
      const entry = pteAt(mm, va);
      if (writes(entry, folio)) {
        this.#entry(mm, va, folio, before);
        return;
      }
      if (!writes(tlbAt(step.thread, va), folio)) continue;
      const since = sinceWhen(this.#run, before, () => (writes(tlbAt(step.thread, va), folio) ? 1 : 0));
      const cpu = plan.threads[step.thread]!.cpu;
      this.#add(
        since,
        'writable',
        `CPU ${cpu} remembers a writable entry of ${pageName(plan, va)}, and nobody has flushed it since.`,
      );
      return;
    }
  }

  /** Since when an entry allows to write to the folio, and which rule made it so. */
  #entry(mm: number, va: number, folio: number, at: number): void {
    const since = sinceWhen(this.#run, at, () => (writes(pteAt(mm, va), folio) ? 1 : 0));
    this.#add(since, 'writable');
    this.#decided(since, folio);
  }

  /** Since when an entry shows this folio, which rule made it so, and where what it showed before went. */
  #mapping(mm: number, va: number, folio: number, at: number): void {
    const { plan } = this.#run.machine;
    const since = sinceWhen(this.#run, at, () => {
      const e = pteAt(mm, va);
      return (e & PTE_PRESENT) === 0 ? -1 : pte_folio(e);
    });
    if (since === 0) return;
    const page = `${capital(processName(plan, mm))}’s ${pageName(plan, va)}`;
    const says =
      folio < 0 ? `${page} has no page from here on.` : `${page} shows ${folioName(folio)} from here on.`;
    this.#add(since, folio < 0 ? 'left' : 'maps', says);
    this.#decided(since);
  }

  /** A hold promises to be the page that is mapped; here it was not any more. */
  #parted({ holder, folio }: Tenure, at: number): void {
    if (holder.kind !== 'pin' && holder.kind !== 'get') return;
    const { mm, va } = holder;
    goTo(this.#run, at);
    const entry = pteAt(mm, va);
    if ((entry & PTE_PRESENT) !== 0 && pte_folio(entry) !== folio)
      this.#mapping(mm, va, pte_folio(entry), at);
  }

  /** Who holds it since when, and whose mapping led him there. */
  #took({ holder, folio, from }: Tenure): void {
    const { plan } = this.#run.machine,
      step = this.#run.steps[from - 1];
    const words = `${capital(holderWords(plan, holder))} holds ${folioName(folio)} from here on.`;
    if (!this.#add(from, 'held', words) || step === undefined || holder.kind === 'pte') return;
    const op = plan.ops[step.op],
      mm = op?.target ?? plan.threads[step.thread]!.process;
    if (op !== undefined && mm >= 0 && op.va >= 0) this.#mapping(mm, op.va, folio, from - 1);
  }

  /** The rule that answered in the operation of that step, before it, and the holders behind its numbers. */
  #decided(at: number, folio = -1): void {
    const step = at > 0 ? decisionOf(this.#run, at, folio) : undefined;
    const decided = step?.decided;
    if (step === undefined || decided === null || decided === undefined) return;
    const { model, plan } = this.#run.machine;
    const says = `${model.id} asks “${decided.asks}” It sees ${decided.sees}: ${decided.answer}.`;
    if (!this.#add(step.at, 'decided', says)) return;
    const reads = readsOf(decided.asks);
    const own = this.#history.filter((t) => t.folio === decided.folio);
    for (const t of holdingAt(own, step.at))
      if (!counts(reads, t.holder) && t.holder.kind !== 'kernel' && t.holder.kind !== 'batch') this.#took(t);
    // A count is low because somebody let go.
    const { process } = plan.threads[step.thread]!;
    const gone = own.findLast(
      ({ holder: h, to }) => h.kind === 'pte' && h.mm !== process && to > 0 && to <= step.at,
    );
    if (gone !== undefined)
      this.#add(
        gone.to,
        'left',
        `${capital(holderWords(plan, gone.holder))} is gone: ${folioName(gone.folio)} has one mapping less.`,
      );
  }
}

const writes = (entry: number, folio: number): boolean =>
  (entry & PTE_PRESENT) !== 0 && (entry & PTE_WRITE) !== 0 && pte_folio(entry) === folio;
const capital = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);

/** What the bytes are, for the question. */
export function bytesWords(run: Run, of: Bytes, at: number, history: readonly Tenure[]): string {
  const { plan } = run.machine;
  goTo(run, at);
  switch (of.kind) {
    case 'result': {
      const seen = lastStep(run, at, (name, a) => name === 'seen' && a === of.observed);
      const effect = seen?.effects.find((e) => e.name === 'seen');
      return effect === undefined ? '' : storedText(plan, effect.b);
    }
    case 'page': {
      const e = pteAt(of.mm, of.va);
      return (e & PTE_PRESENT) === 0 ? '' : storedText(plan, folioAt(pte_folio(e)).stored);
    }
    case 'folio':
      return storedText(plan, folioAt(of.folio).stored);
    case 'hold': {
      const held = holdingAt(history, at).find(({ holder }) => 'hold' in holder && holder.hold === of.hold);
      return held === undefined ? '' : storedText(plan, folioAt(held.folio).stored);
    }
  }
}
