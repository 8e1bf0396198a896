// docs/features.md claims nothing that no test shows: every link leads to a file with a test of that name.
import { describe, expect, test } from 'vitest';
import { readText, textFiles } from './source-files.ts';

interface Row {
  readonly number: number;
  readonly goal: string;
  readonly ours: string;
  readonly links: readonly (readonly [name: string, path: string])[];
}

/** Lines of its tables; the last cell has the links. */
export function rowsOf(text: string): readonly Row[] {
  return text.split('\n').flatMap((line): Row[] => {
    const cells = line.split('|').map((cell) => cell.trim());
    const number = Number(cells[1]);
    if (cells.length < 9 || !(number > 0)) return [];
    const links = [...cells[7]!.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)/g)].map(
      ([, name, path]) => [name!, path!] as const,
    );
    return [{ number, goal: cells[5]!, ours: cells[6]!, links }];
  });
}

/** Titles of tests, as they are written; a template keeps its placeholders. */
const titlesIn = (text: string): string =>
  [...text.matchAll(/\b(?:test|it)(?:\.each)?\([^'"`]*?(['"`])((?:(?!\1)[^\\]|\\.)*)\1/gs)]
    .map(([, , title]) => title)
    .join('\n');

const rows = rowsOf(readText('docs/features.md'));
const paths = new Set(textFiles());

describe('docs/features.md', () => {
  test('has all sixty rows, each once', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
  });

  test('every link leads to a test of that name', () => {
    const lost = rows.flatMap(({ number, links }) =>
      links
        .filter(([name, path]) => !paths.has(path) || !titled(path, name))
        .map(([name, path]) => `row ${number}: ${path} has no test “${name}”`),
    );
    expect(lost).toEqual([]);
  });

  test('whatever it says that there is, a test shows', () => {
    expect(rows.filter(({ ours, links }) => ours !== '-' && links.length === 0)).toEqual([]);
    expect(rows.map(({ ours }) => ours).filter((ours) => !['Y', 'p', '-'].includes(ours))).toEqual([]);
  });

  test('what must be there is there', () => {
    const missing = rows.filter(({ goal, ours }) => goal === 'M' && ours !== 'Y').map(({ number }) => number);
    expect(missing).toEqual([]);
  });
});

/** Titles of cases of a table are strings in it; so the whole file counts where one is made of parts. */
const titled = (path: string, name: string): boolean => {
  const text = readText(path);
  return titlesIn(text).includes(name) || text.split('\n').some((line) => isTitle(line, name));
};
const isTitle = (line: string, name: string): boolean =>
  /^\s*(?:[\]})]+\(|['"`])/.test(line) && line.includes(name);

test('the test notices a name that is not there', () => {
  expect(titled('src/tidy/features.test.ts', 'the test notices a name that is not there')).toBe(true);
  expect(titled('src/tidy/tidy.test.ts', 'the test notices a name that is not there')).toBe(false);
  expect(rowsOf('| 7 | x | Y | p | M | Y | [a b](../c.test.ts), [d](../e.test.ts) |')).toEqual([
    {
      number: 7,
      goal: 'M',
      ours: 'Y',
      links: [
        ['a b', 'c.test.ts'],
        ['d', 'e.test.ts'],
      ],
    },
  ]);
});
