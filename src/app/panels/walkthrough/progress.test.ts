import { expect, test } from 'vitest';
import { NOTHING, readProgress, wordsOf } from './progress.ts';

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
