/** One operation, in the preferred spelling or the recorder's, from the words after its actor. */
import type { RegionKind } from '../kernel/plan.ts';
import { ADVICE_WORDS } from './advice.ts';
import { Mistake, isByte } from './cursor.ts';
import type { Cursor } from './cursor.ts';
import type { Token } from './lexer.ts';
import { didYouMean } from './nearest.ts';
import type { Foreign, Name, Operation, Place, Value, Verb } from './syntax.ts';
import {
  FOREIGN_ADVICE,
  FOREIGN_KINDS,
  FOREIGN_VERBS,
  KIND_WORDS,
  LARGE_PAGES,
  OPERATIONS,
  VERBS,
  formOf,
} from './words.ts';

/** Throws a Mistake about the first word that does not fit. */
export function operation(c: Cursor): Operation {
  const first = c.peek();
  c.may('an operation');
  if (first === null)
    return c.fail('the actor does nothing', 'Write what it does: `parent: store a.0 "old"`.');
  const written = first.kind === 'word' ? first.text : '';
  const word = written.replace(/^&/, '');
  if (FOREIGN_VERBS.has(word)) return foreign(c, first, word);
  const verb = VERBS.get(word);
  if (verb === undefined) {
    const otherwise = 'docs/language.md lists the operations.';
    return c.fail(`\`${c.written(first)}\` is not an operation`, didYouMean(word, SPOKEN, otherwise));
  }
  if (word !== written && !DETACHABLE.has(verb))
    return c.fail(`${verb} cannot be started on a second thread`, 'Loads, stores and look-ups can.');
  c.take('word');
  const { form, example } = formOf(verb);
  const hint = `${form}, as in: ${example}`;
  const operation = PARSE[verb](c, hint, first);
  c.end(hint);
  return operation;
}

/** What may have been meant: rather the preferred spelling than the recorder's. */
const SPOKEN: readonly string[] = [...OPERATIONS.map((o) => o.verb), ...VERBS.keys()];

type Parse = (c: Cursor, hint: string, first: Token) => Operation;

/** Operations that a second thread may be left alone with: those that may wait for a monitor. */
export const DETACHABLE: ReadonlySet<Verb> = new Set([
  'load',
  'store',
  'vmsplice',
  'pin',
  'get',
  'lookup',
  'madvise',
  'uffd_wait',
]);

