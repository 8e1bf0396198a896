import { expect, test } from 'vitest';
import { missedWords, pretty } from './words.ts';

test.each([
  [2 ** -41, '1 in 2,199 billion'],
  [1 / 1.5e7, '1 in 15 million'],
  [1 / 900, '1 in 900'],
  [0.8, '1 in 1'],
])('a chance of %d is below %s', (atMost, words) => {
  expect(missedWords(atMost)).toContain(`below ${words}.`);
});

test('a text reads as in print, and bytes stay as they are', () => {
  expect(pretty(`parent's page -> f1 holds "a'b"`)).toBe("parent’s page → f1 holds “a'b”");
});
