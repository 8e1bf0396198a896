import { expect, test } from 'vitest';
import { didYouMean, distance, nearest } from './nearest.ts';

test.each([
  ['', '', 0],
  ['a', '', 1],
  ['stroe', 'store', 1],
  ['paralel', 'parallel', 1],
  ['kitten', 'sitting', 3],
  ['abc', 'cba', 2],
])('%s and %s are %i mistakes apart', (a, b, mistakes) => {
  expect(distance(a, b)).toBe(mistakes);
  expect(distance(b, a)).toBe(mistakes);
});

test('the nearest word within a third of the letters is meant', () => {
  expect(nearest('mprotcet', ['mmap', 'mprotect', 'munmap'])).toBe('mprotect');
  expect(nearest('Store', ['store'])).toBe('store');
  expect(nearest('sto', ['st', 'store', 'storage'])).toBe('store');
  expect(nearest('ma', ['madvise', 'map'])).toBe('madvise');
  expect(nearest('q', ['p'])).toBeNull();
  expect(nearest('anything', ['else'])).toBeNull();
  expect(nearest('store', ['store'])).toBeNull();
  expect(didYouMean('x', ['yy'], 'See the list.')).toBe('See the list.');
});
