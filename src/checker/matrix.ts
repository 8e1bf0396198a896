/**
 * What holds and what breaks: for one scenario on one model, a verdict about every invariant and about every
 * question, each with a shortest way to what decides it. All from one search, which goes on behind
 * violations.
 */
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import { askedGuards, forgetAsked } from '../kernel/guards.ts';
import type { Machine } from '../kernel/machine.ts';
import { advance, begin, resultOf, wayTo } from './check.ts';
import type { Search } from './check.ts';
import { litmusOf } from './outcomes.ts';

export interface Cell {
  readonly kind: 'invariant' | 'question';
  /** Id of the invariant, or the question as it is written. */
  readonly row: string;
  readonly verdict: 'holds' | 'violated' | 'incomplete';
  /** Threads of the shortest way to what decides it; null: there is none to show. */
  readonly moves: readonly number[] | null;
  /** Nothing that it speaks of ever happened. */
  readonly vacuous: boolean;
}
export interface Column {
  readonly cells: readonly Cell[];
  readonly states: number;
  /** Guards that some run comes to. Of survey(); a search in slices shares its realm with others. */
  readonly asked: ReadonlySet<string>;
  /** '' or the bound that ended the search. */
  readonly bound: string;
}

export interface SurveyOptions {
  readonly states?: number;
  readonly bytes?: number;
  /** False: among the shortest ways any will do. */
  readonly fewest?: boolean;
}

export const beginSurvey = (machine: Machine, options: SurveyOptions = {}): Search =>
  begin(machine, { ...options, survey: true });

export function survey(machine: Machine, options: SurveyOptions = {}): Column {
  const search = beginSurvey(machine, options);
  forgetAsked();
  while (!advance(search, 1 << 16));
  return { ...columnOf(search), asked: new Set(askedGuards()) };
}

/** Of a survey that is over. */
export function columnOf(search: Search): Omit<Column, 'asked'> {
  const { plan } = search.machine,
    { bound, found, states } = resultOf(search);
  const silent = new Set(search.silent.map((i) => i.id)),
    open = bound === '' ? ('holds' as const) : ('incomplete' as const);
  const cellOf = (kind: Cell['kind'], row: string): Cell => {
    const broken = found.find((f) => f.invariant.id === row);
    if (broken === undefined) return { kind, row, verdict: open, moves: null, vacuous: silent.has(row) };
    return { kind, row, verdict: 'violated', moves: wayTo(search, broken), vacuous: false };
  };
  const rules = new Set(questionsOf(plan).invariants.map((i) => i.id)),
    litmus = litmusOf(search);
  const asked = litmus.answers.map((a): Cell => {
    if (rules.has(a.says)) return cellOf('question', a.says);
    const verdict = a.holds === null ? 'incomplete' : a.holds ? 'holds' : 'violated';
    const moves = litmus.endings[a.ending]?.moves ?? null;
    return { kind: 'question', row: a.says, verdict, moves, vacuous: false };
  });
  return {
    cells: [...invariantsFor(plan).map((i) => cellOf('invariant', i.id)), ...asked],
    states,
    bound,
  };
}
