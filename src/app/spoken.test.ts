// What a reader of screens hears of a whole run: a file that a person can read as an explanation.
import { expect, test } from 'vitest';
import { gallery } from '../scenario/gallery/index.ts';
import { createEngine } from '../worker/local.ts';
import { spoken } from './words.ts';

async function heard(id: string, model: string): Promise<readonly string[]> {
  const { text } = gallery.find((one) => one.id === id)!;
  const { run, title } = await createEngine().open({ text, model, schedule: '', without: [] });
  return [
    `${title}, on ${model}.`,
    ...Array.from({ length: run!.steps.length + 1 }, (_, at) => spoken(run!, at)),
  ];
}

test.each([
  ['vmsplice-leak', 'v5.7'],
  ['mprotect-under-pin', 'v5.19'],
])('%s on %s, as it is heard', async (id, model) => {
  const lines = await heard(id, model);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../../fixtures/spoken/${id}-${model}.txt`);
});

test('every sentence of every scenario is a sentence', async () => {
  for (const { id } of gallery) {
    const lines = await heard(id, 'v6.18');
    for (const line of lines.slice(2)) {
      expect(line).toMatch(/^Step \d+ of \d+, [^.]\S*.*\. \S.*[.?)]$/);
      expect(line).not.toMatch(/[{}]|undefined|NaN|\.\.(?:\s|$)|  /);
    }
  }
});
