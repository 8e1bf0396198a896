/** Runs challenges and sandboxes: each can be met, and is not met already. */
import { baselineOf } from '../checker/ablate.ts';
import type { Run } from '../debugger/run.ts';
import { violationsOf } from '../debugger/violations.ts';
import { invariantNames, invariantsFor } from '../invariants/index.ts';
import { guards } from '../kernel/guards.ts';
import { isRefused, readId } from '../kernel/switches/compose.ts';
import { modelById, modelOrWhy } from '../kernel/models/index.ts';
import { switches } from '../kernel/switches/switches.ts';
import type { Plan } from '../kernel/plan.ts';
import { compileText } from '../scenario/compile.ts';
import type { Problems } from '../scenario/diagnostic.ts';
import { didYouMean } from '../scenario/nearest.ts';
import { challengeIn, changeIn, mustIn, sandboxIn } from './challenges.ts';
import { known, sceneText, verdictOf } from './scenes.ts';
import type { Untrue } from './scenes.ts';
import type { Said, Scene, Stage } from './syntax.ts';

const brokenIn = (run: Run): string[] =>
  violationsOf(run, invariantsFor(run.machine.plan)).map((b) => b.invariant.id);

export function challengeOf({ beat, scene, model }: Stage, run: Run, found: Problems, untrue: Untrue): void {
  const { challenge, answer } = beat.said,
    made = challenge === undefined ? null : challengeIn(challenge.text);
  if (challenge === undefined || made === null) return;
  const { plan } = run.machine;
  if (made.kind === 'find') {
    if (!invariantNames.includes(made.invariant))
      return found.error(
        challenge.span,
        `no invariant is called ${made.invariant}`,
        didYouMean(made.invariant, invariantNames),
      );
    if (brokenIn(run).includes(made.invariant))
      untrue(challenge.span, 'the run of this beat breaks it already', 'Begin with a run that does not.');
    if (verdictOf(plan, model.text, made.invariant) !== 'violated')
      untrue(challenge.span, `no order breaks it on ${model.text}`, 'Nobody could meet this challenge.');
    return;
  }
  if (made.kind === 'remove') return removed(challenge, made.guards, model.text, plan, found, untrue);
  if (answer !== undefined) mended(scene, model, answer, found, untrue);
  if (verdictOf(plan, model.text, '') === 'holds')
    untrue(challenge.span, `nothing is broken on ${model.text}`, 'There is nothing to mend.');
}

/** Somebody must be able to be right, and to be wrong, and none of the steps may be beside the point. */
function removed(
  { span }: Said,
  names: readonly string[],
  model: string,
  plan: Plan,
  found: Problems,
  untrue: Untrue,
): void {
  const ids = guards.map((g) => g.id),
    stranger = names.find((name) => !ids.includes(name));
  if (stranger !== undefined)
    return found.error(
      span,
      `no guard is called ${stranger}`,
      didYouMean(stranger, ids, 'folioscope guards'),
    );
  if (verdictOf(plan, model, '') !== 'holds')
    return untrue(span, `it does not hold on ${model}`, 'Begin with a scenario that breaks nothing.');
  const { asked } = baselineOf(plan, modelById(model)!),
    idle = names.find((name) => !asked.has(name));
  if (idle !== undefined)
    return untrue(span, `no run comes to ${idle} on ${model}`, 'Leave it out: there is nothing to find out.');
  const needed = names.filter((name) => verdictOf(plan, model, '', [name]) !== 'holds');
  if (needed.length === names.length)
    untrue(span, 'each of them is needed', 'Name one without which nothing breaks.');
  if (needed.length === 0) untrue(span, 'none of them is needed', 'Name one without which something breaks.');
}

function mended(scene: Scene, model: Said, answer: Said, found: Problems, untrue: Untrue): void {
  const change = changeIn(answer.text)!;
  const lines = sceneText(scene).split('\n');
  const squeezed = (line: string): string => line.trim().replace(/\s+/g, ' ');
  const at = lines.findIndex((line) => squeezed(line) === squeezed(change.from));
  if (at < 0)
    return found.error(
      answer.span,
      `the scenario has no line \`${change.from}\``,
      'Write it as it stands there.',
    );
  lines.splice(at, 1, ...(change.to === '' ? [] : [change.to]));
  const { plan, diagnostics } = compileText(lines.join('\n'), known);
  if (plan === null)
    return found.error(answer.span, `that scenario is not understood: ${diagnostics[0]?.message}`, '');
  if (verdictOf(plan, model.text, '') !== 'holds')
    untrue(answer.span, `that does not mend it on ${model.text}`, 'Another line has to change.');
}

/** The answer brings about all that is asked, the base does not, and nothing else was changed. */
export function sandboxOf(
  { beat: { said, musts } }: Stage,
  plans: ReadonlyMap<string, Plan | null>,
  found: Problems,
  untrue: Untrue,
): void {
  const { sandbox, answer } = said;
  if (sandbox === undefined || answer === undefined) return;
  const { base, switches: free } = sandboxIn(sandbox.text),
    names = Object.keys(switches),
    stranger = free.find((name) => !names.includes(name));
  for (const [{ span }, id] of [
    [sandbox, base],
    [answer, answer.text],
  ] as const) {
    const model = modelOrWhy(id);
    if (isRefused(model)) return found.error(span, model.message, model.hint);
  }
  if (stranger !== undefined)
    return found.error(sandbox.span, `no switch is called ${stranger}`, didYouMean(stranger, names));
  const made = readId(answer.text);
  if (isRefused(made)) return;
  // What a switch needs comes along: nobody has to name that.
  const may = new Set(free.length === 0 ? names : free);
  for (const name of may)
    for (const needed of Object.keys(switches[name]!.positions[made.chosen[name] ?? '']?.needs ?? {}))
      may.add(needed);
  const other = Object.keys(made.chosen).find((name) => !may.has(name));
  if (made.base !== base) untrue(answer.span, `it is no rule set on ${base}`, `Write ${base}~...`);
  if (other !== undefined)
    untrue(answer.span, `${other} is not among the switches`, 'Name it behind the base, or leave it alone.');
  let broken = 0;
  for (const { text, span } of musts) {
    const { scenario, invariant } = mustIn(text)!,
      plan = plans.get(scenario) ?? null;
    if (plan === null) return;
    if (invariant !== '' && !invariantNames.includes(invariant))
      return found.error(span, `no invariant is called ${invariant}`, didYouMean(invariant, invariantNames));
    if (verdictOf(plan, base, invariant) !== 'holds') broken++;
    const says = verdictOf(plan, answer.text, invariant);
    if (says !== 'holds') untrue(span, `the answer does not bring it about: ${says}`, 'Mend the answer.');
  }
  if (broken === 0)
    untrue(sandbox.span, `${base} does all of it already`, 'Ask for something that it breaks.');
}
