/**
 * Questions about a run, with answers out of runs: the right one is what this run shows, and each wrong one
 * is right on another kernel, or at another step. Nobody writes answers down.
 */
import { newRun, spanOf, statuses, goTo } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { follow, printPosition, scheduleText, seekPosition } from '../debugger/schedule.ts';
import { why } from '../debugger/why.ts';
import { actorName, folioName, sentence, storedText } from '../debugger/words.ts';
import { boot } from '../kernel/machine.ts';
import { kernels } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { folioAt, observationAt } from '../kernel/view.ts';
import type { Prediction } from './predictions.ts';

/** Where an answer is right. */
export interface Where {
  readonly model: string;
  readonly schedule: string;
  /** As a link writes it, and as a number. */
  readonly at: string;
  readonly step: number;
  readonly words: string;
}
export interface Option {
  readonly text: string;
  readonly right: boolean;
  readonly where: Where;
}
export interface Quiz {
  readonly asks: string;
  readonly options: readonly Option[];
  /** Why it is so here. */
  readonly because: string;
  /** Step of this run at which the answer shows. */
  readonly until: number;
}
export type Asked =
  | { readonly quiz: Quiz; readonly why: null }
  | {
      readonly quiz: null;
      readonly why: { readonly says: string; readonly hint: string; readonly until: boolean };
    };

const OPTIONS_MAX = 4;

/** A question, bound to a run: how it reads, and what other runs and other steps answer. */
interface Question {
  readonly asks: string;
  readonly until: number;
  /** What a run of the same plan answers at its own step; null: nothing. */
  readonly answer: (run: Run, at: number) => string | null;
  /** What this run would answer if it were asked after another step; absent: as `answer`. */
  readonly atStep?: (at: number) => string | null;
  readonly stepWords: (at: number) => string;
  readonly because: string;
}

const no = (says: string, hint: string, until = false): Asked => ({ quiz: null, why: { says, hint, until } });

/** `at`: where it is asked. `until`: where the answer shows, '' = where the next operation ends. */
export function quizOf(run: Run, at: number, until: string, asked: Prediction): Asked {
  const to = untilStep(run, at, until);
  if (to.note !== '') return no(to.note, 'until: THREAD@OPERATION.end', true);
  if (to.step <= at && asked.kind !== 'movers')
    return no('the answer shows before it is asked', 'Ask earlier, or name a later step.', true);
  const question = questionOf(run, at, to.step, asked);
  if (typeof question === 'string') return no(question, 'Ask at another step, or something else.');
  const { asks, because } = question;
  const right = question.answer(run, question.until);
  if (right === null) return no('this run has no answer', 'Ask at another step, or something else.');
  const own = scheduleOf(run);
  const here: Option = { text: right, right: true, where: whereOf(run, own, question.until, 'here') };
  const options = [here];
  for (const { text, where } of others(run, own, question, at)) {
    if (options.length === OPTIONS_MAX) break;
    if (options.every((known) => known.text !== text)) options.push({ text, right: false, where: where() });
  }
  if (options.length === 1)
    return no('every kernel and every step gives the same answer', 'Ask for something that differs.');
  options.sort((a, b) => a.text.localeCompare(b.text, 'en', { numeric: true }));
  return { quiz: { asks, options, because, until: question.until }, why: null };
}

function untilStep(run: Run, at: number, until: string): { step: number; note: string } {
  if (until !== '') {
    const { at: step, note } = seekPosition(run, until);
    return { step, note };
  }
  const next = run.steps[at];
  if (next === undefined) return { step: at, note: '' };
  return { step: spanOf(run, next.op).last || run.steps.length, note: '' };
}

const whereOf = (run: Run, schedule: string, step: number, words: string): Where => {
  return { model: run.machine.model.id, schedule, at: printPosition(run, step), step, words };
};

/** The same order on other kernels, made once for all questions about a run. */
const elsewhere = new WeakMap<Run, Map<string, Run>>();
const schedules = new WeakMap<Run, string>();
function scheduleOf(run: Run): string {
  const text = schedules.get(run) ?? scheduleText(run);
  schedules.set(run, text);
  return text;
}

function onModel(run: Run, own: string, model: Model): Run {
  const { machine } = run;
  const known = elsewhere.get(run) ?? new Map<string, Run>();
  elsewhere.set(run, known);
  const before = known.get(model.id);
  if (before !== undefined) return before;
  const other = newRun(boot(machine.plan, model, machine.without));
  follow(other, own || machine.plan.schedule);
  known.set(model.id, other);
  return other;
}

