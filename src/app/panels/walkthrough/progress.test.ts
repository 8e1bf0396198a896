import { expect, test } from 'vitest';
import { joined, NOTHING, readProgress, scoreOf, wordsOf } from './progress.ts';

test('what was kept is read, and what is broken stops nobody', () => {
  const done = { seen: [0, 1], answers: { 1: true }, solved: [] };
  expect(readProgress(JSON.stringify({ version: 1, lessons: { leak: done, odd: 5 } }))).toEqual({
    leak: done,
  });
  for (const text of [
    null,
    '',
    'null',
    '[]',
    '{',
    '{"version":2,"lessons":{}}',
    '{"version":1,"lessons":null}',
    '{"version":1,"lessons":{"one-page":{"seen":["<b>"],"answers":{},"solved":[]}}}',
    '{"version":1,"lessons":{"one-page":{"seen":[],"answers":{"1":"yes"},"solved":[-1]}}}',
  ])
    expect([text, readProgress(text)]).toEqual([text, {}]);
});

test('how far one has come, in words', () => {
  expect(wordsOf(NOTHING, 3)).toBe('');
  expect(wordsOf({ ...NOTHING, seen: [0] }, 3)).toBe('1 of 3 beats seen');
  expect(wordsOf({ ...NOTHING, seen: [0, 1, 2] }, 3)).toBe('done');
  expect(wordsOf({ seen: [0, 1, 2], answers: { 1: true, 2: false }, solved: [] }, 3)).toBe(
    'done, 1 of 2 right',
  );
});

test('two browsers know together what each of them knew; the first answer given here counts', () => {
  const here = { 'one-page': { seen: [0, 1], answers: { 1: false }, solved: [] }, 'a text': NOTHING };
  const there = {
    'one-page': { seen: [1, 2], answers: { 1: true, 2: true }, solved: [2] },
    'fork-cow': { seen: [0], answers: {}, solved: [] },
    'of-another-day': NOTHING,
  };
  const both = joined(here, there);
  expect(both).toEqual({
    'one-page': { seen: [0, 1, 2], answers: { 1: false, 2: true }, solved: [2] },
    'fork-cow': { seen: [0], answers: {}, solved: [] },
    'a text': NOTHING,
  });
  expect(scoreOf(both)).toEqual({ seen: 4, asked: 2, right: 1, solved: 1 });
  expect(joined(both, there)).toEqual(both);
});
