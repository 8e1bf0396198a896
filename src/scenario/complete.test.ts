import { describe, expect, test } from 'vitest';
import { known } from '../worker/local.ts';
import { completionAt } from './complete.ts';
import { gallery } from './gallery/index.ts';
import { continues, piecesOf } from './highlight.ts';
import { lex, linesOf } from './lexer.ts';
import { OPERATIONS } from './words.ts';

const TEXT = `process parent
region a anon 2 pages

parent: store a.0 "old"
parent: fork child
child:  vmsplice a.0 -> p
child:  read p -> got
`;
const offered = (line: string): string[] =>
  completionAt(TEXT, line, known)?.options.map((o) => o.label) ?? [];

describe('what is offered', () => {
  test.each([
    ['', ['parent', 'child', 'process', 'region', 'never']],
    ['parent: ', ['store', 'fork', 'madvise', 'any']],
    ['parent: st', ['store']],
    ['child: load ', ['a.0', 'a.1']],
    ['child: munmap ', ['a', 'a.0']],
    ['child: madvise a ', ['dontneed', 'cold']],
    ['child: pin a.0 ', ['read', 'write']],
    ['child: pin a.0 read ', ['longterm', 'fast', 'as']],
    ['child: read p ', ['->']],
    ['child: store a.0 ', ['"old"']],
    ['parent: fork ', ['child2']],
    ['parent: any 2 of load a.0 | ', ['munmap']],
    ['parent: exit; child: ', ['exit']],
    ['parent: &lo', ['load']],
    ['never ', ['child.got']],
    ['never child.got ', ['=']],
    ['never child.got = ', ['"old"', 'none']],
    ['expect ', ['v5.7', 'v6.18']],
    ['expect v5.7 ', ['holds', 'breaks', 'v5.8']],
    ['expect v5.7 breaks ', ['private-writes-stay-private']],
    ['without ', ['copy-rechecks-pte']],
    ['region b ', ['anon', 'shared', 'file']],
    ['tables ', ['together', 'apart']],
  ])('after %j', (line, some) => {
    expect(offered(line)).toEqual(expect.arrayContaining(some));
  });

  test('nothing in prose, in a comment, in a string', () => {
    for (const line of ['scenario par', '# par', 'parent: store a.0 "o', 'about pro'])
      expect(offered(line)).toEqual([]);
  });

  test('is what the gallery writes there, but for new names and numbers', () => {
    const missing = gallery.flatMap(({ text }) =>
      linesOf(text).flatMap((line, i, lines) =>
        (continues((at) => lines[at]!, i) ? [] : lex(line).tokens).flatMap(({ kind, text: word, column }) => {
          const found = completionAt(text, line.slice(0, column - 1), known);
          if (found === null || kind === ':' || kind === ',') return [];
          const written = kind === 'string' ? `"${word}"` : word;
          return found.options.some((o) => o.label === written)
            ? []
            : [`${line.slice(0, column - 1)} ${written}`];
        }),
      ),
    );
    const free =
      /(?:^| )(?:\d+|v\S*\.\.\S*|[\w-]+\/\d+|#\d|pages?|any|\|)$|(?:->|as|in|=|fork) +\S+$|\.\.\S+$| &\w+$/;
    expect(missing.filter((one) => !free.test(one))).toEqual([]);
  });
});

describe('colours', () => {
  const of = (line: string): string[] =>
    piecesOf(line).map((p) => `${p.hue} ${line.slice(p.from, p.to).trim()}`);
  test.each([
    [
      'parent: store a.0 "old" # why',
      ['actor parent', 'sign :', 'operation store', 'name a.0', 'value "old"', 'comment # why'],
    ],
    [
      'A st a.0 11; B exit',
      ['actor A', 'operation st', 'name a.0', 'value 11', 'sign ;', 'actor B', 'operation exit'],
    ],
    ['scenario Two of #2', ['keyword scenario', 'prose Two of #2']],
    ['expect v5.8.. holds', ['keyword expect', 'name v5.8..', 'operation holds']],
    [
      'child: any 1 of load a.0 | exit',
      [
        'actor child',
        'sign :',
        'operation any',
        'name 1',
        'operation of',
        'operation load',
        'name a.0',
        'sign |',
        'operation exit',
      ],
    ],
  ])('of %j', (line, pieces) => {
    expect(of(line)).toEqual(pieces);
  });

  test('every operation is known by its word', () => {
    for (const { verb, example } of OPERATIONS) expect(of(`p: ${example}`)).toContain(`operation ${verb}`);
  });
});
