/** The engine in this realm: the worker's inside, and the in-process twin for tests and the command line. */
import { lens, supposedAt } from '../debugger/lens.ts';
import { branch, extend, finish, newRun, statuses } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { follow, scheduleText, seekPosition } from '../debugger/schedule.ts';
import { violationsOf } from '../debugger/violations.ts';
import type { Broken } from '../debugger/violations.ts';
import { invariantNames, invariants, invariantsFor, questionsOf } from '../invariants/index.ts';
import { extras, guards, withExtra } from '../kernel/guards.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { apartIds, modelIds, models, whyNotMade } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import { isMade } from '../kernel/switches/compose.ts';
import { compileText } from '../scenario/compile.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { parse } from '../scenario/parser.ts';
import { headingOf } from '../scenario/syntax.ts';
import { blockedWords } from '../scene/build-processes.ts';
import { factsOf } from '../scene/facts.ts';
import type { Shown } from './compare-view.ts';
import { checkView } from './check-view.ts';
import { frameView } from './frame-view.ts';
import { modelInfo, modelOf } from './models.ts';
import type { Diagnostic, Engine, GuardInfo, Info, Opened, OpenRequest, SearchRequest } from './protocol.ts';
import { runView } from './run-view.ts';
import { raceOf } from './witness.ts';

/** What is open: one run with its facts and the rules it breaks. */
interface Session extends Shown {
  readonly text: string;
  readonly title: string;
  readonly diagnostics: readonly Diagnostic[];
}
const brokenIn = (run: Run): readonly Broken[] => {
  const { plan } = run.machine;
  return violationsOf(run, [...invariantsFor(plan), ...questionsOf(plan).invariants]);
};

/** Filled in by the build (`scripts/verdicts-plugin.ts`); elsewhere there is no such name. */
declare const __RULES__: string | undefined;

export const known = {
  models: modelIds,
  apart: apartIds,
  invariants: invariantNames,
  guards: [...guards.map((g) => g.id), ...extras.map((g) => withExtra(g.id))],
  whyNotMade,
};

/** Whom the lens asks. */
const asksOf: readonly Model[] = models.filter((m) => !m.composed);

export function createEngine(): Engine {
  let session: Session | null = null;
  const current = (): Session => {
    if (session === null) throw new Error('No scenario is open.');
    return session;
  };
  let compared: Shown | null = null;
  const opened = (notes: readonly string[]): Opened => {
    const { text, title, diagnostics, run, facts, broken } = current();
    const { about } = headingOf(parse(text).scenario);
    const { model } = run.machine,
      made = isMade(model.id) ? { made: modelInfo(model) } : {};
    return { title, about, diagnostics, run: runView(run, facts, broken, endingOf(run)), notes, ...made };
  };
  const keep = (text: string, title: string, diagnostics: readonly Diagnostic[], run: Run): void => {
    compared = null;
    session = {
      text,
      title,
      diagnostics,
      run,
      facts: factsOf(run),
      broken: brokenIn(run),
    };
  };
  return {
    info: () => Promise.resolve(info()),
    async open({ text, model, schedule, without }: OpenRequest) {
      const { plan, diagnostics } = compileText(text, known);
      // A text with mistakes leaves what was open: the picture stays while somebody types.
      if (plan === null) return { title: '', about: '', diagnostics, run: null, notes: [] };
      const run = newRun(boot(plan, modelOf(model), without));
      const notes = follow(run, schedule === '' ? plan.schedule : schedule);
      keep(text, plan.title, [...diagnostics, ...lostNotes(run)], run);
      return opened(notes);
    },
    async choose(at, thread, choice = 0) {
      const { run: old, text, title, diagnostics } = current();
      const run = branch(old, Math.min(Math.max(0, at), old.steps.length));
      if (!extend(run, thread, choice))
        throw new Error(`${old.machine.plan.threads[thread]?.name ?? 'That thread'} cannot move here.`);
      finish(run, thread);
      keep(text, title, diagnostics, run);
      return opened([]);
    },
    async frame(at) {
      const { run, facts, broken } = current();
      return frameView(run, facts, broken, Math.min(Math.max(0, at), run.steps.length));
    },
    async ask(at, id) {
      const { askView } = await import('./ask-view.ts');
      const { run, facts } = current();
      return askView(run, facts, Math.min(Math.max(0, at), run.steps.length), id);
    },
    async versus(at) {
      if (compared === null) throw new Error('Nothing was compared yet.');
      const { run, facts, broken } = compared;
      return frameView(run, facts, broken, Math.min(Math.max(0, at), run.steps.length));
    },
    async lens(at, page) {
      const { run } = current(),
        real = supposedAt(run, at);
      if (real === null) return null;
      const asked = page ?? real;
      return { page: asked, rows: lens(asksOf, asked) };
    },
    async check(request, progress, signal) {
      const { plan, diagnostics } = compileText(request.text, known);
      if (plan === null) throw new Error(firstMistake(diagnostics));
      return checkView(boot(plan, modelOf(request.model), request.without), request, progress, signal);
    },
    async survey(request, progress, signal) {
      const { surveyView } = await import('./survey-view.ts');
      return surveyView(machineOf(request), request, progress, signal);
    },
    async litmus(request, progress, signal) {
      const { litmusView } = await import('./survey-view.ts');
      return litmusView(machineOf(request), request, progress, signal);
    },
    async race(request) {
      return raceOf(runFor(request));
    },
    async map(request, progress, signal) {
      const { mapView } = await import('./map-view.ts');
      return mapView(runFor(request), progress, signal);
    },
    async ablate(request, _, signal) {
      const { ablationView } = await import('./survey-view.ts');
      return ablationView(planOf(request), modelOf(request.model), request, signal);
    },
    async offers(request, _, signal) {
      const { offersOf } = await import('./offers.ts');
      return offersOf(request, modelOf(request.model), known, signal);
    },
    async rules(model, change) {
      const { rulesView } = await import('./rules-view.ts');
      return rulesView(model, change, { models, modelOf, modelInfo });
    },
    async compare(model) {
      const { compareView } = await import('./compare-view.ts');
      const { run } = current(),
        other = newRun(boot(run.machine.plan, modelOf(model), run.machine.without));
      // The same switches of threads, as far as the other model's steps allow.
      follow(other, scheduleText(run) || run.machine.plan.schedule);
      compared = { run: other, facts: factsOf(other), broken: brokenIn(other) };
      return compareView(run, compared);
    },
    // Rarely wanted, and large: each comes in a file of its own.
    async export(request) {
      const { exported } = await import('./export-view.ts');
      return exported(current(), request);
    },
    async lesson(request) {
      const { lessonView } = await import('./lesson-view.ts');
      return lessonView(request);
    },
    async import(request) {
      const { imported } = await import('./import-view.ts');
      return imported(request, known);
    },
    async shrink(request) {
      const { shrinkView } = await import('./shrink-view.ts');
      return shrinkView(request, modelOf(request.model), known);
    },
    seek: async (position) => seekPosition(current().run, position),
    async debug(kind, ask) {
      // Loaded when the debugger is first opened: most visits never ask.
      const { answer } = await import('./debug-view.ts');
      return answer(kind, ask, {
        ...current(),
        keep(run, notes) {
          const { text, title, diagnostics } = current();
          keep(text, title, diagnostics, run);
          return opened(notes);
        },
      });
    },
  };
}

