// The docs: every link leads somewhere, every quoted block stands in the file that is named above it, and
// the README knows every page.
import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readText, root, textFiles } from './source-files.ts';

const pages = textFiles().filter((path) => path.endsWith('.md') && !path.startsWith('fixtures/'));

/** A heading as the part of an address behind `#`. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

/** Outside of blocks and of `code`, where brackets are the language's. */
const proseOf = (text: string): string => text.replace(/^```[^]*?^```/gm, '').replace(/`[^`\n]*`/g, '');

interface Found {
  readonly page: string;
  readonly target: string;
}

export function brokenLinks(page: string, text: string, exists: (path: string) => boolean): Found[] {
  const links = [...proseOf(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return links.flatMap((target): Found[] => {
    if (/^(?:https?|mailto):/.test(target)) return [];
    const [path = '', anchor = ''] = target.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), path)).replaceAll('\\', '/');
    if (!exists(file)) return [{ page, target }];
    if (anchor === '' || !file.endsWith('.md')) return [];
    const headings = [...readText(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
    return headings.includes(anchor) ? [] : [{ page, target }];
  });
}

/** A path alone on a line, and below it a block. */
export function misquoted(text: string, read: (path: string) => string | null): string[] {
  const quotes = text.matchAll(/^`((?:src|e2e|scripts)\/[\w./-]+)`\n\n((?:```\w*\n[^]*?^```\n\n?)+)/gm);
  return [...quotes].flatMap(([, path = '', blocks = '']) =>
    [...blocks.matchAll(/^```\w*\n([^]*?)^```/gm)].flatMap(([, block = '']) =>
      read(path)?.includes(block) === true ? [] : [`${path}: ${block.split('\n')[0] ?? ''}`],
    ),
  );
}

const here = (path: string): boolean => existsSync(join(root, path));
const readIf = (path: string): string | null => (here(path) ? readText(path) : null);

describe('the docs', () => {
  test('have pages', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/how-to/add-an-operation.md']));
  });

  test('every link leads somewhere', () => {
    expect(pages.flatMap((page) => brokenLinks(page, readText(page), here))).toEqual([]);
  });

  test('what they quote stands in the file', () => {
    expect(pages.flatMap((page) => misquoted(readText(page), readIf))).toEqual([]);
    expect(readText('docs/how-to/add-an-operation.md').match(/^`src\//gm)?.length).toBeGreaterThan(6);
  });

  test('the README leads to every page', () => {
    const linked = new Set(
      [...readText('README.md').matchAll(/\]\(([^)#\s]+\.md)\)/g)].map(([, path = '']) => path),
    );
    const meant = pages.filter((page) => /^(?:docs\/|ARCHITECTURE|recorder\/)/.test(page));
    const missing = meant.filter((page) => !linked.has(page));
    expect(missing, 'the table of README.md has a row for each page').toEqual([]);
  });
});

test('the tests notice what is wrong', () => {
  const exists = (path: string): boolean => path === 'docs/b.md';
  expect(brokenLinks('docs/a.md', '[x](b.md) [y](c.md) `[z](d.md)` [w](https://e.example)', exists)).toEqual([
    { page: 'docs/a.md', target: 'c.md' },
  ]);
  expect(brokenLinks('docs/links.md', '[x](links.md#nowhere)', () => true)).toHaveLength(1);
  expect(misquoted('`src/a.ts`\n\n```ts\nconst a = 1;\n```\n', () => 'const a = 2;\n')).toEqual([
    'src/a.ts: const a = 1;',
  ]);
});
