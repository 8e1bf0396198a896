/** folioscope matrix: every invariant on every model, over the gallery. */
import type { Result } from '../checker/check.ts';
import { survey } from '../checker/matrix.ts';
import type { Cell, Column } from '../checker/matrix.ts';
import { invariants, questionsOf } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { kernels } from '../kernel/models/index.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { scheduleOf } from '../worker/witness.ts';
import { linkOf } from './check.ts';
import { numberOf } from './command.ts';
import type { Command, Io } from './command.ts';
import { invariantNamed } from './lookup.ts';
import { readScenario } from './source.ts';
import type { Scenario } from './source.ts';
import { table } from './table.ts';

const statesMax = 5_000_000;

interface Row {
  readonly scenario: string;
  readonly model: string;
  readonly invariant: string;
  readonly verdict: Result['verdict'];
  readonly link: string;
}

export const matrix: Command = {
  name: 'matrix',
  operands: '[NAME]',
  summary: 'every invariant on every model, for one scenario or the whole gallery',
  options: { budget: { value: 'STATES', says: 'most states to visit for each model' } },
  run: async (args, io) => {
    const rows: Row[] = [],
      states = numberOf(args, 'budget', statesMax, 1);
    let asExpected = true;
    const one = args.operands[0];
    for (const id of one === undefined ? gallery.map((e) => e.id) : [one]) {
      const scenario = readScenario(id, io);
      for (const model of kernels) {
        const machine = boot(scenario.plan, model),
          column = survey(machine, { states });
        asExpected &&= column.bound === '' && metBy(machine, column);
        rows.push(...(await rowsOf(scenario, machine, column, one !== undefined)));
      }
    }
    if (args.flag('json')) io.out(JSON.stringify(rows));
    else if (one !== undefined) printOne(rows, io);
    else print(rows, io);
    return asExpected ? 0 : 1;
  },
};

/** The `expect` lines about this model. A search that did not end meets none. */
function metBy({ plan, model }: Machine, { cells }: Column): boolean {
  const broken = (id: string): boolean => cells.some((c) => c.row === id && c.verdict === 'violated');
  return plan.expectations
    .filter((e) => e.models.includes(model.id))
    .every(({ verdict, invariant }) => {
      const named = invariant === '' ? '' : invariantNamed(invariant, questionsOf(plan).invariants).id;
      const breaks = named === '' ? cells.some((c) => isRule(c) && c.verdict === 'violated') : broken(named);
      return breaks === (verdict === 'breaks');
    });
}
/** `exists` and `sometimes` are no rules that break. */
const isRule = ({ kind, row }: Cell): boolean => kind === 'invariant' || /^(never|always) /.test(row);

/** One row for each invariant; of a scenario by itself also one for each of its questions. */
async function rowsOf(
  scenario: Scenario,
  machine: Machine,
  { cells }: Column,
  questions: boolean,
): Promise<Row[]> {
  const { model } = machine;
  return Promise.all(
    cells
      .filter((c) => questions || c.kind === 'invariant')
      .map(async ({ row, verdict, moves }) => {
        const run = moves === null ? '' : scheduleOf(machine, moves);
        const link = await linkOf(scenario, model, [], run, moves?.length ?? 0);
        return { scenario: scenario.id ?? scenario.name, model: model.id, invariant: row, verdict, link };
      }),
  );
}

/** One scenario: a line for each invariant and question. */
function printOne(rows: readonly Row[], io: Io): void {
  const ids = [...new Set(rows.map((r) => r.model))],
    names = [...new Set(rows.map((r) => r.invariant))];
  const sign = (name: string, model: string): string => {
    const row = rows.find((r) => r.invariant === name && r.model === model);
    if (row === undefined) return '';
    const asks = /^(exists|sometimes) /.test(name);
    if (row.verdict === 'incomplete') return 'incomplete';
    return asks ? (row.verdict === 'holds' ? 'yes' : 'NO') : row.verdict === 'holds' ? '.' : 'BROKEN';
  };
  for (const line of table([['', ...ids], ...names.map((n) => [n, ...ids.map((m) => sign(n, m))])]))
    io.out(line);
}

/** A line for each scenario: what breaks on each model. */
function print(rows: readonly Row[], io: Io): void {
  const ids = [...new Set(rows.map((r) => r.model))];
  const cell = (scenario: string, model: string): string => {
    const broken = rows.filter((r) => r.scenario === scenario && r.model === model && r.verdict !== 'holds');
    return broken.length === 0 ? 'holds' : broken.map((r) => wordOf(r)).join(' ');
  };
  const names = [...new Set(rows.map((r) => r.scenario))];
  for (const line of table([['SCENARIO', ...ids], ...names.map((s) => [s, ...ids.map((m) => cell(s, m))])]))
    io.out(line);
}
const wordOf = ({ verdict, invariant }: Row): string =>
  verdict === 'incomplete' ? 'incomplete' : (invariants.find((i) => i.id === invariant)?.word ?? invariant);
