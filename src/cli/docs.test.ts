// Whatever the docs tell somebody to type is a command that there is, with options that it knows.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readArgs } from './command.ts';
import { commands } from './commands.ts';
import { packageRoot } from './package-root.ts';

const root = packageRoot();
const pages = ['README.md', 'ARCHITECTURE.md', 'recorder/README.md'].concat(
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
);

/** Lines of blocks, and `code`, that begin with the command; without what a shell does with them. */
function typed(text: string): string[] {
  const lines = text.match(/^(?: {4})?(?:npx )?folioscope .*$/gm) ?? [];
  const inline = [...text.matchAll(/`(?:npx )?folioscope ([^`\n]+)`/g)].map(
    ([, words]) => `folioscope ${words}`,
  );
  return [...lines, ...inline].map((line) =>
    line
      .trim()
      .replace(/^npx /, '')
      .replace(/\s+(?:#|>|\|).*$/, '')
      .replace(/\s{2,}.*$/, '')
      // Brackets stand around what may be left out.
      .replace(/[[\]]/g, ''),
  );
}

test('the docs name many commands', () => {
  const all = pages.flatMap((page) => typed(readFileSync(join(root, page), 'utf8')));
  expect(all.length).toBeGreaterThan(25);
});

/** Why it cannot be typed; '' = it can. */
function wrong(line: string): string {
  const [, name = '', ...words] = line.split(' ');
  if (name.startsWith('--')) return '';
  const command = commands.find((one) => one.name === name);
  if (command === undefined) return `${line}: there is no ${name}`;
  try {
    readArgs(command, words);
    return '';
  } catch (problem) {
    return `${line}: ${String(problem)}`;
  }
}

test.each(pages)('%s: its commands are there, and know their options', (page) => {
  const lines = typed(readFileSync(join(root, page), 'utf8'));
  expect(lines.map(wrong).filter((why) => why !== '')).toEqual([]);
});

test('a command that is not there, and an option that is not known, are noticed', () => {
  expect(typed('`folioscope nothing X` and\n\n    folioscope check A --model v5.7   # why\n')).toEqual([
    'folioscope check A --model v5.7',
    'folioscope nothing X',
  ]);
  expect(wrong('folioscope nothing X')).toContain('there is no nothing');
  expect(wrong('folioscope check A --modle v5.7')).toContain('--modle');
  expect(wrong('folioscope check A --model v5.7')).toBe('');
});
