/** One line of text into tokens. Takes every text: what is no token is part of a word. */

export type TokenKind = 'word' | 'string' | 'open string' | 'arrow' | ':' | ';' | '=' | ',';

export interface Token {
  readonly kind: TokenKind;
  /** A word as written; a string without its quotes. */
  readonly text: string;
  /** From 1. */
  readonly column: number;
  readonly length: number;
}

export interface Line {
  readonly tokens: readonly Token[];
  /** From `#` on, without trailing space, or ''. */
  readonly comment: string;
}

const SPACE = /\s+/y;
const STRING = /["“”](?:\\.|[^"“”\\])*(["“”]?)/y;
const ARROW = /->|→/y;
const WORD = /(?:(?!->)[^\s":;=,“”→])+/y;

/**
 * `#` begins a comment wherever a token could begin; inside a word it is a letter, as in
 * `child@load.end#2`.
 */
export function lex(line: string): Line {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    return pattern.exec(line)?.[0] ?? null;
  };
  const push = (kind: TokenKind, text: string, length: number): void => {
    tokens.push({ kind, text, column: at + 1, length });
    at += length;
  };
  while (at < line.length) {
    const space = match(SPACE);
    if (space !== null) {
      at += space.length;
      continue;
    }
    const first = line[at] ?? '';
    if (first === '#') return { tokens, comment: line.slice(at).trimEnd() };
    if (first === ':' || first === ';' || first === '=' || first === ',') {
      push(first, first, 1);
      continue;
    }
    const string = match(STRING);
    if (string !== null) {
      const closed = closes(string);
      push(
        closed ? 'string' : 'open string',
        unescaped(string.slice(1, closed ? -1 : undefined)),
        string.length,
      );
      continue;
    }
    const arrow = match(ARROW);
    if (arrow !== null) push('arrow', '->', arrow.length);
    else push('word', match(WORD) ?? first, (match(WORD) ?? first).length);
  }
  return { tokens, comment: '' };
}

function closes(string: string): boolean {
  STRING.lastIndex = 0;
  return (STRING.exec(string)?.[1] ?? '') !== '';
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}

/** A string as the printer writes it. */
export function quoted(text: string): string {
  return `"${text.replace(/["\\“”]/g, '\\$&')}"`;
}

/** Lines without their ends. A final line end does not begin another line. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
