/**
 * A change that mends a mistake, where what to do is plain. It does what the mistake's own hint says, so
 * there is one place that knows: the compiler.
 */
import type { Diagnostic } from './diagnostic.ts';
import { linesOf, quoted } from './lexer.ts';
import { namesOf } from './names.ts';
import { parse } from './parser.ts';

/** Replaces `length` letters from there by `insert`; line and column count from 1. */
export interface Fix {
  readonly label: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly insert: string;
}

type Mend = (
  said: RegExpExecArray,
  d: Diagnostic,
  lines: readonly string[],
) => Omit<Fix, 'label'> & { label?: string };

const written = (d: Diagnostic, lines: readonly string[]): string =>
  (lines[d.line - 1] ?? '').slice(d.column - 1, d.column - 1 + d.length);
const instead = (d: Diagnostic, insert: string): Omit<Fix, 'label'> => ({
  line: d.line,
  column: d.column,
  length: d.length,
  insert,
});
/** A line of its own, before line `line`. */
const before = (line: number, insert: string): Omit<Fix, 'label'> => ({
  line,
  column: 1,
  length: 0,
  insert: `${insert}\n`,
});

/** First line that is more than a heading: what has to exist belongs before it. */
function firstOf(lines: readonly string[], after: RegExp): number {
  const at = lines.findLastIndex((line) => after.test(line));
  if (at >= 0) return at + 2;
  const head = lines.findIndex(
    (line) => !/^(?:\s*$|\s*#|\s*(?:scenario|about|source)\b|\s{2,}\S)/.test(line),
  );
  return head < 0 ? lines.length + 1 : head + 1;
}

const MENDS: readonly (readonly [hint: RegExp, mend: Mend])[] = [
  [
    /^Did you mean (.+)\?$/,
    ([, word = ''], d, lines) => instead(d, /^["“”]/.test(written(d, lines)) ? quoted(word) : word),
  ],
  [/^Write (\w[\w-]*\.\d+)\.$/, ([, page = ''], d) => instead(d, page)],
  [/^Put it in quotes: ("[^"]*"),/, ([, word = ''], d) => instead(d, word)],
  [
    /^Add a " at the end\.$/,
    (_, d, lines) => ({
      ...instead(d, '"'),
      column: (lines[d.line - 1] ?? '').trimEnd().length + 1,
      length: 0,
    }),
  ],
  [
    /^Add (?:a line: |`)(process [\w-]+)[`.]/,
    ([, line = ''], _, lines) => before(firstOf(lines, /^\s*process\s/), line),
  ],
  [
    /^Add `(region [^`]+)`/,
    ([, line = ''], _, lines) => before(firstOf(lines, /^\s*(?:process|region)\s/), line),
  ],
  [/^Add `end` before line (\d+)\.$/, ([, line = '']) => before(Number(line), 'end')],
  [/^Add `end`\.$/, (_, __, lines) => before(lines.length + 1, 'end')],
  [/^Remove the line\.$/, (_, d) => ({ line: d.line, column: 1, length: Infinity, insert: '' })],
  [
    /^Write who does it: /,
    (_, d, lines) => {
      const [who = 'parent'] = namesOf(parse(lines.join('\n')).scenario).processes;
      return { ...instead(d, `${who}: `), length: 0, label: `Let ${who} do it` };
    },
  ],
];

export function fixOf(text: string, d: Diagnostic): Fix | null {
  const lines = linesOf(text);
  for (const [hint, mend] of MENDS) {
    const said = hint.exec(d.hint);
    if (said === null) continue;
    const { label, ...change } = mend(said, d, lines);
    return { label: label ?? labelOf(change, written(d, lines)), ...change };
  }
  return null;
}

function labelOf({ insert, length }: Omit<Fix, 'label'>, was: string): string {
  if (length === Infinity) return 'Remove the line';
  return insert.endsWith('\n') || length === 0 ? `Add ${insert.trim()}` : `Change ${was} to ${insert}`;
}

/** The text with the fix made. A length beyond the line's end takes the line end, too. */
export function fixed(text: string, { line, column, length, insert }: Fix): string {
  const from = offsetOf(text, line) + column - 1;
  const end = offsetOf(text, line + 1);
  // A text may end without a line end; a line after it begins with one.
  const start =
    line > 1 && from > text.length
      ? '\n'
      : from === text.length && !/(^|\n)$/.test(text) && column === 1
        ? '\n'
        : '';
  return text.slice(0, from) + start + insert + text.slice(Math.min(end, from + length));
}

/** Where a line begins, from 1; the end of the text for one behind it. */
export function offsetOf(text: string, line: number): number {
  const ends = /\r\n|\r|\n/g;
  for (let n = 1; n < line; n++) if (ends.exec(text) === null) return text.length;
  return ends.lastIndex;
}
