/** Lines about the whole scenario that have a grammar of their own: regions, questions, expectations. */
import type { Span } from './diagnostic.ts';
import { Mistake } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import { kindOf } from './operations.ts';
import type {
  ExpectStatement,
  Models,
  Name,
  QuestionStatement,
  RegionStatement,
  TermSyntax,
} from './syntax.ts';
import { LARGE_PAGES } from './words.ts';

type Bare<S> = Omit<S, 'span' | 'comment'>;

export function region(c: Cursor): Bare<RegionStatement> {
  const hint = 'region NAME anon|shared PAGES [ro] [in PROCESS], as in: region a anon 1 page';
  const name = c.name('a region', hint);
  const type = kindOf(c, hint);
  const pages = c.pages() ?? LARGE_PAGES[type] ?? 1;
  const readonly = c.takeWord('ro') !== '';
  const process = c.takeWord('in') === '' ? null : c.name('a process', hint);
  c.end(hint);
  return { kind: 'region', region: name, type, pages, readonly, process };
}

/** `never child.got = "secret"`, `exists child.got = "old" and parent.load = none` */
export function question(c: Cursor, quantifier: QuestionStatement['quantifier']): Bare<QuestionStatement> {
  const hint = `${quantifier} THREAD.RESULT = VALUE [and ...], as in: ${quantifier} child.got = "secret"`;
  const terms = [term(c, hint)];
  while (c.takeWord('and') !== '') terms.push(term(c, hint));
  c.end(hint);
  return { kind: 'question', quantifier, terms };
}

/** `child.got = "secret"`, for questions and for the conditions of the debugger. */
export function term(c: Cursor, hint: string): TermSyntax {
  const token = c.word('a result', hint, 'a result of a thread');
  const dot = token.text.lastIndexOf('.');
  const threadText = token.text.slice(0, Math.max(0, dot)),
    resultText = token.text.slice(dot + 1);
  if (!/^(?:-|[^/]+?(?:\/[1-9]\d{0,2})?)$/.test(threadText)) {
    throw new Mistake(c.span(token), `\`${token.text}\` is not a result of a thread`, hint);
  }
  const processText = threadText.replace(/\/\d+$/, '');
  if (processText !== '-') c.named(token, processText, 'a process');
  c.named(token, resultText.replace(/~\d{1,4}$/, ''), 'a result', dot + 1);
  if (c.take('=') === null) c.fail('a `=` is missing', hint);
  const value = c.takeWord('none') === '' ? c.value(`${hint}; none if nothing was reported`) : null;
  const { column } = token;
  return {
    thread: { text: threadText, span: { line: c.line, column, length: threadText.length } },
    result: { text: resultText, span: { line: c.line, column: column + dot + 1, length: resultText.length } },
    value,
  };
}

const VERDICTS: Readonly<Record<string, 'holds' | 'breaks'>> = {
  holds: 'holds',
  hold: 'holds',
  breaks: 'breaks',
  break: 'breaks',
  broken: 'breaks',
};
const EXPECT = 'expect MODELS holds|breaks [INVARIANT], as in: expect v5.8.. holds';

/** `expect v5.7 v5.9.. breaks private-writes-stay-private` */
export function expectation(c: Cursor): Bare<ExpectStatement> {
  const words: Name[] = [];
  while (verdictOf(c.peekWord()) === null) {
    if (c.take(',') !== null) continue;
    c.may('a model', words.length === 0 ? [] : ['holds', 'breaks']);
    if (c.peek() === null) c.fail('the verdict is missing', EXPECT);
    const token = c.word('a model', EXPECT);
    words.push(...ranged(token.text, c.span(token)));
  }
  if (words.length === 0) c.fail('the models are missing', EXPECT);
  const models = modelsOf(words);
  const verdict = verdictOf(c.word('a verdict', EXPECT).text) ?? 'holds';
  let invariant: Name | null = null;
  c.may('an invariant');
  if (c.peek() !== null) {
    const token = c.word('an invariant', EXPECT);
    invariant = { text: token.text, span: c.span(token) };
    if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(token.text)) {
      const hint = 'Invariants are named like private-writes-stay-private.';
      throw new Mistake(invariant.span, `\`${token.text}\` is not an invariant`, hint);
    }
  }
  c.end(EXPECT);
  return { kind: 'expect', models, verdict, invariant };
}

function verdictOf(word: string): 'holds' | 'breaks' | null {
  return Object.hasOwn(VERDICTS, word) ? (VERDICTS[word] ?? null) : null;
}

/** `v5.7..v5.9` as three words. */
function ranged(word: string, at: Span): Name[] {
  const parts: Name[] = [];
  let offset = 0;
  for (const text of word.split(/(\.\.)/)) {
    if (text !== '') parts.push({ text, span: { ...at, column: at.column + offset, length: text.length } });
    offset += text.length;
  }
  return parts;
}

function modelsOf(words: readonly Name[]): Models[] {
  const models: Models[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i],
      next = words[i + 1],
      after = words[i + 2];
    if (word === undefined) break;
    const dots = next?.text === '..';
    if (word.text === '..') {
      if (next === undefined || dots) throw new Mistake(word.span, 'a range of no models', EXPECT);
      models.push({ from: null, to: next });
      i += 1;
    } else if (dots) {
      if (after?.text === '..') throw new Mistake(after.span, 'a range has two ends', EXPECT);
      models.push({ from: word, to: after ?? null });
      i += 2;
    } else {
      models.push({ from: word, to: word });
    }
  }
  return models;
}
