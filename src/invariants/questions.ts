/**
 * The questions of a scenario, as invariants (`never`, `always`) and as things that a check must come to
 * (`sometimes`). What `exists` is told by the endings of all runs (`checker/outcomes.ts`).
 */
import type { Plan, Question, Term } from '../kernel/plan.ts';
import { hasEnded } from '../kernel/view.ts';
import { now, observation } from '../kernel/world.ts';
import { bytesName, processCard, processName, threadName } from './invariant.ts';
import type { Broken, Invariant } from './invariant.ts';
import { isSeen, look, observed, seenBytes } from './observed.ts';

/** A state that must be reached, or a check has shown less than its scenario asks for. */
export interface Wish {
  readonly id: string;
  readonly says: string;
  readonly line: number;
  readonly met: () => boolean;
}
export interface Questions {
  readonly invariants: readonly Invariant[];
  readonly wishes: readonly Wish[];
}

/** `none`: the operation ended and nothing was reported. */
const isNone = (q: Term): boolean => q.equals === '';
/** The answer is in. */
const isIn = (q: Term): boolean => isSeen(q.observed) || hasEnded(observed(q.observed).op);
/** The one evaluator of a term: for questions, and for the conditions of the debugger. */
export const isSo = (q: Term): boolean =>
  isSeen(q.observed)
    ? now.plan!.stored[seenBytes(q.observed)]!.text === q.equals
    : isNone(q) && hasEnded(observed(q.observed).op);
const isAnswered = (q: Question): boolean => q.terms.every(isIn);
/** All terms are as the question says. */
const isEqual = (q: Question): boolean => q.terms.every(isSo);

const termWords = (plan: Plan, q: Term): string => {
  const { name, thread } = plan.observed[q.observed]!;
  const value = plan.stored.find((s) => s.text === q.equals);
  const text = isNone(q) ? 'none' : value?.hex === true ? q.equals : `"${q.equals}"`;
  return `${plan.threads[thread]!.name}.${name} = ${text}`;
};
/** As the printer writes it. */
export const questionWords = (plan: Plan, q: Question): string =>
  `${q.kind} ${q.terms.map((t) => termWords(plan, t)).join(' and ')}`;

function invariantOf(plan: Plan, q: Question): Invariant {
  const says = questionWords(plan, q);
  return {
    id: says,
    alias: [`line-${q.line}`],
    says: `Line ${q.line} asks: ${says}.`,
    word: 'unexpected',
    cite: `line ${q.line} of the scenario`,
    reads: [observation, 'ops'],
    broken: () => (isWrong(q) ? unexpected(q, says) : null),
    applies: () => isAnswered(q),
  };
}
/** `never`: all terms are so. `always`: one is in, and is not so. */
const isWrong = (q: Question): boolean =>
  q.kind === 'never' ? isEqual(q) : q.terms.some((t) => isIn(t) && !isSo(t));
/** About the first term that is to blame. */
function unexpected(question: Question, says: string): Broken {
  const { line } = question,
    q =
      question.terms.find((t) => isIn(t) && (question.kind === 'never' || !isSo(t))) ?? question.terms[0]!;
  const { name, thread } = observed(q.observed),
    who = `${threadName(thread)}.${name}`;
  if (!isSeen(q.observed)) {
    return {
      reason: `${who} has no result, against line ${line}: ${says}.`,
      cards: [],
      process: null,
      folio: -1,
    };
  }
  const { by, how, folio } = look(q.observed);
  const seen = bytesName(seenBytes(q.observed));
  return {
    reason: `${processName(by)} sees ${seen} ${how}, against line ${line}: ${says}.`,
    cards: by < 0 ? [] : [processCard(by)],
    process: by < 0 ? null : by,
    folio,
  };
}

/** The questions of a plan. They look at whichever world of that plan is active when they are asked. */
export function questionsOf(plan: Plan): Questions {
  const invariants = plan.questions
    .filter((q) => q.kind === 'never' || q.kind === 'always')
    .map((q) => invariantOf(plan, q));
  const wishes = plan.questions
    .filter((q) => q.kind === 'sometimes')
    .map((q) => {
      const says = questionWords(plan, q);
      return { id: says, says, line: q.line, met: () => isEqual(q) };
    });
  return { invariants, wishes };
}
