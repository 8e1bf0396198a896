import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LINES_MAX, TEXT_MAX } from './limits.ts';
import { linesOf } from './lexer.ts';
import { parse } from './parser.ts';
import { print } from './printer.ts';
import type { Statement } from './syntax.ts';

const operation = (text: string) => {
  const { scenario, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return scenario.statements.map((s) => (s.kind === 'op' ? bare(s.op) : s.kind));
};
/** Without places, for reading. */
const bare = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (key, v: unknown) => (key === 'span' ? undefined : v)),
    (_, v: unknown) =>
      typeof v === 'object' && v !== null && Object.keys(v).join() === 'text' ? Object.values(v)[0] : v,
  );
const complaints = (text: string): string[] =>
  parse(text).diagnostics.map((d) => `${d.line}:${d.column}+${d.length} ${d.message} | ${d.hint}`);

describe('operations', () => {
  const page = { region: 'a', page: 0 },
    all = { region: 'a', page: null },
    pinned = { verb: 'pin', place: page, longterm: false, fast: false, hold: null };
  test.each([
    [
      'mmap a anon 2 ro',
      'map a anon 2 ro',
      { verb: 'mmap', region: 'a', kind: 'anon', pages: 2, readonly: true, populate: false },
    ],
    [
      'mmap a shared 1',
      'map a shanon 1',
      { verb: 'mmap', region: 'a', kind: 'shanon', pages: 1, readonly: false, populate: false },
    ],
    ['munmap a', 'unmap a', { verb: 'munmap', place: all, pages: null }],
    ['munmap a.0 3', 'unmap a.0 3', { verb: 'munmap', place: page, pages: 3 }],
    ['load a.0', 'ld a.0', { verb: 'load', place: page, result: null }],
    ['load a.0 -> seen', 'ld a.0 -> seen', { verb: 'load', place: page, result: 'seen' }],
    ['store a.0 0f', 'st a.0 0F', { verb: 'store', place: page, value: { text: '0f', hex: true } }],
    ['fork B', 'fork B', { verb: 'fork', child: 'B' }],
    ['exit', 'exit', { verb: 'exit' }],
    [
      'madvise a dontneed',
      'adv a dontneed',
      { verb: 'madvise', place: all, advice: 'dontneed', pages: null },
    ],
    ['mprotect a none', 'prot a none', { verb: 'mprotect', place: all, protection: 'none' }],
    ['vmsplice a.0 -> 0', 'vms a.0 0', { verb: 'vmsplice', place: page, pipe: '0', times: 1 }],
    ['read 0', 'prd 0', { verb: 'read', pipe: '0', result: null }],
    ['pin a.0 read', 'hro a.0', { ...pinned, access: 'read' }],
    ['pin a.0 write', 'hrw a.0', { ...pinned, access: 'write' }],
    ['pin a.0 read longterm', 'gro a.0', { ...pinned, access: 'read', longterm: true }],
    ['pin a.0 read longterm fast', 'grof a.0', { ...pinned, access: 'read', longterm: true, fast: true }],
    ['pin a.0 write longterm', 'grw a.0', { ...pinned, access: 'write', longterm: true }],
    ['unpin', 'gstop', { verb: 'unpin', hold: null }],
    ['device_read', 'gread', { verb: 'device_read', hold: null, result: null }],
    ['dio a.0 66', 'dio a.0 66', { verb: 'dio', place: page, value: { text: '66', hex: true } }],
    ['dio_read a.0', 'frd a.0', { verb: 'dio_read', place: page, hold: null }],
    ['dio_write a.0', 'fwr a.0', { verb: 'dio_write', place: page, hold: null }],
    ['uring_register a.0', 'ureg a.0', { verb: 'uring_register', place: page, hold: null }],
    ['uring_write a.0', 'uwr a.0', { verb: 'uring_write', buffer: null, place: page, result: null }],
    [
      'uring_read a.0 77',
      'urd a.0 77',
      { verb: 'uring_read', buffer: null, place: page, value: { text: '77', hex: true } },
    ],
    ['uring_unregister a.0', 'uunreg a.0', { verb: 'uring_unregister', buffer: null, place: page }],
    ['uring_unregister', 'uunreg', { verb: 'uring_unregister', buffer: null, place: null }],
    ['fopen a', 'fopen a', { verb: 'fopen', place: all }],
    [
      'complete 77',
      'fdone 77',
      { verb: 'complete', hold: null, value: { text: '77', hex: true }, result: null },
    ],
    [
      'release 77',
      'hrel 77',
      { verb: 'release', hold: null, value: { text: '77', hex: true }, result: null },
    ],
    ['nodrain', 'nodrain', { verb: 'nodrain' }],
  ])('%s and %s are one', (preferred, recorder, meaning) => {
    expect(operation(`A: ${preferred}`)).toEqual([meaning]);
    expect(operation(`A ${recorder}`)).toEqual([meaning]);
    expect(print(parse(`A ${recorder}`).scenario)).toBe(`A: ${preferred}\n`);
  });

  test('that only the preferred spelling has', () => {
    expect(operation('A: get a.0 write fast as h')).toEqual([
      { verb: 'get', place: page, access: 'write', fast: true, hold: 'h' },
    ]);
    expect(operation('A: release h "v" -> saw')).toEqual([
      { verb: 'release', hold: 'h', value: { text: 'v', hex: false }, result: 'saw' },
    ]);
  });

  test('share a line by semicolons; the comment belongs to the last', () => {
    const text = 'A st a.0 11 ; B fork C;; - prd 0   # done\n';
    expect(operation(text)).toHaveLength(3);
    expect(print(parse(text).scenario)).toBe('A: store a.0 11\nB: fork C\n-: read 0  # done\n');
  });

  test('need no colon after a capital letter, the observer, a declared process or its threads', () => {
    expect(parse('process parent\nparent fork child\nchild/2 exit\n- prd 0\nA exit').diagnostics).toEqual([]);
    expect(complaints('parent fork child')).toEqual([
      '1:1+6 `parent` begins no statement | An operation is written `parent: store a.0 "old"`.',
    ]);
  });

  test('take what a mail program makes of quotes and arrows', () => {
    expect(print(parse('A: store a.0 “old”; A: load a.0→seen').scenario)).toBe(
      'A: store a.0 "old"\nA: load a.0 -> seen\n',
    );
  });
});

