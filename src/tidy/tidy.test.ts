import { describe, expect, test } from 'vitest';
import { codeOnly } from './code-only.ts';
import { graphOf, workersOf } from './imports.ts';
import { deadFiles, registryFolders, unregistered } from './registries.ts';
import { complaints, lineCount, linesMax, linesWarned, textRules } from './rules.ts';
import { isData, isTypeScript, readText, textFiles } from './source-files.ts';

const paths = textFiles();
const files = paths.map((path) => [path, readText(path)] as const);
const scripts = files.filter(([path]) => isTypeScript(path) && !isData(path));
const graph = graphOf(scripts);

describe('this repository', () => {
  test('has files to judge', () => {
    expect(paths).toContain('package.json');
    expect(scripts.length).toBeGreaterThan(10);
  });

  test.each(textRules)('$name', (rule) => {
    expect(complaints(rule, files)).toEqual([]);
  });

  test.each(registryFolders)('every file of %s is in its registry', (folder) => {
    expect(unregistered(folder, graph)).toEqual([]);
  });

  test('every file is used by something', () => {
    const workers = scripts.flatMap(([path, text]) => workersOf(path, text));
    const entries = ['src/app/virtual.d.ts', 'src/app/main.tsx', 'src/cli/main.ts'];
    const dead = deadFiles(graph, [...entries, 'src/offline/service-worker.ts'], workers);
    expect(dead, 'nothing reaches these; use them or delete them').toEqual([]);
  });

  test('long files are named', () => {
    const long = scripts
      .map(([path, text]) => [path, lineCount(text)] as const)
      .filter(([, lines]) => lines > linesWarned && lines <= linesMax);
    for (const [path, lines] of long) console.warn(`${path} has ${lines} lines; ${linesWarned} is the aim`);
    expect(long.every(([, lines]) => lines <= linesMax)).toBe(true);
  });
});

describe('the rules notice', () => {
  const count = (path: string, text: string): string[] =>
    textRules.filter((rule) => complaints(rule, [[path, text]]).length > 0).map((rule) => rule.name);
  const planted: readonly (readonly [what: string, path: string, text: string, rule: RegExp])[] = [
    ['a long file', 'src/app/a.tsx', '\n'.repeat(601), /at most 600 lines/],
    ['a long line', 'src/kernel/a.ts', `const x = ${'1 + '.repeat(40)}1;`, /at most 110 characters/],
    ['a leftover', 'src/kernel/a.ts', ['// TO', 'DO: later'].join(''), /left to do/],
    ['a clock', 'src/kernel/a.ts', 'const now = Date.now();', /no time/],
    ['chance', 'src/checker/a.ts', 'return `${Math.random()}`;', /no time/],
    ['a timer', 'src/scene/a.ts', 'setTimeout(draw, 1);', /no time/],
    ['the network', 'src/lessons/a.ts', 'await fetch(url);', /no time/],
    ['a registry', 'package-lock.json', ['"resolved": ', '"https://x/y.tgz"'].join(''), /registry/],
    ['a home folder', 'docs/a.md', ['see /ho', 'me/me/notes'].join(''), /machine/],
    ['a grab-bag', 'src/app/utils.ts', '', /named after/],
  ];

  test.each(planted)('%s', (_, path, text, rule) => {
    expect(count(path, text)).toEqual([expect.stringMatching(rule)]);
  });

  test.each([
    ['src/kernel/a.ts', `const says = 'Date.now() is never asked'; // Math.random() neither`],
    ['src/kernel/a.ts', 'const says = `fetch(${x}) and setTimeout(1)`;'],
    ['src/kernel/a.ts', 'const found = /Date.now()/.exec(text);'],
    ['src/app/a.tsx', 'const now = Date.now();'],
    ['src/kernel/a.test.ts', 'const now = Date.now();'],
    ['src/kernel/a.ts', 'const word = fetcher.fetch(tlb);'],
    ['docs/a.md', 'see fixtures/work/notes and https://host.example/work/notes'],
  ])('nothing wrong in %s with %s', (path, text) => {
    expect(count(path, text)).toEqual([]);
  });

  test('a file that is not registered, and not one that its siblings share', () => {
    const models = graphOf([
      ['src/invariants/index.ts', `import { a } from './a.ts';`],
      ['src/invariants/a.ts', `import { always } from './always.ts';`],
      ['src/invariants/always.ts', ''],
      ['src/invariants/b.ts', `import { always } from './always.ts';`],
      ['src/invariants/b.test.ts', `import { b } from './b.ts';`],
      ['src/invariants/_skeleton.ts', ''],
    ]);
    expect(unregistered('src/invariants', models)).toEqual([
      expect.stringContaining('src/invariants/b.ts is not registered'),
    ]);
  });

  test('a dead file', () => {
    const some = graphOf([
      ['src/app/main.tsx', `import './live.ts';`],
      ['src/app/live.ts', ''],
      ['src/app/dead.ts', `import './live.ts';`],
    ]);
    expect(deadFiles(some, ['src/app/main.tsx'], [])).toEqual(['src/app/dead.ts']);
  });
});

test('code is told from text', () => {
  expect(codeOnly(`a('x // y'); // z\nb(/'/, "w"); /* v\n */ c(\`u \${d} t\`);`)).toBe(
    `a('');     \nb(/x/, '');     \n    c(\`\${d}\`);`,
  );
});
