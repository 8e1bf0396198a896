import { expect, test } from 'vitest';
import { planOf } from '../checker/plan-of.ts';
import { boot } from '../kernel/machine.ts';
import { modelById, models } from '../kernel/models/index.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { costsOf, costsOn } from './costs.ts';
import { finish, newRun } from './run.ts';
import type { Run } from './run.ts';

function runOf(text: string, model: string): Run {
  const run = newRun(boot(planOf(text), modelById(model)!));
  finish(run);
  return run;
}
const of = (id: string, model: string) => costsOf(runOf(entryById(id)!.text, model));

test('a fresh page in the batch: v5.9 to v5.17 copy it for nothing, all others reuse it', () => {
  const run = runOf(entryById('needless-copy')!.text, 'v5.9');
  const kernels = models.filter((m) => !m.composed && !m.proposal);
  const found = costsOn(run, kernels, '').filter((one) => one.spurious > 0);
  expect(found.map(({ model }) => model)).toEqual(['v5.9', 'v5.11', 'v5.12']);
  for (const { copies, spurious } of found) expect([copies, spurious]).toEqual([1, 1]);
});

test('the copy that keeps the secret is none for nothing, and one more than the leak made', () => {
  expect(of('vmsplice-leak', 'v5.7')).toMatchObject({ copies: 0, spurious: 0 });
  expect(of('vmsplice-leak', 'v5.9')).toMatchObject({ copies: 1, spurious: 0 });
});

test('a copy under a pin hurts the pin, but is not for nothing', () => {
  expect(of('mprotect-under-pin', 'v5.9')).toMatchObject({ copies: 1, spurious: 0 });
  expect(of('mprotect-under-pin', 'v5.19')).toMatchObject({ copies: 0 });
});

test('a page that moves is copied because it moves', () => {
  const text = `process A
region a anon 1 page
A: store a.0 "old"
A: move_pages a.0 1
A: madvise a dontneed
A: store a.0 "new"
`;
  expect(costsOf(runOf(text, 'v6.12'))).toMatchObject({ copies: 1, spurious: 0 });
});

test('faults and flushes are the marks of the timeline', () => {
  const run = runOf(entryById('vmsplice-leak')!.text, 'v5.9');
  const { faults, flushes, steps } = costsOf(run);
  expect(steps).toBe(run.steps.length);
  expect(faults).toBeGreaterThan(1);
  expect(flushes).toBeGreaterThan(0);
});
