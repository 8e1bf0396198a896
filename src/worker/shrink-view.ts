/**
 * The smallest scenario that still breaks a rule, with the run that breaks it. Loaded when first asked for.
 */
import { check } from '../checker/check.ts';
import { shrink } from '../checker/shrink.ts';
import { questionsOf, invariantsFor } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import type { Model } from '../kernel/rules.ts';
import { compileText } from '../scenario/compile.ts';
import type { Known } from '../scenario/compile.ts';
import type { CheckRequest, ShrinkView } from './protocol.ts';
import { scheduleOf } from './witness.ts';

/** A person waits for it. */
const CHECKS_MAX = 600;

/** Rejects with a sentence if nothing is broken. */
export function shrinkView(request: CheckRequest, model: Model, known: Known): ShrinkView {
  const { text, invariant, without, budget } = request;
  const found = shrink(text, model, known, {
    ...(invariant === null ? {} : { invariant }),
    without,
    states: budget,
    checks: CHECKS_MAX,
  });
  if ('why' in found) throw new Error(`There is nothing to make smaller: ${found.why}.`);
  const plan = compileText(found.text, known).plan!;
  const rule = [...invariantsFor(plan), ...questionsOf(plan).invariants].find(
    (one) => one.id === found.invariant,
  )!;
  const machine = boot(plan, model, without);
  const { moves } = check(machine, { invariants: [rule] });
  return {
    text: found.text,
    invariant: found.invariant,
    before: found.operations.before,
    after: found.operations.after,
    complete: found.complete,
    schedule: scheduleOf(machine, moves),
    steps: moves.length,
  };
}
