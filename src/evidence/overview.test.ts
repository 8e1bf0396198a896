import { describe, expect, test } from 'vitest';
import { countOf, familyOf, overviewOf } from './overview.ts';
import type { Evidence } from './judge.ts';
import type { Recording } from './recording.ts';

const recording = (file: string, names: readonly string[], skips: readonly string[] = []): Recording => ({
  file,
  env: null,
  problems: [],
  experiments: names.map((name) => ({
    kernel: 'x',
    name,
    steps: [{ op: 'A map a anon 1', ret: 0, procs: {} }],
    ...(skips.includes(name) ? { skip: 'no' } : {}),
  })),
});
const evidence = (kernel: string, more: Partial<Evidence> = {}): Evidence => ({
  file: `${kernel}.jsonl`,
  kernel,
  model: 'v1',
  covered: 0,
  valuesConfirmed: 0,
  framesConfirmed: 0,
  contradicted: [],
  notModelled: [],
  ...more,
});
const wrong = { name: 'fork-b', level: 'frames', op: 'A st a.0', recorded: 'x', predicted: 'y' } as const;

describe('an overview', () => {
  const seen = overviewOf([
    {
      recording: recording('1', ['random-1-anon', 'thp-a', 'fork-a', 'fork-b', 'hold-a'], ['hold-a']),
      evidence: evidence('1', { contradicted: [wrong], notModelled: [{ name: 'thp-a', why: 'no' }] }),
    },
    { recording: recording('2', ['fork-a', 'thp-a']), evidence: evidence('2') },
  ]);

  test('has a sign for each experiment on each kernel', () => {
    expect(Object.fromEntries(seen.experiments.map((e) => [e.name, e.signs]))).toEqual({
      'fork-a': 'cc',
      'fork-b': 'f-',
      'hold-a': '--',
      'thp-a': 'nc',
      'random-1-anon': 'c-',
    });
    expect(seen.contradictions).toEqual([{ ...wrong, kernel: '1' }]);
  });
  test('goes by what they are about, random scripts last', () => {
    expect(seen.families.map((f) => f.name)).toEqual([
      'fork and copy-on-write',
      'short pins',
      'transparent huge pages',
      'random scripts: anon',
    ]);
    expect(familyOf('something-else')).toBe('others');
  });
  test('counts', () => {
    const all = countOf(seen.experiments.flatMap((e) => [...e.signs]));
    expect(all).toEqual({ confirmed: 4, contradicted: 1, notModelled: 1, text: '4 of 6' });
    expect(seen.families[0]!.counts.map((c) => c.text)).toEqual(['1 of 2', '1']);
    expect(seen.families[1]!.counts.map((c) => c.text)).toEqual(['', '']);
  });
});
