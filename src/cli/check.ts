/** folioscope check: all orders of all steps, on one model or on all of them. */
import type { Bounded } from '../checker/bounded.ts';
import type { Reduced, Result } from '../checker/check.ts';
import { litmus, litmusFrom } from '../checker/outcomes.ts';
import type { Litmus } from '../checker/outcomes.ts';
import { reductionNames } from '../checker/reduce/reduction.ts';
import type { ReductionName } from '../checker/reduce/reduction.ts';
import { questionsOf } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { kernels, proposals } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { EMPTY_LINK, encodeLink } from '../scenario/link.ts';
import { didYouMean } from '../scenario/nearest.ts';
import { webDeflate } from '../worker/deflate.ts';
import type { EndingView, LitmusView, WindowView } from '../worker/protocol.ts';
import { endingsView } from '../worker/survey-view.ts';
import { scheduleOf, windowView } from '../worker/witness.ts';
import { budgetOptions, budgetsOf, searched, searchedWithin } from './budgets.ts';
import { BadInput, numberOf, operandOf } from './command.ts';
import type { Args, Command, Io } from './command.ts';
import { expectationsOf } from './expectations.ts';
import type { Held } from './expectations.ts';
import { guardsOf, invariantNamed, modelOf } from './lookup.ts';
import { readScenario } from './source.ts';
import type { Scenario, Source } from './source.ts';
import { printMoves } from './steps.ts';
import { count, table } from './table.ts';

/** Words that `--model` takes for several. */
const groups: Readonly<Record<string, readonly Model[]>> = { all: kernels, proposals };

