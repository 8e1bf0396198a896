import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileText } from './compile.ts';
import { isNotModelled } from './diagnostic.ts';
import { experiments } from './experiments.ts';
import { parse } from './parser.ts';
import { print } from './printer.ts';

test('a file is split at its names; comments between two belong to none', () => {
  const text =
    '# head\n@one first of two\nA map a anon 1\n# inside\nA exit\n\n# ---- next\n@two\nB exit; - prd 0\r\n';
  expect(experiments(text)).toEqual([
    { name: 'one', about: 'first of two', text: 'A map a anon 1\n# inside\nA exit\n', line: 3 },
    { name: 'two', about: '', text: 'B exit; - prd 0\n', line: 9 },
  ]);
  expect(experiments('A exit\n')).toEqual([]);
});

/** How many of each file the models cover; more of them as the models learn more. */
describe.each([
  ['results', 144, 43],
  ['random', 300, 79],
])('recorded experiments of %s', (folder, count, covered) => {
  const file = new URL(`../../fixtures/recordings/${folder}/experiments.litmus`, import.meta.url);
  const all = experiments(readFileSync(file, 'utf8'));
  const known = { models: [] };

  test('are all there, and each is a plan or not modelled yet', () => {
    expect(all).toHaveLength(count);
    const compiled = all.map(({ name, text }) => ({ name, ...compileText(text, known) }));
    const mistakes = compiled.flatMap(({ name, diagnostics }) =>
      diagnostics
        .filter((d) => d.severity === 'error' && !isNotModelled(d))
        .map((d) => `${name}: ${d.message}`),
    );
    expect(mistakes).toEqual([]);
    expect(compiled.filter((c) => c.plan !== null).length).toBeGreaterThanOrEqual(covered);
  });

  test('open as they stand in the file, and what is not modelled yet is said at its place', () => {
    const opened = all.map(({ name, about, text }) => {
      const whole = `@${name} ${about}\n${text}`;
      return { name, lines: whole.split('\n'), ...compileText(whole, known) };
    });
    expect(opened.filter((o) => o.plan !== null && o.plan.title !== o.name)).toEqual([]);
    const pointless = opened.flatMap(({ name, lines, diagnostics }) =>
      diagnostics
        .filter((d) => (lines[d.line - 1] ?? '').slice(d.column - 1, d.column - 1 + d.length) === '')
        .map((d) => `${name}: ${d.message}`),
    );
    expect(pointless).toEqual([]);
  });

  test('mean the same in the preferred spelling', () => {
    const meaning = (text: string): unknown => {
      const { plan } = compileText(text, known);
      return plan && { ...plan, ops: plan.ops.map((op) => ({ ...op, line: 0 })) };
    };
    const printed = all.map(({ name, text }) => [name, meaning(print(parse(text).scenario))]);
    expect(printed).toEqual(all.map(({ name, text }) => [name, meaning(text)]));
  });
});
