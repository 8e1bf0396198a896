import { expect, test } from 'vitest';
import { boot } from '../kernel/machine.ts';
import { apartIds, modelById, modelIds } from '../kernel/models/index.ts';
import { compileText } from '../scenario/compile.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { runAll } from './run.ts';
import { seekPosition } from './schedule.ts';
import { foliosInUse, stepWords, why } from './why.ts';

function runOf(id: string, model: string) {
  const known = { models: modelIds, apart: apartIds };
  return runAll(boot(compileText(entryById(id)!.text, known).plan!, modelById(model)!));
}

test('the pipe’s reference shows beside the entries, with the step that took it', () => {
  const run = runOf('vmsplice-leak', 'v5.7');
  const { at } = seekPosition(run, 'child@vmsplice.end');
  const answer = why(run, at, 1);
  expect(answer).toMatchObject({ folio: 'f0', refcount: 3, mapcount: 2, pins: 0, free: false });
  expect(answer.holders.map((h) => [h.kind, h.label, h.counts])).toEqual([
    ['pte', "parent's entry of a.0", 1],
    ['pte', "child's entry of a.0", 1],
    ['pipe', 'pipe p, spliced by child', 1],
  ]);
  for (const h of answer.holders) expect(h.sinceWords).toBe(stepWords(run, h.since));
  expect(answer.holders[2]?.sinceWords).toMatch(/^step \d+, child: vmsplice a.0 -> p$/);
});

test('what is gone is told, too', () => {
  const run = runOf('vmsplice-leak', 'v5.7');
  const gone = why(run, run.steps.length, 1).gone.map((g) => g.label);
  expect(gone).toEqual(expect.arrayContaining(["child's entry of a.0", 'pipe p, spliced by child']));
});

test('holders add up to the counter at every step, pins by their bias', () => {
  for (const model of ['v5.7', 'v5.9', 'v6.18']) {
    const run = runOf('pin-fork-write', model);
    for (let at = 0; at <= run.steps.length; at++) {
      for (const f of foliosInUse(run, at)) {
        const { holders, refcount } = why(run, at, f);
        expect([at, f, holders.reduce((sum, h) => sum + h.counts, 0)]).toEqual([at, f, refcount]);
      }
    }
  }
});

test('a free folio, and the start', () => {
  const run = runOf('vmsplice-leak', 'v5.7');
  expect(why(run, 0, 1)).toMatchObject({ free: true, refcount: 0, holders: [], gone: [] });
  expect(stepWords(run, 0)).toBe('the start');
});
