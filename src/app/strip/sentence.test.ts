import { expect, test } from 'vitest';
import type { CheckView, Verdict } from '../../worker/protocol.ts';
import type { Cell } from '../session/state.ts';
import { sentence, signOf } from './sentence.ts';

const cell = (verdict: Verdict | 'running' | 'failed', word = ''): Cell => {
  if (verdict === 'running' || verdict === 'failed') return { state: verdict, view: null, why: '' };
  return { state: 'done', view: { verdict, word } as CheckView, why: '' };
};

/** `x` broken, `.` holds, `?` too large, `r` running, `-` failed. */
const signs = { x: 'violated', '.': 'holds', '?': 'incomplete', r: 'running', '-': 'failed' } as const;
const strip = (row: string, word: string) =>
  [...row].map((sign, place) => ({
    id: `v${place + 1}`,
    cell: cell(signs[sign as keyof typeof signs], word),
  }));

test.each([
  ['xxx..', 'leak', 'Leaks up to v3, safe since v4'],
  ['xxx..', '', 'Broken up to v3, holds since v4'],
  ['..xx.', 'lost', 'Loses a store from v3 to v4, safe since v5'],
  ['..x..', 'leak', 'Leaks on v3, safe since v4'],
  ['...xx', 'leak', 'Leaks since v4'],
  ['xxxxx', 'leak', 'Leaks on all 5 kernels'],
  ['.....', 'leak', 'Holds on all 5 kernels'],
  ['x.x..', 'leak', 'Leaks on 2 of 5 kernels, last on v3'],
  ['x...x', 'leak', 'Leaks on 2 of 5 kernels, still today'],
  ['xxr..', 'leak', 'Trying every order: 4 of 5 kernels'],
  ['..?..', '', 'Too large to try every order on 1 of 5 kernels'],
  ['-xx..', 'leak', 'Leaks up to v3, safe since v4'],
])('%s reads as a sentence', (row, word, words) => {
  expect(sentence(strip(row, word))).toBe(words);
});

test('a check that failed has no verdict, and one that was never started is being waited for', () => {
  expect(signOf(cell('failed'))).toBe('none');
  expect(signOf(undefined)).toBe('none');
  expect(signOf({ state: 'waiting', view: null })).toBe('running');
});
