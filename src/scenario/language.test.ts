import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileText } from './compile.ts';
import {
  LINES_MAX,
  NAME_MAX,
  OPS_MAX,
  PAGES_MAX,
  PROCESSES_MAX,
  STORED_MAX,
  TEXT_MAX,
  THREADS_MAX,
} from './limits.ts';
import { parse } from './parser.ts';
import { KEYWORDS, VERBS } from './words.ts';

const page = readFileSync(new URL('../../docs/language.md', import.meta.url), 'utf8');
const section = (title: string): string => page.split(/^## /m).find((s) => s.startsWith(title)) ?? '';
const cells = (title: string): string[][] =>
  section(title)
    .split('\n')
    .filter((l) => l.startsWith('| `'))
    .map((l) =>
      l
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((c) => c.trim()),
    );
const snippets = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1] ?? '');

describe('docs/language.md', () => {
  test('begins with a scenario that compiles', () => {
    const [, sample = ''] = page.split('```');
    const { plan, diagnostics } = compileText(sample.trimStart(), { models: ['v5.7', 'v5.8', 'v6.18'] });
    expect(diagnostics).toEqual([]);
    expect(plan?.ops).toHaveLength(6);
  });

  test('shows operations that are read, in both spellings, and all of them', () => {
    const rows = cells('Operations');
    const texts = rows.flatMap(([preferred = '', recorder = '']) => [
      ...snippets(preferred),
      ...snippets(recorder),
    ]);
    const read = texts.map((text) => parse(text.startsWith('-') ? text : `A: ${text}`));
    expect(read.flatMap((r) => r.diagnostics)).toEqual([]);
    const verbs = new Set(texts.flatMap((t) => t.replace(/^- /, '').split(' ')[0] ?? []));
    expect([...verbs].sort()).toEqual([...VERBS.keys()].sort());
  });

  test('shows every kind of line', () => {
    const text = section('Lines');
    for (const word of KEYWORDS) expect(text).toMatch(new RegExp(`[\`|]${word}\\b`));
  });

  test('states the limits that hold', () => {
    const text = section('Limits').replaceAll(',', '');
    const numbers = [
      TEXT_MAX / 1024,
      LINES_MAX,
      OPS_MAX,
      PROCESSES_MAX,
      THREADS_MAX,
      PAGES_MAX,
      NAME_MAX,
      STORED_MAX,
    ];
    for (const n of numbers) expect(text).toMatch(new RegExp(`\\b${n}\\b`));
  });
});
