/** What a search says when it is over. */
import type { Broken, Invariant } from '../invariants/index.ts';
import type { ReductionName } from './reduce/reduction.ts';

/** The operation ended and reported nothing; it did not end. */
export const SAW_NOTHING = -1,
  NOT_ENDED = -2;

export interface Outcome {
  /** For each of `Plan.observed` an index into `Plan.stored`, or SAW_NOTHING, or NOT_ENDED. */
  readonly seen: readonly number[];
  /** Worlds that end with it. */
  states: number;
  /** Number of the first of them that was met. */
  readonly world: number;
}
/** An outcome with the threads of a shortest schedule that ends with it. */
export interface Ending extends Outcome {
  readonly moves: readonly number[];
}
/** An invariant that a survey found broken, and the world in which it met that first. */
export interface Found {
  readonly invariant: Invariant;
  readonly broken: Broken;
  readonly world: number;
}

export interface Result {
  readonly verdict: 'holds' | 'violated' | 'incomplete';
  /** For `incomplete`: which bound ended the search. */
  readonly bound: string;
  readonly invariant: string | null;
  readonly broken: Broken | null;
  readonly reason: string;
  readonly states: number;
  readonly edges: number;
  /** Steps to the farthest world; for a violation, to it. */
  readonly depth: number;
  readonly bytesPerState: number;
  /**
   * Bound on the probability that two worlds were taken for one, so that something may have been missed: 0
   * while worlds are compared as they are, more once a search keeps fingerprints only.
   */
  readonly missedAtMost: number;
  /** Threads of the shortest schedule that violates, in order. */
  readonly moves: readonly number[];
  /** Its switches away from a thread that could have gone on. */
  readonly preemptions: number;
  /** How runs can end; of a search that did not end, those that it met. */
  readonly outcomes: readonly Ending[];
  /**
   * `sometimes` questions that no run answers; empty unless the search has seen every run without a
   * violation.
   */
  readonly unmet: readonly string[];
  /** Invariants whose subject never occurred, so that their holding says nothing; empty as above. */
  readonly vacuous: readonly string[];
  /** Of a survey: every invariant that is broken, in the order in which they were met. */
  readonly found: readonly Found[];
  /** What was left out; null: nothing. */
  readonly reduced: Reduced | null;
}
/**
 * Of a reduced search: what it used, the worlds that it met, and those of the search for a shortest way to
 * what it found (0: there was none). If that one met a bound, the schedule is the reduced search's own.
 */
export interface Reduced {
  readonly used: readonly ReductionName[];
  readonly states: number;
  readonly again: number;
}
