/**
 * What could be done to a thing, as lines of the language. The grammar is asked word by word, and what it
 * wants is filled in with the thing and with fresh names; whether the line makes sense in the scenario, the
 * compiler and a run have to say.
 */
import { lex, linesOf, quoted } from './lexer.ts';
import { freshName, namesOf } from './names.ts';
import type { Names } from './names.ts';
import { parse, wantedAfter } from './parser.ts';
import { print } from './printer.ts';
import type { Scenario } from './syntax.ts';
import { OPERATIONS } from './words.ts';

/** A thing, by its name in the text. */
export type Target =
  | { readonly kind: 'process' }
  | { readonly kind: 'region' | 'page' | 'pipe' | 'hold'; readonly name: string };

/** Words between the verb and the end, at most: `vmsplice a.0 -> p`. */
const DEEPEST = 4;
const VALUES = ['new', 'next', 'more', 'last'] as const;

/** Operations on the target, without their actor, in the order of the registry and of the grammar. */
export function candidates(scenario: Scenario, actor: string, target: Target): string[] {
  const names = namesOf(scenario);
  return OPERATIONS.flatMap(({ verb }) => grown(verb, { actor, target, names }, DEEPEST));
}

interface Around {
  readonly actor: string;
  readonly target: Target;
  readonly names: Names;
}

/** All ends of a begun operation. Words that may be left out are, unless they are the target. */
function grown(text: string, around: Around, depth: number): string[] {
  const { actor, target, names } = around;
  const line = `${actor}: ${text}`;
  const meant = target.kind === 'process' || text.split(' ').includes(target.name);
  const isWhole = parse(line).diagnostics.length === 0;
  if (isWhole && meant) return [text];
  if (depth === 0) return [];
  const wanted = wantedAfter(line, lex(line).tokens, new Set(names.processes));
  const words = wanted.flatMap(({ what, words: said }) =>
    isWhole ? own(what, target) : [...said, ...fill(what, text, around)],
  );
  const all = [...new Set(words)].flatMap((word) => grown(`${text} ${word}`, around, depth - 1));
  // `vmsplice a.0 p` and `vmsplice a.0 -> p` are one.
  const plain = all.map((one) =>
    print(parse(`${actor}: ${one}`).scenario)
      .slice(actor.length + 2)
      .trim(),
  );
  return [...new Set(plain)];
}

/** The target itself, where it is wanted. */
function own(what: string, target: Target): string[] {
  if (target.kind === 'process') return [];
  const fits: Readonly<Record<typeof target.kind, readonly string[]>> = {
    region: ['a region', 'a region or a page'],
    page: ['a page', 'a region or a page'],
    pipe: ['a pipe'],
    hold: ['a hold', 'a buffer'],
  };
  return fits[target.kind].includes(what) ? [target.name] : [];
}

function fill(what: string, text: string, { target, names }: Around): string[] {
  const mine = own(what, target);
  if (mine.length > 0) return mine;
  switch (what) {
    case 'a value': {
      const free = VALUES.find((value) => !names.values.includes(value));
      return [quoted(free ?? freshName('new', new Set(names.values)))];
    }
    case 'a process':
      return text === 'fork' ? [freshName('child', new Set(names.processes))] : [];
    case 'a pipe':
      return [freshName('p', new Set(names.pipes))];
    case 'a region':
      return target.kind === 'process' ? [freshLetter(new Set(names.regions.keys()))] : [];
    case 'a node':
      return ['1'];
    default:
      return [];
  }
}

/** Regions have short names. */
function freshLetter(taken: ReadonlySet<string>): string {
  return [...'abcdefgh'].find((letter) => !taken.has(letter)) ?? freshName('m', taken);
}

export interface Appended {
  readonly text: string;
  /** Of the new line, from 1. */
  readonly line: number;
}

/** The text with one more operation behind the last one. */
export function appended(text: string, actor: string, operation: string): Appended {
  const { statements } = parse(text).scenario;
  const widths = statements.flatMap((s) => {
    if (s.kind !== 'op' && s.kind !== 'any') return [];
    return [`${s.actor.name.text}${s.actor.thread === 1 ? '' : `/${s.actor.thread}`}:`.length];
  });
  const width = Math.max(0, ...widths.filter((n) => n <= 12));
  const made = (actor === '-' ? '-' : `${actor}:`).padEnd(width) + ` ${operation}`;
  return behind(text, made, ['op', 'any', 'end'], ['region', 'process']);
}

/** The text with this order as the one that is shown first; '' takes the line away. */
export function scheduled(text: string, schedule: string): string {
  const lines = linesOf(text);
  const at = parse(text).scenario.statements.find((s) => s.kind === 'schedule')?.span.line ?? 0;
  if (at > 0) lines.splice(at - 1, 1);
  const rest = lines.map((line) => `${line}\n`).join('');
  if (schedule === '') return rest;
  return behind(
    rest,
    `schedule ${schedule.replaceAll(',', ', ')}`,
    ['op', 'any', 'end'],
    ['question', 'expect'],
  ).text;
}

/** Puts a line behind the last statement of these kinds, else of those, else at the end. */
function behind(
  text: string,
  made: string,
  kinds: readonly string[],
  otherwise: readonly string[],
): Appended {
  const { statements } = parse(text).scenario,
    lines = linesOf(text);
  const last = (of: readonly string[]): number =>
    statements.findLast((s) => of.includes(s.kind))?.span.line ?? 0;
  const after = last(kinds) || last(otherwise) || lines.length;
  lines.splice(after, 0, made);
  return { text: lines.map((line) => `${line}\n`).join(''), line: after + 1 };
}
