// Lessons cannot rot: each stop exists on its kernel, each fact is so there, each claim is what a check of
// all orders finds, each question has an answer, and each challenge can be met.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { known as engineKnows } from '../worker/local.ts';
import { course } from './course/index.ts';
import { readLesson } from './parser.ts';
import { printLesson } from './printer.ts';
import { known } from './scenes.ts';
import { verifyLesson } from './verify.ts';

describe.each(course.map((entry) => [entry.id, entry] as const))('%s', (_, entry) => {
  test('is so, and is what the course says of it', async () => {
    const text = await entry.text();
    const { lesson, diagnostics, stops, facts, claims } = verifyLesson(text);
    expect(diagnostics).toEqual([]);
    expect(stops).toBe(lesson.beats.length);
    expect(facts).toBeGreaterThan(3);
    expect(claims).toBeGreaterThan(0);
    const { title, about, part, minutes } = lesson;
    expect({ title: title.text, about: about.text, part: part.text, minutes, beats: stops }).toEqual({
      title: entry.title,
      about: entry.about,
      part: entry.part,
      minutes: entry.minutes,
      beats: entry.beats,
    });
    expect(printLesson(lesson)).toBe(text);
  });
});

test('at least twelve lessons, in their order, each with something to predict or to solve', async () => {
  const lessons = await Promise.all(course.map(async (entry) => readLesson(await entry.text()).lesson));
  expect(lessons.length).toBeGreaterThanOrEqual(12);
  expect(lessons.map((one) => one.order)).toEqual(lessons.map((_, i) => i + 1));
  for (const { beats } of lessons)
    expect(beats.some(({ said }) => said.predict !== undefined || said.challenge !== undefined)).toBe(true);
});

test('what a lesson needs stands before it, and the picture of it is of one of its beats', () => {
  for (const [i, { id, needs, picture, beats }] of course.entries()) {
    const before = course.slice(0, i).map((one) => one.id);
    expect([id, needs.filter((one) => !before.includes(one))]).toEqual([id, []]);
    expect(picture).toBeGreaterThanOrEqual(1);
    expect(picture).toBeLessThanOrEqual(beats);
  }
});

const leak = (): Promise<string> => course.find((one) => one.id === 'vmsplice-leak')!.text();
/** Messages with their lines, after one change. */
async function after(from: string, to: string): Promise<readonly string[]> {
  const text = await leak();
  expect(text).toContain(from);
  return verifyLesson(text.replace(from, to)).diagnostics.map((d) => `${d.line}: ${d.message}`);
}

describe('a lesson that is not so fails, at its line', () => {
  test('a stop whose step is gone', async () => {
    const found = await after('at: child@vmsplice.end', 'at: child@vmsplice.vmsplice.gone');
    expect(found).toEqual([expect.stringMatching(/^24: This run never comes to child@vmsplice/)]);
  });

  test('a stop of another thread', async () => {
    expect(await after('at: parent@fork.end', 'at: child@fork.end')).toEqual([
      expect.stringMatching(/^14: This run never comes to child@fork/),
    ]);
  });

  test('a verdict that is the wrong way round', async () => {
    const found = await after('claim: v5.8..v7.2 holds', 'claim: v5.8..v7.2 breaks');
    expect(found.join()).toContain('expects the opposite');
    const other = await after(
      'claim: v5.7 breaks private-writes-stay-private\n',
      'claim: v6.12 breaks no-deadlock\n',
    );
    expect(other.join()).toContain('expects the opposite');
  });

  test('a number that is not so', async () => {
    expect(await after('f0.refcount = 3', 'f0.refcount = 4')).toEqual([
      expect.stringContaining('not so on v5.7, at step 34 of 59'),
    ]);
  });

  test('a claim about a scenario that expects nothing of that kernel', async () => {
    const text = (await leak()).replace(
      'scenario: vmsplice-leak',
      `scenario: vmsplice-leak
  process parent
  region a anon 1 page
  parent: store a.0 "old"
  parent: fork child
  child: vmsplice a.0 -> p
  child: munmap a
  parent: store a.0 "secret"
  child: read p -> got`,
    );
    expect(verifyLesson(text).diagnostics).toEqual([]);
    const flipped = text.replace('claim: v4.8..v5.7 breaks', 'claim: v4.8..v5.8 breaks');
    expect(verifyLesson(flipped).diagnostics.map((d) => d.message)).toEqual([
      'the checker says of v5.8: holds',
    ]);
  });

  test('a challenge that nobody can meet, and one that is met already', async () => {
    const never = (await leak()).replace(
      'challenge: find private-writes-stay-private',
      'challenge: find no-deadlock',
    );
    expect(verifyLesson(never).diagnostics.map((d) => d.message)).toEqual(['no order breaks it on v5.7']);
    const met = (await leak()).replace('schedule: parent@store~2.end', 'schedule: child@munmap.end');
    expect(verifyLesson(met).diagnostics.map((d) => d.message)).toEqual([
      'the run of this beat breaks it already',
    ]);
  });

  test('a question to which there is one answer', async () => {
    const found = await after('predict: who sees "secret"', 'predict: refcount f0');
    expect(found.length).toBe(0);
    expect(await after('predict: who sees "secret"', 'predict: pins f0')).toEqual([
      expect.stringContaining('every kernel and every step gives the same answer'),
    ]);
  });
});

test('the example in the docs is so', () => {
  const file = new URL('../../docs/how-to/write-a-lesson.md', import.meta.url);
  const example = /```\n(lesson: [\s\S]*?)```/.exec(readFileSync(file, 'utf8'))![1]!;
  const { diagnostics, stops, questions, lesson } = verifyLesson(example);
  expect([diagnostics, stops, questions]).toEqual([[], 2, 1]);
  expect(printLesson(lesson)).toBe(example);
});

test('what lessons may name is what the engine knows', () => {
  expect(known).toEqual(engineKnows);
});
