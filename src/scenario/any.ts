/** `any 2 of A | B | C`: a thread does some of several operations, in any order. Its grammar. */
import { Cursor, Mistake } from './cursor.ts';
import { CHOICES_MAX } from './limits.ts';
import { operation } from './operations.ts';
import { operationText } from './printer.ts';
import type { Operation } from './syntax.ts';

const HINT = 'any NUMBER of OPERATION | OPERATION ..., as in: any 2 of load a.0 | munmap a | store a.0 "x"';

/** Others rely on them, so they cannot be left undone. */
const NEEDED: ReadonlySet<Operation['verb']> = new Set([
  'fork',
  'exit',
  'exec',
  'mmap',
  'join',
  'nodrain',
  'fopen',
]);

/** From the word `any` on, to the end of the statement. */
export function anyOf(c: Cursor): { readonly count: number; readonly ops: readonly Operation[] } {
  c.takeWord('any');
  const number = c.word('a number', HINT);
  if (c.takeWord('of') === '') c.fail('`of` is missing', HINT);
  const rest = c.tokens.slice(c.tokens.indexOf(number) + 2);
  const parts: (typeof rest)[] = [[]];
  for (const token of rest) {
    if (token.kind === 'word' && token.text === '|') parts.push([]);
    else parts.at(-1)!.push(token);
  }
  const ops = parts.map((tokens, i) => {
    const isLast = i === parts.length - 1;
    if (isLast && tokens.length === 0) c.wanted.push({ what: 'an operation', words: [] });
    if (tokens.length === 0) c.fail('an operation is missing', HINT);
    const op = operation(new Cursor(c.line, c.source, tokens, isLast ? c.wanted : []));
    const at = c.span(tokens[0]!);
    if (tokens[0]!.text.startsWith('&'))
      throw new Mistake(at, 'a choice cannot be left alone', 'Leave the & out.');
    if (NEEDED.has(op.verb) || (op.verb === 'vmsplice' && op.times > 1))
      throw new Mistake(at, `${operationText(op)} cannot be a choice`, 'Write it on a line of its own.');
    return op;
  });
  const count = /^\d{1,2}$/.test(number.text) ? Number(number.text) : 0;
  if (count < 1 || count > ops.length) {
    const most = ops.length === 1 ? 'There is 1 operation.' : `Write a number from 1 to ${ops.length}.`;
    throw new Mistake(c.span(number), `\`${number.text}\` of ${ops.length} cannot be done`, most);
  }
  if (ops.length > CHOICES_MAX)
    throw new Mistake(c.whole(), `${ops.length} choices; at most ${CHOICES_MAX}`, 'Leave some out.');
  return { count, ops };
}
