// docs/how-to/add-a-model.md, followed to the letter: the model that it writes is made and run.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { check } from '../../checker/check.ts';
import { planOf } from '../../checker/plan-of.ts';
import { invariantById } from '../../invariants/index.ts';
import { boot } from '../machine.ts';
import type { Model } from '../rules.ts';
import { modelById } from './index.ts';

const page = readFileSync(new URL('../../../docs/how-to/add-a-model.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code);
const [file = '', line = ''] = blocks;
const registry = readFileSync(new URL('./index.ts', import.meta.url), 'utf8');

/** The one file of the page, written down and imported; its neighbours are those of this folder. */
async function modelOf(code: string): Promise<Model> {
  const folder = mkdtempSync(join(tmpdir(), 'folioscope-model-'));
  const here = fileURLToPath(new URL('.', import.meta.url));
  const path = join(folder, 'dummy.ts');
  writeFileSync(
    path,
    code.replaceAll("from './", `from '${here}`).replaceAll("from '../", `from '${here}../`),
  );
  try {
    const { dummy } = (await import(path)) as { dummy: Model };
    return dummy;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the page has one file and one line, and the file fits on a screen', () => {
  expect(blocks).toHaveLength(2);
  expect(file.split('\n').length).toBeLessThan(25);
  expect(line).toMatch(/^ {2}\w+,\n$/);
  const registered = /export const (\w+): Model/.exec(file)?.[1];
  expect(line.trim()).toBe(`${registered},`);
});

test('registered models are lines like that one', () => {
  const list = /export const models[^=]*= \[([^]*?)\];/.exec(registry)?.[1] ?? '';
  const lines = list.split('\n').filter((l) => l.trim() !== '' && !l.trim().startsWith('//'));
  for (const l of lines) expect(`${l}\n`).toMatch(/^ {2}\w+,\n$/);
});

test('the model runs, differs where it says, and breaks what it says', async () => {
  const dummy = await modelOf(file),
    base = modelById('v5.19')!;
  expect(Object.keys(dummy).sort()).toEqual(Object.keys(base).sort());
  const different = Object.entries(dummy.rules).filter(
    ([k, v]) => base.rules[k as keyof Model['rules']] !== v,
  );
  expect(different).toEqual([['unsharesReadPins', false]]);
  const plan = planOf(
    [
      'process parent',
      'region a anon 1 page',
      'parent: store a.0 "old"',
      'parent: fork child',
      'parent: pin a.0 read as h',
      'parent: store a.0 "new"',
      'parent: release h',
      '',
    ].join('\n'),
  );
  const invariants = [invariantById('pins-stay-coherent')!];
  expect(check(boot(plan, dummy), { invariants }).verdict).toBe('violated');
  expect(check(boot(plan, base), { invariants }).verdict).toBe('holds');
});
