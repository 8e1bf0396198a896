import { expect, test } from 'vitest';
import { spanOfWord, wordsThatFit } from './diamond-words.ts';

const mark = (x: number, word: string, room = 1000) => ({ x, word, room });

test('words that would lie on each other: the first one stays', () => {
  const marks = [mark(100, 'stale'), mark(190, 'unexpected'), mark(220, 'unexpected'), mark(400, 'leak')];
  expect(wordsThatFit(marks, 0)).toEqual(['stale', 'unexpected', '', 'leak']);
});

test('a word that moved left from the end is where it is drawn', () => {
  expect(wordsThatFit([mark(900, 'lost'), mark(960, 'unexpected', 5)], 0)).toEqual(['lost', '']);
  expect(wordsThatFit([mark(840, 'lost'), mark(960, 'unexpected', 5)], 0)).toEqual(['lost', 'unexpected']);
});

test('under the thumb stands its number', () => {
  expect(wordsThatFit([mark(100, 'leak'), mark(300, 'lost')], 120)).toEqual(['', 'lost']);
});

test('a word stands below its diamond, and never far beyond the end', () => {
  const [left, right] = spanOfWord(mark(300, 'leak'));
  expect(left + right).toBe(600);
  expect(spanOfWord(mark(960, 'unexpected', 5))[1]).toBe(960 + 5 + 12);
});
