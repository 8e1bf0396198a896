/** A plan from text that is known to be right: tests and benches write their scenarios in the language. */
import { apartIds, modelIds, whyNotMade } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import { compileText } from '../scenario/compile.ts';

/** Throws a RangeError with the first mistake. */
export function planOf(text: string): Plan {
  const { plan, diagnostics } = compileText(text, { models: modelIds, apart: apartIds, whyNotMade });
  const wrong = diagnostics.find((d) => d.severity === 'error');
  if (plan === null) throw new RangeError(`line ${wrong?.line}: ${wrong?.message} (${wrong?.hint})`);
  return plan;
}