export const check: Command = {
  name: 'check',
  operands: 'FILE|NAME',
  summary: 'all orders of all steps',
  options: {
    model: {
      value: 'ID|all|proposals',
      says: 'the rules, also of your own (v5.9~reuse.mapcount); all: every model that stands for a kernel',
    },
    invariant: { value: 'ID', says: 'look for this one only' },
    without: { value: 'GUARD', says: 'protective steps to leave out, separated by commas' },
    with: { value: 'EXTRA', says: 'extra steps, which no kernel has, to put in' },
    full: { says: 'without reductions: every order of every step' },
    'no-reduce': {
      value: 'NAMES',
      says: `reductions to do without, separated by commas: ${reductionNames.join(', ')}`,
    },
    preemptions: {
      value: 'N',
      says: 'only runs with at most so many switches away from a thread that can go on',
    },
    ...budgetOptions,
  },
  run: async (args, io) => {
    const scenario = readScenario(operandOf(args, check), io);
    const group = groups[args.text('model') ?? ''],
      all = group !== undefined;
    const found: Found[] = [];
    for (const m of group ?? [modelOf(args)]) found.push(await checkOn(scenario, m, args, !all));
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
  /** Which swaps of steps repair the shortest run. */
  readonly window: WindowView | null;
  readonly litmus: Omit<LitmusView, 'ms'> | null;
  readonly link: string;
  /** Only runs with so many preemptions; null: all. */
  readonly within: number | null;
  readonly ms: number;
  readonly expectations: readonly Held[];
}

async function checkOn(scenario: Scenario, model: Model, args: Args, alone: boolean): Promise<Found> {
  const { plan } = scenario,
    budgets = budgetsOf(args),
    { states } = budgets,
    without = guardsOf(args);
  const named = args.text('invariant');
  const invariant = named === undefined ? null : invariantNamed(named, questionsOf(plan).invariants);
  const machine = boot(plan, model, without),
    only = invariant === null ? {} : { invariants: [invariant] };
  const within = args.text('preemptions') === undefined ? null : numberOf(args, 'preemptions', 0);
  const from = performance.now();
  const result =
    within === null
      ? searched(machine, { ...budgets, ...only, reduce: reduceOf(args) })
      : asResult(searchedWithin(machine, within, { ...budgets, ...only }));
  const ms = performance.now() - from,
    violated = result.verdict === 'violated';
  const schedule = violated ? scheduleOf(machine, result.moves) : '';
  const window =
    violated && alone
      ? windowView(machine, result.moves, invariantNamed(result.invariant!, questionsOf(plan).invariants))
      : null;
  // What a scenario expects of a kernel says nothing about one with a guard missing, or about a few runs.
  const expectations =
    without.length > 0 || within !== null ? [] : expectationsOf(machine, result, invariant, states);
  return {
    machine,
    result,
    schedule,
    window,
    litmus:
      alone && plan.observed.length > 0 && within === null
        ? endingsView(machine, litmusAfter(machine, result, states))
        : null,
    link: violated ? await linkOf(scenario, model, without, schedule, result.moves.length) : '',
    within,
    ms,
    expectations,
  };
}

function reduceOf(args: Args): readonly ReductionName[] {
  const without = (args.text('no-reduce') ?? '').split(',').filter((n) => n !== '');
  const unknown = without.find((n) => !reductionNames.some((r) => r === n));
  if (unknown !== undefined)
    throw new BadInput(`no reduction is called ${unknown}`, didYouMean(unknown, reductionNames));
  return args.flag('full') ? [] : reductionNames.filter((r) => !without.includes(r));
}

/** A search that has seen every run in full knows how they end; another one goes on behind violations. */
const litmusAfter = (machine: Machine, result: Result, states: number): Litmus =>
  result.verdict === 'holds' && result.reduced === null
    ? litmusFrom(machine.plan, result)
    : litmus(machine, { states });

/** A search of some runs, told as one of all. */
function asResult(b: Bounded): Result {
  return {
    ...b,
    invariant: b.violated?.id ?? null,
    reason: b.broken?.reason ?? '',
    bytesPerState: 0,
    missedAtMost: 0,
    reduced: null,
    outcomes: [],
    unmet: [],
    vacuous: [],
    found: [],
  };
}

/** Opens at the violation. */
export function linkOf(
  scenario: Source,
  model: Model,
  without: readonly string[],
  run: string,
  steps: number,
): Promise<string> {
  const source =
    scenario.id === null
      ? { kind: 'inline' as const, text: scenario.text }
      : { kind: 'named' as const, id: scenario.id };
  return encodeLink(
    { ...EMPTY_LINK, scenario: source, model: model.id, run, at: String(steps), without },
    webDeflate,
  );
}

function jsonOf(found: Found): object {
  const { machine, result, schedule, ms, expectations, window, litmus, link, within } = found;
  const { model } = machine,
    { verdict, invariant, states, edges, depth, bytesPerState, missedAtMost, preemptions } = result;
  return {
    model: model.id,
    verdict,
    invariant,
    states,
    edges,
    depth,
    ms: Math.round(ms * 10) / 10,
    bytesPerState,
    reduced: result.reduced,
    missedAtMost,
    schedule,
    steps: result.moves.length,
    preemptions,
    window,
    link,
    outcomes: litmus === null ? outcomesOf(found) : litmus.endings.map(endingJson),
    outcomesBound: litmus?.bound ?? result.bound,
    questions: litmus?.answers.map(({ says, line, ending, holds }) => ({ says, line, ending, holds })) ?? [],
    reason: result.reason,
    bound: result.bound,
    within,
    unmet: result.unmet,
    vacuous: result.vacuous,
    without: machine.without,
    expectations: expectations.map(({ line, says, held }) => ({ line, says, held })),
  };
}
const endingJson = ({ seen, states, answers, witness }: EndingView): object => ({
  seen: Object.fromEntries(seen.map((s) => [s.result, s.value])),
  states,
  answers,
  ...witness,
});
/** Of a search that stopped at the first violation: those that it met before. */
const outcomesOf = ({ machine, result }: Found): object[] =>
  result.outcomes.map((o) => ({
    seen: Object.fromEntries(
      o.seen.map((saw, i) => [resultName(machine, i), saw < 0 ? null : machine.plan.stored[saw]!.text]),
    ),
    states: o.states,
  }));
const resultName = ({ plan }: Machine, i: number): string => {
  const { name, thread } = plan.observed[i]!;
  return `${plan.threads[thread]!.name}.${name}`;
};

function printOne(scenario: Scenario, found: Found, io: Io): void {
  const { machine, result, schedule, expectations, window, litmus, link } = found;
  io.out(`${scenario.name} on ${machine.model.id}: ${verdictWords(result, found.within)}`);
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
    if (window !== null) for (const line of windowLines(window)) io.out(line);
    io.out(
      schedule === ''
        ? 'That is the scenario’s own order: run shows it without --schedule.'
        : `--schedule ${schedule}`,
    );
    io.out(`Link: ${link}`);
  }
  if (litmus !== null) printOutcomes(litmus, io);
  for (const e of expectations)
    io.out(`${e.held ? 'as expected' : 'NOT AS EXPECTED'}, line ${e.line}: ${e.says}`);
}

