/** The `expect` lines of a scenario against what a check finds on one model. */
import { check } from '../checker/check.ts';
import type { Result } from '../checker/check.ts';
import { questionsOf } from '../invariants/index.ts';
import type { Invariant } from '../invariants/index.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Expectation } from '../kernel/plan.ts';
import { invariantNamed } from './lookup.ts';

export interface Held {
  readonly line: number;
  /** `v5.7 breaks private-writes-stay-private` */
  readonly says: string;
  readonly held: boolean;
}

/**
 * `result` looked for `only`, or for everything if that is null. An expectation about one invariant needs a
 * check of its own where the first violation that was found is another one's.
 */
export function expectationsOf(
  machine: Machine,
  result: Result,
  only: Invariant | null,
  states: number,
): Held[] {
  const { plan, model } = machine;
  return plan.expectations
    .filter((e) => e.models.includes(model.id))
    .flatMap((e): Held[] => {
      const about = e.invariant === '' ? null : invariantNamed(e.invariant, questionsOf(plan).invariants);
      const concerned = only === null || about === null || about.id === only.id;
      if (!concerned || (only !== null && about === null && e.verdict === 'breaks')) return [];
      const answered =
        only !== null || about === null || result.invariant === about.id || result.verdict === 'holds';
      const { verdict } = answered ? result : check(machine, { states, invariants: [about] });
      return [
        {
          line: e.line,
          says: wordsOf(e, model.id),
          held: verdict === (e.verdict === 'holds' ? 'holds' : 'violated'),
        },
      ];
    });
}

const wordsOf = (e: Expectation, model: string): string =>
  `${model} ${e.verdict}${e.invariant === '' ? '' : ` ${e.invariant}`}`;