const PARSE: Readonly<Record<Exclude<Verb, 'foreign'>, Parse>> = {
  mmap: (c, hint, first) => {
    const region = c.name('a region', hint);
    if (FOREIGN_KINDS.has(c.peekWord()))
      return foreign(c, first, `memory of kind ${c.peekWord()}`, region.text);
    const kind = kindOf(c, hint);
    // A huge page is one page, however many small ones the recorder is told.
    const said = c.pages() ?? LARGE_PAGES[kind] ?? 1,
      pages = kind === 'huge' ? 1 : said,
      readonly = c.takeWord('ro') !== '';
    return { verb: 'mmap', region, kind, pages, readonly, populate: c.takeWord('populate') !== '' };
  },
  munmap: (c, hint) => {
    const place = c.place(hint);
    return { verb: 'munmap', place, pages: place.page === null ? null : c.pages() };
  },
  load: (c, hint) => ({ verb: 'load', place: c.page(hint), result: c.result(hint) }),
  store: (c, hint) => ({ verb: 'store', place: c.page(hint), value: c.value(hint) }),
  fork: (c, hint) => ({ verb: 'fork', child: c.process(hint) }),
  exit: () => ({ verb: 'exit' }),
  exec: () => ({ verb: 'exec' }),
  mremap: (c, hint) => ({ verb: 'mremap', region: c.name('a region', hint) }),
  mlock: (c, hint) => ({ verb: 'mlock', place: c.place(hint) }),
  munlock: (c, hint) => ({ verb: 'munlock', place: c.place(hint) }),
  uffd_register: (c, hint, first) => {
    const region = c.name('a region', hint);
    if (first.text.startsWith('uffd') && first.text !== 'uffd_register')
      return { verb: 'uffd_register', region, mode: first.text === 'uffdwp' ? 'wp' : 'missing' };
    return { verb: 'uffd_register', region, mode: c.oneOf(['wp', 'missing'], 'a mode', hint) };
  },
  uffd_writeprotect: (c, hint, first) => {
    const place = c.place(hint);
    const on =
      first.text === 'wp' || (first.text !== 'unwp' && c.oneOf(['on', 'off'], 'on or off', hint) === 'on');
    return { verb: 'uffd_writeprotect', place, on };
  },
  uffd_copy: (c, hint) => ({ verb: 'uffd_copy', place: c.page(hint), value: c.value(hint) }),
  uffd_continue: (c, hint) => ({ verb: 'uffd_continue', place: c.page(hint) }),
  uffd_wait: (c, hint) => ({ verb: 'uffd_wait', place: c.place(hint) }),
  clear_refs: () => ({ verb: 'clear_refs' }),
  ksm: () => ({ verb: 'ksm' }),
  ksm_unmerge: () => ({ verb: 'ksm_unmerge' }),
  move_pages: (c, hint) => ({ verb: 'move_pages', place: c.page(hint), node: node(c, hint) }),
  reclaim: (c, hint) => ({ verb: 'reclaim', place: c.page(hint) }),
  join: () => ({ verb: 'join' }),
  numa_hint: (c, hint) => ({ verb: 'numa_hint', place: c.place(hint) }),
  madvise: (c, hint, first) => {
    const place = c.place(hint);
    if (FOREIGN_ADVICE.has(c.peekWord())) return foreign(c, first, `madvise ${c.peekWord()}`);
    const advice = ADVICE_WORDS.get(c.oneOf([...ADVICE_WORDS.keys()], 'an advice', hint))!;
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
    return { verb: 'vmsplice', place, pipe: pipe(c, hint), times: times(c, hint) };
  },
  read: (c, hint) => ({ verb: 'read', pipe: pipe(c, hint), result: c.result(hint) }),
  pin: (c, hint, first) => {
    const short = SHORT_PINS[first.text] ?? null;
    // The recorder's `hro` and `hrw` are one page.
    const place = short?.longterm === false ? c.page(hint) : c.place(hint);
    if (short?.longterm !== true) return { verb: 'pin', ...taken(c, hint, place, short?.access ?? null) };
    const rest = taken(c, hint, place, short.access);
    return { verb: 'pin', ...rest, longterm: true, fast: first.text === 'grof' };
  },
  get: (c, hint) => {
    const { longterm, ...rest } = taken(c, hint, c.page(hint), null);
    if (longterm) return c.fail('only a pin can be long-term', 'Write pin, or leave longterm out.');
    return { verb: 'get', ...rest };
  },
  release: (c, hint) => {
    const hold = maybeHold(c, hint);
    return { verb: 'release', hold, value: c.maybeValue(), result: c.result(hint) };
  },
  unpin: (c, hint) => ({ verb: 'unpin', hold: maybeHold(c, hint) }),
  lookup: (c, hint) => ({ verb: 'lookup', place: c.page(hint), result: c.result(hint) }),
  dio: (c, hint) => ({ verb: 'dio', place: c.page(hint), value: c.value(hint) }),
  dio_read: (c, hint) => ({ verb: 'dio_read', place: c.page(hint), hold: asHold(c, hint) }),
  dio_write: (c, hint) => ({ verb: 'dio_write', place: c.page(hint), hold: asHold(c, hint) }),
  complete: (c, hint) => {
    const hold = maybeHold(c, hint);
    return { verb: 'complete', hold, value: c.maybeValue(), result: c.result(hint) };
  },
  uring_register: (c, hint) => ({ verb: 'uring_register', place: c.place(hint), hold: asHold(c, hint) }),
  uring_write: (c, hint) => ({ verb: 'uring_write', ...buffer(c, hint), result: c.result(hint) }),
  uring_read: (c, hint) => ({ verb: 'uring_read', ...buffer(c, hint), value: c.value(hint) }),
  uring_unregister: (c, hint) => {
    c.may('a hold');
    const named = c.peek() === null ? { buffer: null, place: null } : buffer(c, hint);
    return { verb: 'uring_unregister', ...named };
  },
  rdma_register: (c, hint) => {
    const place = c.place(hint);
    return { verb: 'rdma_register', place, readonly: c.takeWord('read') !== '', hold: asHold(c, hint) };
  },
  rdma_deregister: (c, hint) => ({ verb: 'rdma_deregister', hold: maybeHold(c, hint) }),
  device_write: (c, hint) => {
    return { verb: 'device_write', hold: numberedName(c, 'a hold', hint), value: c.value(hint) };
  },
  device_read: (c, hint) => ({ verb: 'device_read', hold: maybeHold(c, hint), result: c.result(hint) }),
  fopen: (c, hint) => ({ verb: 'fopen', place: c.peek() === null ? null : c.place(hint) }),
  poke: (c, hint) => ({ verb: 'poke', ...poked(c, hint) }),
  ptpoke: (c, hint) => ({ verb: 'ptpoke', ...poked(c, hint) }),
  process_vm_writev: (c, hint) => ({ verb: 'process_vm_writev', ...poked(c, hint) }),
  peek: (c, hint) => ({ verb: 'peek', ...peeked(c, hint) }),
  process_vm_readv: (c, hint) => ({ verb: 'process_vm_readv', ...peeked(c, hint) }),
  nodrain: () => ({ verb: 'nodrain' }),
};

