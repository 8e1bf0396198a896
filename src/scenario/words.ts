/** The words of the language: statements, operations in both spellings, and what only the recorder can do. */
import type { Verb } from './syntax.ts';

/** First words of lines that are not operations. No process may have such a name. */
export const KEYWORDS = [
  'scenario',
  'about',
  'source',
  'process',
  'region',
  'lru',
  'parallel',
  'end',
  'never',
  'always',
  'sometimes',
  'expect',
  'schedule',
] as const;
export type Keyword = (typeof KEYWORDS)[number];

export function isKeyword(word: string): word is Keyword {
  return (KEYWORDS as readonly string[]).includes(word);
}

type Spoken = Exclude<Verb, 'foreign'>;

/** An operation: its words, how it is written, and an example. `docs/language.md` shows the same table. */
export interface Spelling {
  readonly verb: Spoken;
  /** What the recorder writes instead, or ''. */
  readonly recorder: string;
  readonly form: string;
  readonly example: string;
}

export const OPERATIONS: readonly Spelling[] = [
  { verb: 'mmap', recorder: 'map', form: 'mmap REGION anon|shared PAGES [ro]', example: 'mmap a anon 2' },
  { verb: 'munmap', recorder: 'unmap', form: 'munmap REGION | munmap PAGE [PAGES]', example: 'munmap a' },
  { verb: 'load', recorder: 'ld', form: 'load PAGE [-> RESULT]', example: 'load a.0 -> seen' },
  { verb: 'store', recorder: 'st', form: 'store PAGE VALUE', example: 'store a.0 "old"' },
  { verb: 'fork', recorder: '', form: 'fork PROCESS', example: 'fork child' },
  { verb: 'exit', recorder: '', form: 'exit', example: 'exit' },
  {
    verb: 'madvise',
    recorder: 'adv',
    form: 'madvise REGION|PAGE dontneed [PAGES]',
    example: 'madvise a dontneed',
  },
  { verb: 'mprotect', recorder: 'prot', form: 'mprotect REGION|PAGE ro|rw|none', example: 'mprotect a ro' },
  { verb: 'vmsplice', recorder: 'vms', form: 'vmsplice PAGE -> PIPE', example: 'vmsplice a.0 -> p' },
  { verb: 'read', recorder: 'prd', form: 'read PIPE [-> RESULT]', example: 'read p -> got' },
  {
    verb: 'pin',
    recorder: '',
    form: 'pin PAGE read|write [fast] [as HOLD]',
    example: 'pin a.0 write as dma',
  },
  { verb: 'get', recorder: '', form: 'get PAGE read|write [fast] [as HOLD]', example: 'get a.0 read as h' },
  {
    verb: 'release',
    recorder: 'hrel',
    form: 'release [HOLD] [VALUE] [-> RESULT]',
    example: 'release dma "data"',
  },
  { verb: 'nodrain', recorder: '', form: 'nodrain', example: 'nodrain' },
];

/** Word to operation, over both spellings. `hro` and `hrw` are pins that carry their access in the word. */
export const VERBS: ReadonlyMap<string, Spoken> = new Map([
  ...OPERATIONS.flatMap(({ verb, recorder }): [string, Spoken][] =>
    recorder === ''
      ? [[verb, verb]]
      : [
          [verb, verb],
          [recorder, verb],
        ],
  ),
  ['hro', 'pin'] as const,
  ['hrw', 'pin'] as const,
]);

export function formOf(verb: Spoken): Spelling {
  const spelling = OPERATIONS.find((o) => o.verb === verb);
  if (spelling === undefined) throw new Error(`no spelling for ${verb}`);
  return spelling;
}

/** Verbs of the recorder that no model has yet. */
export const FOREIGN_VERBS: ReadonlySet<string> = new Set([
  'mremap',
  'clearrefs',
  'mlock',
  'munlock',
  'move',
  'ksm',
  'ksmun',
  'sleep',
  'join',
  'fopen',
  'frd',
  'fwr',
  'fdone',
  'dio',
  'ureg',
  'uwr',
  'urd',
  'uunreg',
  'gro',
  'grof',
  'grw',
  'gread',
  'gstop',
  'pvr',
  'pvw',
  'poke',
  'ptpoke',
  'uffdwp',
  'uffdmiss',
  'wp',
  'unwp',
  'ucopy',
  'uwait',
]);

/** Kinds of memory of the recorder that no model has yet. */
export const FOREIGN_KINDS: ReadonlySet<string> = new Set(['memfd', 'pfile', 'thp', 'mthp', 'huge', 'shthp']);

/** Advice of the recorder that no model has yet. */
export const FOREIGN_ADVICE: ReadonlySet<string> = new Set([
  'free',
  'dontfork',
  'dofork',
  'mergeable',
  'unmergeable',
  'huge',
  'nohuge',
  'wipeonfork',
  'keeponfork',
  'cold',
  'pageout',
  'popread',
  'popwrite',
  'collapse',
]);