/** An answer, and where it is right if anybody wants to know. */
interface Other {
  readonly text: string;
  readonly where: () => Where;
}

/** Wrong answers: of other kernels at the same place, then of this run at other steps, the nearest first. */
function* others(run: Run, own: string, question: Question, at: number): Generator<Other> {
  const { machine } = run;
  // Where a kernel goes another way it has no such row; where an operation ends, every kernel comes to.
  const place = printEnd(run, question.until) ?? printPosition(run, question.until);
  for (const model of kernels) {
    if (model.id === machine.model.id) continue;
    const other = onModel(run, own, model);
    const stop = question.until >= run.steps.length ? end(other) : seekPosition(other, place);
    const text = stop.note === '' ? question.answer(other, stop.at) : null;
    if (text !== null)
      yield { text, where: () => whereOf(other, scheduleOf(other), stop.at, `on ${model.id}`) };
  }
  const far = (step: number): number => Math.min(Math.abs(step - at), Math.abs(step - question.until));
  const steps = Array.from({ length: run.steps.length + 1 }, (_, i) => i);
  for (const step of steps.sort((a, b) => far(a) - far(b) || a - b)) {
    const text = question.atStep === undefined ? question.answer(run, step) : question.atStep(step);
    if (text !== null) yield { text, where: () => whereOf(run, own, step, question.stepWords(step)) };
  }
}
const end = (run: Run): { at: number; note: string } => ({ at: run.steps.length, note: '' });

/** `child@munmap.end` if an operation ends with this step. */
function printEnd(run: Run, at: number): string | null {
  const made = run.steps[at - 1];
  if (made === undefined || !made.effects.some((e) => e.name === 'end')) return null;
  const { plan } = run.machine;
  return `${plan.threads[made.thread]!.name}@${plan.ops[made.op]!.name}.end`;
}

const afterStep = (step: number): string => (step === 0 ? 'at the start' : `after step ${step}`);

/** A sentence: there is nothing to ask. */
function questionOf(run: Run, at: number, until: number, asked: Prediction): Question | string {
  const { plan, counts } = run.machine;
  switch (asked.kind) {
    case 'count': {
      const folio = Array.from({ length: counts.folios }, (_, f) => f).find(
        (f) => f > 0 && folioName(f) === asked.folio,
      );
      if (folio === undefined) return `there is no ${asked.folio} here`;
      const read = (of: Run, step: number): string => {
        goTo(of, step);
        const { refcount, maps, pins } = folioAt(folio);
        return String({ refcount, mapcount: maps, pins }[asked.count]);
      };
      return {
        asks: `${asked.folio} has ${asked.count} ${read(run, at)}. What will it be ${after(run, until)}?`,
        until,
        answer: read,
        stepWords: afterStep,
        because: holdersOf(run, until, folio, asked.count),
      };
    }
    case 'decision':
      return decisionOf(run, at);
    case 'seers': {
      const stored = plan.stored.findIndex((s) => s.text === asked.value);
      if (stored < 0) return `nothing ever writes “${asked.value}”`;
      const read = (of: Run, step: number): string => {
        goTo(of, step);
        const who = plan.observed.flatMap((o, i) => {
          const { seen, stored: saw } = observationAt(i);
          return seen && saw === stored ? [actorName(plan, o.thread)] : [];
        });
        return listed([...new Set(who)], 'nobody');
      };
      return {
        asks: `Who has seen “${asked.value}” when the run is over?`,
        until: run.steps.length,
        answer: read,
        stepWords: afterStep,
        because: seenIn(run, (saw) => saw === stored),
      };
    }
    case 'result':
      return resultOf(run, asked.result);
    case 'movers': {
      const read = (of: Run, step: number): string =>
        listed(
          statuses(of, step).flatMap((s, t) => (s.kind === 'enabled' ? [actorName(plan, t)] : [])),
          'nobody',
        );
      return {
        asks: 'Which threads can make a step here?',
        until: at,
        answer: (of, step) => (of === run ? read(of, step) : null),
        stepWords: afterStep,
        because: `${read(run, at)}; all others wait for a lock or for their turn, or are at their end.`,
      };
    }
  }
}

function after(run: Run, until: number): string {
  const step = run.steps[until - 1];
  const { plan } = run.machine;
  if (step === undefined) return 'at the start';
  const op = plan.ops[step.op];
  const whose = `${actorName(plan, step.thread)}’s ${op?.text ?? 'step'}`;
  return step.effects.some((e) => e.name === 'end')
    ? `after ${whose}`
    : `in the middle of ${whose}, at step ${until}`;
}

