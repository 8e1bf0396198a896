// The table of a routine has the rows of the model that runs, and of no other.
import { expect, test } from 'vitest';
import { planOf } from '../checker/plan-of.ts';
import { finish, newRun } from '../debugger/run.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { factsOf } from '../scene/facts.ts';
import { frameView } from './frame-view.ts';

const plan = planOf('process parent\nregion a anon 1 page\nparent: store a.0 "old"\nparent: fork child\n');

/** The rows of the table that stands beside the first step of a routine. */
function tableOf(routine: string, model: string): string[] {
  const run = newRun(boot(plan, modelById(model)!));
  finish(run);
  const { rows } = run.machine.program,
    at = run.steps.find((s) => rows[s.pc]!.routine.name === routine)!.at;
  return frameView(run, factsOf(run), [], at).routine!.rows.map((row) => row.label);
}

test.each([
  ['user_store', 'v5.19', ['access', 'lock_mm', 'check_vma', 'unlock', 'bad_area']],
  ['user_store', 'v6.18', ['access', 'lock_vma', 'lock_mm', 'check_vma', 'unlock', 'bad_area']],
  [
    'user_store',
    'spf',
    ['access', 'speculate', 'speculate_vma', 'give_up', 'lock_mm', 'check_vma', 'unlock', 'bad_area'],
  ],
])('%s on %s', (routine, model, labels) => {
  expect(tableOf(routine, model)).toEqual(labels);
});

test('fork asks for pins where the kernel does, and for the mark where there is one', () => {
  const asks = ['pinned', 'dup_pinned', 'referenced', 'owner_refs', 'seq_odd'];
  const found = ['v5.8', 'v5.9', 'v5.11', 'v5.19', 'count-strict-skip', 'gup-owner-min'].map((model) =>
    tableOf('dup_mmap', model).filter((label) => asks.includes(label)),
  );
  expect(found).toEqual([
    [],
    ['pinned'],
    ['seq_odd', 'pinned'],
    ['seq_odd', 'dup_pinned'],
    ['referenced'],
    ['seq_odd', 'owner_refs'],
  ]);
});