/** `anon`, `shared`, `file`, `shared-file`, or the recorder's words. Also for `region` lines. */
export function kindOf(c: Cursor, hint: string): RegionKind {
  return KIND_WORDS.get(c.oneOf([...KIND_WORDS.keys()], 'a kind of memory', hint))!;
}

function foreign(c: Cursor, first: Token, what: string, maps = ''): Foreign {
  return { verb: 'foreign', what, text: c.rest(first), maps };
}

interface Taken {
  place: Place;
  access: 'read' | 'write';
  fast: boolean;
  longterm: boolean;
  hold: Name | null;
}

/** Pins of the recorder whose access is in the word. */
const SHORT_PINS: Readonly<Record<string, { access: 'read' | 'write'; longterm: boolean }>> = {
  hro: { access: 'read', longterm: false },
  hrw: { access: 'write', longterm: false },
  gro: { access: 'read', longterm: true },
  grof: { access: 'read', longterm: true },
  grw: { access: 'write', longterm: true },
};

/** What `pin` and `get` have in common; `access` is given by the recorder's `hro` and `hrw`. */
function taken(c: Cursor, hint: string, place: Place, access: 'read' | 'write' | null): Taken {
  return {
    place,
    access: access ?? c.oneOf(['read', 'write'], 'an access', hint),
    longterm: c.takeWord('longterm') !== '',
    fast: c.takeWord('fast') !== '',
    hold: asHold(c, hint),
  };
}

/** `as h`, if it follows. */
function asHold(c: Cursor, hint: string): Name | null {
  return c.takeWord('as') === '' ? null : holdName(c, hint);
}

/** A hold that is named, or the only one there is. */
function maybeHold(c: Cursor, hint: string): Name | null {
  const word = c.peekWord();
  c.may('a hold');
  return word === '' || isByte(word) ? null : numberedName(c, 'a hold', hint);
}

/** A fixed buffer: its name, or a page of it. */
function buffer(c: Cursor, hint: string): { buffer: Name | null; place: Place | null } {
  const isPage = c.peekWord().includes('.');
  return isPage
    ? { buffer: null, place: c.page(hint) }
    : { buffer: numberedName(c, 'a buffer', hint), place: null };
}

/** A NUMA node. */
function node(c: Cursor, hint: string): number {
  const token = c.word('a node', hint);
  if (token.text === '0' || token.text === '1') return Number(token.text);
  throw new Mistake(c.span(token), `there is no node \`${token.text}\``, 'The machine has nodes 0 and 1.');
}

/** `times 7`, if it follows. */
function times(c: Cursor, hint: string): number {
  if (c.takeWord('times') === '') return 1;
  const token = c.word('a number', hint);
  const n = Number(token.text);
  if (/^\d{1,3}$/.test(token.text) && n > 0 && n <= TIMES_MAX) return n;
  throw new Mistake(c.span(token), `\`${token.text}\` times is not possible`, `From 1 to ${TIMES_MAX}.`);
}
/** More references than a counter of 6 bits has. */
const TIMES_MAX = 64;

/** `a.0 "v" in child`; the recorder leaves out the `in`. */
function poked(c: Cursor, hint: string): { place: Place; value: Value; target: Name | null } {
  const place = c.page(hint),
    value = c.value(hint);
  return { place, value, target: targetOf(c, hint) };
}
/** `a.0 in child -> seen`. */
function peeked(c: Cursor, hint: string): { place: Place; target: Name | null; result: Name | null } {
  const place = c.page(hint),
    target = targetOf(c, hint);
  return { place, target, result: c.result(hint) };
}
/** A process, with the word `in` before it or without. */
function targetOf(c: Cursor, hint: string): Name | null {
  return c.takeWord('in') !== '' || c.peekWord() !== '' ? c.process(hint) : null;
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

/**
 * A name that the language may have made: `pin~2`, the second hold without a name of its own; `mr.1`, the
 * second page of a hold of several.
 */
export function numberedName(c: Cursor, what: string, hint: string): Name {
  const token = c.word(what, hint);
  c.named(token, token.text.replace(/~\d{1,4}/, '').replace(/\.\d$/, ''), what);
  return { text: token.text, span: c.span(token) };
}
