import { expect, test } from 'vitest';
import { isAbout, keysOf, type Subject } from './lit.ts';

const about = (names: string, steps: Subject['steps'] = null): Subject => ({
  keys: names === '' ? [] : keysOf(names),
  steps,
});

test('a token is about itself and about its holder', () => {
  const token = about('token:folio:f0:pte:parent:a.0');
  expect(isAbout(token, about('pte:parent:a.0'))).toBe(true);
  expect(isAbout(about('pte:parent:a.0 token:folio:f0:pte:parent:a.0'), token)).toBe(true);
  expect(isAbout(token, about('pte:child:a.0'))).toBe(false);
  expect(isAbout(token, about('folio:f0'))).toBe(false);
});

test('a step lies in its operation, both ways', () => {
  const op = about('', [20, 31]);
  for (const [step, is] of [
    [19, false],
    [20, true],
    [31, true],
    [32, false],
  ] as const) {
    expect(isAbout(op, about(`step:${step}`))).toBe(is);
    expect(isAbout(about(`step:${step}`), op)).toBe(is);
  }
  expect(isAbout(op, about('', [20, 31]))).toBe(false);
});
