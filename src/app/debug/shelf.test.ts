import { expect, test } from 'vitest';
import { keep, keptOf, NOTHING_KEPT } from './shelf.ts';

function shelfOf(first = ''): Storage {
  const kept = new Map<string, string>(first === '' ? [] : [['folioscope.debug', first]]);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  } as Storage;
}

test('what is kept for a scenario comes back for it, and for no other', () => {
  const shelf = shelfOf();
  const mine = { breakpoints: [{ text: 'f0.free', on: false }], watches: ['f0.pins'], bookmarks: ['end'] };
  keep(shelf, 'a', mine);
  keep(shelf, 'b', NOTHING_KEPT);
  expect(keptOf(shelf, 'a')).toEqual(mine);
  expect(keptOf(shelf, 'b')).toEqual(NOTHING_KEPT);
});

test('whatever else is found there is nothing', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '7',
    'null',
    '{"a":7}',
    '{"a":{"breakpoints":[1,{"text":2}],"watches":{}}}',
  ])
    expect(keptOf(shelfOf(text), 'a')).toEqual(NOTHING_KEPT);
});

test('only so many scenarios are kept, the latest', () => {
  const shelf = shelfOf();
  for (let i = 0; i < 50; i++) keep(shelf, String(i), { ...NOTHING_KEPT, watches: ['x'] });
  expect(keptOf(shelf, '49').watches).toEqual(['x']);
  expect(keptOf(shelf, '0')).toEqual(NOTHING_KEPT);
});
