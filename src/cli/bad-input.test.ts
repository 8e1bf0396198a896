// What users get wrong: exit status 2, what is wrong, and what to do.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { say } from './captured.ts';

const experiments = fileURLToPath(
  new URL('../../fixtures/recordings/results/experiments.litmus', import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), 'folioscope-'));
afterAll(() => rmSync(folder, { recursive: true }));
function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('bad input is status 2 and says what to do', () => {
  const cases: readonly (readonly [words: string, message: RegExp, hint: RegExp])[] = [
    ['chekc', /"chekc" is not a command/, /Did you mean check\?/],
    ['check', /FILE\|NAME is missing/, /usage: folioscope check/],
    ['check vmsplice-leak', /--model is missing/, /v5\.7/],
    [
      'check vmsplice-lek --model v5.7',
      /no scenario is called "vmsplice-lek"/,
      /Did you mean vmsplice-leak\?/,
    ],
    [
      'check vmsplice-leak --model v5.17',
      /no model is called "v5\.17"/,
      /Did you mean v5\.7\? There are v4\.8, /,
    ],
    [
      'check vmsplice-leak --model v5.9~reuse.exclusive',
      /no rule set is called "v5\.9~reuse\.exclusive": reuse\.exclusive needs huge\.exclusive/,
      /Add ~huge\.exclusive, .* folioscope models --switches/,
    ],
    ['run vmsplice-leak --model v5.9~fork', /fork has no position ""/, /It has share, copy-pinned/],
    [
      'check vmsplice-leak --model v5.7 --invariant pins-stay-coherrent',
      /no invariant/,
      /Did you mean pins-stay-coherent\?/,
    ],
    ['check vmsplice-leak --model v5.7 --without fork-flush', /no guard/, /Did you mean fork-flushes\?/],
    ['check vmsplice-leak --model v5.7 --budget many', /--budget many: not a whole number/, /^/],
    ['check vmsplice-leak --modle v5.7', /there is no option --modle/, /Did you mean --model\?/],
    ['check vmsplice-leak --model', /--model needs a value/, /--model ID/],
    ['check vmsplice-leak zero-page --model v5.7', /"zero-page" is too much/, /usage/],
    ['models --json=yes', /--json takes no value/, /usage/],
    ['run nowhere/x.litmus --model v5.7', /there is no file nowhere\/x\.litmus/, /gallery/],
    ['run . --model v5.7', /\. is a folder/, /^/],
    [`run ${experiments} --model v5.7`, /holds 144 experiments/, /#anon-write/],
    [
      `run ${experiments}#anon-wriet --model v5.7`,
      /no experiment is called "anon-wriet"/,
      /Did you mean anon-write\?/,
    ],
    [
      `run ${file('later.litmus', '@later\nA map a huge; A uffdwp a\n')}#later --model v6.18`,
      /later.litmus:2:15: error: not modelled yet: userfaultfd on huge pages/,
      /\^\^/,
    ],
    ['why vmsplice-leak --model v5.7 --folio f99', /no folio is called "f99"/, /f0 to f/],
    ['why vmsplice-leak --model v5.7 --at 9999', /there is no step 9999/, /^/],
    ['compare vmsplice-leak --model v5.7', /--vs is missing/, /Models/],
    ['export vmsplice-leak', /--to is missing/, /link/],
    ['export vmsplice-leak --to c', /--to c needs a --model/, /v6\.18/],
    ['export vmsplice-leak --to jsno', /nothing is called --to jsno/, /Did you mean json\?/],
    ['evidence no-such-thing', /no experiment is called/, /There are/],
    ['evidence --from nowhere', /there is no folder nowhere/, /^/],
    ['fuzz-kernel --count 0', /--count 0: not a whole number from 1 on/, /^/],
    ['fuzz-kernel --model v9', /no model is called "v9"/, /There are/],
  ];
  test.each(cases)('%s', async (words, message, hint) => {
    const { status, out, err } = await say(...words.split(' '));
    expect([status, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).toMatch(hint);
  });

  test('a text with mistakes: place, line, caret and hint', async () => {
    const path = file('mistakes.txt', 'process parent\nregion a anon 1 page\nparent: stroe a.0 "x"\n');
    const { status, err } = await say('run', path, '--model', 'v5.7');
    expect(status).toBe(2);
    expect(err.split('\n')).toEqual([
      `${path}:3:9: error: \`stroe\` is not an operation`,
      '  parent: stroe a.0 "x"',
      '          ^^^^^',
      '  Did you mean store?',
    ]);
  });

  test('no command at all', async () => {
    expect(await say()).toMatchObject({
      status: 2,
      out: '',
      err: expect.stringContaining('usage: folioscope COMMAND'),
    });
  });
});
