import { expect, test } from 'vitest';
import { boot } from '../kernel/machine.ts';
import { apartIds, kernels, modelById, modelIds, models } from '../kernel/models/index.ts';
import { compileText } from '../scenario/compile.ts';
import { entryById, gallery } from '../scenario/gallery/index.ts';
import { lens, supposedAt } from './lens.ts';
import type { Supposed } from './lens.ts';
import { runAll } from './run.ts';
import type { Run } from './run.ts';

const runOf = (text: string, model: string): Run =>
  runAll(boot(compileText(text, { models: modelIds, apart: apartIds }).plan!, modelById(model)!));
const answers = (page: Supposed): Record<string, string> =>
  Object.fromEntries(lens(models, page).map(({ model, answer }) => [model, answer]));
const PRIVATE: Supposed = { mapcount: 1, others: 0, pins: 0, batched: false, exclusive: true };

test('the leak: the pipe makes a difference from v5.9 on, and not before', () => {
  const run = runOf(entryById('vmsplice-leak')!.text, 'v5.7');
  const step = run.steps.findLast((s) => s.decided !== null)!;
  const page = supposedAt(run, step.at)!;
  expect(page).toEqual({ mapcount: 1, others: 1, pins: 0, batched: false, exclusive: false });
  const given = answers(page);
  expect(given).toMatchObject({ 'v4.8': 'reuse', 'v5.7': 'reuse', 'v5.8': 'reuse' });
  expect(given).toMatchObject({ 'v5.9': 'copy', 'v5.18': 'copy', 'v5.19': 'copy', 'v6.18': 'copy' });
  const without = answers({ ...page, others: 0 });
  expect(Object.values(without)).not.toContain('copy');
});

test('a bit beats the counts from v5.19 on', () => {
  const pinned = { ...PRIVATE, pins: 1 };
  expect(answers(pinned)).toMatchObject({
    'v5.7': 'reuse',
    'v5.9': 'copy',
    'v5.18': 'copy',
    'v5.19': 'reuse',
  });
  const marked = lens([modelById('v6.1')!], pinned)[0]!;
  expect(marked.asked).toEqual([{ asks: 'exclusive?', sees: 1, answer: 'reuse' }]);
  expect(answers({ ...pinned, exclusive: false })['v6.1']).toBe('copy');
});

test('the own LRU batch is taken out of the count from v5.18 on', () => {
  const batched = { ...PRIVATE, batched: true, exclusive: false };
  expect(answers(batched)).toMatchObject({
    'v5.8': 'reuse',
    'v5.9': 'copy',
    'v5.18': 'reuse',
    'v6.18': 'reuse',
  });
});

test('two mappings are a copy on every kernel', () => {
  const given = answers({ ...PRIVATE, mapcount: 2, exclusive: false });
  expect(kernels.map(({ id }) => given[id])).toEqual(kernels.map(() => 'copy'));
});

test('the lens answers as the runs of the gallery do', () => {
  let compared = 0;
  const wrong: string[] = [];
  for (const { id, text } of gallery) {
    for (const model of ['v5.7', 'v5.9', 'v5.18', 'v6.18']) {
      const run = runOf(text, model);
      for (const step of run.steps) {
        const page = supposedAt(run, step.at);
        if (page === null || step.decided?.answer === 'ask the refcount') continue;
        // Where another thread comes between, the rest of the fault may go another way.
        const rest = run.steps.slice(step.at - 1);
        const end = rest.findIndex((s) => s.op === step.op && s.effects.some((e) => e.name === 'end'));
        if (end < 0 || rest.slice(0, end).some((s) => s.thread !== step.thread)) continue;
        if (/under the page lock/.test(step.decided!.asks)) continue;
        const copied = rest.slice(0, end + 1).some((s) => s.effects.some((e) => e.name === 'copy'));
        const [row] = lens([modelById(model)!], page);
        if (row!.answer !== (copied ? 'copy' : 'reuse')) wrong.push(`${id} on ${model}, step ${step.at}`);
        compared++;
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(100);
});
