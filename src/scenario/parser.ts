/**
 * Text to tree. Never throws and never loses text: a line that is not understood becomes a `raw` statement
 * and a diagnostic, and the next line starts afresh.
 */
import { anyOf } from './any.ts';
import { Cursor, Mistake } from './cursor.ts';
import type { Wanted } from './cursor.ts';
import { problems } from './diagnostic.ts';
import type { Diagnostic, Problems } from './diagnostic.ts';
import { lex, linesOf } from './lexer.ts';
import type { Line, Token } from './lexer.ts';
import { HUGEPAGES_MAX, LINES_MAX, TEXT_MAX } from './limits.ts';
import { didYouMean } from './nearest.ts';
import { operation } from './operations.ts';
import { expectation, question, region } from './questions.ts';
import type { Actor, ActorKind, Name, Scenario, Statement } from './syntax.ts';
import { utf8Length } from './utf8.ts';
import { KEYWORDS, VERBS, isKeyword } from './words.ts';
import type { Keyword } from './words.ts';

export interface Parsed {
  readonly scenario: Scenario;
  readonly diagnostics: readonly Diagnostic[];
}

/** Names that may act without a colon: processes of `process` lines and forks so far. */
type Declared = Set<string>;
type Prose = 'scenario' | 'about' | 'source' | 'schedule' | 'note';

function isProse(word: Keyword): word is Prose {
  return ['scenario', 'about', 'source', 'schedule', 'note'].includes(word);
}

export function parse(text: string): Parsed {
  const found = problems();
  const lines = linesOf(text);
  // Counted without the kind of line ends, so that printing a text cannot change what becomes of it.
  const bytes = lines.reduce((sum, line) => sum + utf8Length(line) + 1, 0);
  if (bytes > TEXT_MAX) {
    const hint = 'Keep one experiment of it.';
    found.error(
      { line: 1, column: 1, length: 1 },
      `the text has ${kB(bytes)}; at most ${kB(TEXT_MAX)} are read`,
      hint,
    );
    return {
      scenario: { statements: lines.map((line, i) => raw(line, i + 1, 'beyond')) },
      diagnostics: found.sorted(),
    };
  }
  return { scenario: { statements: statementsOf(lines, found) }, diagnostics: found.sorted() };
}

function kB(bytes: number): string {
  return `${Math.ceil(bytes / 1024)} kB`;
}

function statementsOf(lines: readonly string[], found: Problems): Statement[] {
  const statements: Statement[] = [];
  const declared: Declared = new Set();
  let count = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const read = about(lines, i) ?? lineOf(line, i + 1, declared, found);
    const lineCount = read.reduce((n, s) => n + (s.kind === 'about' ? s.lines.length : 1), 0);
    if (count + lineCount > LINES_MAX) {
      const hint = 'Keep one experiment of it. Operations that share a line by ; count as a line each.';
      found.error({ line: i + 1, column: 1, length: 1 }, `more than ${LINES_MAX} lines`, hint);
      for (let rest = i; rest < lines.length; rest++)
        statements.push(raw(lines[rest] ?? '', rest + 1, 'beyond'));
      break;
    }
    count += lineCount;
    statements.push(...read);
    const first = read[0];
    if (first?.kind === 'about') i += first.lines.length - 1;
  }
  return statements;
}

function raw(text: string, line: number, why: 'broken' | 'separators' | 'beyond'): Statement {
  const span = { line, column: 1, length: Math.max(1, text.length) };
  const verbatim = why === 'beyond';
  return {
    kind: 'raw',
    text: verbatim ? text : text.trim(),
    broken: why !== 'separators',
    verbatim,
    span,
    comment: '',
  };
}

const indentOf = (line: string): number => line.length - line.trimStart().length;

/**
 * An `about` line and the lines below it that are indented more. No comments in here: a paragraph may say
 * `#1`.
 */
function about(lines: readonly string[], at: number): Statement[] | null {
  const line = lines[at] ?? '';
  const head = /^\s*about(?:\s+(\S.*?))?\s*$/s.exec(line);
  if (head === null || head[1]?.startsWith(':') === true) return null;
  const indent = indentOf(line);
  const text = [head[1] ?? ''];
  for (let next = lines[at + text.length]; next !== undefined; next = lines[at + text.length]) {
    const words = next.trim();
    if (words === '' || words.startsWith('#') || indentOf(next) <= indent) break;
    text.push(words);
  }
  const span = { line: at + 1, column: indent + 1, length: line.trim().length };
  return [{ kind: 'about', lines: text, span, comment: '' }];
}

