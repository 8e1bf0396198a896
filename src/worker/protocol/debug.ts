/** What the debugger asks the engine about the run that is open. Steps count from 1, 0 = the start. */
import type { Quiz } from '../../lessons/quiz.ts';
import type { Diagnostic } from '../../scenario/diagnostic.ts';
import type { CostView } from './compare.ts';
import type { StructureView } from './structure.ts';

/** A condition, and the steps at which a debugger stops for it. */
export interface FoundView {
  readonly text: string;
  readonly mistake: Diagnostic | null;
  readonly hits: readonly number[];
}
/** A watch: each value, from the step that made it. */
export interface WatchView {
  readonly text: string;
  readonly mistake: Diagnostic | null;
  readonly spans: readonly { readonly from: number; readonly value: string }[];
}
/** A fact that is not the same after two steps; `path` can be watched. */
export interface DifferenceView {
  readonly path: string;
  readonly says: string;
  readonly before: string;
  readonly after: string;
}
/** What could land right before a step. */
export interface LandingView {
  readonly at: number;
  readonly steps: readonly number[];
  readonly blocked: readonly { readonly thread: number; readonly words: string }[];
}
/** What can be changed about a step. */
export interface WhatIfView {
  readonly at: number;
  readonly thread: string;
  /** Threads that could move here instead. */
  readonly instead: readonly {
    readonly thread: number;
    readonly choice: number;
    readonly name: string;
    readonly next: string;
  }[];
  /** Others can move while it stands still. */
  readonly canWait: boolean;
  /** Guards that it comes to. */
  readonly guards: readonly { readonly id: string; readonly title: string; readonly prevents: string }[];
}
/** A word of the language of conditions. */
export interface FactView {
  /** `step.thread`, `f0.refcount`, with names of this scenario. */
  readonly path: string;
  readonly kind: 'number' | 'yes' | 'word' | 'bytes' | 'set';
  readonly says: string;
}

/** A row of a routine's table: a micro-step, or the way into another function. */
export interface CodeRowView {
  readonly label: string;
  readonly says: string;
  /** The function that it enters, '' for a step. */
  readonly calls: string;
  /** `takes PTL`, `under mmap_lock read`, `drops PTL`. */
  readonly locks: readonly string[];
  readonly to: readonly string[];
  readonly threads: readonly number[];
  /** The step that was made. */
  readonly current: boolean;
}
export interface CodeView {
  readonly name: string;
  readonly file: string;
  readonly version: string;
  /** Commit that made this rule, or ''. */
  readonly commit: string;
  /** Functions that led here, outermost first. */
  readonly inside: readonly string[];
  readonly rows: readonly CodeRowView[];
  /** What the mails say about the current step, in our words. */
  readonly passages: readonly { readonly source: string; readonly says: string }[];
}
/** Kernels, one behind the other, that do a step alike. */
export interface EraView {
  readonly models: readonly string[];
  readonly how: 'same' | 'other' | 'absent';
  readonly here: boolean;
  readonly function: string;
  readonly rules: readonly { readonly name: string; readonly says: string; readonly answer: string }[];
  /** Commits by which it came to differ from the era before. */
  readonly by: readonly string[];
}

/** `Opened`: what the engine says of a run that it opens. */
export interface DebugCalls<Opened> {
  readonly find: { readonly ask: readonly string[]; readonly answer: readonly FoundView[] };
  readonly watch: { readonly ask: readonly string[]; readonly answer: readonly WatchView[] };
  readonly diff: {
    readonly ask: { readonly from: number; readonly to: number };
    readonly answer: readonly DifferenceView[];
  };
  readonly landing: { readonly ask: number; readonly answer: LandingView };
  readonly ways: { readonly ask: number; readonly answer: WhatIfView };
  /** From here on by chance. */
  readonly wander: { readonly ask: { readonly at: number; readonly seed: number }; readonly answer: Opened };
  /** Another thread makes this step. */
  readonly replace: {
    readonly ask: { readonly at: number; readonly thread: number; readonly choice: number };
    readonly answer: Opened;
  };
  /** The thread of this step stands still as long as others can move. */
  readonly still: { readonly ask: number; readonly answer: Opened };
  /** The routine of the step that led to `at`, or in which `thread` stands; null: none. */
  readonly code: {
    readonly ask: { readonly at: number; readonly thread: number };
    readonly answer: CodeView | null;
  };
  readonly history: { readonly ask: number; readonly answer: readonly EraView[] };
  readonly facts: { readonly ask: null; readonly answer: readonly FactView[] };
  /** A question of a lesson about this run, with its answers; `why` there is none, or ''. */
  readonly quiz: {
    readonly ask: { readonly at: number; readonly until: string; readonly predict: string };
    readonly answer: { readonly quiz: Quiz | null; readonly why: string };
  };
  /** The world after a step, by its addresses. */
  readonly structure: { readonly ask: number; readonly answer: StructureView };
  /** The run that makes these moves from the start, and goes on in declared order. */
  readonly follow: { readonly ask: readonly number[]; readonly answer: Opened };
  /** The open scenario in the order of the open run, on every kernel and proposal. */
  readonly costs: {
    readonly ask: null;
    readonly answer: readonly (CostView & { readonly model: string })[];
  };
}
export type DebugKind = keyof DebugCalls<unknown>;
export type Debug<Opened> = <K extends DebugKind>(
  kind: K,
  ask: DebugCalls<Opened>[K]['ask'],
) => Promise<DebugCalls<Opened>[K]['answer']>;
