/**
 * A lesson's text to its tree. Lines are `key: value`, in the head of the text and at the top of each beat;
 * a value goes on in lines that are indented. `## title` begins a beat, and what stands below its keys is
 * prose. Scenarios are read by the parser of the scenario language, and so are claims. Never throws.
 */
import { problems } from '../scenario/diagnostic.ts';
import type { Diagnostic, Problems, Span } from '../scenario/diagnostic.ts';
import { linesOf } from '../scenario/lexer.ts';
import { didYouMean } from '../scenario/nearest.ts';
import { parse } from '../scenario/parser.ts';
import { challengeOf, sandboxOf } from './challenges.ts';
import { isPrediction, PREDICTIONS } from './predictions.ts';
import { BEAT_KEYS, HEAD_KEYS, REPEATED, stagesOf } from './syntax.ts';
import type { Beat, BeatKey, HeadKey, Lesson, Repeated, Said, Scene, Single } from './syntax.ts';

/** Longer ones are no lesson. */
export const LESSON_MAX = 128 * 1024;
const BEATS_MAX = 60;

export interface Read {
  readonly lesson: Lesson;
  readonly diagnostics: readonly Diagnostic[];
}

/** `key: value` and the indented lines below it. */
interface Field {
  readonly key: string;
  readonly said: Said;
  readonly more: readonly string[];
  readonly at: Span;
}

const FORM = 'A lesson begins with `lesson: TITLE`; each beat with `## TITLE`.';
const FIELD = /^([A-Za-z][A-Za-z-]*):(?:\s+(.*))?$/;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

