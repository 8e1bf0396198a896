/**
 * What could be written at a place of a text. The parser itself says what it looks for there; the names come
 * from the rest of the text.
 */
import type { Wanted } from './cursor.ts';
import { lex } from './lexer.ts';
import type { Known } from './draft.ts';
import { freshName, namesOf } from './names.ts';
import type { Names } from './names.ts';
import { parse, wantedAfter } from './parser.ts';
import { KEYWORDS, OPERATIONS } from './words.ts';

export interface Option {
  readonly label: string;
  readonly kind: 'keyword' | 'operation' | 'word' | 'name' | 'value';
  /** How it goes on, or what it is; '' where the label says it all. */
  readonly detail: string;
  /** What is put in instead of the label, where that is more. */
  readonly insert?: string;
}
export interface Completion {
  /** Letters of the line that the options take the place of: from here to the cursor. */
  readonly from: number;
  readonly options: readonly Option[];
}

const PROSE = /^\s*(?:scenario|about|source|schedule|note|@\S*)\s/;

/** `line`: the line's text up to the cursor; `text`: the whole one, for its names. */
export function completionAt(text: string, line: string, known: Known): Completion | null {
  // What is begun on a second thread is the same operation.
  const word = (/[^\s:;=,"“”]*$/.exec(line)?.[0] ?? '').replace(/^&/, '');
  const from = line.length - word.length,
    head = line.slice(0, from).replace(/&$/, '');
  if (PROSE.test(line)) return null;
  const { tokens, comment } = lex(head);
  if (comment !== '' || tokens.at(-1)?.kind === 'open string') return null;
  const begins = tokens.findLastIndex((t) => t.kind === ';') + 1;
  const segment = tokens.slice(begins);
  const names = namesOf(parse(text).scenario);
  const wanted = segment.length === 0 ? [] : wantedAfter(head, segment, new Set(names.processes));
  // `fork` makes a name, the others take one.
  const forks = segment.at(-1)?.text === 'fork';
  const all =
    segment.length === 0
      ? starts(names, begins === 0)
      : wanted.flatMap((one) => optionsOf(one, names, known, forks));
  const seen = new Set<string>();
  const options = all.filter((one) => one.label !== word && !seen.has(one.label) && seen.add(one.label));
  return options.length === 0 ? null : { from, options };
}

const named = (label: string, detail: string): Option => ({ label, kind: 'name', detail });

function starts(names: Names, ofLine: boolean): Option[] {
  const actors = names.processes.map((name) => ({ ...named(name, 'acts'), insert: `${name}: ` }));
  const keywords = KEYWORDS.map((word): Option => ({ label: word, kind: 'keyword', detail: '' }));
  const observer = { ...named('-', 'an observer outside'), insert: '- ' };
  return ofLine ? [...actors, observer, ...keywords] : [...actors, observer];
}

function optionsOf({ what, words }: Wanted, names: Names, known: Known, forks: boolean): Option[] {
  const regions = [...names.regions];
  const pages = regions.flatMap(([name, n]) =>
    Array.from({ length: n }, (_, i) => named(`${name}.${i}`, 'page')),
  );
  const whole = regions.map(([name, n]) => named(name, n === 1 ? '1 page' : `${n} pages`));
  const said = words.map((word): Option => ({ label: word, kind: 'word', detail: '' }));
  switch (what) {
    case 'an operation':
      return OPERATIONS.map(({ verb, form }) => ({
        label: verb,
        kind: 'operation',
        detail: form.slice(verb.length + 1),
      }));
    case 'a page':
      return pages;
    case 'a region or a page':
      return [...whole, ...pages];
    case 'a region':
      return whole;
    case 'a process':
      return forks
        ? [named(freshName('child', new Set(names.processes)), 'a new process')]
        : names.processes.map((name) => named(name, 'process'));
    case 'a pipe':
      return [...names.pipes, ...(names.pipes.length === 0 ? ['p'] : [])].map((name) => named(name, 'pipe'));
    case 'a hold':
    case 'a buffer':
      return names.holds.map((name) => named(name, 'hold'));
    case 'a result of a thread':
      return names.results.map((name) => named(name, 'result'));
    case 'a value':
      return names.values.map((value) => ({ label: `"${value}"`, kind: 'value', detail: '' }));
    case 'a model':
      return [
        ...said,
        ...known.models.map((id) => named(id, 'kernel')),
        ...(known.apart ?? []).map((id) => named(id, 'proposal')),
      ];
    case 'an invariant':
      return (known.invariants ?? []).map((id) => named(id, 'rule'));
    case 'a guard':
      return (known.guards ?? []).map((id) =>
        named(id.replace(/^\+/, ''), id.startsWith('+') ? 'extra step' : 'protective step'),
      );
    default:
      return said;
  }
}
