/** folioscope ablate: what is this line for? Every guard switched off in turn. */
import { ablate as ablateOne } from '../checker/ablate.ts';
import type { Ablation } from '../checker/ablate.ts';
import { guards } from '../kernel/guards.ts';
import { boot } from '../kernel/machine.ts';
import { kernels } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { scheduleOf } from '../worker/witness.ts';
import { linkOf } from './check.ts';
import { numberOf } from './command.ts';
import type { Command, Io } from './command.ts';
import { guardsOf, modelNamed } from './lookup.ts';
import { readScenario } from './source.ts';
import type { Scenario } from './source.ts';
import { count, table } from './table.ts';

const statesMax = 5_000_000;

interface Row extends Ablation {
  readonly scenario: Scenario;
  readonly model: Model;
}

export const ablate: Command = {
  name: 'ablate',
  operands: '[FILE|NAME]',
  summary: 'what each guard is for: the shortest schedule that breaks something without it',
  options: {
    model: { value: 'ID|all', says: 'the rules; all kernels without it' },
    with: { value: 'EXTRA', says: 'extra steps, which no kernel has, to put in' },
    without: { value: 'GUARD', says: 'guards to leave out besides the one in turn' },
    budget: {
      value: 'STATES',
      says: `most states to visit in each search (${statesMax.toLocaleString('en')})`,
    },
  },
  run: async (args, io) => {
    const id = args.text('model') ?? 'all',
      models = id === 'all' ? kernels : [modelNamed(id)],
      options = { states: numberOf(args, 'budget', statesMax, 1), besides: guardsOf(args) };
    const one = args.operands[0],
      rows: Row[] = [];
    for (const name of one === undefined ? gallery.map((e) => e.id) : [one]) {
      const scenario = readScenario(name, io);
      for (const model of models)
        for (const found of ablateOne(scenario.plan, model, options))
          rows.push({ ...found, scenario, model });
    }
    if (args.flag('json'))
      io.out(JSON.stringify(await Promise.all(rows.map((r) => jsonOf(r, options.besides)))));
    else await print(rows, options.besides, io);
    return rows.some((r) => r.verdict === 'incomplete') ? 1 : 0;
  },
};

async function linkTo(
  { guard, prevents, scenario, model }: Row,
  besides: readonly string[],
): Promise<string> {
  if (prevents === null) return '';
  const without = [...besides, guard];
  const run = scheduleOf(boot(scenario.plan, model, without), prevents.moves);
  return linkOf(scenario, model, without, run, prevents.moves.length);
}

async function jsonOf(row: Row, besides: readonly string[]): Promise<object> {
  const { guard, verdict, prevents, scenario, model } = row;
  return {
    guard,
    scenario: scenario.id ?? scenario.name,
    model: model.id,
    verdict,
    invariant: prevents?.invariant ?? null,
    reason: prevents?.reason ?? '',
    steps: prevents?.moves.length ?? 0,
    preemptions: prevents?.preemptions ?? 0,
    link: await linkTo(row, besides),
  };
}

/** Of each guard the shortest schedule, and where else something breaks. */
async function print(rows: readonly Row[], besides: readonly string[], io: Io): Promise<void> {
  const idle: string[] = [];
  for (const { id, title, where, prevents } of guards) {
    const mine = rows.filter((r) => r.guard === id),
      found = mine.filter((r) => r.prevents !== null);
    const best = found.reduce<Row | null>(
      (least, r) => (least === null || r.prevents!.moves.length < least.prevents!.moves.length ? r : least),
      null,
    );
    if (best === null) {
      if (mine.length > 0) idle.push(id);
      continue;
    }
    const { invariant, reason, moves, preemptions } = best.prevents!;
    io.out(`${id} (${where})`);
    io.out(`  ${title}`);
    io.out(`  Without it: ${prevents}`);
    io.out(`  ${best.scenario.name} on ${best.model.id} breaks ${invariant}:`);
    io.out(`  ${reason.charAt(0).toUpperCase()}${reason.slice(1)}`);
    io.out(
      `  ${count(moves.length, 'step')}, ${count(preemptions, 'preemption')}. ${await linkTo(best, besides)}`,
    );
    const places = [...new Set(found.map((r) => r.scenario.name))];
    const lines = places.map((s) => [
      s,
      found
        .filter((r) => r.scenario.name === s)
        .map((r) => r.model.id)
        .join(' '),
    ]);
    if (found.length > 1) for (const line of table(lines, '    ')) io.out(line);
    io.out('');
  }
  const stopped = rows.filter((r) => r.verdict === 'incomplete').length;
  if (idle.length > 0) io.out(`Nothing breaks here without: ${idle.join(', ')}.`);
  if (stopped > 0) io.out(`${count(stopped, 'search', 'searches')} did not end: raise --budget.`);
}