export function readLesson(text: string): Read {
  const found = problems();
  if (text.length > LESSON_MAX) {
    found.error(spanOf(1), `the text has ${text.length} letters; at most ${LESSON_MAX} are read`, FORM);
    return { lesson: lessonOf([], [], found), diagnostics: found.sorted() };
  }
  const lines = linesOf(text.replaceAll('\t', '  '));
  for (const [i, line] of lines.entries()) {
    const at = line.search(CONTROL);
    if (at >= 0) found.error(spanOf(i + 1, at + 1), 'a control character', 'Use letters.');
  }
  const heads = lines.flatMap((line, i) => (/^##(?!#)/.test(line) ? [i] : []));
  const fields = fieldsOf(lines, 0, heads[0] ?? lines.length, found).fields;
  if (heads.length > BEATS_MAX) {
    const first = heads[BEATS_MAX] ?? 0;
    found.error(spanOf(first + 1), `more than ${BEATS_MAX} beats`, 'Make two lessons of it.');
  }
  const beats = heads
    .slice(0, BEATS_MAX)
    .map((from, i) => beatOf(lines, from, heads[i + 1] ?? lines.length, found));
  const lesson = lessonOf(fields, beats, found);
  if (!found.failed()) judge(lesson, found);
  return { lesson, diagnostics: found.sorted() };
}

const spanOf = (line: number, column = 1, length = 1): Span => ({ line, column, length });
const indentOf = (line: string): number => line.length - line.trimStart().length;

/** The fields of lines `from` to `to`; in a beat up to the first line of prose, which `end` is. */
function fieldsOf(
  lines: readonly string[],
  from: number,
  to: number,
  found: Problems,
  inBeat = false,
): { fields: Field[]; end: number } {
  const fields: Field[] = [];
  let i = from;
  while (i < to) {
    const line = lines[i] ?? '';
    if (line.trim() === '') {
      i++;
      continue;
    }
    const [, key = '', value = ''] = FIELD.exec(line) ?? [];
    if (key === '') {
      if (inBeat) break;
      found.error(spanOf(i + 1, indentOf(line) + 1, line.trim().length), 'this line has no key', FORM);
      i++;
      continue;
    }
    const first = i++;
    const more: string[] = [];
    for (let blank = 0; i + blank < to;) {
      const next = lines[i + blank] ?? '';
      if (next.trim() === '') blank++;
      else if (indentOf(next) > 0) {
        for (; blank > 0; blank--, i++) more.push('');
        more.push(next);
        i++;
      } else break;
    }
    const column = value === '' ? key.length + 2 : line.length - value.length + 1;
    const said = { text: value.trim(), span: spanOf(first + 1, column, Math.max(1, value.length)) };
    fields.push({ key, said, more, at: spanOf(first + 1, 1, key.length) });
  }
  return { fields, end: i };
}

/** The value with the lines that go on with it. */
const joined = ({ said, more }: Field): Said => ({
  text: [said.text, ...more.map((line) => line.trim())].filter((line) => line !== '').join(' '),
  span: said.span,
});

function lessonOf(fields: readonly Field[], beats: readonly Beat[], found: Problems): Lesson {
  const said: Partial<Record<HeadKey, Said>> = {};
  const scenes: Scene[] = [];
  const nothing: Said = { text: '', span: spanOf(1) };
  for (const field of fields) {
    const key = HEAD_KEYS.find((one) => one === field.key);
    if (key === undefined) {
      const belongs = BEAT_KEYS.some((one) => one === field.key)
        ? 'It belongs into a beat, below its ##.'
        : '';
      const hint = belongs || didYouMean(field.key, HEAD_KEYS, `There are ${HEAD_KEYS.join(', ')}.`);
      found.error(field.at, `\`${field.key}\` is no key of a lesson's head`, hint);
    } else if (key === 'scenario') sceneOf(field, scenes, found);
    else if (said[key] !== undefined) found.error(field.at, `${key} is said twice`, 'Keep one of them.');
    else {
      said[key] = joined(field);
      if (said[key].text === '') found.error(field.at, `${key} says nothing`, FORM);
    }
  }
  for (const key of ['lesson', 'about', 'minutes'] as const)
    if (said[key] === undefined)
      found.error(spanOf(1), `the lesson has no ${key}`, `Write \`${key}: ...\` above the beats.`);
  if (scenes.length === 0)
    found.error(
      spanOf(1),
      'the lesson has no scenario',
      'Write `scenario: NAME` with a name of the gallery.',
    );
  if (beats.length === 0)
    found.error(spanOf(1), 'the lesson has no beats', 'Write `## TITLE` and prose below it.');
  return {
    title: said.lesson ?? nothing,
    about: said.about ?? nothing,
    source: said.source ?? nothing,
    part: said.part ?? nothing,
    order: numberOf(said.order, 'a place in the course', found),
    minutes: numberOf(said.minutes, 'a number of minutes', found),
    scenes,
    beats,
  };
}

function numberOf(said: Said | undefined, what: string, found: Problems): number {
  if (said === undefined) return 0;
  if (/^[1-9]\d{0,2}$/.test(said.text)) return Number(said.text);
  found.error(said.span, `\`${said.text.slice(0, 20)}\` is not ${what}`, 'Write a whole number from 1 on.');
  return 0;
}

function sceneOf({ said, more, at }: Field, scenes: Scene[], found: Problems): void {
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(said.text)) {
    const hint = 'A name of the gallery, or a name of your own and the scenario in indented lines below.';
    return found.error(
      said.span,
      said.text === '' ? 'the scenario has no name' : 'this cannot be a name',
      hint,
    );
  }
  if (scenes.some((one) => one.name.text === said.text))
    found.error(at, `${said.text} is there already`, 'Give it another name.');
  const common = Math.min(...more.filter((line) => line !== '').map(indentOf));
  const indents = more.map((line) => (line === '' ? 0 : common));
  const lines = more.length === 0 ? null : more.map((line, i) => line.slice(indents[i]).trimEnd());
  const scene: Scene = { name: said, lines, indents };
  scenes.push(scene);
  for (const one of parse(textOf(scene)).diagnostics)
    (one.severity === 'error' ? found.error : found.warning)(placed(scene, one), one.message, one.hint);
}

/** The text of a scenario that is written out; '' for one of the gallery. */
export const textOf = ({ lines }: Scene): string => (lines === null ? '' : `${lines.join('\n')}\n`);

/** A place in a scenario's own lines as a place in the lesson. */
export function placed({ name, indents }: Scene, { line, column, length }: Span): Span {
  const at = Math.min(Math.max(1, line), Math.max(1, indents.length));
  return { line: name.span.line + at, column: column + (indents[at - 1] ?? 0), length };
}

function beatOf(lines: readonly string[], from: number, to: number, found: Problems): Beat {
  const head = lines[from] ?? '';
  const title = head.slice(2).trim();
  const span = spanOf(from + 1, Math.max(1, head.indexOf(title, 2) + 1), Math.max(1, title.length));
  if (title === '') found.error(span, 'the beat has no title', '## The pipe takes a reference');
  const { fields, end } = fieldsOf(lines, from + 1, to, found, true);
  const said: Partial<Record<Single, Said>> = {};
  const many: Record<Repeated, Said[]> = { fact: [], claim: [], must: [] };
  for (const field of fields) {
    const key = BEAT_KEYS.find((one) => one === field.key);
    if (key === undefined) {
      const hint = didYouMean(field.key, BEAT_KEYS, `There are ${BEAT_KEYS.join(', ')}.`);
      found.error(field.at, `\`${field.key}\` is no key of a beat`, hint);
    } else if (isRepeated(key)) many[key].push(joined(field));
    else if (said[key] !== undefined) found.error(field.at, `${key} is said twice`, 'Keep one of them.');
    else {
      said[key] = joined(field);
      if (said[key].text === '') found.error(field.at, `${key} says nothing`, 'Leave the line out.');
    }
  }
  const prose: string[][] = [];
  let open: string[] | null = null;
  for (let i = end; i < to; i++) {
    const line = (lines[i] ?? '').trim();
    if (line === '') open = null;
    else {
      const key = FIELD.exec(line)?.[1] ?? '';
      if (BEAT_KEYS.some((one) => one === key))
        found.error(spanOf(i + 1, 1, key.length), `${key} stands below the prose`, 'Keys come first.');
      if (line.startsWith('#'))
        found.error(spanOf(i + 1), 'this is no title', 'Beats begin with ## at the start of a line.');
      if (open === null) prose.push((open = []));
      open.push(line);
    }
  }
  if (prose.length === 0) found.error(span, 'the beat says nothing', 'Write a sentence or two below it.');
  const { fact: facts, claim: claims, must: musts } = many;
  return { title: { text: title, span }, said, facts, claims, musts, prose };
}

const isRepeated = (key: BeatKey): key is Repeated => REPEATED.some((one) => one === key);

/** What can be said without running anything. */
function judge(lesson: Lesson, found: Problems): void {
  for (const { beat, model } of stagesOf(lesson)) {
    const { said, claims } = beat;
    if (model.text === '')
      found.error(beat.title.span, 'the beat has no kernel', 'Write `model: v5.7` below it.');
    if (said.scenario !== undefined && !lesson.scenes.some((s) => s.name.text === said.scenario?.text)) {
      const names = lesson.scenes.map((s) => s.name.text);
      const hint = didYouMean(said.scenario.text, names, `The head has: ${names.join(', ')}.`);
      found.error(said.scenario.span, `no scenario ${said.scenario.text} in the head`, hint);
    }
    for (const claim of claims) claimOf(claim, found);
    const { predict, until, challenge, sandbox, hint, answer } = said;
    if (predict !== undefined && !isPrediction(predict.text))
      found.error(
        predict.span,
        `\`${predict.text.slice(0, 40)}\` is nothing to predict`,
        `There are: ${PREDICTIONS}.`,
      );
    if (until !== undefined && predict === undefined)
      found.error(until.span, 'until belongs to predict', 'It says where the answer shows.');
    for (const one of [hint, answer])
      if (one !== undefined && challenge === undefined && sandbox === undefined)
        found.error(one.span, 'there is no challenge here', 'Write `challenge: find INVARIANT`.');
    if (challenge !== undefined) challengeOf(challenge, answer, found);
    if (challenge !== undefined && sandbox !== undefined)
      found.error(sandbox.span, 'a beat has a challenge or a sandbox', 'Make two beats of it.');
    sandboxOf(beat, lesson, found);
  }
}

/** `v5.7..v5.9 breaks INVARIANT`, as in an `expect` line. */
function claimOf(claim: Said, found: Problems): void {
  for (const one of parse(`expect ${claim.text}`).diagnostics) {
    const column = Math.max(claim.span.column, claim.span.column + one.column - 'expect '.length - 1);
    found.error(
      { ...claim.span, column, length: one.length },
      one.message,
      one.hint.replace(/expect /g, 'claim: '),
    );
  }
}
