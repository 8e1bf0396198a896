import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { seeded } from '../evidence/prng.ts';
import { known } from '../worker/local.ts';
import { compileText } from './compile.ts';
import { experiments } from './experiments.ts';
import { wrongWith } from './fuzz.ts';
import { gallery } from './gallery/index.ts';
import { mutated } from './mutate.ts';

const recorded = ['results', 'random'].flatMap((folder) => {
  const file = new URL(`../../fixtures/recordings/${folder}/experiments.litmus`, import.meta.url);
  return experiments(readFileSync(file, 'utf8')).map((e) => `@${e.name} ${e.about}\n${e.text}`);
});
const corpus = [...gallery.map((e) => e.text), ...recorded];

test('nothing is wrong with the texts of the gallery and of the recordings', () => {
  expect(corpus.map((text) => wrongWith(text, known)).filter((w) => w !== '')).toEqual([]);
});

test('whatever is done to a text, its mistakes are said, at their place, and nothing of it is lost', () => {
  const { below } = seeded(20261121);
  const texts = Array.from({ length: 3000 }, () => mutated(corpus, below));
  const wrong = texts.flatMap((text) => {
    const what = wrongWith(text, known);
    return what === '' ? [] : [`${what}\n${text}`];
  });
  expect(wrong).toEqual([]);
  const plans = texts.filter((text) => compileText(text, known).plan !== null).length;
  // Neither all noise nor all well.
  expect(plans).toBeGreaterThan(300);
  expect(plans).toBeLessThan(2000);
});
