// docs/how-to/write-a-scenario.md: each of its scenarios is one, and what the last one expects is so.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { check } from '../checker/check.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { known } from '../lessons/scenes.ts';
import { compileText } from './compile.ts';

const page = readFileSync(new URL('../../docs/how-to/write-a-scenario.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```\n(scenario [^]*?)```/g)].map(([, text = '']) => text);

test('each is a scenario without a mistake', () => {
  expect(blocks).toHaveLength(3);
  for (const text of blocks) {
    const { plan, diagnostics } = compileText(text, known);
    expect([diagnostics, plan === null]).toEqual([[], false]);
  }
});

test('what the last one expects of every kernel is what the checker finds', () => {
  const { plan } = compileText(blocks[2]!, known);
  const { models, verdict } = plan!.expectations[0]!;
  expect([models[0], models.at(-1), verdict]).toEqual(['v4.8', 'v7.2', 'holds']);
  for (const id of models) expect([id, check(boot(plan!, modelById(id)!)).verdict]).toEqual([id, 'holds']);
});
