/**
 * The questions of a scenario, as invariants (`never`, `always`) and as things that a check must come to
 * (`sometimes`).
 */
import type { Plan, Question } from '../kernel/plan.ts';
import { hasEnded } from '../kernel/view.ts';
import { now } from '../kernel/world.ts';
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
const isNone = (q: Question): boolean => q.equals === '';
/** The answer is in. */
const isAnswered = (q: Question): boolean => isSeen(q.observed) || hasEnded(observed(q.observed).op);
const isEqual = (q: Question): boolean =>
  isSeen(q.observed)
    ? now.plan!.stored[seenBytes(q.observed)]!.text === q.equals
    : isNone(q) && hasEnded(observed(q.observed).op);

const wordsOf = (plan: Plan, q: Question): string => {
  const { name, thread } = plan.observed[q.observed]!;
  const value = plan.stored.find((s) => s.text === q.equals);
  const text = isNone(q) ? 'none' : value?.hex === true ? q.equals : `"${q.equals}"`;
  return `${plan.threads[thread]!.name}.${name} = ${text}`;
};

function invariantOf(plan: Plan, q: Question): Invariant {
  const says = `${q.kind} ${wordsOf(plan, q)}`;
  const wrong = q.kind === 'never';
  return {
    id: says,
    alias: [`line-${q.line}`],
    says: `Line ${q.line} asks: ${says}.`,
    word: 'unexpected',
    cite: `line ${q.line} of the scenario`,
    broken: () => (isAnswered(q) && isEqual(q) === wrong ? unexpected(q, says) : null),
    applies: () => isAnswered(q),
  };
}
function unexpected(q: Question, says: string): Broken {
  const { name, thread } = observed(q.observed),
    who = `${threadName(thread)}.${name}`;
  if (!isSeen(q.observed)) {
    return {
      reason: `${who} has no result, against line ${q.line}: ${says}.`,
      cards: [],
      process: null,
      folio: -1,
    };
  }
  const { by, how, folio } = look(q.observed);
  const seen = bytesName(seenBytes(q.observed));
  return {
    reason: `${processName(by)} sees ${seen} ${how}, against line ${q.line}: ${says}.`,
    cards: by < 0 ? [] : [processCard(by)],
    process: by < 0 ? null : by,
    folio,
  };
}

/** The questions of a plan. They look at whichever world of that plan is active when they are asked. */
export function questionsOf(plan: Plan): Questions {
  const invariants = plan.questions.filter((q) => q.kind !== 'sometimes').map((q) => invariantOf(plan, q));
  const wishes = plan.questions
    .filter((q) => q.kind === 'sometimes')
    .map((q) => {
      const says = `sometimes ${wordsOf(plan, q)}`;
      return { id: says, says, line: q.line, met: () => isAnswered(q) && isEqual(q) };
    });
  return { invariants, wishes };
}
