// `any N of A | B | C`: read, printed, and what it becomes in a plan.
import { describe, expect, test } from 'vitest';
import { compileText } from './compile.ts';
import { parse } from './parser.ts';
import { print } from './printer.ts';

const START = 'process p\nregion a anon 1 page\n';
const known = { models: ['v5.7'] };
const complaints = (line: string): string[] =>
  compileText(`${START}${line}\n`, known).diagnostics.map((d) => `${d.line}:${d.column} ${d.message}`);

test('is printed as it is written, whatever the spelling', () => {
  const text = `${START}p: any 2 of load a.0 -> x | store a.0 "|" | munmap a  # why not\n`;
  expect(print(parse(text).scenario)).toBe(text);
  expect(print(parse(`${START}p: any 1 of ld a.0 | st a.0 11`).scenario)).toBe(
    `${START}p: any 1 of load a.0 | store a.0 11\n`,
  );
});

test('becomes an operation that chooses, and behind it what it chooses from', () => {
  const { plan } = compileText(
    `${START}p: any 2 of load a.0 | munmap a | store a.0 "x"\np: load a.0\n`,
    known,
  );
  expect(plan!.picks).toEqual([{ thread: 0, at: 0, count: 2, ways: 3 }]);
  expect(plan!.ops.map((o) => [o.syscall, o.pick, o.phase])).toEqual([
    ['pick', 0, 0],
    ['load', 0, 0],
    ['munmap', 0, 0],
    ['store', 0, 0],
    ['load', undefined, 1],
  ]);
});

test('what one alternative unmaps the others still find', () => {
  expect(complaints('p: any 2 of munmap a | load a.0 | madvise a dontneed')).toEqual([]);
});

describe('mistakes', () => {
  test.each([
    ['p: any 3 of load a.0 | munmap a', '3:8 `3` of 2 cannot be done'],
    ['p: any 0 of load a.0', '3:8 `0` of 1 cannot be done'],
    ['p: any 1 load a.0', '3:10 `of` is missing'],
    ['p: any 1 of load a.0 | fork c', '3:24 fork c cannot be a choice'],
    ['p: any 1 of load a.0 | &load a.0', '3:24 a choice cannot be left alone'],
    ['p: any 1 of load a.0 | jump a', '3:24 `jump` is not an operation'],
    ['p: any 1 of load b.0 | munmap a', '3:18 no region is called b'],
  ])('%s', (line, complaint) => {
    expect(complaints(line)).toEqual([complaint]);
  });

  test('a missing operation, and too many', () => {
    expect(complaints('p: any 1 of load a.0 |')[0]).toMatch(/an operation is missing/);
    const many = Array.from({ length: 9 }, (_, i) => `load a.0 -> r${i}`).join(' | ');
    expect(complaints(`p: any 1 of ${many}`)).toEqual(['3:1 9 choices; at most 8']);
  });
});
