import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareSteps } from '../evidence/canon.ts';
import { randomScripts } from '../evidence/random-scripts.ts';
import { parseRecording } from '../evidence/recording.ts';
import { experiments } from '../scenario/experiments.ts';
import { buildRecorder, recorderAvailable, runScripts } from './recorder.ts';

const available = recorderAvailable();

/** Scripts that need no setting of the machine: a test leaves it as it is. */
const quiet = (text: string): boolean => !/ ksm|thp|huge|pageout|collapse/.test(text);

test('where the recorder cannot run it says why', () => {
  const said = available.ok ? available.model : available.why;
  expect(said).toMatch(/^v\d|recorder|no model/);
});

describe.runIf(available.ok)('the recorder on this kernel', () => {
  let cache = '';
  let binary = '';
  beforeAll(() => {
    cache = mkdtempSync(join(tmpdir(), 'folioscope-recorder-'));
    binary = buildRecorder(cache);
  });
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  test('is built once', () => {
    expect(buildRecorder(cache)).toBe(binary);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  test('runs random scripts to their end, and twice the same', () => {
    const scripts = randomScripts({ seed: 5, count: 200 });
    const first = runScripts(binary, scripts);
    const second = runScripts(binary, scripts);
    expect(first.filter(({ skip }) => skip !== undefined)).toEqual([]);
    expect(first.map(({ steps }) => steps.map(({ op }) => op))).toEqual(scripts.map(({ ops }) => ops));
    expect(first.flatMap((e, i) => compareSteps(e, second[i]!, 'frames') ?? [])).toEqual([]);
  });

  test.runIf(available.ok && available.model === 'v6.18').each(['results', 'random'])(
    'sees what the recording of 6.18.44 saw: %s',
    (set) => {
      const folder = new URL(`../../fixtures/recordings/${set}/`, import.meta.url);
      const text = readFileSync(new URL('experiments.litmus', folder), 'utf8');
      const source = readFileSync(new URL('6.18.44.jsonl', folder), 'utf8');
      const recorded = new Map(parseRecording(source, set).experiments.map((e) => [e.name, e]));
      const scripts = experiments(text).filter((e) => quiet(e.text) && !recorded.get(e.name)?.skip);
      expect(scripts.length).toBeGreaterThan(80);
      const seen = runScripts(binary, scripts).filter(({ skip }) => skip === undefined);
      const different = seen.flatMap((e) => compareSteps(recorded.get(e.name)!, e, 'frames') ?? []);
      expect(different).toEqual([]);
    },
  );

  test('says so if a script cannot go on', () => {
    const [stuck] = runScripts(binary, [{ name: 'stuck', text: 'A map a anon 1; B ld a.0' }]);
    expect(stuck?.skip).toBe('no actor in: B ld a.0');
    expect(stuck?.steps).toHaveLength(1);
  });

  test('refuses what would be read as something else than a script', () => {
    expect(() => runScripts(binary, [{ name: 'two words', text: 'A ld a.0' }])).toThrow(/two words/);
    expect(() => runScripts(binary, [{ name: 'n', text: 'A ld a.0\n@other\nA exit' }])).toThrow(/script/);
  });
});
