import { expect, test } from 'vitest';
import { readLesson, textOf } from '../../../../lessons/parser.ts';
import { stagesOf } from '../../../../lessons/syntax.ts';
import { BEGUN } from '../ownText.ts';
import { withBeat } from './add.ts';

const where = { model: 'v5.9', schedule: '', position: 'parent@fork.end' };
const own = 'process parent\nregion a anon 1 page\n\nparent: fork child\n';

/** Scenario, its text and stop of each beat; throws if the text has mistakes. */
const beats = (text: string): (readonly [string, string, string, string, string])[] => {
  const { lesson, diagnostics } = readLesson(text);
  expect(diagnostics).toEqual([]);
  return stagesOf(lesson).map(({ scene, model, at, schedule }) => {
    return [scene.name.text, textOf(scene), model.text, at, schedule];
  });
};

test('the step on the screen becomes the last beat, of a scenario that the lesson has', () => {
  const text = withBeat(BEGUN, { ...where, scenario: 'vmsplice-leak', text: 'whatever the gallery has\n' });
  expect(beats(text).at(-1)).toEqual(['vmsplice-leak', '', 'v5.9', 'parent@fork.end', '']);
  expect(readLesson(text).lesson.scenes).toHaveLength(1);
});

test('of a scenario that it does not have yet, the head gets its name or its text, once', () => {
  const other = withBeat(BEGUN, {
    ...where,
    scenario: 'zero-page',
    text: 'x\n',
    schedule: 'parent@fork.end',
  });
  expect(beats(other).at(-1)).toEqual(['zero-page', '', 'v5.9', 'parent@fork.end', 'parent@fork.end']);
  const mine = withBeat(other, { ...where, scenario: '', text: own });
  expect(beats(mine).at(-1)).toEqual(['mine', own, 'v5.9', 'parent@fork.end', '']);
  const again = withBeat(mine, { ...where, scenario: '', text: own, position: 'end' });
  expect(beats(again).at(-1)).toEqual(['mine', own, 'v5.9', 'end', '']);
  const second = withBeat(again, { ...where, scenario: '', text: own.replace('1 page', '2 pages') });
  expect(readLesson(second).lesson.scenes.map((one) => one.name.text)).toEqual([
    'vmsplice-leak',
    'zero-page',
    'mine',
    'mine-2',
  ]);
  // What was there before stands where it stood.
  expect(beats(second).slice(0, 2)).toEqual(beats(BEGUN));
});