/** Statements of one line, at least one. */
function lineOf(source: string, line: number, declared: Declared, found: Problems): Statement[] {
  const free = freeText(source, line);
  if (free !== null) return [free];
  const { tokens, comment } = lex(source);
  const segments = split(tokens);
  if (segments.length === 0) {
    const span = { line, column: indentOf(source) + 1, length: Math.max(1, source.trim().length) };
    if (tokens.length > 0) return [raw(source, line, 'separators')];
    return [{ kind: comment === '' ? 'blank' : 'comment', span, comment }];
  }
  const statements: Statement[] = [];
  try {
    segments.forEach((segment, i) => {
      const cursor = new Cursor(line, source, segment);
      const said = i === segments.length - 1 ? comment : '';
      statements.push({ ...statement(cursor, declared), comment: said });
    });
  } catch (problem) {
    if (!(problem instanceof Mistake)) throw problem;
    found.error(problem.span, problem.message, problem.hint);
    return [raw(source, line, 'broken')];
  }
  return statements;
}

function split(tokens: Line['tokens']): Token[][] {
  const segments: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === ';') segments.push([]);
    else segments.at(-1)?.push(token);
  }
  return segments.filter((s) => s.length > 0);
}

/** Lines whose rest is prose. A comment needs a space after its #, so that a title may speak of #2. */
function freeText(source: string, line: number): Statement | null {
  const parts = /^\s*(scenario|source|schedule|note|@\S*)(?=\s|$)(.*)$/s.exec(source);
  if (parts === null) return null;
  const [, word = '', rest = ''] = parts;
  // `source: store a.0 "x"` is an operation of a process with an unlucky name; the statement parser says so.
  if (rest.trimStart().startsWith(':')) return null;
  const at = rest.search(/(?<=\s)#(?=\s|$)/);
  const text = (at < 0 ? rest : rest.slice(0, at)).trim();
  const span = { line, column: indentOf(source) + 1, length: Math.max(1, source.trim().length) };
  const comment = at < 0 ? '' : rest.slice(at).trimEnd();
  if (word.startsWith('@')) return { kind: 'experiment', name: word.slice(1), about: text, span, comment };
  if (word === 'note') return { kind: 'note', ...pinned(text), span, comment };
  return { kind: word as Exclude<Prose, 'about' | 'note'>, text, span, comment };
}

/** `child@munmap.end: what to see there`. The colon may be left out. */
function pinned(text: string): { readonly at: string; readonly text: string } {
  const [, at = '', rest = ''] = /^(\S*?):?(?:\s+(.*))?$/s.exec(text) ?? [];
  return { at, text: rest };
}

/** What might follow at the end of a statement that is still being written. `tokens`: at least one. */
export function wantedAfter(
  source: string,
  tokens: readonly Token[],
  declared: ReadonlySet<string>,
): readonly Wanted[] {
  const cursor = new Cursor(1, source, tokens);
  try {
    statement(cursor, new Set(declared));
  } catch (problem) {
    if (!(problem instanceof Mistake)) throw problem;
  }
  return cursor.wanted;
}

function statement(c: Cursor, declared: Declared): Statement {
  const first = c.peekWord();
  const base = { span: c.whole(), comment: '' };
  const colon = c.peek(1)?.kind === ':';
  if (!colon && isKeyword(first)) {
    return { ...base, ...keyword(first, c, declared) };
  }
  if (!colon && !acts(first, declared)) return c.fail(...unknown(c, first, declared));
  const who = actor(c);
  c.take(':');
  c.may('', ['any']);
  if (c.peekWord() === 'any') return { kind: 'any', actor: who, ...anyOf(c), ...base };
  const detached = c.peekWord().startsWith('&');
  const op = operation(c);
  if (op.verb === 'fork') declared.add(op.child.text);
  return { kind: 'op', actor: who, op, detached: detached && op.verb !== 'foreign', ...base };
}

/** May act without a colon. */
function acts(word: string, declared: Declared): boolean {
  return word === '-' || /^[A-Z](?:\/\d+)?$/.test(word) || declared.has(word.replace(/\/\d+$/, ''));
}

function unknown(c: Cursor, word: string, declared: Declared): [message: string, hint: string] {
  const token = c.peek();
  const written = token === null ? '' : c.written(token);
  if (VERBS.has(word))
    return [`\`${word}\` has no actor`, `Write who does it: \`parent: ${c.source.trim().slice(0, 40)}\`.`];
  const otherwise = 'An operation is written `parent: store a.0 "old"`.';
  return [
    `\`${written}\` begins no statement`,
    didYouMean(word, [...KEYWORDS, ...declared, ...VERBS.keys()], otherwise),
  ];
}

function actor(c: Cursor): Actor {
  const token = c.word('an actor', 'An operation is written `parent: store a.0 "old"`.');
  const [name = '', number, ...more] = token.text.split('/');
  const span = c.span(token);
  const thread = number === undefined ? 1 : /^\d{1,3}$/.test(number) ? Number(number) : 0;
  if (more.length > 0 || (number !== undefined && thread < 2)) {
    const hint = `The first thread is ${name}, the second ${name}/2.`;
    throw new Mistake(span, `\`${token.text}\` is not a thread`, hint);
  }
  if (name === '-') {
    if (thread === 1) return { name: { text: '-', span }, thread };
    throw new Mistake(span, 'the outside observer has one thread', 'Write - alone.');
  }
  return { name: c.processNamed(token, name), thread };
}

type Made = Statement extends infer S ? (S extends Statement ? Omit<S, 'span' | 'comment'> : never) : never;

function keyword(word: Keyword, c: Cursor, declared: Declared): Made {
  if (isProse(word)) return c.fail(`\`${word}\` must begin its line`, 'Move it to a line of its own.');
  c.take('word');
  switch (word) {
    case 'process': {
      const hint = 'process NAME, as in: process parent';
      const names = [];
      do {
        names.push(c.process(hint));
        c.take(',');
      } while (c.peek() !== null);
      for (const { text } of names) declared.add(text);
      return { kind: 'process', names };
    }
    case 'region':
      return region(c);
    case 'lru': {
      const hint = 'lru drained | batched';
      const mode = c.oneOf(['drained', 'batched'], 'a way to keep the LRU', hint);
      c.end(hint);
      return { kind: 'lru', mode };
    }
    case 'flush': {
      const hint = 'flush ipi | broadcast';
      const how = c.oneOf(['ipi', 'broadcast'], 'a way to flush', hint);
      c.end(hint);
      return { kind: 'flush', how };
    }
    case 'tables': {
      const hint = 'tables together | apart';
      const how = c.oneOf(['together', 'apart'], 'a way to lay page tables out', hint);
      c.end(hint);
      return { kind: 'tables', how };
    }
    case 'hugepages': {
      const hint = `hugepages N, from 1 to ${HUGEPAGES_MAX}, as in: hugepages 2`;
      const token = c.word('a number of huge pages', hint);
      if (!/^\d{1,2}$/.test(token.text) || Number(token.text) < 1 || Number(token.text) > HUGEPAGES_MAX)
        throw new Mistake(c.span(token), `\`${token.text}\` is no size of a pool here`, hint);
      c.end(hint);
      return { kind: 'hugepages', pages: Number(token.text) };
    }
    case 'actors': {
      const hint = 'actors tlb-evict | lru-drain | migrate | dma';
      const names: ActorKind[] = [];
      do {
        names.push(c.oneOf(['tlb-evict', 'lru-drain', 'migrate', 'dma'], 'an actor', hint));
        c.take(',');
      } while (c.peek() !== null);
      return { kind: 'actors', names };
    }
    case 'counter': {
      const hint = 'counter BITS bits, from 3 to 7, as in: counter 3 bits';
      const token = c.word('a number of bits', hint);
      if (!/^[3-7]$/.test(token.text))
        throw new Mistake(c.span(token), `\`${token.text}\` is no width here`, hint);
      c.takeWord('bit', 'bits');
      c.end(hint);
      return { kind: 'counter', bits: Number(token.text) };
    }
    case 'without':
    case 'with': {
      const hint =
        word === 'with'
          ? 'with EXTRA, as in: with copy-rechecks-exclusive'
          : 'without GUARD, as in: without copy-rechecks-pte';
      const names: Name[] = [];
      do {
        const token = c.word('a guard', hint);
        names.push({ text: token.text, span: c.span(token) });
        c.take(',');
      } while (c.peek() !== null);
      return { kind: word, names };
    }
    case 'parallel':
    case 'end':
      c.end(`Write ${word} on a line of its own.`);
      return { kind: word };
    case 'exists':
    case 'never':
    case 'always':
    case 'sometimes':
      return question(c, word);
    case 'expect':
      return expectation(c);
  }
}
