import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstWords, fit, textWidth, type Face, wrap } from './measure.ts';

const faces = fc.record({ size: fc.constantFrom(12, 13, 15, 18), mono: fc.boolean(), bold: fc.boolean() });
const texts = fc
  .array(fc.string({ maxLength: 12, unit: 'grapheme-ascii' }), { maxLength: 8 })
  .map((words) => words.join(' '));
const small: Face = { size: 12, mono: false, bold: false };

test('a text that was cut fits, and says that it was cut', () => {
  fc.assert(
    fc.property(texts, faces, fc.integer({ min: 20, max: 300 }), (text, face, width) => {
      const shown = fit(text, width, face);
      expect(textWidth(shown, face)).toBeLessThanOrEqual(width);
      expect(shown === text || shown.endsWith('…')).toBe(true);
    }),
  );
});

test('wrapped lines fit, are no more than asked for, and lose nothing when there is room', () => {
  fc.assert(
    fc.property(
      texts,
      faces,
      fc.integer({ min: 60, max: 300 }),
      fc.integer({ min: 1, max: 5 }),
      (text, face, width, most) => {
        const lines = wrap(text, width, face, most);
        expect(lines.length).toBeLessThanOrEqual(most);
        for (const line of lines) expect(textWidth(line, face)).toBeLessThanOrEqual(width);
      },
    ),
  );
  expect(wrap('Born at step 6, by fork.', 1000, small, 3)).toEqual(['Born at step 6, by fork.']);
  expect(wrap('Born at step 6, by fork.', 80, small, 3).join(' ')).toBe('Born at step 6, by fork.');
});

test('never narrower than in the browser, and hardly wider', () => {
  const bold = { ...small, bold: true };
  // getComputedTextLength in Chromium 153 with the shipped faces, kerning and all.
  const measured: readonly (readonly [string, Face, number])[] = [
    ['read-only → f0', small, 85.25],
    ['A load of a.0 returns', small, 115.66],
    ['empty, cleared by munmap', small, 154.25],
    ['written by parent', bold, 98.81],
    ['waits for mmap_lock, held by db', bold, 186.63],
    ['map 1 / ref 2', { ...small, mono: true }, 93.61],
  ];
  for (const [text, face, width] of measured) {
    expect(textWidth(text, face)).toBeGreaterThan(width - 0.5);
    expect(textWidth(text, face)).toBeLessThan(width * 1.05);
  }
});

test('as many whole words as fit, without one that needs the next', () => {
  const face = { size: 12, mono: false, bold: false };
  const some = (width: number): string => firstWords('load a.0 → seen', width, face);
  expect(some(999)).toBe('load a.0 → seen');
  expect(some(textWidth('load a.0 →', face))).toBe('load a.0');
  expect(some(textWidth('load', face))).toBe('load');
  expect(some(4)).toBe('');
  expect(firstWords('in do_wp_page', textWidth('in', face), face)).toBe('');
});
