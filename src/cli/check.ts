/** folioscope check: all orders of all steps, on one model or on all of them. */
import { check as search } from '../checker/check.ts';
import type { Result } from '../checker/check.ts';
import { questionsOf } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { kernels, proposals } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { scheduleOf } from '../worker/check-view.ts';
import { numberOf, operandOf } from './command.ts';
import type { Args, Command, Io } from './command.ts';
import { expectationsOf } from './expectations.ts';
import type { Held } from './expectations.ts';
import { guardsOf, invariantNamed, modelOf } from './lookup.ts';
import { readScenario } from './source.ts';
import type { Scenario } from './source.ts';
import { printMoves } from './steps.ts';
import { count, table } from './table.ts';

const budgetDefault = 5_000_000;
/** Words that `--model` takes for several. */
const groups: Readonly<Record<string, readonly Model[]>> = { all: kernels, proposals };

export const check: Command = {
  name: 'check',
  operands: 'FILE|NAME',
  summary: 'all orders of all steps',
  options: {
    model: {
      value: 'ID|all|proposals',
      says: 'the rules; all: every model that stands for a kernel',
    },
    invariant: { value: 'ID', says: 'look for this one only' },
    without: { value: 'GUARD', says: 'protective steps to leave out, separated by commas' },
    with: { value: 'EXTRA', says: 'extra steps, which no kernel has, to put in' },
    full: { says: 'without reductions' },
    budget: { value: 'STATES', says: `most states to visit (${budgetDefault.toLocaleString('en')})` },
  },
  run: (args, io) => {
    const scenario = readScenario(operandOf(args, check), io);
    const group = groups[args.text('model') ?? ''],
      all = group !== undefined;
    const found = (group ?? [modelOf(args)]).map((m) => checkOn(scenario, m, args));
    if (args.flag('json')) io.out(JSON.stringify(all ? found.map(jsonOf) : jsonOf(found[0]!)));
    else if (all) printAll(scenario, found, io);
    else printOne(scenario, found[0]!, io);
    return found.every((f) => f.expectations.every((e) => e.held)) ? 0 : 1;
  },
};

interface Found {
  readonly machine: Machine;
  readonly result: Result;
  readonly schedule: string;
  readonly ms: number;
  readonly expectations: readonly Held[];
}

function checkOn({ plan }: Scenario, model: Model, args: Args): Found {
  const states = numberOf(args, 'budget', budgetDefault, 1),
    without = guardsOf(args);
  const named = args.text('invariant');
  const invariant = named === undefined ? null : invariantNamed(named, questionsOf(plan).invariants);
  const machine = boot(plan, model, without);
  const from = performance.now();
  const result = search(machine, { states, ...(invariant === null ? {} : { invariants: [invariant] }) });
  const ms = performance.now() - from;
  const schedule = result.verdict === 'violated' ? scheduleOf(machine, result.moves) : '';
  // What a scenario expects of a kernel says nothing about a kernel with a guard missing.
  const expectations = without.length > 0 ? [] : expectationsOf(machine, result, invariant, states);
  return { machine, result, schedule, ms, expectations };
}

function jsonOf({ machine, result, schedule, ms, expectations }: Found): object {
  const { plan, model } = machine,
    { verdict, invariant, states, edges, depth, bytesPerState, preemptions } = result;
  const outcomes = result.outcomes.map((o) => ({
    seen: Object.fromEntries(
      o.seen.map((s, i) => [resultName(machine, i), s < 0 ? null : plan.stored[s]!.text]),
    ),
    states: o.states,
  }));
  return {
    model: model.id,
    verdict,
    invariant,
    states,
    edges,
    depth,
    ms: Math.round(ms * 10) / 10,
    bytesPerState,
    schedule,
    steps: result.moves.length,
    preemptions,
    outcomes,
    reason: result.reason,
    bound: result.bound,
    unmet: result.unmet,
    vacuous: result.vacuous,
    without: machine.without,
    expectations: expectations.map(({ line, says, held }) => ({ line, says, held })),
  };
}
const resultName = ({ plan }: Machine, i: number): string => {
  const { name, thread } = plan.observed[i]!;
  return `${plan.threads[thread]!.name}.${name}`;
};

function printOne(scenario: Scenario, found: Found, io: Io): void {
  const { machine, result, schedule, expectations } = found;
  io.out(`${scenario.name} on ${machine.model.id}: ${verdictWords(result)}`);
  if (result.reason !== '') io.out(`  ${result.reason.charAt(0).toUpperCase()}${result.reason.slice(1)}`);
  if (machine.without.length > 0) io.out(`  without ${machine.without.join(', ')}`);
  io.out(`  ${numbers(found)}`);
  for (const wish of result.unmet) io.out(`  no run answers: ${wish}`);
  if (result.verdict === 'violated') {
    io.out('');
    io.out(
      `Shortest schedule, ${count(result.moves.length, 'step')}, ${count(result.preemptions, 'preemption')}:`,
    );
    printMoves(machine, result.moves, io);
    io.out('');
    io.out(
      schedule === ''
        ? 'That is the scenario’s own order: run shows it without --schedule.'
        : `--schedule ${schedule}`,
    );
  } else if (result.outcomes.length > 0 && machine.plan.observed.length > 0) {
    io.out('');
    io.out('Outcomes:');
    for (const line of table(
      result.outcomes.map((o) => [outcomeWords(machine, o.seen), count(o.states, 'end state')]),
      '  ',
    ))
      io.out(line);
  }
  for (const e of expectations)
    io.out(`${e.held ? 'as expected' : 'NOT AS EXPECTED'}, line ${e.line}: ${e.says}`);
}

function printAll(scenario: Scenario, found: readonly Found[], io: Io): void {
  io.out(`${scenario.name} on ${count(found.length, 'model')}`);
  io.out('');
  const rows = found.map((f) => {
    const missed = f.expectations.filter((e) => !e.held);
    const expected =
      f.expectations.length === 0
        ? ''
        : missed.length === 0
          ? 'as expected'
          : `NOT AS EXPECTED: ${missed.map((e) => e.says).join('; ')}`;
    return [f.machine.model.id, verdictWords(f.result), numbers(f), expected];
  });
  for (const line of table(rows, '  ')) io.out(line);
}

function verdictWords({ verdict, invariant, bound }: Result): string {
  if (verdict === 'violated') return `violated: ${invariant}`;
  return verdict === 'incomplete' ? `incomplete, after ${bound}` : 'holds';
}
const numbers = ({ result: r, ms }: Found): string =>
  [
    count(r.states, 'state'),
    count(r.edges, 'edge'),
    `depth ${r.depth}`,
    `${Math.round(ms)} ms`,
    `${r.bytesPerState} bytes a state`,
  ].join(', ');

function outcomeWords(machine: Machine, seen: readonly number[]): string {
  return seen
    .map((s, i) => {
      const stored = machine.plan.stored[s];
      const value =
        stored === undefined ? 'none' : s === 0 ? 'zeros' : stored.hex ? stored.text : `"${stored.text}"`;
      return `${resultName(machine, i)} = ${value}`;
    })
    .join(', ');
}
