/**
 * Widths of text in the two shipped faces, from a table: the same in a test, in a worker and before the
 * fonts have loaded. Kerning is left out; a text is never wider than what is said here by more than a
 * pixel.
 */

export interface Face {
  readonly size: number;
  readonly mono: boolean;
  readonly bold: boolean;
}

/** Advance of the characters from U+0020 to U+007E, in hundredths of the size: Inter 400, tabular figures. */
const INTER = [
  27, 29, 47, 64, 65, 99, 65, 30, 39, 39, 65, 65, 27, 65, 27, 36, 65, 65, 65, 65, 65, 65, 65, 65, 65, 65, 27,
  27, 65, 65, 65, 51, 97, 69, 66, 73, 72, 61, 59, 75, 75, 27, 57, 67, 57, 91, 76, 77, 64, 77, 65, 65, 65, 75,
  69, 99, 68, 68, 63, 39, 36, 39, 47, 46, 32, 56, 61, 57, 61, 58, 37, 62, 60, 24, 24, 55, 25, 88, 60, 60, 61,
  62, 38, 53, 33, 60, 56, 82, 55, 56, 55, 39, 34, 39, 65,
];
const BEYOND: Readonly<Record<string, number>> = {
  '→': 95,
  '…': 87,
  '’': 26,
  '“': 44,
  '”': 44,
  '›': 38,
  '·': 29,
};
const MONO = 60;
/** Semibold is this much wider than regular. */
const BOLD = 1.035;

export function textWidth(text: string, face: Face): number {
  let sum = 0;
  for (const letter of text) {
    if (face.mono) sum += MONO;
    else sum += (INTER[(letter.codePointAt(0) ?? 0) - 32] ?? BEYOND[letter] ?? 75) * (face.bold ? BOLD : 1);
  }
  return (sum * face.size) / 100;
}

/** As much of a text as fits, with an ellipsis where it was cut. */
export function fit(text: string, width: number, face: Face): string {
  if (textWidth(text, face) <= width) return text;
  const letters = [...text];
  const room = width - textWidth('…', face);
  let used = 0;
  let keep = 0;
  for (const letter of letters) {
    used += textWidth(letter, face);
    if (used > room) break;
    keep += 1;
  }
  return `${letters.slice(0, keep).join('').trimEnd()}…`;
}

/** The first words that fit: nothing where not even one does. A cut word is worse than none. */
export function firstWords(text: string, width: number, face: Face): string {
  const words = text.split(' ');
  for (let n = words.length; n > 0; n -= 1) {
    const some = words
      .slice(0, n)
      .join(' ')
      .replace(/(?:(?:^| )(?:→|of|as|in|to|by|for|held)|,)+$/, '');
    if (textWidth(some, face) <= width) return some;
  }
  return '';
}

/** Lines of at most `width`, broken at spaces; the last of `most` lines is cut with an ellipsis. */
export function wrap(text: string, width: number, face: Face, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || textWidth(longer, face) <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  if (line !== '') lines.push(line);
  const kept = lines.slice(0, most);
  if (lines.length > most) kept[most - 1] = lines.slice(most - 1).join(' ');
  return kept.map((one) => fit(one, width, face));
}
