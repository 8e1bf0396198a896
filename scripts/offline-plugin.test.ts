import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { versionTag } from '../src/offline/keeper.ts';
import { buildOf, seal, WORKER } from './offline-plugin.ts';

let folder: string;
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'folioscope-offline-'));
  mkdirSync(join(folder, 'assets'));
  write('index.html', '<html>\n  <head>\n    <meta charset="utf-8" />\n  </head>\n</html>\n');
  write('icon.svg', '<svg />');
  write('assets/main-1.js', 'main()');
  write('assets/main-1.js.map', '{}');
  write('folioscope.html', 'all of it');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('every built file is kept, but for the single file, maps and the worker itself', async () => {
  await seal(folder);
  expect(buildOf(folder).files).toEqual(['assets/main-1.js', 'icon.svg', 'index.html']);
});

test('page and worker say the same version, and doing it again changes nothing', async () => {
  const { version } = await seal(folder);
  expect(read('index.html')).toContain(`<meta charset="utf-8" />\n    ${versionTag(version)}\n`);
  expect(read(WORKER)).toContain(version);
  expect(read(WORKER)).toContain('assets/main-1.js');
  const before = [read('index.html'), read(WORKER)];
  expect((await seal(folder)).version).toBe(version);
  expect([read('index.html'), read(WORKER)]).toEqual(before);
});

test.each([
  ['a file', () => write('assets/main-1.js', 'other()')],
  ['the page', () => write('index.html', `${read('index.html')}<!-- other -->`)],
  ['a name', () => write('assets/more-1.js', '')],
])('%s that changes makes another version', (_, change) => {
  const before = buildOf(folder).version;
  change();
  expect(buildOf(folder).version).not.toBe(before);
});

test('the single file and maps make no version', () => {
  const before = buildOf(folder).version;
  write('folioscope.html', 'anew');
  write('assets/main-1.js.map', '{"anew":1}');
  expect(buildOf(folder).version).toBe(before);
});

test('a page without a place for the version is refused', async () => {
  write('index.html', '<html></html>');
  await expect(seal(folder)).rejects.toThrow('has no <meta charset>');
});
