import { describe, expect, test } from 'vitest';
import { cyclesOf, graphOf, importsOf } from './imports.ts';
import { pageSideOfWorker, violations } from './layers.ts';
import { isTypeScript, readText, textFiles } from './source-files.ts';

const sources = textFiles('src').filter(isTypeScript);
const graph = graphOf(sources.map((path) => [path, readText(path)] as const));

describe('this repository', () => {
  test('has files to judge', () => {
    expect(sources.length).toBeGreaterThan(5);
  });

  test('keeps its layers', () => {
    expect(violations(graph)).toEqual([]);
  });

  test('keeps the core out of the page side of the worker', () => {
    const foreign = pageSideOfWorker(graph).filter((path) => !path.startsWith('src/worker/'));
    expect(foreign, 'use `import type` in worker/client.ts, worker/protocol.ts and what they import').toEqual(
      [],
    );
  });

  test('has no import cycle', () => {
    expect(cyclesOf(graph), 'move what both files need into a third one').toEqual([]);
  });
});

describe('the layer rule', () => {
  const judge = (path: string, source: string) => violations(graphOf([[path, source]]));
  const refused: readonly (readonly [path: string, source: string, reason: string])[] = [
    [
      'src/kernel/world.ts',
      `import { parse } from '../scenario/parser.ts';`,
      'kernel may import only itself',
    ],
    [
      'src/kernel/world.ts',
      `import type { A } from '../scenario/parser.ts';`,
      'kernel may import only itself',
    ],
    [
      'src/checker/search.ts',
      `import { Timeline } from '../debugger/timeline.ts';`,
      'Instead: return a schedule',
    ],
    ['src/scene/draw.ts', `import { line } from 'd3';`, 'the core has no dependencies'],
    ['src/scenario/url.ts', `import { deflateRawSync } from 'node:zlib';`, 'the core has no dependencies'],
    ['src/worker/host.ts', `import { App } from '../app/main.tsx';`, 'worker may import only itself'],
    [
      'src/worker/client.ts',
      `import { apply } from '../kernel/step.ts';`,
      'worker/client may import only itself',
    ],
    ['src/worker/protocol.ts', `export { World } from '../kernel/world.ts';`, 'use `import type`'],
    ['src/app/panel.tsx', `import { search } from '../checker/search.ts';`, 'ask the Engine'],
    ['src/app/panel.tsx', `import type { Found } from '../checker/search.ts';`, 'ask the Engine'],
    ['src/app/panel.tsx', `import { host } from '../worker/host.ts';`, 'ask the Engine'],
    ['src/app/panel.tsx', `import { World } from '../kernel/world.ts';`, 'ask the Engine'],
    ['src/app/panel.tsx', `const m = await import('../kernel/models/v5_7.ts');`, 'never names a model'],
    ['src/app/panel.tsx', `import type { M } from '../kernel/models/index.ts';`, 'never names a model'],
    ['src/app/a/b.tsx', `import { x } from '../../../scripts/bench.ts';`, 'uses nothing outside src'],
    ['src/newcomer/a.ts', `import { x } from '../kernel/world.ts';`, 'has no line in src/tidy/layers.ts'],
  ];

  test.each(refused)('in %s refuses %s', (path, source, reason) => {
    expect(judge(path, source)).toEqual([expect.stringContaining(reason)]);
  });

  const allowed: readonly (readonly [path: string, source: string])[] = [
    ['src/invariants/a.ts', `import { read } from '../kernel/world.ts';`],
    ['src/lessons/a.ts', `import { v5_7 } from '../kernel/models/v5_7.ts';`],
    ['src/worker/host.ts', `import { search } from '../checker/search.ts';\nimport './protocol.ts';`],
    ['src/worker/client.ts', `import type { World } from '../kernel/world.ts';`],
    ['src/app/panel.tsx', `import type { World } from '../kernel/world.ts';\nimport { line } from 'd3';`],
    ['src/app/panel.tsx', `import { connect } from '../worker/client.ts';\nimport './panel.css';`],
    [
      'src/cli/main.ts',
      `import { readFileSync } from 'node:fs';\nimport { local } from '../worker/local.ts';`,
    ],
    [
      'src/kernel/world.test.ts',
      `import { test } from 'vitest';\nimport { parse } from '../scenario/parser.ts';`,
    ],
    ['src/kernel/world.ts', `// import { parse } from '../scenario/parser.ts';`],
  ];

  test.each(allowed)('in %s allows %s', (path, source) => {
    expect(judge(path, source)).toEqual([]);
  });
});

test('the page side of the worker is followed through other files', () => {
  const leaky = graphOf([
    ['src/worker/client.ts', `import { line } from './line.ts';`],
    ['src/worker/line.ts', `import type { World } from '../kernel/world.ts';\nimport '../kernel/step.ts';`],
  ]);
  expect(pageSideOfWorker(leaky)).toContain('src/kernel/step.ts');
  expect(pageSideOfWorker(leaky)).not.toContain('src/kernel/world.ts');
});

describe('the import scanner', () => {
  test('reads every form, and tells types from values', () => {
    const source = [
      `import a, { type B } from './a.ts';`,
      `import type { C } from "../c.ts";`,
      `import {`,
      `  D,`,
      `} from './d.ts';`,
      `import './e.css';`,
      `export * from './f.ts';`,
      `export type { G } from './g.ts';`,
      `const lazy = () => import('./h.ts');`,
      `export const text = 'from "./not.ts"';`,
      `import source from './i.txt?raw';`,
    ].join('\n');
    const seen = importsOf('src/x/y.ts', source).map(({ target, typeOnly, line }) => [
      target,
      typeOnly,
      line,
    ]);
    expect(seen).toEqual([
      ['src/x/a.ts', false, 1],
      ['src/c.ts', true, 2],
      ['src/x/d.ts', false, 3],
      ['src/x/e.css', false, 6],
      ['src/x/f.ts', false, 7],
      ['src/x/g.ts', true, 8],
      ['src/x/i.txt', false, 11],
      ['src/x/h.ts', false, 9],
    ]);
  });

  test('finds a cycle once, whatever file it is met from', () => {
    const cyclic = graphOf([
      ['src/b.ts', `import './c.ts';`],
      ['src/c.ts', `import './a.ts';`],
      ['src/a.ts', `import type { B } from './b.ts';\nimport './d.ts';`],
      ['src/d.ts', ``],
    ]);
    expect(cyclesOf(cyclic)).toEqual(['src/a.ts > src/b.ts > src/c.ts > src/a.ts']);
  });
});
