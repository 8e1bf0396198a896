/** folioscope matrix: every invariant on every model, over the gallery. */
import { check as search } from '../checker/check.ts';
import type { Result } from '../checker/check.ts';
import { invariants, invariantsFor } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { kernels } from '../kernel/models/index.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { EMPTY_LINK, encodeLink } from '../scenario/link.ts';
import { scheduleOf } from '../worker/check-view.ts';
import { webDeflate } from '../worker/deflate.ts';
import type { Command, Io } from './command.ts';
import { expectationsOf } from './expectations.ts';
import { readScenario } from './source.ts';
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
  options: {},
  run: async (args, io) => {
    const rows: Row[] = [];
    let asExpected = true;
    const ids = args.operands.length > 0 ? args.operands : gallery.map((e) => e.id);
    for (const id of ids) {
      const { plan } = readScenario(id, io);
      for (const model of kernels) {
        const machine = boot(plan, model),
          result = search(machine, { states: statesMax });
        asExpected &&= expectationsOf(machine, result, null, statesMax).every((e) => e.held);
        rows.push(...(await rowsOf(id, machine, result)));
      }
    }
    if (args.flag('json')) io.out(JSON.stringify(rows));
    else print(rows, io);
    return asExpected ? 0 : 1;
  },
};

/** One row for each invariant. If all hold together, each holds; else each is looked for by itself. */
async function rowsOf(scenario: string, machine: Machine, all: Result): Promise<Row[]> {
  const model = machine.model.id,
    rows: Row[] = [];
  for (const invariant of invariantsFor(machine.plan)) {
    const own =
      all.verdict === 'holds' ? all : search(machine, { states: statesMax, invariants: [invariant] });
    const run = own.verdict === 'violated' ? scheduleOf(machine, own.moves) : '';
    const link = await encodeLink(
      { ...EMPTY_LINK, scenario: { kind: 'named', id: scenario }, model, run },
      webDeflate,
    );
    rows.push({ scenario, model, invariant: invariant.id, verdict: own.verdict, link });
  }
  return rows;
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
