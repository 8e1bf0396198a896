// An empty pool of huge pages, as recorded on 6.18.44; and small scripts on which the kernels differ.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { modelById } from '../kernel/models/index.ts';
import { judge, readScript } from './judge.ts';
import { predict } from './predict.ts';
import { parseRecording } from './recording.ts';

const recorded = parseRecording(
  readFileSync(new URL('../../fixtures/huge-pool/6.18.44.jsonl', import.meta.url), 'utf8'),
  '6.18.44.jsonl',
).experiments;

describe('an empty pool', () => {
  test('was recorded', () => {
    expect(recorded.map((e) => e.name)).toEqual([
      'pool-sigbus',
      'pool-child-write',
      'pool-pin-fork',
      'pool-map',
    ]);
    const errors = new Set(recorded.flatMap((e) => e.steps.map((s) => s.err ?? '')));
    expect([...errors].sort()).toEqual(['', 'ENOMEM', 'SIGBUS']);
  });

  test.each(recorded.map((e) => [e.name, e] as const))('%s', (_, experiment) => {
    const judged = judge(experiment, modelById('v6.18')!);
    expect(judged).toMatchObject({ covered: true, values: null, frames: null });
  });
});

/** What the last operation of a script reports, by model. */
const lastOf = (text: string, model: string): string => {
  const script = readScript(text.replaceAll('; ', '\n'));
  if (script.plan === null) throw new Error(script.why);
  const { steps } = predict(script.plan, modelById(model)!);
  const { err, val, ret } = steps.at(-1)!;
  return err ?? val ?? String(ret);
};
const EVERY = ['v4.8', 'v5.7', 'v5.12', 'v5.18', 'v5.19', 'v6.1', 'v6.12', 'v6.18'];
/** The first model with each answer: `v4.8 EINVAL, v5.18 00`. */
const answers = (text: string): string =>
  EVERY.map((id) => [id, lastOf(text, id)] as const)
    .filter(([, said], i, all) => i === 0 || all[i - 1]![1] !== said)
    .map(([id, said]) => `${id} ${said}`)
    .join(', ');

test.each([
  ['MADV_DONTNEED', 'A map a huge; A st a.0 11; A adv a dontneed; A ld a.0', 'v4.8 11, v5.18 00'],
  ['of a part', 'A map a huge; A st a.0 11; A adv a.0 dontneed; A ld a.0', 'v4.8 11, v5.18 00, v6.1 11'],
  ['not from its beginning', 'A map a huge; A adv a.7 dontneed', 'v4.8 EINVAL'],
  ['mremap', 'A map a huge; A st a.0 11; A mremap a', 'v4.8 EINVAL, v5.18 0'],
  ['a forced write', 'A map a huge ro; A ld a.0; A poke a.0 11', 'v4.8 0, v6.1 EIO, v6.18 0'],
  ['... opens the mapping', 'A map a huge ro; A poke a.0 11; A st a.0 12', 'v4.8 0, v6.1 SIGSEGV'],
  ['munmap of a part', 'A map a huge; A unmap a.0 1', 'v4.8 EINVAL'],
  ['mprotect of a part', 'A map a huge; A prot a.3 ro', 'v4.8 EINVAL'],
  ['... that changes nothing', 'A map a huge; A prot a.3 rw', 'v4.8 0'],
  ['MADV_COLD', 'A map a huge; A st a.0 11; A adv a cold', 'v4.8 EINVAL'],
  ['MADV_PAGEOUT', 'A map a huge; A st a.0 11; A adv a pageout', 'v4.8 EINVAL'],
  ['MADV_FREE', 'A map a huge; A st a.0 11; A adv a free', 'v4.8 EINVAL'],
  ['MADV_WIPEONFORK', 'A map a huge; A adv a wipeonfork', 'v4.8 EINVAL'],
  ['MADV_DONTFORK of a part', 'A map a huge; A adv a.0 dontfork', 'v4.8 EINVAL'],
  ['a load takes a page, too', 'A map a huge; A ld a.0', 'v4.8 00'],
])('%s', (_, script, expected) => {
  expect(answers(script)).toBe(expected);
});

test.each([
  ['A map a huge; A st a.1 11', 'not modelled yet: a.1 of a huge page'],
  ['A map a huge; A uffdwp a', 'not modelled yet: userfaultfd on huge pages'],
  ['A map a huge; A move a.0 1', 'not modelled yet: move_pages of a huge page'],
])('%s', (script, why) => {
  expect(readScript(script.replaceAll('; ', '\n'))).toEqual({ plan: null, why });
});
