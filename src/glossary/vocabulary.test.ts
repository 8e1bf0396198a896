// docs/vocabulary.md against the kernels, the lessons and the signs of the picture.
import { describe, expect, test } from 'vitest';
import { legendWords } from '../app/picture/legend-room.ts';
import { models } from '../kernel/models/index.ts';
import { course } from '../lessons/course/index.ts';
import { readLesson } from '../lessons/parser.ts';
import { paragraphsOf } from '../lessons/syntax.ts';
import { gallery } from '../scenario/gallery/index.ts';
import type { Sign } from '../scene/scene.ts';
import { isTest, readText, textFiles } from '../tidy/source-files.ts';
import { finderOf } from './find.ts';
import { eraWords, heldIn, idOf, order, readVocabulary } from './vocabulary.ts';

const { terms, problems } = readVocabulary(readText('docs/vocabulary.md'));
const find = finderOf(terms);
const idsIn = (texts: readonly string[]): string[] =>
  find(texts).flatMap((parts) => parts.flatMap((one) => (typeof one === 'string' ? [] : [one.term.id])));

const lessons = await Promise.all(
  course.map(async ({ id, text }) => ({ id, beats: readLesson(await text()).lesson.beats })),
);
const prose = lessons.flatMap(({ beats }) => beats.flatMap(paragraphsOf));

describe('docs/vocabulary.md', () => {
  test('has no mistakes: every form is one word’s, every link leads to a word', () => {
    expect(problems).toEqual([]);
    expect(terms.length).toBeGreaterThan(60);
  });

  test('every word is explained in one or two sentences', () => {
    const sentences = (text: string): number => text.match(/[.?](?= [A-Z]|$)/g)?.length ?? 0;
    const long = terms.filter(({ means }) => sentences(means) < 1 || sentences(means) > 3);
    expect(long.map(({ word, means }) => `${word}: ${means}`)).toEqual([]);
  });

  test('every word stands in a text of the app', () => {
    const sources = textFiles('src').filter((path) => /\.tsx?$/.test(path) && !isTest(path));
    // What people read: sentences in quotes, and not the names of variables.
    const strings = sources.flatMap(
      (path) => readText(path).match(/'(?:[^'\\\n]|\\.)* (?:[^'\\\n]|\\.)*'/g) ?? [],
    );
    const used = new Set(idsIn([...prose, ...gallery.map(({ about }) => about), ...strings]));
    const unused = terms.filter(({ id, quiet }) => !quiet && !used.has(id));
    expect(unused.map(({ word }) => word)).toEqual([]);
  });
});

describe('names in kernels', () => {
  const trees = textFiles('fixtures/kernel-symbols').map((path) => {
    const version = /v[\d.]+\d/.exec(path)![0];
    const names = readText(path)
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .flatMap((line) => line.replace(/^\S+: /, '').split(' '));
    return { version, names: new Set(names) };
  });
  const named = terms.flatMap(({ word, kernel }) => kernel.map((era) => ({ word, era })));
  /** v5.7.14 of that tree has a fix of 5.8. */
  const backported = new Set(['should_force_cow_break in v5.7']);

  test('there are trees to ask', () => {
    expect(trees.length).toBeGreaterThan(8);
  });

  test.each(named.filter(({ era }) => era.name.endsWith('()')))('$word: $era.name', ({ era }) => {
    const name = era.name.slice(0, -2);
    const there = trees.filter(({ version }) => heldIn(era, version));
    expect(there.length, 'some tree is of that era').toBeGreaterThan(0);
    expect(there.filter(({ names }) => !names.has(name)).map(({ version }) => version)).toEqual([]);
    const early = trees.filter(
      ({ version, names }) => era.since !== '' && order(version) < order(era.since) && names.has(name),
    );
    expect(early.map(({ version }) => `${name} in ${version}`).filter((one) => !backported.has(one))).toEqual(
      [],
    );
  });

  test.each(named.filter(({ era }) => !era.name.endsWith('()')))(
    '$word: $era.name is in src/kernel',
    ({ era }) => {
      const files = textFiles('src/kernel').filter((path) => !isTest(path));
      expect(files.some((path) => new RegExp(String.raw`\b${era.name}\b`).test(readText(path)))).toBe(true);
    },
  );

  test('mmap_lock is called as the models call it', () => {
    const eras = terms.find(({ id }) => id === 'mmap_lock')!.kernel;
    const kernels = models.filter(({ id }) => /^v\d+\.\d+$/.test(id));
    expect(kernels.length).toBeGreaterThan(8);
    for (const { id, rules } of kernels)
      expect(eras.filter((era) => heldIn(era, id)).map(({ name }) => name)).toEqual([rules.mmapLockName]);
  });
});

