/** Texts that nobody would write, from texts that somebody did: for fuzzing the parser and the compiler. */
import { linesOf } from './lexer.ts';
import { KEYWORDS, OPERATIONS, VERBS } from './words.ts';

/** A whole number from 0 to below `n`. */
export type Below = (n: number) => number;

const ODD = [
  '',
  ' ',
  '\t',
  '"',
  '“',
  '\\',
  ';',
  ':',
  ',',
  '=',
  '->',
  '→',
  '#',
  '|',
  '&',
  '@',
  '..',
  '.',
  '~2',
  '/2',
  '/999',
  '-',
  '\u0000',
  '\ud800',
  '\u202e',
  '\u2028',
  'é',
  '🐧',
  '99999999999999999999',
  '-1',
  '0x10',
  'constructor',
  '__proto__',
  'toString',
] as const;
const WORDS: readonly string[] = [
  ...ODD,
  ...KEYWORDS,
  ...VERBS.keys(),
  'any',
  'of',
  'and',
  'as',
  'in',
  'none',
  'times',
];

type Mutation = (text: string, below: Below, corpus: readonly string[]) => string;

const pick = <T>(all: readonly T[], below: Below): T => all[below(all.length)]!;
/** Replaces `length` letters at `at`. */
const spliced = (text: string, at: number, length: number, by: string): string =>
  text.slice(0, at) + by + text.slice(at + length);

function onLines(change: (lines: string[], below: Below, corpus: readonly string[]) => void): Mutation {
  return (text, below, corpus) => {
    const lines = linesOf(text);
    if (lines.length === 0) lines.push('');
    change(lines, below, corpus);
    return `${lines.join('\n')}\n`;
  };
}
/** On the words of one line. */
function onWords(change: (words: string[], below: Below) => void): Mutation {
  return onLines((lines, below) => {
    const at = below(lines.length),
      words = lines[at]!.split(/(?<=\s)|(?=\s)/);
    change(words, below);
    lines[at] = words.join('');
  });
}

const MUTATIONS: readonly Mutation[] = [
  (text, below) => spliced(text, below(text.length + 1), 0, pick(WORDS, below)),
  (text, below) => spliced(text, below(text.length + 1), 1 + below(6), ''),
  (text, below) => spliced(text, below(text.length + 1), 1, String.fromCharCode(32 + below(95))),
  (text, below) => text.slice(0, below(text.length + 1)),
  (text, below) => text.replaceAll('\n', pick(['\r\n', '\r', '; ', '\n\n', ' '], below)),
  onWords((words, below) => words.splice(below(words.length), 1)),
  onWords((words, below) => words.splice(below(words.length), 1, pick(WORDS, below))),
  onWords((words, below) => words.splice(below(words.length), 0, ' ', pick(WORDS, below), ' ')),
  onWords((words, below) => words.push(...words.splice(below(words.length), 2))),
  onLines((lines, below) => lines.splice(below(lines.length), 1)),
  onLines((lines, below) => lines.splice(below(lines.length), 0, lines[below(lines.length)]!)),
  onLines((lines, below) => lines.push(...lines.splice(below(lines.length), 1))),
  onLines((lines, below, corpus) =>
    lines.splice(below(lines.length), 0, pick(linesOf(pick(corpus, below)), below) ?? ''),
  ),
  onLines((lines, below) =>
    lines.splice(below(lines.length), 0, pick(['parallel', 'end', 'parallel\nend'], below)),
  ),
  onLines((lines, below) => {
    const at = below(lines.length);
    lines[at] = lines[at]!.repeat(2 + below(40));
  }),
  onLines((lines, below) => {
    const at = below(lines.length);
    lines.splice(at, 1, ...Array.from({ length: 2 + below(140) }, () => lines[at]!));
  }),
  onLines((lines, below) => {
    const { example } = pick(OPERATIONS, below);
    lines.splice(
      below(lines.length + 1),
      0,
      `${pick(['parent', 'A', '-', 'child/2', 'p'], below)}: ${example}`,
    );
  }),
  (text, below) => text.replace(/\d+/g, (n) => (below(3) === 0 ? String(below(300)) : n)),
];

/** One of `corpus`, changed in one to eight places. */
export function mutated(corpus: readonly string[], below: Below): string {
  let text = pick(corpus, below);
  for (let i = 1 + below(1 + below(8)); i > 0; i--) text = pick(MUTATIONS, below)(text, below, corpus);
  // Some double the text; a few of those are enough.
  return text.slice(0, 1_000_000);
}
