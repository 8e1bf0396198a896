/** Measures the pairs of colours that are drawn on each other, from the style sheet itself. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The custom properties of the first block after a selector. */
function block(selector: string, from = 0, sheet = css): ReadonlyMap<string, string> {
  const start = sheet.indexOf(selector, from);
  if (start < 0) throw new Error(`The style sheet has no block for ${selector}`);
  const body = sheet.slice(sheet.indexOf('{', start) + 1, sheet.indexOf('}', start));
  return new Map(
    [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name = '', value = '']) => [name, value.trim()]),
  );
}

const themes = {
  light: block("[data-theme='light']"),
  dark: block("[data-theme='dark']"),
  contrast: block("[data-theme='contrast']"),
};

function luminance(hex: string): number {
  const channel = (at: number): number => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function ratio(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const WHO = ['who0', 'who1', 'who2', 'who3'];

/** Ink on ground. Text, letters in cells and bits: 4.5 to 1. */
const text: readonly (readonly [string, string])[] = [
  ...['ink', 'ink2', 'ink3'].flatMap((ink) =>
    ['bg', 'surface', 'sunken'].map((ground) => [ink, ground] as const),
  ),
  ['ink', 'mark'],
  ['ink2', 'mark'],
  ['surface', 'ink2'],
  ['onsolid', 'solid'],
  ['ink', 'badtint'],
  ...['bg', 'surface', 'badtint'].map((ground) => ['bad', ground] as const),
  ...['onbad'].map((ink) => [ink, 'bad'] as const),
  ...WHO.flatMap((who) => [
    [`${who}-on`, who] as const,
    [`${who}-ink`, `${who}-tint`] as const,
    [`${who}-ink`, 'surface'] as const,
  ]),
  ['kernel-ink', 'kernel-tint'],
];

/** Lines that carry meaning: outlines of cards, edges, rings, cells, swatches. 3 to 1. */
const lines: readonly (readonly [string, string])[] = [
  ...['edge', 'ink', 'ink2', 'bad', 'markline'].flatMap((line) =>
    ['bg', 'surface'].map((ground) => [line, ground] as const),
  ),
  ['markline', 'mark'],
  ['edge', 'mark'],
  ...['who0', 'who2', 'who0-ink', 'who1-ink', 'who2-ink', 'who3-ink', 'kernel-ink'].flatMap((line) =>
    ['surface', 'bg'].map((ground) => [line, ground] as const),
  ),
];

describe.each(Object.entries(themes))('%s', (_, tokens) => {
  const colour = (name: string): string => {
    const value = tokens.get(name);
    if (!value?.startsWith('#')) throw new Error(`--${name} is not a colour: ${value}`);
    return value;
  };
  const weak = (pairs: readonly (readonly [string, string])[], least: number): readonly string[] =>
    pairs
      .filter(([ink, ground]) => ratio(colour(ink), colour(ground)) < least)
      .map(([ink, ground]) => `${ink} on ${ground}: ${ratio(colour(ink), colour(ground)).toFixed(2)}`);

  test('text has 4.5 to 1', () => {
    expect(weak(text, 4.5)).toEqual([]);
  });

  test('lines that carry meaning have 3 to 1', () => {
    expect(weak(lines, 3)).toEqual([]);
  });
});

/** At the far end of a room; and a page that glares hides the dot of a laser. */
describe('for an audience', () => {
  const sheet = readFileSync(new URL('../present/present.css', import.meta.url), 'utf8');
  test.each(['light', 'dark'] as const)('%s: text has 7 to 1, outlines 4.5 to 1', (theme) => {
    const from = sheet.indexOf(`[data-theme='${theme}'] .present`);
    const tokens = new Map([...themes[theme], ...block('.present {', from, sheet)]);
    const colour = (name: string): string => tokens.get(name) ?? '';
    const weakest = (inks: readonly string[], grounds: readonly string[]): number =>
      Math.min(...inks.flatMap((ink) => grounds.map((ground) => ratio(colour(ink), colour(ground)))));
    expect(weakest(['ink', 'ink2', 'ink3'], ['bg', 'surface', 'sunken'])).toBeGreaterThan(7);
    expect(weakest(['edge'], ['bg', 'surface'])).toBeGreaterThan(4.5);
    expect(luminance(colour('surface'))).toBeLessThan(0.96);
  });
});

test('every theme sets every colour', () => {
  const names = (tokens: ReadonlyMap<string, string>): readonly string[] => [...tokens.keys()].sort();
  expect(names(themes.dark)).toEqual(names(themes.light));
  expect(names(themes.contrast)).toEqual(names(themes.light));
  expect(names(block(':root[data-theme]', css.indexOf('forced-colors: active')))).toEqual(
    names(themes.light),
  );
});

test('what the system wishes looks like what is chosen', () => {
  const wished = (feature: string): ReadonlyMap<string, string> =>
    block(':root:not([data-theme])', css.indexOf(feature));
  expect(wished('prefers-color-scheme: dark')).toEqual(themes.dark);
  expect(wished('prefers-contrast: more')).toEqual(themes.contrast);
});
