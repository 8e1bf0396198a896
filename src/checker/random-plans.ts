/** Small random scenarios for the property tests: two processes, one or two pages, two to four threads. */
import { modelIds } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import { compileText } from '../scenario/compile.ts';

/** Picks one of `n`: 0 to n - 1. */
export type Pick = (n: number) => number;

/**
 * Reads choices from a tape, again from its start when it ends. A shorter or smaller tape makes a simpler
 * scenario.
 */
export function fromTape(tape: Uint8Array): Pick {
  let i = 0;
  return (n) => tape[i++ % tape.length]! % n;
}

interface Making {
  readonly pick: Pick;
  readonly pages: number;
  /** `a`, or several. */
  readonly regions: readonly string[];
  /** Kinds of memory that may be mapped. */
  readonly kinds: readonly string[];
  readonly large: boolean;
  /** Memory is short. */
  readonly swap: boolean;
  /** What is done to mappings. */
  readonly changes: readonly string[];
  readonly pipes: Set<string>;
  readonly holds: string[];
  bytes: number;
  users: number;
}
const oneOf = <T>(pick: Pick, list: readonly T[]): T => list[pick(list.length)]!;

const ADDRESS_SPACE = [
  'mremap REGION',
  'mlock PART',
  'munlock PART',
  'numa_hint PART',
  ...['dontfork', 'dofork', 'wipeonfork', 'populate_read', 'populate_write', 'cold', 'huge'].map(
    (advice) => `madvise PART ${advice}`,
  ),
];

/** What takes pages away. */
const SHORTAGE = [
  'reclaim PAGE',
  'reclaim PAGE',
  'madvise PART pageout',
  'madvise PART free',
  'move_pages PAGE 1',
];
/** Where pages are merged, and move. */
const MOVING = [...ADDRESS_SPACE, 'madvise PART mergeable', 'move_pages PAGE 1', 'move_pages PAGE 1'];

/** Who keeps pages. */
const USERS = [
  'pin PAGE read longterm',
  'dio_read PAGE',
  'dio_write PAGE',
  'uring_register PAGE',
  'rdma_register PAGE',
  'rdma_register PAGE read',
  'pin a write longterm fast',
  'uring_register a',
  'rdma_register a',
];

/** A large kind has the size that it has; its first pages are those that are used. */
const mappingOf = (name: string, kind: string, m: Making): string =>
  m.large ? `${name} ${kind}` : `${name} ${kind} ${m.pages} pages`;

function line(m: Making, actor: string): string {
  const { pick } = m,
    region = m.regions.length === 1 ? 'a' : oneOf(pick, m.regions),
    page = `${region}.${pick(m.pages)}`,
    part = pick(2) === 0 ? page : region;
  if (m.swap && pick(4) === 0)
    return `${actor}: ${oneOf(pick, SHORTAGE).replace('PAGE', page).replace('PART', part)}`;
  switch (pick(16)) {
    case 0:
    case 1:
    case 2:
      return `${actor}: store ${page} "x${++m.bytes}"`;
    case 3:
    case 4:
      return `${actor}: load ${page}`;
    case 5:
      return `${actor}: munmap ${part}`;
    case 6:
      return `${actor}: madvise ${part} dontneed`;
    case 7:
      return `${actor}: mprotect ${part} ${oneOf(pick, ['ro', 'rw', 'none'])}`;
    case 8: {
      const pipe = `p${pick(2)}`;
      m.pipes.add(pipe);
      return `${actor}: vmsplice ${page} -> ${pipe}`;
    }
    case 9: {
      const wanted = oneOf(pick, [...USERS, `dio PAGE "x${m.bytes + 1}"`, 'lookup PAGE']).replace(
        'PAGE',
        page,
      );
      if (wanted.startsWith('lookup')) return `${actor}: ${wanted}`;
      if (wanted.startsWith('dio ')) m.bytes++;
      if (wanted.startsWith('dio ')) return `${actor}: ${wanted}`;
      const hold = `user${m.users++}`;
      m.holds.push(hold);
      return `${actor}: ${wanted} as ${hold}`;
    }
    case 10: {
      const hold = `hold${m.holds.length}`,
        fast = pick(2) === 0 ? ' fast' : '';
      m.holds.push(hold);
      const how = `${oneOf(pick, ['pin', 'get'])} ${page} ${oneOf(pick, ['read', 'write'])}`;
      return `${actor}: ${how}${fast} as ${hold}`;
    }
    case 11:
    case 12: {
      const change = oneOf(pick, m.changes);
      return `${actor}: ${change.replace('PART', part).replace('PAGE', page).replace('REGION', region)}`;
    }
    case 13: {
      const whose = oneOf(pick, ['', ' in parent', ' in child']);
      const write = oneOf(pick, ['poke', 'ptpoke', 'process_vm_writev']);
      return `${actor}: ${write} ${page} "x${++m.bytes}"${whose}`;
    }
    case 14: {
      const whose = oneOf(pick, ['', ' in parent', ' in child']);
      return `${actor}: ${oneOf(pick, ['peek', 'process_vm_readv'])} ${page}${whose}`;
    }
    default: {
      const populate = pick(3) === 0 ? ' populate' : '';
      return `${actor}: mmap ${mappingOf(region, oneOf(pick, m.kinds), m)}${populate}`;
    }
  }
}
/** Empties a pipe or gives a hold back. */
function lateLine(m: Making, actor: string): string {
  const { pick } = m;
  if (m.pipes.size > 0 && pick(2) === 0) return `${actor}: read ${oneOf(pick, [...m.pipes])}`;
  const hold = m.holds.splice(pick(m.holds.length), 1)[0];
  if (hold === undefined) return '';
  // A hold of several pages has no single last access: it is given back without.
  return pick(5) === 0 ? `${actor}: unpin ${hold}` : `${actor}: release ${hold} "d${++m.bytes}"`;
}
const some = (pick: Pick, most: number, make: () => string): string[] =>
  Array.from({ length: pick(most + 1) }, make);

