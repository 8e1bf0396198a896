/** folioscope compare: where two models part. */
import { compareModels } from '../debugger/compare.ts';
import type { Comparison, DecidingStep } from '../debugger/compare.ts';
import { operandOf } from './command.ts';
import type { Command, Io } from './command.ts';
import { modelOf, scheduleOf } from './lookup.ts';
import { readScenario } from './source.ts';
import { table, wrap } from './table.ts';

export const compare: Command = {
  name: 'compare',
  operands: 'FILE|NAME',
  summary: 'the first operation at which two models part',
  options: {
    model: { value: 'ID', says: 'the rules on the left' },
    vs: { value: 'ID', says: 'the rules on the right' },
    schedule: { value: 'S', says: 'switches of threads, for both' },
  },
  run: (args, io) => {
    const { plan, name } = readScenario(operandOf(args, compare), io);
    const left = modelOf(args),
      right = modelOf(args, 'vs');
    const { comparison } = compareModels(plan, left, right, scheduleOf(args, plan));
    if (args.flag('json')) io.out(JSON.stringify({ scenario: name, ...comparison }));
    else print(name, comparison, io);
    return 0;
  },
};

function print(name: string, { model, versus, op, left, right, says, ops }: Comparison, io: Io): void {
  io.out(`${name}: ${model} against ${versus}`);
  io.out('');
  const rows = ops.map((o) => [
    o.op === op ? '>' : o.same ? ' ' : '*',
    o.text,
    o.left || 'does not end',
    o.same ? '=' : o.right || 'does not end',
  ]);
  for (const line of table([['', 'OPERATION', model, versus], ...rows])) io.out(line);
  io.out('');
  for (const line of wrap(says, 100)) io.out(line);
  if (op < 0) return;
  io.out('');
  for (const side of [left, right]) io.out(deciding(side));
}

function deciding({ model, at, asks, sees, answer, says }: DecidingStep): string {
  if (at === 0) return `  ${model}: no rule is asked here.`;
  return `  ${model}, step ${at}: ${asks} ${sees} -> ${answer}. ${says}`;
}
