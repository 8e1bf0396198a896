/** What can be done next to a thing: every line that the grammar allows, tried on the scenario. */
import { opSpans } from '../debugger/lanes.ts';
import { newRun } from '../debugger/run.ts';
import { follow } from '../debugger/schedule.ts';
import { RESULTS } from '../kernel/compile.ts';
import { boot } from '../kernel/machine.ts';
import type { Model } from '../kernel/rules.ts';
import { compileText } from '../scenario/compile.ts';
import type { Known } from '../scenario/compile.ts';
import { appended, candidates } from '../scenario/offers.ts';
import { parse } from '../scenario/parser.ts';
import type { Offer, OffersRequest } from './protocol.ts';
import { breathe } from './sliced.ts';

/** Milliseconds between two looks at what the page wants. */
const SLICE = 30;

/** Only lines that mean something there; one that ends with an error says so. */
export async function offersOf(
  { text, without, targets }: OffersRequest,
  model: Model,
  known: Known,
  signal: AbortSignal,
): Promise<Offer[]> {
  const { scenario } = parse(text);
  const before = compileText(text, known);
  const offers: Offer[] = [];
  let since = performance.now();
  for (const { actor, target } of targets) {
    for (const operation of candidates(scenario, actor, target)) {
      if (performance.now() - since > SLICE) {
        await breathe();
        signal.throwIfAborted();
        since = performance.now();
      }
      const { text: more, line } = appended(text, actor, operation);
      const { plan, diagnostics } = compileText(more, known);
      const ops = plan?.ops.filter((op) => op.line === line) ?? [];
      // A warning there means that it does nothing, or not what it says.
      if (plan === null || ops.length === 0 || diagnostics.some((d) => d.line === line)) continue;
      if (diagnostics.length > before.diagnostics.length) continue;
      const run = newRun(boot(plan, model, without));
      follow(run, plan.schedule);
      const { last, exit } = opSpans(run)[plan.ops.indexOf(ops.at(-1)!)]!;
      const result = RESULTS[exit] ?? 'end';
      const error = last === 0 ? 'never ends' : result === 'end' ? '' : result;
      offers.push({ actor, operation, text: more, line, error });
    }
  }
  return offers;
}