/** What a random scenario is about, beyond one region of anonymous memory. */
export interface About {
  /** Two regions, each with a page table of its own. */
  readonly apart?: boolean;
  /** The memory is of a file, which another process may write to. */
  readonly files?: boolean;
  /** The memory has huge pages, or folios of 64 kB. */
  readonly large?: 'thp' | 'mthp';
  /** Private pages go to swap. */
  readonly swap?: boolean;
  /** It is huge pages out of a small pool. */
  readonly huge?: boolean;
  /** ksmd merges equal pages, and pages move to another node. */
  readonly moving?: boolean;
  /** Pages move at any time. */
  readonly compacted?: boolean;
}

export function randomText(pick: Pick, about: About = {}): string {
  const {
    apart = false,
    files = false,
    swap = false,
    huge = false,
    moving = false,
    compacted = false,
    large,
  } = about;
  const regions = apart ? ['a', 'b'] : ['a'];
  const m: Making = {
    pick,
    pages: huge || compacted ? 1 : 1 + pick(2),
    regions,
    large: large !== undefined,
    kinds: huge
      ? ['huge', 'huge']
      : large !== undefined
        ? [large]
        : files
          ? ['file', 'shared-file']
          : swap
            ? ['anon', 'anon']
            : ['anon', 'shared'],
    swap,
    changes: moving ? MOVING : ADDRESS_SPACE,
    pipes: new Set(),
    holds: [],
    bytes: 0,
    users: 0,
  };
  const before = some(pick, 3, () => line(m, pick(3) === 0 ? 'parent/2' : 'parent'));
  const forksInBlock = pick(3) === 0,
    family = forksInBlock ? ['parent', 'parent/2'] : ['parent', 'parent/2', 'child', 'child/2'];
  const block = [...new Set([oneOf(pick, family), oneOf(pick, family), oneOf(pick, family)])].flatMap(
    (actor) => [line(m, actor), ...some(pick, 2, () => line(m, actor))],
  );
  block.push(...some(pick, 3, () => lateLine(m, '-')));
  if (moving) {
    before.push('parent: madvise a mergeable', 'parent: store a.0 "equal"');
    block.push(pick(2) === 0 ? '-/2: ksm' : `parent/2: move_pages a.${pick(m.pages)} 1`);
  }
  if (files && pick(2) === 0) block.push(`writer: store a.${pick(m.pages)} "x${++m.bytes}"`);
  if (forksInBlock) block.splice(pick(block.length + 1), 0, 'parent: fork child');
  else if (pick(4) === 0) block.push('child: exit');
  const after = [
    ...some(pick, 3, () => line(m, oneOf(pick, ['parent', 'child']))),
    ...some(pick, 3, () => lateLine(m, oneOf(pick, ['-', 'parent']))),
  ];
  return [
    files ? 'process parent writer' : 'process parent',
    ...regions
      .map((name) => mappingOf(name, pick(4) === 0 ? (m.kinds[1] ?? m.kinds[0]!) : m.kinds[0]!, m))
      .map((s) => `region ${s}`),
    ...(files ? [`region a shared-file ${m.pages} pages in writer`] : []),
    ...(apart ? ['tables apart'] : []),
    ...(compacted ? ['actors migrate'] : []),
    ...(huge ? [`hugepages ${1 + pick(3)}`] : []),
    ...(pick(3) === 0 ? ['lru batched'] : []),
    ...before,
    ...(forksInBlock ? [] : ['parent: fork child']),
    'parallel',
    ...block,
    'end',
    ...after,
    '',
  ].join('\n');
}

/** Lines that make no sense where they stand are left out; null if nothing is left. */
export function randomPlan(pick: Pick, about: About = {}): { text: string; plan: Plan } | null {
  let lines = randomText(pick, about).split('\n');
  for (let i = 0; i < 8; i++) {
    const text = lines.join('\n'),
      { plan, diagnostics } = compileText(text, { models: modelIds });
    if (plan !== null) return { text, plan };
    const wrong = new Set(diagnostics.filter((d) => d.severity === 'error').map((d) => d.line - 1));
    lines = lines.filter((_, n) => !wrong.has(n));
  }
  return null;
}