describe('where it is read', () => {
  /** What everybody knows, or what the lesson itself says. */
  const known = new Set(['CPU', 'CPUs', 'MB', 'kB', 'PID', 'ABA', 'CVE', 'SIGSEGV', 'UW', 'SD', 'MS']);

  test('every abbreviation and every name of a lesson is a word here', () => {
    const names = prose.flatMap((text) => text.match(/(?<![\w/.-])[A-Z]{2,}[A-Z_]*s?(?![\w(-])/g) ?? []);
    const left = [...new Set(names)].filter((name) => !known.has(name) && idsIn([name]).length === 0);
    expect(names.length).toBeGreaterThan(30);
    expect(left).toEqual([]);
  });

  test.each([
    'folio',
    'refcount',
    'mapcount',
    'pin',
    'reference',
    'exclusive',
    'unshare',
    'fork',
    'cow',
    'page-fault',
    'tlb',
    'tlb-flush',
    'stale-tlb-entry',
    'pte',
    'pmd',
    'vma',
    'mmap_lock',
    'vma-lock',
    'range-lock',
    'speculative-fault',
    'userfaultfd',
    'soft-dirty',
    'mprotect',
    'munmap',
    'vmsplice',
    'huge-page',
    'large-folio',
    'lru-batch',
    'write-protect',
    'maybe-pinned',
    'mapping',
    'madv_dontneed',
  ])('%s is explained in a lesson', (id) => {
    expect(prose.some((text) => idsIn([text]).includes(id))).toBe(true);
  });

  test('every lesson has words to ask for', () => {
    const poor = lessons.filter(({ beats }) => idsIn(beats.flatMap(paragraphsOf)).length < 5);
    expect(poor.map(({ id }) => id)).toEqual([]);
  });

  const two = [
    { name: 'parent', who: 0 },
    { name: 'child', who: 1 },
  ];
  const bits = ['present', 'writable', 'dirty', 'accessed', 'soft-dirty', 'userfaultfd write-protected'];
  /** Bytes are explained by the words beside them. */
  const plain: readonly Sign[] = ['solid'];

  test.each([9000, 300])('every sign of the legend has a word, in a picture of %d', (width) => {
    const { words } = legendWords([], [], two, width);
    const mute = Object.entries(words).filter(
      ([sign, text]) => idsIn([text]).length === 0 && !plain.includes(sign as Sign),
    );
    expect(mute).toEqual([]);
    expect(bits.filter((name) => idsIn([name]).length === 0)).toEqual([]);
  });

  test.each(['mapcount', 'other references', 'pins', 'in the LRU batch', 'marked exclusive'])(
    'so has “%s” of the rule lens',
    (label) => {
      expect(idsIn([label])).toHaveLength(1);
    },
  );
});

describe('mistakes are told, with what to do', () => {
  const said = (text: string): string[] =>
    readVocabulary(text).problems.map(({ line, message, hint }) => `${line}: ${message}. ${hint}`);
  const good = '## P\n\n### a\n\nA.\n';

  test('a good file has none', () => {
    expect(said(good)).toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ['no part', '### a\n\nA.\n', /^1: “a” stands in no part\. Put a heading/],
    ['no explanation', `${good}\n### b\n`, /^7: “b” is not explained/],
    ['too much', `## P\n\n### a\n\n${'long '.repeat(80)}\n`, /^3: “a” has \d+ letters\. At most 280/],
    [
      'an unknown key',
      '## P\n\n### a\n- alias: b\n\nA.\n',
      /^4: “alias: b” is not understood\. Known: also,/,
    ],
    [
      'a name without marks',
      '## P\n\n### a\n- kernel: mmap_sem until v5.7\n\nA.\n',
      /^4: .* is no name of a kernel/,
    ],
    ['a version that is none', '## P\n\n### a\n- kernel: `x` until 5.7\n\nA.\n', /^4: .*Write `name` since/],
    [
      'an era the wrong way round',
      '## P\n\n### a\n- kernel: `x` since v5.10 until v5.9\n\nA.\n',
      /^3: x ends before/,
    ],
    [
      'a link to nowhere',
      '## P\n\n### a\n- see: [b](#b)\n\nA.\n',
      /^3: “a” leads to #b, which is no other word/,
    ],
    ['a link to itself', '## P\n\n### a\n- see: [a](#a)\n\nA.\n', /^3: “a” leads to #a/],
    [
      'a link that says another word',
      `${good}\n### b\n- see: [c](#a)\n\nB.\n`,
      /^8: .* is no link to a word/,
    ],
    ['a form of two words', `${good}\n### b\n- also: A\n\nB.\n`, /^7: “A” is a word of “a”, too/],
    ['quiet, how?', '## P\n\n### a\n- quiet: no\n\nA.\n', /^4: “quiet: no” is not understood/],
  ])('%s', (_, text, wanted) => {
    expect(said(text)).toEqual([expect.stringMatching(wanted)]);
  });
});

test('versions are compared as numbers, and said in words', () => {
  expect(order('v5.9')).toBeLessThan(order('v5.10'));
  expect(order('v5.19')).toBeLessThan(order('v6.1'));
  expect(eraWords({ name: 'x', since: '', until: 'v5.7' })).toBe('until v5.7');
  expect(eraWords({ name: 'x', since: 'v5.8', until: 'v5.8' })).toBe('in v5.8');
  expect(eraWords({ name: 'x', since: 'v5.8', until: 'v5.9' })).toBe('since v5.8 until v5.9');
  expect(heldIn({ name: 'x', since: 'v5.8', until: '' }, 'v5.10')).toBe(true);
  expect(heldIn({ name: 'x', since: '', until: 'v5.9' }, 'v5.10')).toBe(false);
  expect(idOf('stale TLB entry')).toBe('stale-tlb-entry');
  expect(idOf('direct I/O')).toBe('direct-io');
});
