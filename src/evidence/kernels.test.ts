import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildForStem, modelForRelease, modelForStem } from './kernels.ts';

test.each([
  ['5.10.223', 'v5.10-lts'],
  ['5.10.262-pagecount', 'v5.10-lts'],
  ['5.10.262-mapcount', 'v5.10-lts+mapcount'],
  ['5.10.262-gupbreak', 'v5.10-lts+gup-breaks-cow'],
  ['6.1.176', 'v6.1'],
  ['6.12.117', 'v6.12'],
  ['6.16.12', 'v6.18'],
  ['6.18.15', 'v6.18'],
  ['7.2.13', 'v7.2'],
  ['7.2.13-guptest', 'v7.2'],
  ['7.3-rc7', 'v7.2'],
])('recording %s is judged by %s', (stem, model) => {
  expect(modelForStem(stem)).toBe(model);
});

test.each(['4.19.300', '6.11', '6.18.44-mapcount', '5.10.262-constructor', 'notes', '6', ''])(
  'recording "%s" is not modelled',
  (stem) => {
    expect(modelForStem(stem)).toBeNull();
  },
);

test('every recording that is here has a model', () => {
  for (const set of ['results', 'random']) {
    const files = readdirSync(new URL(`../../fixtures/recordings/${set}/`, import.meta.url));
    const stems = files.filter((name) => name.endsWith('.jsonl')).map((name) => name.replace(/\.jsonl$/, ''));
    expect(stems.filter((stem) => modelForStem(stem) === null)).toEqual([]);
  }
});

test('builds without FOLL_FORCE for /proc/pid/mem are those of 7.x', () => {
  expect(buildForStem('7.2.13').procMem).toBe('unforced');
  expect(buildForStem('7.3-rc7').procMem).toBe('unforced');
  expect(buildForStem('6.18.44').procMem).toBeUndefined();
});

test.each([
  ['6.15.2', 'v6.18'],
  ['6.18.44-fc', 'v6.18'],
  ['6.1.0-50-cloud-amd64', 'v6.1'],
  ['7.3-cloud-amd64', 'v7.2'],
  ['6.19.1', null],
  ['4.19.0', null],
])('running kernel %s: %s', (release, model) => {
  expect(modelForRelease(release)).toBe(model);
});
