/** folioscope why: who holds a folio, since when, and who did before. */
import { newRun } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { follow, seekPosition } from '../debugger/schedule.ts';
import { foliosInUse, stepWords, why as ask } from '../debugger/why.ts';
import type { Why } from '../debugger/why.ts';
import { folioName } from '../debugger/words.ts';
import { boot } from '../kernel/machine.ts';
import { BadInput, operandOf } from './command.ts';
import type { Args, Command, Io } from './command.ts';
import { guardsOf, modelOf, scheduleOf } from './lookup.ts';
import { readScenario } from './source.ts';
import { count, table } from './table.ts';

export const why: Command = {
  name: 'why',
  operands: 'FILE|NAME',
  summary: 'why a reference count is what it is',
  options: {
    model: { value: 'ID', says: 'the rules' },
    at: { value: 'N', says: 'the step, by number or as a link writes it; default: the end' },
    folio: { value: 'F', says: 'the folio: f0; default: all that are in use' },
    schedule: { value: 'S', says: 'switches of threads' },
    without: { value: 'GUARD', says: 'protective steps to leave out, separated by commas' },
    with: { value: 'EXTRA', says: 'extra steps, which no kernel has, to put in' },
  },
  run: (args, io) => {
    const { plan, name } = readScenario(operandOf(args, why), io),
      model = modelOf(args);
    const run = newRun(boot(plan, model, guardsOf(args)));
    for (const note of follow(run, scheduleOf(args, plan))) io.err(note);
    const at = stepOf(run, args),
      folio = args.text('folio');
    const asked = folio === undefined ? foliosInUse(run, at) : [folioOf(run, folio)];
    const answers = asked.map((f) => ask(run, at, f));
    if (args.flag('json')) io.out(JSON.stringify(folio === undefined ? answers : answers[0]));
    else {
      io.out(`${name} on ${model.id}, after ${stepWords(run, at)}`);
      if (answers.length === 0) io.out('No folio is in use.');
      for (const answer of answers) print(answer, io);
    }
    return 0;
  },
};

function stepOf(run: Run, args: Args): number {
  const { at, note } = seekPosition(run, args.text('at') ?? 'end');
  if (note !== '') throw new BadInput(`--at ${args.text('at') ?? ''}: ${note}`);
  return at;
}

function folioOf(run: Run, name: string): number {
  const { folios } = run.machine.counts;
  const number = /^f?(\d{1,3})$/.exec(name)?.[1];
  const folio = name === 'zero' ? 0 : number === undefined ? -1 : Number(number) + 1;
  if (folio >= 0 && folio < folios) return folio;
  throw new BadInput(
    `no folio is called "${name}"`,
    `This scenario has ${folioName(1)} to ${folioName(folios - 1)}, and zero.`,
  );
}

function print(answer: Why, io: Io): void {
  const { folio, free, refcount, pins, mapcount, exclusive, holders, gone } = answer;
  io.out('');
  io.out(
    free
      ? `${folio} is free.`
      : [
          `${folio}: refcount ${refcount}`,
          ...(pins > 0 ? [count(pins, 'pin')] : []),
          `mapcount ${mapcount}`,
          ...(exclusive ? ['exclusive'] : []),
        ].join(', '),
  );
  const since = holders.map((h) => [`+${h.counts}`, h.label, `since ${h.sinceWords}`]);
  for (const line of table(since, '  ')) io.out(line);
  if (gone.length > 0) io.out('  before:');
  for (const line of table(
    gone.map((g) => [g.label, `steps ${g.from} to ${g.to - 1}, until ${g.words}`]),
    '    ',
  ))
    io.out(line);
}
