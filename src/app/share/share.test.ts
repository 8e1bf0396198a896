// What is shared: the code that a camera reads back, and the words of a mail.
import { expect, test } from 'vitest';
import { createEngine } from '../../worker/local.ts';
import { createSession } from '../session.ts';
import { textKey } from '../../scenario/text-key.ts';
import { qrCode, squaresOf, type Level } from '../../export/qr.ts';
import { wordsFor } from './words-for.ts';

const CODES: readonly (readonly [letters: number, level: Level, code: string])[] = [
  [1, 'M', '21 1fc724d5'],
  [60, 'M', '33 171f04ea'],
  [134, 'M', '49 e3de09f7'],
  [400, 'M', '77 c266c55e'],
  [900, 'L', '101 43e5d234'],
  [1200, 'L', '117 248b468c'],
];

/** Rows as one number: what another reader (the package qr 0.7.0) has read back when this was written. */
const codeOf = (letters: number, level: Level): string => {
  const rows = qrCode(`https://example.org/é/#/x/1d.${'aZ_9-k'.repeat(letters)}`.slice(0, letters), level);
  return `${rows.length} ${textKey(rows.map((row) => row.map(Number).join('')).join('\n'))}`;
};

test.each(CODES)('a code of %i letters at level %s is the one that was read back', (letters, level, code) => {
  expect(codeOf(letters, level)).toBe(code);
});

test('a code as one path has the same dark squares; a text that is too long is refused', () => {
  const rows = qrCode('#/s/vmsplice-leak?model=v5.7', 'M');
  const painted = rows.map((row) => row.map(() => false));
  for (const [, x = 0, y = 0, w = 0] of squaresOf(rows).matchAll(/M(\d+) (\d+)h(\d+)/g))
    for (let i = 0; i < +w; i++) painted[+y]![+x + i] = true;
  expect(painted).toEqual(rows);
  expect(() => qrCode('x'.repeat(3000), 'L')).toThrow('no QR code holds 3000 bytes');
});

test('words say what is seen, where, and the link', async () => {
  const session = createSession({ ...createEngine(), check: () => new Promise(() => undefined) });
  await session.start();
  await session.setModel('v5.7');
  await session.openScenario('vmsplice-leak');
  const says = (): string => wordsFor(session.store.getState(), 'LINK');
  expect(says()).toMatch(/^The child keeps a reference \(v5\.7, step 0 of \d+\)\nLINK$/);
  await session.goto(3);
  expect(says()).toMatch(/^The child keeps a reference \(v5\.7, step 3 of \d+\): .+\.\nLINK$/);
  await session.goto(Infinity);
  expect(says()).toMatch(/secret/);
});
