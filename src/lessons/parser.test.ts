import { expect, test } from 'vitest';
import { seeded } from '../evidence/prng.ts';
import { linesOf } from '../scenario/lexer.ts';
import { course } from './course/index.ts';
import { LESSON_MAX, readLesson } from './parser.ts';
import { printLesson } from './printer.ts';
import { BEAT_KEYS, HEAD_KEYS, paragraphsOf, stagesOf } from './syntax.ts';

const SMALL = `lesson: Two beats
about: A page, and what becomes of it.
minutes: 3
scenario: mine
  process parent
  region a anon 1 page

  parent: store a.0 "old"
  parent: fork child
scenario: vmsplice-leak

## One
model: v5.7
at: parent@fork.end
fact: f0.refcount = 2

Two lines make one paragraph, as long as there is no blank line, and they are
broken where they are full.

And this is the second one.

## Two
scenario: vmsplice-leak
schedule: child@munmap.end
at: end

The end.

## Three

Still there.
`;
const mistakes = (text: string): string[] =>
  readLesson(text).diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`);

test('a lesson as a teacher writes it in a mail', () => {
  const { lesson, diagnostics } = readLesson(SMALL);
  expect(diagnostics).toEqual([]);
  expect(lesson.title.text).toBe('Two beats');
  expect(paragraphsOf(lesson.beats[0]!)).toEqual([
    'Two lines make one paragraph, as long as there is no blank line, ' +
      'and they are broken where they are full.',
    'And this is the second one.',
  ]);
  const stages = stagesOf(lesson).map(({ scene, model, schedule, at }) => [
    scene.name.text,
    model.text,
    schedule,
    at,
  ]);
  expect(stages).toEqual([
    ['mine', 'v5.7', '', 'parent@fork.end'],
    ['vmsplice-leak', 'v5.7', 'child@munmap.end', 'end'],
    ['vmsplice-leak', 'v5.7', 'child@munmap.end', 'start'],
  ]);
  expect(printLesson(lesson)).toBe(SMALL);
});

test('a mistake in a scenario is shown where it stands in the lesson', () => {
  expect(mistakes(SMALL.replace('  parent: fork child', '  parent: frok child'))).toEqual([
    expect.stringMatching(/^9:11 .*frok/),
  ]);
});

test('what is wrong is said once, at its place, with what to do', () => {
  expect(mistakes('')).toEqual([
    '1:1 the lesson has no lesson',
    '1:1 the lesson has no about',
    '1:1 the lesson has no minutes',
    '1:1 the lesson has no scenario',
    '1:1 the lesson has no beats',
  ]);
  const found = (from: string, to: string): string[] => mistakes(SMALL.replace(from, to));
  expect(found('model: v5.7', 'modle: v5.7')).toEqual(['13:1 `modle` is no key of a beat']);
  expect(readLesson(SMALL.replace('model: v5.7', 'modle: v5.7')).diagnostics[0]!.hint).toBe(
    'Did you mean model?',
  );
  expect(found('minutes: 3', 'minutes: three')).toEqual(['3:10 `three` is not a number of minutes']);
  expect(found('## Two', '## ')).toEqual(['22:3 the beat has no title']);
  expect(found('## Two', '# Two')).toEqual([
    '22:1 this is no title',
    '23:1 scenario stands below the prose',
    '24:1 schedule stands below the prose',
    '25:1 at stands below the prose',
  ]);
  expect(found('The end.', '')).toEqual(['22:4 the beat says nothing']);
  expect(found('\nThe end.', 'predict: the weather\n\nThe end.')).toEqual([
    '26:10 `the weather` is nothing to predict',
  ]);
  expect(found('\nThe end.', 'claim: v5.7 brakes\n\nThe end.')).toEqual([
    expect.stringMatching(/^26:\d+ .*verdict/),
  ]);
  expect(found('\nThe end.', 'challenge: mend\n\nThe end.')).toEqual(['26:12 the answer is missing']);
  expect(found('\nThe end.', 'until: end\n\nThe end.')).toEqual(['26:8 until belongs to predict']);
  expect(found('scenario: vmsplice-leak\nschedule', 'scenario: vmsplice-leek\nschedule')).toEqual([
    '23:11 no scenario vmsplice-leek in the head',
  ]);
  expect(mistakes('x'.repeat(LESSON_MAX + 1))[0]).toContain('letters; at most');
});

const ODD = [
  '## ',
  '#',
  '##',
  '  ',
  '\t',
  '\n',
  '\n\n',
  ':',
  '=>',
  '\u0000',
  '\u2028',
  '🐧',
  'who sees "',
  'none',
];
const WORDS = [...BEAT_KEYS.map((key) => `${key}: `), ...HEAD_KEYS.map((key) => `${key}: x`), ...ODD];

test('whatever is done to a lesson: mistakes are said at their place, good ones print alike', async () => {
  const { below } = seeded(20261121);
  const texts = [SMALL, ...(await Promise.all(course.map((one) => one.text())))];
  let good = 0;
  for (let n = 0; n < 1500; n++) {
    let text = texts[below(3) === 0 ? below(texts.length) : 0]!;
    for (let changes = 1 + below(4); changes > 0; changes--) {
      const at = below(text.length + 1);
      const word = below(3) === 0 ? '' : WORDS[below(WORDS.length)]!;
      if (below(3) > 0) text = text.slice(0, at) + word + text.slice(at + below(8));
      else {
        const lines = linesOf(text);
        lines.splice(below(lines.length + 1), below(3), lines[below(Math.max(1, lines.length))] ?? '', word);
        text = lines.join('\n');
      }
    }
    const { lesson, diagnostics } = readLesson(text);
    const lines = linesOf(text.replaceAll('\t', '  '));
    for (const { line, column, length, message } of diagnostics) {
      const width = lines[line - 1]?.length ?? (line === 1 ? 0 : -1);
      expect([
        text,
        line >= 1 && column >= 1 && length >= 1 && column <= width + 1 && message !== '',
      ]).toEqual([text, true]);
    }
    if (diagnostics.some((d) => d.severity === 'error')) continue;
    good++;
    const printed = printLesson(lesson);
    const again = readLesson(printed);
    expect([text, again.diagnostics.filter((d) => d.severity === 'error')]).toEqual([text, []]);
    expect(printLesson(again.lesson)).toBe(printed);
  }
  // Neither all noise nor all well.
  expect(good).toBeGreaterThan(150);
  expect(good).toBeLessThan(1400);
}, 60_000);
