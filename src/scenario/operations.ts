/** One operation, in the preferred spelling or the recorder's, from the words after its actor. */
import type { RegionKind } from '../kernel/plan.ts';
import { Mistake, isByte } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { Token } from './lexer.ts';
import { didYouMean } from './nearest.ts';
import type { Foreign, Name, Operation, Place, Verb } from './syntax.ts';
import { FOREIGN_ADVICE, FOREIGN_KINDS, FOREIGN_VERBS, VERBS, formOf } from './words.ts';

/** Throws a Mistake about the first word that does not fit. */
export function operation(c: Cursor): Operation {
  const first = c.peek();
  if (first === null)
    return c.fail('the actor does nothing', 'Write what it does: `parent: store a.0 "old"`.');
  const word = first.kind === 'word' ? first.text : '';
  if (word.startsWith('&')) return foreign(c, first, `${word}, a second thread that may block`);
  if (FOREIGN_VERBS.has(word)) return foreign(c, first, word);
  const verb = VERBS.get(word);
  if (verb === undefined) {
    const otherwise = 'docs/language.md lists the operations.';
    return c.fail(`\`${c.written(first)}\` is not an operation`, didYouMean(word, VERBS.keys(), otherwise));
  }
  c.take('word');
  const { form, example } = formOf(verb);
  const hint = `${form}, as in: ${example}`;
  const operation = PARSE[verb](c, hint, first);
  c.end(hint);
  return operation;
}

type Parse = (c: Cursor, hint: string, first: Token) => Operation;

const PARSE: Readonly<Record<Exclude<Verb, 'foreign'>, Parse>> = {
  mmap: (c, hint, first) => {
    const region = c.name('a region', hint);
    if (FOREIGN_KINDS.has(c.peekWord()))
      return foreign(c, first, `memory of kind ${c.peekWord()}`, region.text);
    const kind = kindOf(c, hint);
    return { verb: 'mmap', region, kind, pages: c.pages() ?? 1, readonly: c.takeWord('ro') !== '' };
  },
  munmap: (c, hint) => {
    const place = c.place(hint);
    return { verb: 'munmap', place, pages: place.page === null ? null : c.pages() };
  },
  load: (c, hint) => ({ verb: 'load', place: c.page(hint), result: c.result(hint) }),
  store: (c, hint) => ({ verb: 'store', place: c.page(hint), value: c.value(hint) }),
  fork: (c, hint) => ({ verb: 'fork', child: c.process(hint) }),
  exit: () => ({ verb: 'exit' }),
  madvise: (c, hint, first) => {
    const place = c.place(hint);
    if (FOREIGN_ADVICE.has(c.peekWord())) return foreign(c, first, `madvise ${c.peekWord()}`);
    const advice = c.oneOf(['dontneed'], 'an advice', hint);
    return { verb: 'madvise', place, advice, pages: place.page === null ? null : c.pages() };
  },
  mprotect: (c, hint) => {
    return {
      verb: 'mprotect',
      place: c.place(hint),
      protection: c.oneOf(['ro', 'rw', 'none'], 'a protection', hint),
    };
  },
  vmsplice: (c, hint) => {
    const place = c.page(hint);
    c.take('arrow');
    return { verb: 'vmsplice', place, pipe: pipe(c, hint) };
  },
  read: (c, hint) => ({ verb: 'read', pipe: pipe(c, hint), result: c.result(hint) }),
  pin: (c, hint, first) => {
    const short = first.text === 'hro' ? 'read' : first.text === 'hrw' ? 'write' : null;
    return { verb: 'pin', ...taken(c, hint, short) };
  },
  get: (c, hint) => ({ verb: 'get', ...taken(c, hint, null) }),
  release: (c, hint) => {
    const word = c.peekWord();
    const hold = word === '' || isByte(word) ? null : numberedName(c, 'a hold', hint);
    return { verb: 'release', hold, value: c.maybeValue(), result: c.result(hint) };
  },
  nodrain: () => ({ verb: 'nodrain' }),
};

/** `anon`, `shared`; the recorder's `shanon` is the latter. Also for `region` lines. */
export function kindOf(c: Cursor, hint: string): RegionKind {
  const written = c.oneOf(['anon', 'shared', 'shanon'], 'a kind of memory', hint);
  return written === 'anon' ? 'anon' : 'shanon';
}

function foreign(c: Cursor, first: Token, what: string, maps = ''): Foreign {
  return { verb: 'foreign', what, text: c.rest(first), maps };
}

interface Taken {
  place: Place;
  access: 'read' | 'write';
  fast: boolean;
  hold: Name | null;
}

/** What `pin` and `get` have in common; `access` is given by the recorder's `hro` and `hrw`. */
function taken(c: Cursor, hint: string, access: 'read' | 'write' | null): Taken {
  const place = c.page(hint);
  return {
    place,
    access: access ?? c.oneOf(['read', 'write'], 'an access', hint),
    fast: c.takeWord('fast') !== '',
    hold: c.takeWord('as') === '' ? null : holdName(c, hint),
  };
}

/** A release reads two hex digits as a byte, so no hold may be called so. */
function holdName(c: Cursor, hint: string): Name {
  const hold = c.name('a hold', hint);
  if (!isByte(hold.text)) return hold;
  throw new Mistake(hold.span, `\`${hold.text}\` reads as a byte`, 'Give the hold a longer name.');
}

/** A pipe has a name, or a number as in the recorder. */
function pipe(c: Cursor, hint: string): Name {
  const token = c.word('a pipe', hint);
  if (/^\d{1,3}$/.test(token.text)) return { text: token.text, span: c.span(token) };
  return c.named(token, token.text, 'a pipe');
}

/** A name that the language may have made: `pin~2`, the second hold without a name of its own. */
export function numberedName(c: Cursor, what: string, hint: string): Name {
  const token = c.word(what, hint);
  c.named(token, token.text.replace(/~\d{1,4}$/, ''), what);
  return { text: token.text, span: c.span(token) };
}
