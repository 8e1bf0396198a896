/** What searches are asked, and what they find: checks, matrices, endings, guards. */

export type Verdict = 'holds' | 'violated' | 'incomplete';

export interface CheckRequest {
  readonly text: string;
  readonly model: string;
  readonly invariant: string | null;
  readonly without: readonly string[];
  /** Most states. */ readonly budget: number;
  /** Only runs with at most so many preemptions; absent or null: all. */
  readonly within?: number | null;
  /** Look for the race window of what is found. */
  readonly window?: boolean;
}

export interface CheckView {
  readonly model: string;
  readonly verdict: Verdict;
  readonly invariant: string | null;
  /** What the timeline calls the violation: `leak`, `lost`; '' if there is none. */
  readonly word: string;
  readonly reason: string;
  readonly states: number;
  readonly edges: number;
  readonly depth: number;
  readonly ms: number;
  readonly bytesPerState: number;
  /** Above 0 once states were told apart by fingerprints: bound on the probability that one was missed. */
  readonly missedAtMost?: number;
  readonly schedule: string;
  readonly steps: number;
  readonly preemptions: number;
  /** For `incomplete`: which bound. */
  readonly bound: string;
  /** For `violated`, if it was asked for: which swaps of steps repair the shortest run. */
  readonly window: WindowView | null;
  /** Only runs with at most so many preemptions were tried; null: all. */
  readonly within: number | null;
}

/** One end of a swap: a step, from 1, its thread, and its name as a position of a link. */
export interface SwapEnd {
  readonly step: number;
  readonly thread: string;
  readonly at: string;
}
/** The other way round the rule holds. */
export interface SwapView {
  readonly first: SwapEnd;
  readonly second: SwapEnd;
}
/** The race window of a run that breaks a rule: `checker/race-window.ts`. */
export interface WindowView {
  /** Steps, from 1; both 0 if no swap repairs the run. */
  readonly from: number;
  readonly to: number;
  readonly swaps: readonly SwapView[];
  readonly complete: boolean;
}

/** A shortest run that shows something. */
export interface Witness {
  readonly schedule: string;
  /** Step at which it shows. */
  readonly steps: number;
  readonly preemptions: number;
}

/** Of a search that answers more than one question. */
export interface SearchRequest {
  readonly text: string;
  readonly model: string;
  readonly without: readonly string[];
  /** Most states. */ readonly budget: number;
}

/** A verdict about one invariant or one question of a scenario, on one model. */
export interface CellView {
  readonly kind: 'invariant' | 'question';
  /** Id of the invariant, or the question as it is written. */
  readonly row: string;
  readonly word: string;
  readonly verdict: Verdict;
  /** What it speaks of never happened. */
  readonly vacuous: boolean;
  readonly witness: Witness | null;
}
export interface ColumnView {
  readonly model: string;
  readonly cells: readonly CellView[];
  readonly states: number;
  /** '' or the bound that ended the search. */
  readonly bound: string;
  readonly ms: number;
}

/** `child.got = "secret"`. `by`: index of the process that wrote it, -1 for the kernel and for nothing. */
export interface SeenView {
  readonly result: string;
  /** As in the scenario's text; null: it saw nothing. */
  readonly value: string | null;
  readonly words: string;
  readonly by: number;
}
/** One thing that can be observed at the end. */
export interface EndingView {
  readonly seen: readonly SeenView[];
  /** Different worlds that end with it. */
  readonly states: number;
  /** Indices into `LitmusView.answers`: it is what they ask about. */
  readonly answers: readonly number[];
  readonly witness: Witness;
}
export interface AnswerView {
  readonly says: string;
  readonly kind: 'exists' | 'never' | 'always' | 'sometimes';
  readonly line: number;
  /** The ending that decides it, -1: none. */
  readonly ending: number;
  /** null: not decided. */
  readonly holds: boolean | null;
}
/** A scenario as a litmus test. */
export interface LitmusView {
  readonly model: string;
  readonly bound: string;
  readonly states: number;
  readonly endings: readonly EndingView[];
  readonly answers: readonly AnswerView[];
  readonly ms: number;
}

/** A protective step, or an extra one that no kernel has. */
export interface GuardInfo {
  /** As `OpenRequest.without` takes it. */
  readonly id: string;
  readonly title: string;
  readonly where: string;
  readonly prevents: string;
  readonly extra: boolean;
}
/** What breaks in a scenario on a model without a guard. */
export interface AblationView {
  readonly guard: string;
  /** `never`: no run comes to the guard. */
  readonly verdict: 'breaks' | 'nothing' | 'never' | 'incomplete';
  readonly breaks: {
    readonly invariant: string;
    readonly word: string;
    readonly reason: string;
    readonly witness: Witness;
  } | null;
}
