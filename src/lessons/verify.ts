/**
 * Runs what a lesson says: every stop exists on its kernel, every fact is so there, every claim is what a
 * check of all orders finds, every question has one answer, and every challenge can be met and is not met
 * already.
 */
import { conditionOf } from '../debugger/ask/condition.ts';
import { newRun } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { follow, seekPosition } from '../debugger/schedule.ts';
import { violationsOf } from '../debugger/violations.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { isRefused } from '../kernel/switches/compose.ts';
import { modelOrWhy, models, whyNotMade } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import { compileText } from '../scenario/compile.ts';
import { problems } from '../scenario/diagnostic.ts';
import type { Diagnostic, Problems } from '../scenario/diagnostic.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { didYouMean } from '../scenario/nearest.ts';
import { placed, readLesson } from './parser.ts';
import { isThere, lookId } from './look.ts';
import { predictionOf } from './predictions.ts';
import { quizOf } from './quiz.ts';
import { known, sceneText, verdictOf } from './scenes.ts';
import type { Untrue } from './scenes.ts';
import { stagesOf } from './syntax.ts';
import type { Lesson, Scene, Stage } from './syntax.ts';
import { challengeOf, sandboxOf } from './verify-challenges.ts';

export interface Verified {
  readonly lesson: Lesson;
  readonly diagnostics: readonly Diagnostic[];
  /** How much was looked at: something must have been. */
  readonly stops: number;
  readonly facts: number;
  readonly claims: number;
  readonly questions: number;
  /** Facts, claims and challenges that are not as written; the other errors are mistakes in the text. */
  readonly untrue: number;
}

export function verifyLesson(text: string): Verified {
  const { lesson, diagnostics } = readLesson(text);
  const counts = { stops: 0, facts: 0, claims: 0, questions: 0, untrue: 0 };
  if (diagnostics.some((d) => d.severity === 'error')) return { lesson, diagnostics, ...counts };
  const found = problems();
  const untrue: Problems['error'] = (...what) => {
    counts.untrue++;
    found.error(...what);
  };
  const plans = new Map(lesson.scenes.map((scene) => [scene.name.text, planOf(scene, found)]));
  for (const stage of stagesOf(lesson)) {
    const plan = plans.get(stage.scene.name.text) ?? null;
    if (plan === null) continue;
    const run = runOf(stage, plan, found);
    if (run === null) continue;
    const at = stopOf(stage, run, found);
    counts.stops++;
    if (at < 0) continue;
    lookOf(stage, run, found);
    counts.facts += factsOf(stage, run, at, found, untrue);
    counts.claims += claimsOf(stage, found, untrue);
    counts.questions += questionOf(stage, run, at, found);
    challengeOf(stage, run, found, untrue);
    sandboxOf(stage, plans, found, untrue);
  }
  return { lesson, diagnostics: [...diagnostics, ...found.sorted()], ...counts };
}

function planOf(scene: Scene, found: Problems): Plan | null {
  const text = sceneText(scene);
  if (text === '') {
    const ids = gallery.map((e) => e.id);
    const hint = didYouMean(scene.name.text, ids, 'folioscope scenarios lists them.');
    found.error(scene.name.span, `the gallery has no ${scene.name.text}`, hint);
    return null;
  }
  const { plan, diagnostics } = compileText(text, known);
  for (const one of diagnostics)
    if (one.severity === 'error') found.error(placed(scene, one), one.message, one.hint);
  return plan;
}

function runOf({ model, schedule, beat }: Stage, plan: Plan, found: Problems): Run | null {
  const rules = modelOrWhy(model.text);
  if (isRefused(rules)) {
    const made = whyNotMade(model.text);
    if (made !== null) {
      found.error(model.span, made.message, made.hint);
      return null;
    }
    const ids = models.map((m) => m.id);
    found.error(
      model.span,
      `there is no model ${model.text}`,
      didYouMean(model.text, ids, `There are ${ids.join(', ')}.`),
    );
    return null;
  }
  const run = newRun(boot(plan, rules));
  for (const note of follow(run, schedule === '' ? plan.schedule : schedule))
    found.error((beat.said.schedule ?? beat.title).span, note, `On ${model.text}.`);
  return run;
}

function stopOf({ beat, model, at }: Stage, run: Run, found: Problems): number {
  const stop = seekPosition(run, at);
  if (stop.note === '') return stop.at;
  found.error(
    (beat.said.at ?? beat.title).span,
    stop.note,
    `folioscope run --model ${model.text} shows its steps.`,
  );
  return -1;
}

function factsOf({ beat, model }: Stage, run: Run, at: number, found: Problems, untrue: Untrue): number {
  const broken = violationsOf(run, [
    ...invariantsFor(run.machine.plan),
    ...questionsOf(run.machine.plan).invariants,
  ]);
  const breaks = broken.map((b) => ({ at: b.at, id: b.invariant.id }));
  for (const fact of beat.facts) {
    const { made, mistake } = conditionOf(run.machine, fact.text, breaks);
    if (made === null) {
      const { column, length, message, hint } = mistake;
      found.error({ ...fact.span, column: fact.span.column + column - 1, length }, message, hint);
    } else if (!made.test(run, at))
      untrue(
        fact.span,
        `not so on ${model.text}, at step ${at} of ${run.steps.length}`,
        'Mend the fact or the stop.',
      );
  }
  return beat.facts.length;
}

function lookOf({ beat: { said } }: Stage, run: Run, found: Problems): void {
  const { look } = said,
    id = look === undefined ? null : lookId(look.text);
  if (look === undefined || (id !== null && isThere(run.machine, id))) return;
  found.error(
    look.span,
    `there is no ${look.text.slice(0, 40)} here`,
    'As in: f0, parent, parent.a.0, pipe p, hold dma.',
  );
}

/** A claim is one more `expect` line of the scenario. */
function claimsOf({ beat, scene }: Stage, found: Problems, untrue: Untrue): number {
  let n = 0;
  for (const claim of beat.claims) {
    const { plan, diagnostics } = compileText(`${sceneText(scene)}expect ${claim.text}\n`, known);
    const wrong = diagnostics.find((d) => d.severity === 'error');
    if (plan === null) {
      found.error(claim.span, wrong?.message ?? 'this claim is not understood', wrong?.hint ?? '');
      continue;
    }
    const expected = plan.expectations.at(-1);
    for (const id of expected?.models ?? []) {
      n++;
      const says = verdictOf(plan, id, expected?.invariant ?? '');
      if (says !== (expected?.verdict === 'holds' ? 'holds' : 'violated'))
        untrue(claim.span, `the checker says of ${id}: ${says}`, 'Mend the claim, and the prose with it.');
    }
  }
  return n;
}

function questionOf({ beat }: Stage, run: Run, at: number, found: Problems): number {
  const { predict, until } = beat.said,
    asked = predict === undefined ? null : predictionOf(predict.text);
  if (predict === undefined || asked === null) return 0;
  const { quiz, why } = quizOf(run, at, until?.text ?? '', asked);
  if (quiz === null) found.error((why.until ? (until ?? predict) : predict).span, why.says, why.hint);
  return 1;
}
