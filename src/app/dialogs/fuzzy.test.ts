import { expect, test } from 'vitest';
import { rank } from './fuzzy.ts';

const titles = [
  'Next step',
  'Next operation',
  'Step back',
  'Choose a kernel',
  'v5.7: the last to count mappings only',
  'v5.18',
];
const first = (query: string): string | undefined => rank(titles, query, (one) => one)[0];

test.each([
  ['next', 'Next step'],
  ['nop', 'Next operation'],
  ['stb', 'Step back'],
  ['kern', 'Choose a kernel'],
  ['5.7', 'v5.7: the last to count mappings only'],
  ['518', 'v5.18'],
])('%s finds %s', (query, title) => {
  expect(first(query)).toBe(title);
});

test('no letters, no choice; foreign letters, nothing', () => {
  expect(rank(titles, '  ', (one) => one)).toEqual(titles);
  expect(rank(titles, 'zzz', (one) => one)).toEqual([]);
});
