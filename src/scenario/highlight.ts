/** What each part of a line is, for whoever draws a text in colours. The lexer and the registries say it. */
import { isByte } from './cursor.ts';
import { lex } from './lexer.ts';
import type { Token } from './lexer.ts';
import { KEYWORDS, OPERATIONS, VERBS } from './words.ts';

export type Hue = 'keyword' | 'actor' | 'operation' | 'name' | 'value' | 'sign' | 'comment' | 'prose';
export interface Piece {
  /** Columns from 0. */
  readonly from: number;
  readonly to: number;
  readonly hue: Hue;
  /** Of a value: who writes it. */
  readonly actor?: string;
}

const KEYWORD: ReadonlySet<string> = new Set(KEYWORDS);
const PROSE = /^(\s*)(scenario|about|source|schedule|note|@\S*)(?=\s|$)/;
/** Words that stand in the forms of operations, as `read`, `write`, `longterm`. */
const FORM_WORDS: ReadonlySet<string> = new Set([
  ...OPERATIONS.flatMap(({ form }) => form.match(/\b[a-z][a-z-]*\b/g) ?? []),
  'any',
  'of',
  'and',
  'none',
  'holds',
  'breaks',
  'pages',
  'page',
  'bits',
]);

/** Whether line `at` (from 0) belongs to an `about` paragraph that begins above it. */
export function continues(lineAt: (at: number) => string, at: number): boolean {
  const indentOf = (line: string): number => line.length - line.trimStart().length;
  let least = indentOf(lineAt(at));
  for (let above = at; above >= 0; above--) {
    const line = lineAt(above),
      words = line.trim();
    if (above < at && /^about(?:\s|$)/.test(words) && indentOf(line) < least) return true;
    if (words === '' || words.startsWith('#') || indentOf(line) === 0) return false;
    least = Math.min(least, indentOf(line));
  }
  return false;
}

/** `continued`: the line belongs to the paragraph above it. */
export function piecesOf(line: string, continued = false): Piece[] {
  if (continued) return [{ from: 0, to: line.length, hue: 'prose' }];
  const prose = PROSE.exec(line);
  if (prose !== null && !/^\s*:/.test(line.slice(prose[0].length))) {
    const [all, indent = ''] = prose;
    const comment = line.search(/(?<=\s)#(?=\s|$)/),
      end = comment < 0 || prose[2] === 'about' ? line.length : comment;
    return [
      { from: indent.length, to: all.length, hue: 'keyword' },
      { from: all.length, to: end, hue: 'prose' },
      ...(end < line.length ? [{ from: end, to: line.length, hue: 'comment' as const }] : []),
    ];
  }
  const { tokens, comment } = lex(line);
  const pieces = statements(tokens).flatMap(statementPieces);
  if (comment === '') return pieces;
  const from = line.indexOf(comment, tokens.at(-1) === undefined ? 0 : endOf(tokens.at(-1)!));
  return [...pieces, { from, to: line.length, hue: 'comment' }];
}

const endOf = (token: Token): number => token.column - 1 + token.length;

function statements(tokens: readonly Token[]): Token[][] {
  const all: Token[][] = [[]];
  for (const token of tokens) {
    // Alone, so that it does not count as a word of either side.
    if (token.kind === ';') all.push([token], []);
    else all.at(-1)!.push(token);
  }
  return all;
}

function statementPieces(tokens: readonly Token[]): Piece[] {
  const [first, second] = tokens;
  if (first === undefined) return [];
  const isLine = second?.kind !== ':' && KEYWORD.has(first.text);
  // The word that says what is done: behind the actor, and behind its colon.
  let verb = isLine ? -1 : second?.kind === ':' ? 2 : 1;
  return tokens.map((token, i): Piece => {
    const at = { from: token.column - 1, to: endOf(token) };
    const writer = isLine ? {} : { actor: first.text };
    if (token.kind === 'string' || token.kind === 'open string') return { ...at, hue: 'value', ...writer };
    if (token.kind !== 'word') return { ...at, hue: 'sign' };
    if (i === 0) return { ...at, hue: isLine ? 'keyword' : 'actor' };
    const word = token.text.replace(/^&/, '');
    if (word === '|') verb = i + 1;
    if (i === verb && word === 'any') verb = i + 3;
    if (i === verb && VERBS.has(word)) return { ...at, hue: 'operation' };
    if (FORM_WORDS.has(word)) return { ...at, hue: 'operation' };
    if (isByte(word) && !isLine) return { ...at, hue: 'value', ...writer };
    return { ...at, hue: word === '|' ? 'sign' : 'name' };
  });
}
