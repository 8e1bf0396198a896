/**
 * A scenario as a litmus test: everything that can be observed at the end of a run, in how many different
 * worlds, one shortest way to each, and what that answers the scenario's questions.
 */
import { questionWords } from '../invariants/index.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Plan, Question, Term } from '../kernel/plan.ts';
import { NOT_ENDED, SAW_NOTHING, advance, begin, resultOf } from './check.ts';
import type { Ending, Result, Search } from './check.ts';

/** An ending, with the questions (by their place in `Plan.questions`) of which it is what they ask about. */
export interface LitmusEnding extends Ending {
  readonly answers: readonly number[];
}
export interface Answer {
  /** `never child.got = "secret"` */
  readonly says: string;
  readonly kind: Question['kind'];
  readonly line: number;
  /** An ending that decides it: an example of what exists, or against `never` and `always`. -1: none. */
  readonly ending: number;
  /** null: not all runs were seen, and those that were do not decide it. */
  readonly holds: boolean | null;
}
export interface Litmus {
  /** '' if all runs were seen; else the bound that ended the search. */
  readonly bound: string;
  /** Those of most worlds first. */
  readonly endings: readonly LitmusEnding[];
  readonly answers: readonly Answer[];
  readonly states: number;
  readonly edges: number;
}

export interface LitmusOptions {
  readonly states?: number;
  readonly bytes?: number;
}

/** All runs, whatever they break: a search for nothing. */
export function beginLitmus(machine: Machine, options: LitmusOptions = {}): Search {
  return begin(machine, { ...options, invariants: [], fewest: false, survey: true });
}

export function litmus(machine: Machine, options: LitmusOptions = {}): Litmus {
  const search = beginLitmus(machine, options);
  while (!advance(search, 1 << 16));
  return litmusOf(search);
}

/** Of a search that is over and judged endings only, or of a survey. */
export const litmusOf = (search: Search): Litmus => litmusFrom(search.machine.plan, resultOf(search));

/** Of the result of a search that left nothing out. */
export function litmusFrom(
  plan: Plan,
  { bound, outcomes, states, edges }: Pick<Result, 'bound' | 'outcomes' | 'states' | 'edges'>,
): Litmus {
  const endings = outcomes
    .map((o) => ({ ...o, answers: plan.questions.flatMap((q, i) => (isWhat(plan, q, o.seen) ? [i] : [])) }))
    .sort((a, b) => b.states - a.states || a.world - b.world);
  return {
    bound,
    endings,
    answers: plan.questions.map((q, i) => answerOf(plan, q, i, endings, bound === '')),
    states,
    edges,
  };
}

/** What the question speaks of was observed. */
const isWhat = (plan: Plan, q: Question, seen: readonly number[]): boolean =>
  q.terms.every((term) => isSo(plan, term, seen));
function isSo(plan: Plan, term: Term, seen: readonly number[]): boolean {
  const saw = seen[term.observed] ?? NOT_ENDED;
  return saw < 0 ? term.equals === '' && saw === SAW_NOTHING : plan.stored[saw]!.text === term.equals;
}
/** Some operation has ended that did not see what `always` asks for. One that never ends says nothing. */
const isAgainst = (plan: Plan, q: Question, seen: readonly number[]): boolean =>
  q.terms.some((term) => (seen[term.observed] ?? NOT_ENDED) !== NOT_ENDED && !isSo(plan, term, seen));

function answerOf(
  plan: Plan,
  q: Question,
  i: number,
  endings: readonly LitmusEnding[],
  complete: boolean,
): Answer {
  const ending = endings.findIndex((e) =>
    q.kind === 'always' ? isAgainst(plan, q, e.seen) : e.answers.includes(i),
  );
  const isGood = q.kind === 'exists' || q.kind === 'sometimes';
  const holds = ending >= 0 ? isGood : complete ? !isGood : null;
  return { says: questionWords(plan, q), kind: q.kind, line: q.line, ending, holds };
}
