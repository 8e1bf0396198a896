// Challenges and sandboxes: what their lines say, and that the check of a lesson notices when one cannot be
// met, or asks nothing.
import { describe, expect, test } from 'vitest';
import { challengeIn, mustIn, sandboxIn } from './challenges.ts';
import { readLesson } from './parser.ts';
import { printLesson } from './printer.ts';
import { verifyLesson } from './verify.ts';

const GUARDS = 'copy-holds-old-folio copy-rechecks-pte copy-flushes-first';
const lessonOf = (...keys: string[]): string =>
  [
    'lesson: Something to do',
    'about: One beat.',
    'minutes: 3',
    'scenario: source-goes-away',
    'scenario: vmsplice-leak',
    'scenario: mprotect-under-pin',
    '',
    '## Do it',
    'model: v5.11',
    'at: end',
    ...keys,
    '',
    'Some words.',
    '',
  ].join('\n');
const remove = (guards: string, model = 'v5.11'): string =>
  lessonOf(`challenge: remove ${guards}`).replace('model: v5.11', `model: ${model}`);
const sandbox = (base: string, answer: string, ...musts: string[]): string =>
  lessonOf(`sandbox: ${base}`, `answer: ${answer}`, ...musts.map((one) => `must: ${one}`));
const said = (text: string): string[] => verifyLesson(text).diagnostics.map((d) => `${d.line}: ${d.message}`);

describe('the lines', () => {
  test('of challenges', () => {
    expect(challengeIn('find no-deadlock')).toEqual({ kind: 'find', invariant: 'no-deadlock' });
    expect(challengeIn('mend')).toEqual({ kind: 'mend' });
    expect(challengeIn('remove a-b c')).toEqual({ kind: 'remove', guards: ['a-b', 'c'] });
    for (const text of [
      'find',
      'find a b',
      'mend it',
      'remove',
      'remove a',
      'remove a a',
      'remove A b',
      'win',
    ])
      expect(challengeIn(text)).toBe(null);
  });
  test('of sandboxes', () => {
    expect(sandboxIn('v5.9')).toEqual({ base: 'v5.9', switches: [] });
    expect(sandboxIn('v5.9 reuse fork')).toEqual({ base: 'v5.9', switches: ['reuse', 'fork'] });
    expect(mustIn('x holds')).toEqual({ scenario: 'x', invariant: '', words: '' });
    expect(mustIn('x-y holds no-deadlock: nobody waits: ever')).toEqual({
      scenario: 'x-y',
      invariant: 'no-deadlock',
      words: 'nobody waits: ever',
    });
    for (const text of ['x', 'x breaks', 'holds', 'x holds A B', 'x holds:'])
      expect([text, mustIn(text)]).toEqual([text, null]);
  });
  test('are printed as they are read', () => {
    const text = sandbox('v5.11 reuse', 'v5.11~reuse.mapcount', 'mprotect-under-pin holds: a pin stays');
    const { lesson, diagnostics } = readLesson(text);
    expect(diagnostics).toEqual([]);
    expect(printLesson(lesson)).toBe(text);
  });
  test.each([
    [lessonOf('must: vmsplice-leak holds'), '11:7 must belongs to sandbox'],
    [lessonOf('sandbox: v5.9'), '11:10 nothing is asked of the rules, 11:10 the answer is missing'],
    [
      lessonOf('challenge: mend', 'sandbox: v5.9', 'answer: x => y', 'must: vmsplice-leak holds'),
      '12:10 a beat has a challenge or a sandbox',
    ],
    [sandbox('v5.9', 'v5.9~reuse.mapcount', 'nothing holds'), '13:7 no scenario nothing in the head'],
    [sandbox('v5.9', 'v5.9~reuse.mapcount', 'vmsplice-leak breaks'), '13:7 this is not understood'],
    [lessonOf('challenge: remove copy-rechecks-pte'), '11:12 this challenge is not understood'],
    [
      lessonOf(`challenge: remove ${GUARDS}`, 'answer: copy-flushes-first'),
      '12:9 the checker finds the answer itself',
    ],
  ])('that are no good say where: %#', (text, message) => {
    const found = readLesson(text).diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`);
    expect(found.join(', ')).toBe(message);
  });
});

describe('a guard to be removed', () => {
  test('there is one that is needed, and one that is not', () => {
    expect(said(remove(GUARDS))).toEqual([]);
  });
  test('all of them are needed', () => {
    expect(said(remove('copy-holds-old-folio copy-rechecks-pte'))).toEqual(['11: each of them is needed']);
  });
  test('none of them is', () => {
    expect(said(remove('copy-flushes-first fork-flushes'))).toEqual(['11: none of them is needed']);
  });
  test('one that no run comes to, and one that nobody knows', () => {
    expect(said(remove(`${GUARDS} mprotect-flushes`))).toEqual([
      '11: no run comes to mprotect-flushes on v5.11',
    ]);
    expect(said(remove('copy-rechecks-pte copy-rechecks'))).toEqual(['11: no guard is called copy-rechecks']);
  });
  test('something is broken with all of them', () => {
    const text = remove(GUARDS, 'v5.7').replace('scenario: source-goes-away\n', '');
    expect(said(text)).toEqual(['10: it does not hold on v5.7']);
  });
});

describe('a rule set to be found', () => {
  const leak = 'vmsplice-leak holds',
    pin = 'mprotect-under-pin holds pins-stay-coherent';
  const answer = 'v5.11~reuse.exclusive~huge.exclusive~swapin.refcount';
  test('the answer brings it about', () => {
    expect(said(sandbox('v5.11', answer, leak, pin))).toEqual([]);
    // What came along with a switch need not be named.
    expect(said(sandbox('v5.11 reuse', answer, leak, pin))).toEqual([]);
  });
  test('the answer does not', () => {
    expect(said(sandbox('v5.11', 'v5.11~reuse.mapcount', leak, pin))).toEqual([
      '13: the answer does not bring it about: violated',
    ]);
  });
  test('the base does it already', () => {
    expect(said(sandbox('v5.19', 'v5.19~lookup.break', leak, pin))).toEqual([
      '11: v5.19 does all of it already',
    ]);
  });
  test('the answer is no rule set, or not one of this task', () => {
    expect(said(sandbox('v5.11', 'v5.11~reuse.exclusive', leak, pin))).toEqual([
      '12: reuse.exclusive needs huge.exclusive',
    ]);
    expect(said(sandbox('v5.11 fork', answer, leak, pin))).toEqual(['12: reuse is not among the switches']);
    expect(said(sandbox('v5.9', answer, leak, pin))).toEqual(['12: it is no rule set on v5.9']);
    expect(said(sandbox('v5.11 pages', answer, leak, pin))).toEqual(['11: no switch is called pages']);
    expect(said(sandbox('v9.9', answer, leak, pin))).toEqual(['11: no model is called "v9.9"']);
  });
  test('nobody knows the invariant', () => {
    expect(said(sandbox('v5.11', answer, leak, 'mprotect-under-pin holds pins-stay'))).toEqual([
      '14: no invariant is called pins-stay',
    ]);
  });
});