describe('other lines', () => {
  const only = (text: string): Statement => {
    const { scenario, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    expect(scenario.statements).toHaveLength(1);
    return scenario.statements[0]!;
  };

  test('a title may speak of #2; a comment has a space after its #', () => {
    expect(only('scenario Bug #2   # a note')).toMatchObject({
      kind: 'scenario',
      text: 'Bug #2',
      comment: '# a note',
    });
  });

  test('a paragraph goes on while lines are indented more', () => {
    const { scenario } = parse('about One.\n   Two; and #3.\n  # a comment\nprocess p');
    expect(scenario.statements.map((s) => s.kind)).toEqual(['about', 'comment', 'process']);
    expect(scenario.statements[0]).toMatchObject({ lines: ['One.', 'Two; and #3.'] });
  });

  test('regions', () => {
    expect(only('region heap shared 3 pages ro in parent')).toMatchObject({
      region: { text: 'heap' },
      type: 'shanon',
      pages: 3,
      readonly: true,
      process: { text: 'parent' },
    });
    expect(only('region a anon')).toMatchObject({ pages: 1, readonly: false, process: null });
  });

  test('questions', () => {
    expect(only('sometimes parent/2.load~2 = none')).toMatchObject({
      quantifier: 'sometimes',
      terms: [{ thread: { text: 'parent/2' }, result: { text: 'load~2' }, value: null }],
    });
    expect(only('never -.read = 11')).toMatchObject({
      terms: [{ thread: { text: '-' }, value: { text: '11', hex: true } }],
    });
    expect(only('exists p.got = "x" and q.got = none')).toMatchObject({
      quantifier: 'exists',
      terms: [{ thread: { text: 'p' } }, { thread: { text: 'q' }, value: null }],
    });
  });

  test('expectations', () => {
    const models = (text: string) => {
      const s = only(`expect ${text} holds`);
      return s.kind === 'expect' ? s.models.map(({ from, to }) => [from?.text, to?.text]) : s.kind;
    };
    expect(models('v5.7')).toEqual([['v5.7', 'v5.7']]);
    expect(models('v5.8 v5.9 .. v6.18')).toEqual([
      ['v5.8', 'v5.8'],
      ['v5.9', 'v6.18'],
    ]);
    expect(models('v6.4.0..')).toEqual([['v6.4.0', undefined]]);
    expect(models('..v5.7, spf')).toEqual([
      [undefined, 'v5.7'],
      ['spf', 'spf'],
    ]);
    expect(only('expect v5.7 broken private-writes-stay-private')).toMatchObject({
      verdict: 'breaks',
      invariant: { text: 'private-writes-stay-private' },
    });
  });

  test('an experiment of the recorder', () => {
    expect(only('@zero-page reference, then write')).toMatchObject({
      name: 'zero-page',
      about: 'reference, then write',
    });
  });
});

test.each([
  ['sotre a.0 "x"', '1:1+5 `sotre` begins no statement | Did you mean store?'],
  ['store a.0 "x"', '1:1+5 `store` has no actor | Write who does it: `parent: store a.0 "x"`.'],
  ['paralel', '1:1+7 `paralel` begins no statement | Did you mean parallel?'],
  ['"x"', '1:1+3 `"x"` begins no statement | An operation is written `parent: store a.0 "old"`.'],
  ['p: sotre a.0 "x"', '1:4+5 `sotre` is not an operation | Did you mean store?'],
  ['p:', '1:3+1 the actor does nothing | Write what it does: `parent: store a.0 "old"`.'],
  ['p: store a.0 x', '1:14+1 `x` is not a value | Put it in quotes: "x", or write a byte as two hex digits.'],
  ['p: store a.0', '1:13+1 a value is missing | store PAGE VALUE, as in: store a.0 "old"'],
  ['p: store a.0 ""', '1:14+2 the string is empty | Write at least one letter; 00 is a zero byte.'],
  ['p: store a.0 "x', '1:14+2 the quote is not closed | Add a " at the end.'],
  ['p: store a "x"', '1:10+1 `a` is a whole region; one page is needed | Write a.0.'],
  ['p: store a.x "x"', '1:10+3 `a.x` is not a page | Page 0 of region a is written a.0.'],
  ['p: load a.0 seen', '1:13+4 `seen` is too much | load PAGE [-> RESULT], as in: load a.0 -> seen'],
  ['p: fork end', '1:9+3 `end` is a word of the language | Give the process another name.'],
  ['end: exit', '1:1+3 `end` is a word of the language | Give the process another name.'],
  ['p/1: exit', '1:1+3 `p/1` is not a thread | The first thread is p, the second p/2.'],
  ['-/2: read p', '1:1+3 the outside observer has one thread | Write - alone.'],
  ['p: mmap a anno 1', '1:11+4 `anno` is not a kind of memory | Did you mean anon?'],
  ['p: mmap a anon 0', '1:16+1 no pages at all | Write at least 1.'],
  ['p: mprotect a r', '1:15+1 `r` is not a protection | Did you mean ro?'],
  ['p: pin a.0 write as ab', '1:21+2 `ab` reads as a byte | Give the hold a longer name.'],
  ['p: fork 2nd', '1:9+3 `2nd` cannot be the name of a process | Names are letters, digits, _ and inner -.'],
  ['region 1', '1:8+1 `1` cannot be the name of a region | Names are letters, digits, _ and inner -.'],
  ['lru full', '1:5+4 `full` is not a way to keep the LRU | lru drained | batched'],
  ['tables split', '1:8+5 `split` is not a way to lay page tables out | tables together | apart'],
  [
    'never got = 11',
    '1:7+3 `got` is not a result of a thread | ' +
      'never THREAD.RESULT = VALUE [and ...], as in: never child.got = "secret"',
  ],
  [
    'never p.got 11',
    '1:13+2 a `=` is missing | never THREAD.RESULT = VALUE [and ...], as in: never child.got = "secret"',
  ],
  [
    'expect v5.7',
    '1:12+1 the verdict is missing | expect MODELS holds|breaks [INVARIANT], as in: expect v5.8.. holds',
  ],
  [
    'expect holds',
    '1:8+5 the models are missing | expect MODELS holds|breaks [INVARIANT], as in: expect v5.8.. holds',
  ],
  ['A exit; about x', '1:9+5 `about` must begin its line | Move it to a line of its own.'],
  ['process', '1:8+1 a process is missing | process NAME, as in: process parent'],
])('%s', (text, complaint) => {
  expect(complaints(text)).toEqual([complaint]);
});

test('goes on after a bad line, and keeps it', () => {
  const text = 'A store a.0\n  A st a.0 11; B nonsense  # why\nA exit\n';
  const { scenario, diagnostics } = parse(text);
  expect(diagnostics.map((d) => d.line)).toEqual([1, 2]);
  expect(print(scenario)).toBe('A store a.0\nA st a.0 11; B nonsense  # why\nA: exit\n');
});

describe('limits', () => {
  test('a text that is too large is kept, not read', () => {
    const text = `scenario x\n${'#'.repeat(TEXT_MAX)}\n`;
    expect(complaints(text)).toEqual([
      '1:1+1 the text has 257 kB; at most 256 kB are read | Keep one experiment of it.',
    ]);
    expect(print(parse(text).scenario)).toBe(text);
  });

  test('lines beyond the limit are kept as they are, also when operations shared lines', () => {
    const text = 'A exit; A exit\n'.repeat(LINES_MAX);
    const { diagnostics, scenario } = parse(text);
    expect(diagnostics).toMatchObject([{ line: LINES_MAX / 2 + 1, message: `more than ${LINES_MAX} lines` }]);
    expect(print(parse(print(scenario)).scenario)).toBe(print(scenario));
  });

  test('a text of mistakes has a bounded list of them, which still says "error"', () => {
    const { diagnostics } = parse('nonsense\n'.repeat(1500));
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)).toMatchObject({ severity: 'error', message: '1400 more from here on' });
  });
});