/** `Race window, steps 28 to 35:` and the swaps that repair the run. */
function windowLines({ from, to, swaps, complete }: WindowView): string[] {
  const more = complete ? [] : ['  The run is too long to try every pair; there may be more.'];
  if (swaps.length === 0) return ['No race window: no swap of two steps repairs this run.', ...more];
  const rows = swaps.map(({ first, second }) => [
    `step ${first.step}`,
    first.at,
    'before',
    `step ${second.step}`,
    second.at,
  ]);
  const which = swaps.length === 1 ? 'this pair' : 'any of these pairs';
  return [
    `Race window, steps ${from} to ${to}. With ${which} the other way round the rule holds:`,
    ...table(rows, '  '),
    ...more,
  ];
}

function printOutcomes(litmus: Omit<LitmusView, 'ms'>, io: Io): void {
  io.out('');
  io.out(litmus.bound === '' ? 'Outcomes:' : `Outcomes, after ${litmus.bound} (there may be more):`);
  const rows = litmus.endings.map((e, i) => [
    String(i + 1).padStart(2),
    e.seen.map((s) => `${s.result} = ${s.words}`).join(', '),
    count(e.states, 'end state'),
    e.answers.map((a) => litmus.answers[a]!.kind).join(', '),
    e.witness.schedule === '' ? 'own order' : `--schedule ${e.witness.schedule}`,
  ]);
  for (const line of table(rows, '  ')) io.out(line);
  for (const a of litmus.answers) {
    const answer = a.holds === null ? 'not decided' : a.holds ? 'yes' : 'no';
    io.out(`  ${a.says}: ${answer}${a.ending < 0 ? '' : `, see ${a.ending + 1}`}`);
  }
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
    return [f.machine.model.id, verdictWords(f.result, f.within), numbers(f), expected];
  });
  for (const line of table(rows, '  ')) io.out(line);
}

function verdictWords({ verdict, invariant, bound }: Result, within: number | null): string {
  const runs = within === null ? '' : ` within ${count(within, 'preemption')}`;
  if (verdict === 'violated') return `violated${runs}: ${invariant}`;
  return verdict === 'incomplete' ? `incomplete, after ${bound}` : `holds${runs}`;
}
/** A search that went on with fingerprints is never silent about it. */
const missedWords = (p: number): string =>
  `told apart by fingerprints: a state was missed with a probability below ${p.toExponential(0)}`;
/** Of the search that came to the verdict. */
const reducedWords = ({ used, states }: Reduced): string =>
  `verdict from ${count(states, 'state')} (${used.join(', ')})`;
const numbers = ({ result: r, ms }: Found): string =>
  [
    count(r.states, 'state'),
    count(r.edges, 'edge'),
    `depth ${r.depth}`,
    `${Math.round(ms)} ms`,
    ...(r.bytesPerState === 0 ? [] : [`${r.bytesPerState} bytes a state`]),
    ...(r.missedAtMost === 0 ? [] : [missedWords(r.missedAtMost)]),
    ...(r.reduced === null ? [] : [reducedWords(r.reduced)]),
  ].join(', ');
