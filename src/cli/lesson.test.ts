import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { course } from '../lessons/course/index.ts';
import { say } from './captured.ts';

const folder = mkdtempSync(join(tmpdir(), 'folioscope-'));
afterAll(() => rmSync(folder, { recursive: true }));
const LESSON = `lesson: Mine
about: One beat.
minutes: 1
scenario: vmsplice-leak

## The pipe takes a reference
model: v5.7
at: child@vmsplice.end
predict: copy or reuse
fact: f0.refcount = 3
claim: v5.7 breaks private-writes-stay-private

Three references.
`;
function written(change: (text: string) => string): string {
  const path = join(folder, 'mine.txt');
  writeFileSync(path, change(LESSON));
  return path;
}

test('without a lesson it lists the course', async () => {
  const { status, out } = await say('lesson');
  expect([status, out.split('\n').length]).toEqual([0, course.length]);
  const { out: json } = await say('lesson', '--json');
  expect(JSON.parse(json).map((one: { id: string }) => one.id)).toEqual(course.map((one) => one.id));
});

test('a lesson that is so', async () => {
  const { status, out, err } = await say(
    'lesson',
    written((text) => text),
  );
  expect([status, err]).toEqual([0, '']);
  expect(out).toBe('Mine: 1 stop, 1 fact, 1 claim, 1 question, all as written');
});

test('what is not so is an expectation that failed: exit status 1', async () => {
  const fact = await say(
    'lesson',
    written((text) => text.replace('refcount = 3', 'refcount = 2')),
  );
  expect(fact.status).toBe(1);
  expect(fact.err).toContain('mine.txt:10:7: error: not so on v5.7, at step 34 of 59');
  expect(fact.out).toContain('1 NOT SO');
});

test('what is not understood, or is not there: exit status 2, with line, column and what to do', async () => {
  const stop = await say(
    'lesson',
    written((text) => text.replace('child@vmsplice.end', 'child@vmsplice.nowhere.at')),
  );
  expect(stop.status).toBe(2);
  expect(stop.err).toContain('mine.txt:8:5: error: This run never comes to child@vmsplice.nowhere.at');
  const key = await say(
    'lesson',
    written((text) => text.replace('model:', 'modle:')),
  );
  expect([key.status, key.err]).toEqual([
    2,
    expect.stringContaining('mine.txt:7:1: error: `modle` is no key'),
  ]);
  expect(key.err).toContain('Did you mean model?');
  const none = await say('lesson', join(folder, 'none.txt'));
  expect([none.status, none.err]).toEqual([2, expect.stringContaining('there is no file')]);
});

test('on paper: one file with everything inside, and what is wrong with it is said', async () => {
  const page = join(folder, 'handout.html');
  const mine = written((text) => text);
  const made = await say('lesson', mine, '--handout', page, '--site', 'https://example.org/f/');
  expect([made.status, made.err]).toEqual([0, '']);
  expect(made.out).toBe(`Mine: 1 frame in ${page}; a browser prints it.`);
  const html = readFileSync(page, 'utf8');
  expect(html).toMatch(/^<!doctype html>/);
  expect(html.match(/<section class="handout-frame">/g)).toHaveLength(1);
  expect(html).toContain('href="https://example.org/f/#/');
  expect(html.match(/(?:src|href)="(?!data:|https:\/\/example\.org\/f\/)/g)).toBeNull();
  const plain = await say('lesson', mine, '--handout', page);
  expect(plain.status).toBe(0);
  expect(readFileSync(page, 'utf8')).not.toContain('handout-code"');
  const wrong = await say('lesson', mine, '--handout', page, '--site', 'somewhere');
  expect([wrong.status, wrong.err]).toEqual([2, expect.stringContaining('--site somewhere is no address')]);
  const none = await say('lesson', '--handout', page);
  expect([none.status, none.err]).toEqual([2, expect.stringContaining('--handout needs a lesson')]);
  const lost = await say('lesson', mine, '--handout', join(folder, 'nowhere', 'x.html'));
  expect([lost.status, lost.err]).toEqual([2, expect.stringContaining('ENOENT')]);
  const nowhere = written((text) => text.replace('child@vmsplice.end', 'child@vmsplice.nowhere.at'));
  const stop = await say('lesson', nowhere, '--handout', page);
  expect([stop.status, stop.err]).toEqual([
    2,
    expect.stringMatching(/The beat “The pipe takes a reference” cannot be drawn: This run never comes/),
  ]);
});
