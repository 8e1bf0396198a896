import { describe, expect, test } from 'vitest';
import { boot } from '../kernel/machine.ts';
import { apartIds, modelById, modelIds, models } from '../kernel/models/index.ts';
import { rules } from '../kernel/rules.ts';
import { compileText } from '../scenario/compile.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { passages, passagesOf } from './mails.ts';
import { goTo, runAll } from './run.ts';
import type { Run } from './run.ts';
import { historyOfStep, rulesAsked, sourceAt } from './source.ts';

const known = { models: modelIds, apart: apartIds };
const machineOf = (id: string, model: string) =>
  boot(compileText(entryById(id)!.text, known).plan!, modelById(model)!);
const runOf = (id: string, model: string): Run => runAll(machineOf(id, model));
const kernels = models.filter((m) => !m.composed && !m.proposal);
const stepAt = (run: Run, row: string): number =>
  run.steps.find((s) => {
    const { routine, label } = run.machine.program.rows[s.pc]!;
    return `${routine.name}.${label}` === row;
  })!.at;

describe('the history of a step', () => {
  test('the reuse decision has the eras of the debate, with their commits', () => {
    const run = runOf('vmsplice-leak', 'v5.7');
    const at = run.steps.find((s) => s.decided !== null && s.thread === 0)!.at;
    const eras = historyOfStep(run, at, kernels);
    expect(eras.filter((e) => e.here).map((e) => e.models.includes('v5.7'))).toEqual([true]);
    const of = (model: string) => eras.find((e) => e.models.includes(model))!;
    expect(of('v5.7').how).toBe('same');
    expect(of('v5.9')).toMatchObject({ how: 'other', commit: '09854ba94c6a', by: ['09854ba94c6a'] });
    expect(of('v5.18').by).toContain('53a05ad9f21d');
    expect(of('v6.1').by.concat(of('v5.19').by)).toContain('6c287605fd56');
    expect(eras.flatMap((e) => e.models)).toEqual(kernels.map((m) => m.id));
  });

  test('a rule that the step asks splits the eras where its answer changes', () => {
    const run = runOf('pin-fork-write', 'v5.9');
    const asked = new Set(run.steps.flatMap((s) => rulesAsked(run, s.at)));
    expect(asked.has('forkCopiesPinned') || asked.has('marksPinned')).toBe(true);
    const at = run.steps.find((s) => rulesAsked(run, s.at).length > 0)!.at;
    const [name] = rulesAsked(run, at);
    for (const era of historyOfStep(run, at, kernels)) {
      const answers = new Set(era.models.map((id) => JSON.stringify(modelById(id)!.rules[name!])));
      expect(answers.size).toBe(1);
    }
  });

  test('to ask leaves the machine as it was', () => {
    const run = runOf('vmsplice-leak', 'v5.7');
    const before = [...run.worlds];
    historyOfStep(run, 20, kernels);
    expect([...run.worlds]).toEqual(before);
    goTo(run, 3);
    expect(rules).toEqual(modelById('v5.7')!.rules);
    expect(rulesAsked(run, 20)).toEqual(rulesAsked(run, 20));
  });
});

test('a routine’s table has its rows in order, the step that was made, and where threads stand', () => {
  const run = runOf('vmsplice-leak', 'v5.7');
  for (let at = 1; at <= run.steps.length; at++) {
    const view = sourceAt(run, at)!;
    const current = view.rows.filter((r) => r.current);
    expect(current.map((r) => r.pc)).toEqual([run.steps[at - 1]!.pc]);
    for (const r of view.rows) expect(r.says === '').toBe(r.calls !== '');
  }
  const parent = sourceAt(run, stepAt(run, 'wp_page_reuse.reuse') - 1, 0)!;
  expect(parent.inside.length).toBeGreaterThan(0);
  expect(parent.rows.some((r) => r.threads.includes(0))).toBe(true);
});

test('every mail passage argues about rows that some kernel or proposal has', () => {
  const rows = new Set<string>();
  const ids = ['vmsplice-leak', 'pin-fork-write', 'fast-pin-fork', 'mprotect-under-pin', 'uffd-lost-write'];
  ids.push('soft-dirty-lost-store', 'strict-counts', 'strict-mprotect');
  for (const id of ids) {
    const { plan } = compileText(entryById(id)!.text, known);
    for (const model of models)
      for (const { routine, label } of boot(plan!, model).program.rows) rows.add(`${routine.name}.${label}`);
  }
  const missing = passages.flatMap((p) => p.rows.filter((r) => !rows.has(r)));
  expect(missing).toEqual([]);
  expect(passagesOf('do_wp_page', 'count').length).toBeGreaterThan(0);
  for (const p of passages) expect(p.says.length).toBeLessThan(320);
});
