/** folioscope shrink: the smallest scenario that still breaks the same rule. */
import { shrink as shrinkText } from '../checker/shrink.ts';
import { check } from '../checker/check.ts';
import { questionsOf } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { compileText } from '../scenario/compile.ts';
import { known } from '../worker/local.ts';
import { scheduleOf } from '../worker/witness.ts';
import { BadInput, numberOf, operandOf } from './command.ts';
import type { Command } from './command.ts';
import { guardsOf, invariantNamed, modelOf } from './lookup.ts';
import { readScenario } from './source.ts';
import { count } from './table.ts';

export const shrink: Command = {
  name: 'shrink',
  operands: 'FILE|NAME',
  summary: 'the smallest scenario that still breaks the same rule',
  options: {
    model: { value: 'ID', says: 'the rules' },
    invariant: { value: 'ID', says: 'the rule to keep broken; default: the first one that a check finds' },
    without: { value: 'GUARD', says: 'protective steps to leave out, separated by commas' },
    budget: { value: 'STATES', says: 'most states of one check (500,000)' },
    checks: { value: 'N', says: 'most checks (3,000)' },
  },
  run: (args, io) => {
    const { text, plan, name } = readScenario(operandOf(args, shrink), io),
      model = modelOf(args),
      without = guardsOf(args);
    const named = args.text('invariant');
    const invariant =
      named === undefined ? {} : { invariant: invariantNamed(named, questionsOf(plan).invariants).id };
    const found = shrinkText(text, model, known, {
      ...invariant,
      without,
      states: numberOf(args, 'budget', 500_000, 1),
      checks: numberOf(args, 'checks', 3000, 1),
    });
    if ('why' in found) {
      const hint = 'folioscope check says which rules a scenario breaks on a model.';
      throw new BadInput(`${name}: there is nothing to shrink: ${found.why}`, hint);
    }
    const small = compileText(found.text, known).plan!;
    const rule = invariantNamed(found.invariant, questionsOf(small).invariants);
    const machine = boot(small, model, without);
    const { moves, preemptions } = check(machine, { invariants: [rule] });
    const schedule = scheduleOf(machine, moves);
    if (args.flag('json'))
      io.out(JSON.stringify({ model: model.id, ...found, steps: moves.length, preemptions, schedule }));
    else {
      io.out(found.text.trimEnd());
      const { before, after } = found.operations;
      io.err(
        `${found.invariant} on ${model.id}: ${after} of ${count(before, 'operation')}, ` +
          `${count(moves.length, 'step')}, ${count(preemptions, 'preemption')}; ` +
          count(found.checks, 'check'),
      );
      if (schedule !== '') io.err(`--schedule ${schedule}`);
      if (!found.complete) io.err('--checks ended it: a smaller one may be left.');
    }
    return 0;
  },
};
