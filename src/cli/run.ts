/** folioscope run: one run of a scenario, and what could be seen after every operation. */
import { newRun } from '../debugger/run.ts';
import { follow } from '../debugger/schedule.ts';
import { violationsOf } from '../debugger/violations.ts';
import type { Broken } from '../debugger/violations.ts';
import { predictRun } from '../evidence/predict.ts';
import type { PredictedStep, Prediction } from '../evidence/predict.ts';
import type { RecordedPage } from '../evidence/recording.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { operandOf } from './command.ts';
import type { Command, Io } from './command.ts';
import { guardsOf, modelOf, scheduleOf } from './lookup.ts';
import { readScenario } from './source.ts';
import { count, table } from './table.ts';

export const run: Command = {
  name: 'run',
  operands: 'FILE|NAME',
  summary: 'one run, and what can be seen after every operation',
  options: {
    model: { value: 'ID', says: 'the rules, also of your own: v5.9~reuse.mapcount' },
    schedule: { value: 'S', says: 'switches of threads, as a link has them: child@vmsplice.end' },
    without: { value: 'GUARD', says: 'protective steps to leave out, separated by commas' },
    with: { value: 'EXTRA', says: 'extra steps, which no kernel has, to put in' },
  },
  run: (args, io) => {
    const scenario = readScenario(operandOf(args, run), io),
      model = modelOf(args);
    const { plan, name, nodrains } = scenario;
    const made = newRun(boot(plan, model, guardsOf(args)));
    const notes = follow(made, scheduleOf(args, plan));
    const prediction = predictRun(made, { name, nodrains, inside: true }, notes);
    const broken = violationsOf(made, [...invariantsFor(plan), ...questionsOf(plan).invariants]);
    if (args.flag('json')) printJson(prediction, broken, io);
    else {
      io.out(
        `${name} on ${model.id}: ` +
          `${count(prediction.steps.length, 'operation')}, ${count(made.steps.length, 'step')}`,
      );
      io.out('');
      print(prediction, broken, io);
    }
    return 0;
  },
};

/** In the recorder's format; what it does not have comes last, and only if there is something to say. */
function printJson(
  { kernel, name, steps, unfinished, notes }: Prediction,
  broken: readonly Broken[],
  io: Io,
): void {
  const violations = broken.map(({ at, invariant, reason }) => ({ at, invariant: invariant.id, reason }));
  const more = {
    ...(unfinished.length === 0 ? {} : { unfinished }),
    ...(notes.length === 0 ? {} : { notes }),
    ...(violations.length === 0 ? {} : { violations }),
  };
  io.out(JSON.stringify({ kernel, name, steps, ...more }));
}

function print({ steps, unfinished, notes }: Prediction, broken: readonly Broken[], io: Io): void {
  const rows = steps.map((step, i) => [
    String(i + 1).padStart(2),
    step.op,
    outcomeWords(step),
    pagesWords(step),
  ]);
  for (const line of table([['', 'OPERATION', 'RESULT', 'PAGES (frame=bytes)'], ...rows])) io.out(line);
  for (const { op, why } of unfinished) io.out(`${op}: does not end, it ${why}`);
  const last = steps.at(-1)?.model;
  if (last !== undefined && last.folios.length > 0) {
    io.out('');
    io.out('References at the end:');
    const rows = last.folios.map((f) => [
      f.f ?? f.folio,
      f.bytes,
      `refcount ${f.refcount}`,
      `mapcount ${f.mapcount}`,
      f.exclusive ? 'exclusive' : '',
      f.holders.join('; '),
    ]);
    for (const line of table(rows, '  ')) io.out(line);
  }
  if (broken.length > 0) io.out('');
  for (const b of broken) io.out(`After step ${b.at}, ${b.invariant.id} is broken: ${b.reason}`);
  for (const note of notes) io.err(note);
}

function outcomeWords({ ret, err, val }: PredictedStep): string {
  if (ret < 0) return err ?? 'nothing';
  return val === undefined ? 'ok' : `sees ${val}`;
}

function pagesWords({ procs }: PredictedStep): string {
  return Object.entries(procs)
    .map(([actor, pages]) =>
      [actor, ...Object.entries(pages).map(([name, page]) => `${name} ${pageWords(page)}`)].join(' '),
    )
    .join(' | ');
}
const pageWords = ({ f, v, swap }: RecordedPage): string =>
  f === undefined ? (swap === undefined ? '-' : 'swap') : `${f}=${v ?? '?'}`;
