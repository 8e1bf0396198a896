/** The words of the language: statements, operations in both spellings, and what only the recorder can do. */
import type { RegionKind } from '../kernel/plan.ts';
import type { Verb } from './syntax.ts';

/** First words of lines that are not operations. No process may have such a name. */
export const KEYWORDS = [
  'scenario',
  'about',
  'source',
  'process',
  'region',
  'lru',
  'counter',
  'flush',
  'tables',
  'hugepages',
  'actors',
  'without',
  'with',
  'parallel',
  'end',
  'exists',
  'never',
  'always',
  'sometimes',
  'expect',
  'schedule',
  'note',
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
  {
    verb: 'mmap',
    recorder: 'map',
    form: 'mmap REGION anon|shared|file|shared-file|huge|thp PAGES [ro] [populate]',
    example: 'mmap a anon 2',
  },
  { verb: 'munmap', recorder: 'unmap', form: 'munmap REGION | munmap PAGE [PAGES]', example: 'munmap a' },
  { verb: 'load', recorder: 'ld', form: 'load PAGE [-> RESULT]', example: 'load a.0 -> seen' },
  { verb: 'store', recorder: 'st', form: 'store PAGE VALUE', example: 'store a.0 "old"' },
  { verb: 'fork', recorder: '', form: 'fork PROCESS', example: 'fork child' },
  { verb: 'exit', recorder: '', form: 'exit', example: 'exit' },
  { verb: 'exec', recorder: '', form: 'exec', example: 'exec' },
  { verb: 'mremap', recorder: '', form: 'mremap REGION', example: 'mremap a' },
  { verb: 'mlock', recorder: '', form: 'mlock REGION|PAGE', example: 'mlock a' },
  { verb: 'munlock', recorder: '', form: 'munlock REGION|PAGE', example: 'munlock a' },
  { verb: 'numa_hint', recorder: '', form: 'numa_hint REGION|PAGE', example: 'numa_hint a.0' },
  {
    verb: 'madvise',
    recorder: 'adv',
    form: 'madvise REGION|PAGE ADVICE [PAGES]',
    example: 'madvise a dontneed',
  },
  { verb: 'mprotect', recorder: 'prot', form: 'mprotect REGION|PAGE ro|rw|none', example: 'mprotect a ro' },
  {
    verb: 'vmsplice',
    recorder: 'vms',
    form: 'vmsplice PAGE -> PIPE [times N]',
    example: 'vmsplice a.0 -> p',
  },
  { verb: 'read', recorder: 'prd', form: 'read PIPE [-> RESULT]', example: 'read p -> got' },
  {
    verb: 'pin',
    recorder: '',
    form: 'pin REGION|PAGE read|write [longterm] [fast] [as HOLD]',
    example: 'pin a.0 write as dma',
  },
  { verb: 'get', recorder: '', form: 'get PAGE read|write [fast] [as HOLD]', example: 'get a.0 read as h' },
  {
    verb: 'release',
    recorder: 'hrel',
    form: 'release [HOLD] [VALUE] [-> RESULT]',
    example: 'release dma "data"',
  },
  { verb: 'unpin', recorder: 'gstop', form: 'unpin [HOLD]', example: 'unpin dma' },
  { verb: 'lookup', recorder: '', form: 'lookup PAGE [-> RESULT]', example: 'lookup a.0 -> seen' },
  { verb: 'dio', recorder: '', form: 'dio PAGE VALUE', example: 'dio a.0 "data"' },
  { verb: 'dio_read', recorder: 'frd', form: 'dio_read PAGE [as HOLD]', example: 'dio_read a.0 as io' },
  { verb: 'dio_write', recorder: 'fwr', form: 'dio_write PAGE [as HOLD]', example: 'dio_write a.0 as io' },
  {
    verb: 'complete',
    recorder: 'fdone',
    form: 'complete [HOLD] [VALUE] [-> RESULT]',
    example: 'complete io "data"',
  },
  {
    verb: 'uring_register',
    recorder: 'ureg',
    form: 'uring_register REGION|PAGE [as HOLD]',
    example: 'uring_register a.0 as b',
  },
  {
    verb: 'uring_write',
    recorder: 'uwr',
    form: 'uring_write BUFFER|PAGE [-> RESULT]',
    example: 'uring_write b -> out',
  },
  {
    verb: 'uring_read',
    recorder: 'urd',
    form: 'uring_read BUFFER|PAGE VALUE',
    example: 'uring_read b "data"',
  },
  {
    verb: 'uring_unregister',
    recorder: 'uunreg',
    form: 'uring_unregister [BUFFER|PAGE]',
    example: 'uring_unregister b',
  },
  {
    verb: 'rdma_register',
    recorder: '',
    form: 'rdma_register REGION|PAGE [read] [as HOLD]',
    example: 'rdma_register a.0 as mr',
  },
  { verb: 'rdma_deregister', recorder: '', form: 'rdma_deregister [HOLD]', example: 'rdma_deregister mr' },
  { verb: 'device_write', recorder: '', form: 'device_write HOLD VALUE', example: 'device_write mr "data"' },
  {
    verb: 'device_read',
    recorder: 'gread',
    form: 'device_read [HOLD] [-> RESULT]',
    example: 'device_read mr -> seen',
  },
  { verb: 'fopen', recorder: '', form: 'fopen [REGION]', example: 'fopen a' },
  { verb: 'poke', recorder: '', form: 'poke PAGE VALUE [in PROCESS]', example: 'poke a.0 "v" in child' },
  { verb: 'peek', recorder: '', form: 'peek PAGE [in PROCESS] [-> RESULT]', example: 'peek a.0 -> seen' },
  {
    verb: 'ptpoke',
    recorder: '',
    form: 'ptpoke PAGE VALUE [in PROCESS]',
    example: 'ptpoke a.0 "v" in child',
  },
  {
    verb: 'process_vm_readv',
    recorder: 'pvr',
    form: 'process_vm_readv PAGE [in PROCESS] [-> RESULT]',
    example: 'process_vm_readv a.0 in child -> seen',
  },
  {
    verb: 'process_vm_writev',
    recorder: 'pvw',
    form: 'process_vm_writev PAGE VALUE [in PROCESS]',
    example: 'process_vm_writev a.0 "v" in child',
  },
  {
    verb: 'uffd_register',
    recorder: '',
    form: 'uffd_register REGION wp|missing',
    example: 'uffd_register a wp',
  },
  {
    verb: 'uffd_writeprotect',
    recorder: '',
    form: 'uffd_writeprotect REGION|PAGE on|off',
    example: 'uffd_writeprotect a.0 on',
  },
  { verb: 'uffd_copy', recorder: 'ucopy', form: 'uffd_copy PAGE VALUE', example: 'uffd_copy a.0 "data"' },
  { verb: 'uffd_continue', recorder: '', form: 'uffd_continue PAGE', example: 'uffd_continue a.0' },
  { verb: 'uffd_wait', recorder: 'uwait', form: 'uffd_wait REGION|PAGE', example: 'uffd_wait a' },
  { verb: 'clear_refs', recorder: 'clearrefs', form: 'clear_refs', example: 'clear_refs' },
  { verb: 'ksm', recorder: '', form: 'ksm', example: 'ksm' },
  { verb: 'ksm_unmerge', recorder: 'ksmun', form: 'ksm_unmerge', example: 'ksm_unmerge' },
  { verb: 'move_pages', recorder: 'move', form: 'move_pages PAGE NODE', example: 'move_pages a.0 1' },
  { verb: 'reclaim', recorder: '', form: 'reclaim PAGE', example: 'reclaim a.0' },
  { verb: 'join', recorder: '', form: 'join', example: 'join' },
  { verb: 'nodrain', recorder: '', form: 'nodrain', example: 'nodrain' },
];