function listed(names: readonly string[], none: string): string {
  const last = names.at(-1);
  if (last === undefined) return none;
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

function holdersOf(run: Run, at: number, folio: number, count: 'refcount' | 'mapcount' | 'pins'): string {
  const { holders, free } = why(run, at, folio);
  const kind = { refcount: null, mapcount: 'pte', pins: 'pin' }[count];
  const labels = holders
    .filter((h) => kind === null || h.kind === kind)
    .map((h) => `${h.label} (${h.counts})`);
  const counted = count === 'refcount' ? labels : labels.map((label) => label.replace(/ \(\d+\)$/, ''));
  if (counted.length === 0) return free ? 'Nobody has the page any more.' : 'Nobody is left who counts.';
  return `Counted: ${listed(counted, '')}.`;
}

/** The first operation after `at` that has to decide; what it did, and not what was said on the way. */
function decisionOf(run: Run, at: number): Question | string {
  const { plan, model } = run.machine;
  const first = run.steps.find((s) => s.at > at && outcomeOf(run, s.op) !== null && s.decided !== null);
  if (first === undefined) return 'nothing is decided after this step';
  const mine = run.steps.filter((s) => s.op === first.op);
  const answer = outcomeOf(run, first.op);
  const decided = (mine.findLast((s) => s.decided?.answer === answer) ?? first).decided!;
  const op = plan.ops[first.op]!;
  const whose = `${actorName(plan, first.thread)}: ${op.text}`;
  const found = `${model.id} asks “${decided.asks}” and finds ${decided.sees}`;
  return {
    asks: `${whose}. Does ${model.id} copy the page, or reuse it in place?`,
    until: mine.at(-1)?.at ?? first.at,
    answer: (of) => outcomeOf(of, first.op),
    atStep: (step) => earlier(run, step, first.op),
    stepWords: afterStep,
    because: `${found}: ${decided.answer}.`,
  };
}

/** Did this operation copy a page for itself, or write to the one that was there? null: neither was asked. */
function outcomeOf({ steps }: Run, op: number): 'copy' | 'reuse' | null {
  let answer: 'copy' | 'reuse' | null = null,
    asked = false;
  for (const s of steps) {
    if (s.op !== op) continue;
    asked ||= s.decided !== null;
    if (s.decided?.answer === 'copy' || s.decided?.answer === 'reuse') answer = s.decided.answer;
    // The lock of a page may be taken, and then it is copied without a word.
    if (asked && s.effects.some((e) => e.name === 'copy')) answer = 'copy';
  }
  return answer;
}

/** What another operation of this run did, asked at its last step. */
function earlier(run: Run, step: number, not: number): string | null {
  const made = run.steps[step - 1];
  if (made === undefined || made.op === not || spanOf(run, made.op).last !== step) return null;
  return outcomeOf(run, made.op);
}

function resultOf(run: Run, path: string): Question | string {
  const { plan } = run.machine;
  const index = plan.observed.findIndex((o) => `${plan.threads[o.thread]!.name}.${o.name}` === path);
  const observed = plan.observed[index];
  if (observed === undefined) return `there is no result ${path} here`;
  const read = (of: Run): string | null => {
    goTo(of, of.steps.length);
    const { seen, stored } = observationAt(index);
    return seen ? storedText(plan, stored) : null;
  };
  const look = run.steps.findLast((s) => s.op === observed.op && s.effects.some((e) => e.name === 'seen'));
  const folio = look?.effects.find((e) => e.name === 'seen')?.c ?? -1;
  const op = plan.ops[observed.op]!;
  return {
    asks: `${actorName(plan, observed.thread)}: ${op.text}. What does it see?`,
    until: spanOf(run, observed.op).last || run.steps.length,
    answer: read,
    atStep: (step) => {
      if (folio < 0) return null;
      goTo(run, step);
      return folioAt(folio).refcount > 0 ? storedText(plan, folioAt(folio).stored) : null;
    },
    stepWords: (step) => `${afterStep(step)}, when ${folioName(folio)} held it`,
    because: seenIn(run, (_, by) => by === observed.op),
  };
}

/** The steps at which something was seen, in their own words. */
function seenIn(run: Run, wanted: (stored: number, op: number) => boolean): string {
  const steps = run.steps.filter((s) => s.effects.some((e) => e.name === 'seen' && wanted(e.b, s.op)));
  if (steps.length === 0) return 'No step of this run sees it.';
  return steps.map((s) => `Step ${s.at}: ${sentence(run, s)}`).join(' ');
}
