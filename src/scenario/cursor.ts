/**
 * Reads the tokens of one statement from left to right. The first thing that is not as expected ends it
 * with a `Mistake`.
 */
import type { Span } from './diagnostic.ts';
import type { Token, TokenKind } from './lexer.ts';
import { NAME_MAX, STORED_MAX } from './limits.ts';
import { didYouMean } from './nearest.ts';
import type { Name, Place, Value } from './syntax.ts';
import { isKeyword } from './words.ts';

/** Thrown by a cursor and caught by the parser, nowhere else. */
export class Mistake extends Error {
  readonly span: Span;
  readonly hint: string;
  constructor(span: Span, message: string, hint = '') {
    super(message);
    this.span = span;
    this.hint = hint;
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*$/;
const BYTE = /^[0-9a-fA-F]{2}$/;
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Two hex digits: a byte, never a name. */
export function isByte(word: string): boolean {
  return BYTE.test(word);
}

/** What might stand at the end of a statement that is still being written. */
export interface Wanted {
  /** `a page`, `a process`; '' for words of the language. */
  readonly what: string;
  readonly words: readonly string[];
}

export class Cursor {
  readonly line: number;
  readonly source: string;
  readonly tokens: readonly Token[];
  /** What was looked for when nothing was left. */
  readonly wanted: Wanted[];
  private at = 0;

  /** `tokens`: one statement's, at least one. `source`: the line that they come from. */
  constructor(line: number, source: string, tokens: readonly Token[], wanted: Wanted[] = []) {
    this.line = line;
    this.source = source;
    this.tokens = tokens;
    this.wanted = wanted;
  }

  /** Says that this could follow, in case that nothing does: what an editor offers there. */
  may(what: string, words: readonly string[] = []): void {
    if (this.peek() === null) this.wanted.push({ what, words });
  }

  span(token: Token): Span {
    return { line: this.line, column: token.column, length: token.length };
  }

  /** From the first token to the last. */
  whole(): Span {
    const first = this.tokens[0],
      last = this.tokens.at(-1);
    if (first === undefined || last === undefined) return { line: this.line, column: 1, length: 1 };
    return { line: this.line, column: first.column, length: last.column + last.length - first.column };
  }

  /** Where the next token would stand. */
  here(): Span {
    const next = this.peek();
    if (next !== null) return this.span(next);
    const last = this.tokens.at(-1);
    return { line: this.line, column: last === undefined ? 1 : last.column + last.length, length: 1 };
  }

  peek(ahead = 0): Token | null {
    return this.tokens[this.at + ahead] ?? null;
  }

  /** The text of the next token if it is a word, else ''. */
  peekWord(): string {
    const token = this.peek();
    return token?.kind === 'word' ? token.text : '';
  }

  /** Takes the next token if it is of this kind. */
  take(kind: TokenKind): Token | null {
    const token = this.peek();
    if (kind === 'arrow' || kind === ':' || kind === '=') this.may('', [kind === 'arrow' ? '->' : kind]);
    if (token?.kind !== kind) return null;
    this.at += 1;
    return token;
  }

  /** Takes the next word if it is one of these; '' if not. */
  takeWord(...words: readonly string[]): string {
    const word = this.peekWord();
    this.may('', words);
    if (word === '' || !words.includes(word)) return '';
    this.at += 1;
    return word;
  }

  fail(message: string, hint = ''): never {
    throw new Mistake(this.here(), message, hint);
  }

  /** `what`: `a region`. `hint`: how the statement is written. `rather`: what an editor offers there. */
  word(what: string, hint: string, rather = what): Token {
    const token = this.peek();
    this.may(rather);
    if (token === null) return this.fail(`${what} is missing`, hint);
    if (token.kind !== 'word') return this.fail(`expected ${what}`, hint);
    this.at += 1;
    return token;
  }

  /** One of these words, with "did you mean" for another one. */
  oneOf<W extends string>(words: readonly W[], what: string, hint: string): W {
    this.may('', words);
    const { text, ...token } = this.word(what, hint);
    const found = words.find((w) => w === text);
    if (found !== undefined) return found;
    throw new Mistake(
      { line: this.line, ...token },
      `\`${text}\` is not ${what}`,
      didYouMean(text, words, hint),
    );
  }

  name(what: string, hint: string): Name {
    const token = this.word(what, hint);
    return this.named(token, token.text, what);
  }

  process(hint: string): Name {
    const token = this.word('a process', hint);
    return this.processNamed(token, token.text);
  }

  /** A process may not be called like the first word of another statement. */
  processNamed(token: Token, text: string): Name {
    const name = this.named(token, text, 'a process');
    if (!isKeyword(text)) return name;
    throw new Mistake(name.span, `\`${text}\` is a word of the language`, 'Give the process another name.');
  }

  /** Checks `text`, a part of `token` that starts `skip` characters into it. */
  named(token: Token, text: string, what: string, skip = 0): Name {
    const span = { line: this.line, column: token.column + skip, length: Math.max(1, text.length) };
    if (!NAME.test(text)) {
      throw new Mistake(
        span,
        `\`${text}\` cannot be the name of ${what}`,
        'Names are letters, digits, _ and inner -.',
      );
    }
    if (text.length > NAME_MAX) {
      throw new Mistake(span, `the name has ${text.length} letters`, `At most ${NAME_MAX}.`);
    }
    return { text, span };
  }

  /** `a` or `a.0`. */
  place(hint: string, rather = 'a region or a page'): Place {
    const token = this.word('a region', hint, rather);
    const [region = '', page, ...more] = token.text.split('.');
    const span = this.span(token);
    if (more.length > 0 || (page !== undefined && !/^\d{1,6}$/.test(page))) {
      throw new Mistake(span, `\`${token.text}\` is not a page`, 'Page 0 of region a is written a.0.');
    }
    return {
      region: this.named(token, region, 'a region'),
      page: page === undefined ? null : Number(page),
      span,
    };
  }

  /** `a.0`: exactly one page. */
  page(hint: string): Place {
    const place = this.place(hint, 'a page');
    if (place.page !== null) return place;
    const { text } = place.region;
    throw new Mistake(place.span, `\`${text}\` is a whole region; one page is needed`, `Write ${text}.0.`);
  }

  /** A count of pages if one follows, with the word `page` or `pages` after it or without. */
  pages(): number | null {
    if (!/^\d{1,6}$/.test(this.peekWord())) return null;
    const token = this.word('a number', '');
    const pages = Number(token.text);
    if (pages === 0) throw new Mistake(this.span(token), 'no pages at all', 'Write at least 1.');
    this.takeWord('page', 'pages');
    return pages;
  }

  /** A quoted string, or two hex digits; null if neither follows. */
  maybeValue(): Value | null {
    const token = this.peek();
    this.may('a value');
    if (token?.kind === 'open string') return this.fail('the quote is not closed', 'Add a " at the end.');
    if (token?.kind === 'string') {
      this.at += 1;
      return { text: this.storable(token), hex: false, span: this.span(token) };
    }
    if (token?.kind !== 'word' || !isByte(token.text)) return null;
    this.at += 1;
    return { text: token.text.toLowerCase(), hex: true, span: this.span(token) };
  }

  value(hint: string): Value {
    const value = this.maybeValue();
    if (value !== null) return value;
    const word = this.peekWord();
    if (word === '') return this.fail('a value is missing', hint);
    return this.fail(
      `\`${word}\` is not a value`,
      `Put it in quotes: "${word}", or write a byte as two hex digits.`,
    );
  }

  private storable(token: Token): string {
    const { text } = token,
      span = this.span(token);
    if (text === '')
      throw new Mistake(span, 'the string is empty', 'Write at least one letter; 00 is a zero byte.');
    if (CONTROL.test(text)) throw new Mistake(span, 'the string has a control character', 'Use letters.');
    if (text.length > STORED_MAX) {
      throw new Mistake(
        span,
        `the string has ${text.length} letters`,
        `At most ${STORED_MAX} fit on a folio's card.`,
      );
    }
    return text;
  }

  /** `-> name` if it follows. */
  result(hint: string): Name | null {
    return this.take('arrow') === null ? null : this.name('a result', hint);
  }

  /** The source from `from` to the end of the statement; nothing is left afterwards. */
  rest(from: Token): string {
    const last = this.tokens.at(-1) ?? from;
    this.at = this.tokens.length;
    return this.source.slice(from.column - 1, last.column + last.length - 1);
  }

  written(token: Token): string {
    return this.source.slice(token.column - 1, token.column - 1 + token.length);
  }

  /** Nothing may follow. */
  end(hint: string): void {
    const token = this.peek();
    if (token !== null) this.fail(`\`${this.written(token)}\` is too much`, hint);
  }
}