/**
 * Word to operation, over both spellings. `hro`, `hrw`, and for long ones `gro`, `grof`, `grw`, are pins
 * that carry their access in the word.
 */
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
  ['uffdwp', 'uffd_register'] as const,
  ['uffdmiss', 'uffd_register'] as const,
  ['wp', 'uffd_writeprotect'] as const,
  ['unwp', 'uffd_writeprotect'] as const,
  ...['gro', 'grof', 'grw'].map((word) => [word, 'pin'] as const),
]);

export function formOf(verb: Spoken): Spelling {
  const spelling = OPERATIONS.find((o) => o.verb === verb);
  if (spelling === undefined) throw new Error(`no spelling for ${verb}`);
  return spelling;
}

/** Verbs of the recorder that no model has yet. */
export const FOREIGN_VERBS: ReadonlySet<string> = new Set(['sleep']);

/** Kinds of memory: how the printer writes them, and the recorder if it has another word. */
export const KINDS: Readonly<Record<RegionKind, { readonly word: string; readonly recorder: string }>> = {
  anon: { word: 'anon', recorder: 'anon' },
  shanon: { word: 'shared', recorder: 'shanon' },
  memfd: { word: 'shared-file', recorder: 'memfd' },
  pfile: { word: 'file', recorder: 'pfile' },
  huge: { word: 'huge', recorder: 'huge' },
  thp: { word: 'thp', recorder: 'thp' },
  mthp: { word: 'mthp', recorder: 'mthp' },
};
/** Word to kind, over both spellings. */
export const KIND_WORDS: ReadonlyMap<string, RegionKind> = new Map(
  (Object.keys(KINDS) as RegionKind[]).flatMap((kind) => [
    [KINDS[kind].word, kind] as const,
    [KINDS[kind].recorder, kind] as const,
  ]),
);

/** Kinds of memory with folios of more than one page, and how many pages a region of theirs has. */
export const LARGE_PAGES: Readonly<Partial<Record<RegionKind, number>>> = { thp: 512, mthp: 16 };
export const isLargeKind = (kind: RegionKind): boolean => LARGE_PAGES[kind] !== undefined;

/** Kinds of memory of the recorder that no model has yet. */
export const FOREIGN_KINDS: ReadonlySet<string> = new Set(['shthp']);

/** Advice of the recorder that no model has yet. */
export const FOREIGN_ADVICE: ReadonlySet<string> = new Set([]);