describe('any text', () => {
  const words = fc.constantFrom(
    'A',
    'B',
    '-',
    'parent',
    'parent:',
    'child/2:',
    'store',
    'st',
    'a.0',
    'a',
    '11',
    '"old"',
    '"',
    '“x”',
    '->',
    '→',
    ';',
    ':',
    '#',
    '# x',
    '=',
    ',',
    'parallel',
    'end',
    'process',
    'region',
    'anon',
    '1',
    'about',
    'scenario',
    'source',
    'schedule',
    '@x',
    'expect',
    'v5.7',
    '..',
    'v5.8..',
    'holds',
    'breaks',
    'never',
    'p.got',
    'none',
    'release',
    'pin',
    'write',
    'as',
    'h',
    'fork',
    'child',
    'exit',
    '&st',
    'clearrefs',
    'mmap',
    'thp',
    '\\',
    '\t',
    '\u00a0',
    '\r',
    '~2',
    '/',
    '\ud800',
  );
  const line = fc
    .array(words, { maxLength: 9 })
    .chain((parts) => fc.constantFrom(' ', '', '  ').map((gap) => parts.join(gap)));
  const likely = fc
    .array(
      fc.tuple(fc.constantFrom('', '', '  ', '\t'), line).map((p) => p.join('')),
      { maxLength: 14 },
    )
    .map((l) => l.join('\n'));
  const noise = fc.string({ unit: 'binary', maxLength: 200 });

  test.each([
    ['likely', likely],
    ['noise', noise],
  ])('is parsed without a throw, and printing it is stable (%s)', (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = print(parse(text).scenario);
        expect(print(parse(once).scenario)).toBe(once);
      }),
      { numRuns: 1500, seed: 1 },
    );
  });

  test('is all in the tree: every line has a statement, and no letter but spelling is lost', () => {
    fc.assert(
      fc.property(fc.oneof(likely, noise), (text) => {
        const { scenario, diagnostics } = parse(text);
        const covered = scenario.statements.flatMap((s) => {
          const count = s.kind === 'about' ? s.lines.length : 1;
          return Array.from({ length: count }, (_, i) => s.span.line + i);
        });
        expect([...new Set(covered)]).toEqual(linesOf(text).map((_, i) => i + 1));
        // A line with a mistake is printed as it was written.
        const printed = new Set(linesOf(print(scenario)).map((l) => l.trim()));
        const lines = linesOf(text);
        for (const d of diagnostics) expect(printed).toContain(lines[d.line - 1]?.trim());
      }),
      { numRuns: 1500, seed: 2 },
    );
  });

  test('has diagnostics inside the text', () => {
    fc.assert(
      fc.property(likely, (text) => {
        const lines = linesOf(text);
        for (const d of parse(text).diagnostics) {
          expect(d.column).toBeGreaterThan(0);
          expect(d.column + d.length).toBeLessThanOrEqual((lines[d.line - 1] ?? '').length + 2);
        }
      }),
      { numRuns: 500, seed: 3 },
    );
  });
});
