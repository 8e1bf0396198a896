/** A small scenario around one operation, in which it can happen: for examples that are run. */
import { parse } from './parser.ts';
import { print } from './printer.ts';
import type { Operation, Place } from './syntax.ts';

/** The process that does it; a child exists where an operation names one. */
const ACTOR = 'parent';

/** What has to happen before; without a line here it is a store to the region. */
const BEFORE: Readonly<Partial<Record<Operation['verb'], (op: Operation) => readonly string[]>>> = {
  read: (op) => [`vmsplice a.0 -> ${'pipe' in op ? op.pipe.text : 'p'}`],
  unpin: (op) => [`pin a.0 write longterm${as(op)}`],
  release: (op) => [`pin a.0 ${'value' in op && op.value ? 'write' : 'read'}${as(op)}`],
  complete: (op) => [`${'value' in op && op.value ? 'dio_read' : 'dio_write'} a.0${as(op)}`],
  uring_write: (op) => [`uring_register a.0${as(op)}`],
  uring_read: (op) => [`uring_register a.0${as(op)}`],
  uring_unregister: (op) => [`uring_register a.0${as(op)}`],
  rdma_deregister: (op) => [`rdma_register a.0${as(op)}`],
  device_write: (op) => [`rdma_register a.0${as(op)}`],
  device_read: (op) => [`rdma_register a.0${as(op)}`],
  munlock: () => ['mlock a'],
  uffd_writeprotect: (op) => [
    'uffd_register a wp',
    ...('on' in op && !op.on ? ['uffd_writeprotect a on'] : []),
  ],
  uffd_wait: () => ['madvise a dontneed', 'uffd_register a missing', '&load a.0'],
  uffd_copy: () => ['madvise a dontneed', 'uffd_register a missing'],
  uffd_continue: () => ['madvise a dontneed', 'uffd_register a missing'],
  join: () => ['madvise a dontneed', 'uffd_register a missing', '&load a.0', 'uffd_copy a.0 "data"'],
  ksm: () => ['store a.1 "old"', 'madvise a mergeable'],
  ksm_unmerge: () => ['store a.1 "old"', 'madvise a mergeable', 'ksm'],
};
/** To be seen on memory that nobody has touched: there they fault. */
const FIRST: ReadonlySet<Operation['verb']> = new Set(['mmap', 'load', 'store']);
/** Kind and size of the memory that an operation is for, where that is not anonymous memory. */
function memoryOf(op: Operation): { kind: string; pages: number } {
  if (op.verb === 'uffd_continue') return { kind: 'file', pages: 1 };
  if (op.verb === 'madvise' && op.advice === 'collapse') return { kind: 'thp', pages: 512 };
  return { kind: 'anon', pages: 1 };
}

/** ` as h`, with the name that the operation gives its hold or buffer. */
function as(op: Operation): string {
  const name = ('hold' in op ? op.hold : null) ?? ('buffer' in op ? op.buffer : null);
  return name === null ? '' : ` as ${name.text}`;
}

const placeOf = (op: Operation): Place | null => ('place' in op ? op.place : null);

/**
 * A scenario whose last operation is this one (without its actor, in the preferred spelling); null if it is
 * no operation.
 */
export function stageOf(text: string): string | null {
  const said = parse(`${ACTOR}: ${text}`).scenario.statements[0];
  if (said?.kind === 'any')
    return printed([...region('a', 1), `${ACTOR}: store a.0 "old"`, `${ACTOR}: ${text}`]);
  if (said?.kind !== 'op' || said.op.verb === 'foreign') return null;
  const { op } = said;
  const place = placeOf(op),
    maps = op.verb === 'mmap',
    name = place?.region.text ?? ('region' in op && !maps ? op.region.text : 'a');
  const count = 'pages' in op ? (op.pages ?? 1) : 1;
  const memory = memoryOf(op);
  const pages = Math.max((place?.page ?? 0) + count, op.verb.startsWith('ksm') ? 2 : memory.pages);
  const target = 'target' in op ? op.target : null;
  const lines = maps ? [] : region(name, pages, memory.kind);
  if (!FIRST.has(op.verb)) lines.push(`${ACTOR}: store ${name}.0 "old"`);
  if (target !== null) lines.push(`${ACTOR}: fork ${target.text}`);
  for (const line of BEFORE[op.verb]?.(op) ?? []) lines.push(`${ACTOR}: ${line}`);
  return printed([...lines, `${ACTOR}: ${text}`]);
}

const region = (name: string, pages: number, kind = 'anon'): string[] => [
  `region ${name} ${kind} ${pages}`,
  '',
];

function printed(lines: readonly string[]): string {
  return print(parse([`process ${ACTOR}`, ...lines].join('\n')).scenario);
}