/** Notes of the text that no step of this run is meant by. */
function lostNotes(run: Run): Diagnostic[] {
  return (run.machine.plan.notes ?? []).flatMap(({ at, line }): Diagnostic[] => {
    const { note } = seekPosition(run, at);
    const message = `this run on ${run.machine.model.id} never comes to ${at}`;
    if (note === '') return [];
    return [{ severity: 'warning', line, column: 1, length: 4, message, hint: 'The note is not shown.' }];
  });
}

function planOf({ text }: Pick<SearchRequest, 'text'>): Plan {
  const { plan, diagnostics } = compileText(text, known);
  if (plan === null) throw new Error(firstMistake(diagnostics));
  return plan;
}
function runFor({ text, model, schedule, without }: OpenRequest): Run {
  const machine = boot(planOf({ text }), modelOf(model), without),
    run = newRun(machine);
  follow(run, schedule === '' ? machine.plan.schedule : schedule);
  return run;
}
const machineOf = (request: SearchRequest): Machine =>
  boot(planOf(request), modelOf(request.model), request.without);

function firstMistake(diagnostics: readonly Diagnostic[]): string {
  const d = diagnostics.find((x) => x.severity === 'error');
  return d === undefined ? 'The scenario has mistakes.' : `Line ${d.line}: ${d.message}.`;
}

/** Why nobody moves after the last step. */
function endingOf(run: Run): string {
  const all = statuses(run, run.steps.length),
    { plan } = run.machine;
  if (all.every((s) => s.kind === 'finished' || s.kind === 'absent')) return 'The run is over.';
  const stuck = all.flatMap((s, t) => {
    const words = blockedWords({ run }, s);
    return words === '' ? [] : [`${plan.threads[t]!.name} ${words}`];
  });
  return `Nobody can move: ${stuck.join('; ')}.`;
}

const guardInfos = (): readonly GuardInfo[] => [
  ...guards.map((g) => ({ ...g, extra: false })),
  ...extras.map((g) => ({ ...g, id: withExtra(g.id), extra: true })),
];
const info = (): Info => ({
  models: models.map(modelInfo),
  scenarios: gallery.map(({ id, title, about, source, text }) => ({ id, title, about, source, text })),
  invariants: invariants.map(({ id, alias, says, word }) => ({ id, alias: alias[0] ?? '', says, word })),
  guards: guardInfos(),
  rules: typeof __RULES__ === 'string' ? __RULES__ : '',
});
