/** Shapes of an exported picture, as SVG text. Every text of a scenario goes through `text()`: it escapes. */
import { fit, textWidth } from '../scene/measure.ts';
import type { Face } from '../scene/measure.ts';
import type { Box } from '../scene/places.ts';
import type { Bytes, Who } from '../scene/scene.ts';

/** XML takes neither markup nor control characters; a lone surrogate is no character at all. */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

type Style = '' | 'strong' | 'mono' | 'mono big' | 'number' | 'title';
const FACES: Readonly<Record<Style, Face>> = {
  '': { size: 12, mono: false, bold: false },
  strong: { size: 12, mono: false, bold: true },
  mono: { size: 12, mono: true, bold: true },
  'mono big': { size: 15, mono: true, bold: true },
  number: { size: 18, mono: true, bold: true },
  title: { size: 17, mono: false, bold: true },
};
export const widthOf = (words: string, style: Style = ''): number =>
  Math.round(textWidth(words, FACES[style]) * 10) / 10;

export interface TextAt {
  readonly x: number;
  /** Middle of the line. */
  readonly mid: number;
  readonly style?: Style;
  readonly tone?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly max?: number;
}

export function text(words: string, at: TextAt): string {
  if (words === '') return '';
  const { x, mid, style = '', tone = '', anchor = 'start', max } = at;
  const face = FACES[style];
  const shown = max === undefined ? words : fit(words, max, face);
  const y = Math.round((mid + face.size * 0.36) * 10) / 10;
  const look = [style, tone].filter((c) => c !== '').join(' ');
  const end = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  // The fonts of the reader may be wider than those that were measured.
  const length =
    [...shown].length < 2 ? '' : ` textLength="${widthOf(shown, style)}" lengthAdjust="spacingAndGlyphs"`;
  const named = look === '' ? '' : ` class="${look}"`;
  return `<text${named} x="${x}" y="${y}"${end}${length}>${escaped(shown)}</text>`;
}

export const rect = (box: Box, look: string, radius = 8): string =>
  `<rect class="${look}" x="${box.x + 0.5}" y="${box.y + 0.5}" width="${Math.max(0, box.w - 1)}" ` +
  `height="${Math.max(0, box.h - 1)}" rx="${radius}"/>`;
export const path = (d: string, look: string): string => `<path class="${look}" d="${d}"/>`;
export const group = (look: string, ...parts: readonly string[]): string =>
  `<g class="${look}">${parts.join('')}</g>`;

export const hueOf = (who: Who): string => (who < 0 ? 'kernel' : `who${who % 4}`);
/** Never colour alone: each writer has a band of its own, too. */
const BANDS = ['', '3 2', '7 2', '1.5 2.5'] as const;

/** Bytes in the colour of who wrote them: solid if younger than the last fork. Ends at `right`. */
export function bytesAt(bytes: Bytes, right: number, mid: number, room: number, changed = false): string {
  const letters = [...bytes.text],
    cell = letters.length * 17 <= room ? 17 : 13;
  const shown = letters.slice(0, Math.max(1, Math.floor(room / cell)));
  if (shown.length < letters.length) shown[shown.length - 1] = '…';
  const left = right - shown.length * cell,
    solid = bytes.fresh && bytes.who >= 0;
  const dash = bytes.who < 0 ? '0 9' : (BANDS[bytes.who % 4] ?? '');
  const cells = shown.map((letter, i) => {
    const x = left + i * cell;
    return (
      rect({ x, y: mid - 12, w: cell - 2, h: 24 }, solid ? 'solid' : 'pale', 3) +
      text(letter, {
        x: x + cell / 2 - 1,
        mid: mid - 2,
        style: 'mono',
        tone: solid ? 'on' : 'hue',
        anchor: 'middle',
      }) +
      `<path class="${solid ? 'band-on' : 'band'}"${dash === '' ? '' : ` stroke-dasharray="${dash}"`} ` +
      `d="M${x + 2} ${mid + 8.5}h${cell - 6}"/>`
    );
  });
  const ring = changed ? rect({ x: left - 4, y: mid - 16, w: right - left + 6, h: 32 }, 'ring', 5) : '';
  return group(hueOf(bytes.who), ...cells) + ring;
}

export const swatch = (who: Who, x: number, mid: number): string => {
  const dash = who < 0 ? '' : (BANDS[who % 4] ?? '');
  return group(
    hueOf(who),
    rect({ x, y: mid - 6, w: 12, h: 12 }, 'solid', 3),
    `<path class="band-on"${dash === '' ? '' : ` stroke-dasharray="${dash}"`} d="M${x + 2} ${mid + 2.5}h8"/>`,
  );
};

/** A lock or a bit: a small label, filled if it is exclusive or set. */
export function label(
  words: string,
  x: number,
  mid: number,
  filled: boolean,
  w = widthOf(words, 'strong') + 12,
): string {
  return (
    rect({ x, y: mid - 10, w, h: 20 }, filled ? 'set' : 'clear', 4) +
    text(words, { x: x + w / 2, mid, style: 'strong', tone: filled ? 'inv' : 'ink2', anchor: 'middle' })
  );
}
