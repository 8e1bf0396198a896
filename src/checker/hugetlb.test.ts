// Huge pages: what every kernel keeps of the bug catalogue there, and what it has fixed.
import { describe, expect, test } from 'vitest';
import { featuresOf } from '../kernel/features.ts';
import { invariantById } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { modelById, models } from '../kernel/models/index.ts';
import { cells, fields, folio_hugetlb, load, now, resv_huge_pages, vma_resv } from '../kernel/world.ts';
import { freeHugePages, poolSize, reservedPages } from '../kernel/verbs/hugetlb.ts';
import { is_slot, swap_count } from '../kernel/verbs/swap.ts';
import { gallery } from '../scenario/gallery/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const plain = models.filter((m) => !m.proposal).map((m) => m.id);
const from = (id: string): string[] => {
  const kernels = plain.filter((x) => !x.startsWith('v5.4') && !x.startsWith('v5.10'));
  return kernels.slice(kernels.indexOf(id));
};
const script = (lines: readonly string[]) =>
  planOf(['process parent', 'region a huge 1 page', 'parent: store a.0 "old"', ...lines, ''].join('\n'));

interface Bug {
  readonly name: string;
  readonly breaks: string;
  readonly on: readonly string[];
  readonly lines: readonly string[];
}
const GUP_BREAKS = ['v5.4-gup-breaks-cow', 'v5.8'];
const bugs: readonly Bug[] = [
  {
    name: 'R2d: vmsplice, the child unmaps',
    breaks: 'private-writes-stay-private',
    on: plain.filter((id) => !GUP_BREAKS.includes(id)),
    lines: [
      'parent: fork child',
      'child: vmsplice a.0 -> p',
      'child: munmap a',
      'parent: store a.0 "secret"',
      'child: read p',
    ],
  },
  {
    name: 'R2d, the reference is older than the fork',
    breaks: 'private-writes-stay-private',
    on: plain,
    lines: [
      'parent: vmsplice a.0 -> p',
      'parent: fork child',
      'parent: munmap a',
      'child: store a.0 "secret"',
      'parent: read p',
    ],
  },
  {
    name: 'R4: fork and a pin for writing',
    breaks: 'pins-stay-coherent',
    on: ['v5.7', 'v5.8', 'v5.9', 'v5.11'].concat(plain.filter((id) => id.startsWith('v5.10'))),
    lines: [
      'parent: pin a.0 write as h',
      'parent: fork child',
      'parent: store a.0 "new"',
      '-: release h "io"',
    ],
  },
  {
    name: 'R6b: mprotect there and back under a pin parts nothing, as references are not counted',
    breaks: 'pins-stay-coherent',
    on: [],
    lines: [
      'parent: pin a.0 write as h',
      'parent: mprotect a ro',
      'parent: mprotect a rw',
      'parent: store a.0 "new"',
      '-: release h "io"',
      'parent: load a.0',
    ],
  },
  {
    name: 'a pin for reading of a shared page is unshared first',
    breaks: 'pins-stay-coherent',
    on: plain.filter(
      (id) => !from('v5.19').includes(id) && !GUP_BREAKS.includes(id) && !['v4.8', 'v5.6'].includes(id),
    ),
    lines: ['parent: fork child', 'parent: pin a.0 read as h', 'parent: store a.0 "new"', '-: release h'],
  },
  {
    name: 'R12: the map count falls before the flush (derived)',
    breaks: 'private-writes-stay-private',
    on: plain,
    lines: [
      'parent: fork child',
      'child/2: load a.0',
      'parallel',
      'child: munmap a',
      'child/2: load a.0',
      'parent: store a.0 "secret"',
      'end',
    ],
  },
];

describe.each(bugs.map((bug) => [bug.name, bug] as const))('%s', (_, { breaks, on, lines }) => {
  const plan = script(lines);
  test.each(plain)('%s', (id) => {
    const found = check(boot(plan, modelById(id)!), { invariants: [invariantById(breaks)!] });
    expect([found.verdict, found.bound]).toEqual([on.includes(id) ? 'violated' : 'holds', '']);
  });
});

describe('faults in any order', () => {
  const races: readonly (readonly string[])[] = [
    ['parent: fork child', 'parallel', 'parent: store a.0 "p"', 'child: store a.0 "c"', 'end'],
    ['parallel', 'parent: store a.0 "p"', 'parent/2: madvise a dontneed', 'parent/3: load a.0', 'end'],
    [
      'hugepages 1',
      'parent: fork child',
      'parallel',
      'parent: store a.0 "p"',
      'child: store a.0 "c"',
      'child/2: load a.0',
      'end',
      'parent: load a.0',
    ],
    [
      'hugepages 2',
      'parallel',
      'parent: fork child',
      'parent/2: pin a.0 write fast as h',
      'end',
      '-: unpin h',
    ],
  ];
  test.each(races.flatMap((lines) => from('v5.12').map((id) => [lines.at(-2)!, id, lines] as const)))(
    '... %s, on %s',
    (_, id, lines) => {
      expect(check(boot(script(lines), modelById(id)!))).toMatchObject({ verdict: 'holds', reason: '' });
    },
  );
});

test('what is promised is there: no more pages than are free, in every state', () => {
  const plan = script([
    'hugepages 2',
    'parent: mmap b huge 1',
    'parent: fork child',
    'parallel',
    'parent: store a.0 "p"',
    'child: store a.0 "c"',
    'parent/2: munmap b',
    'child/2: mmap c huge 1',
    'end',
    'child: exit',
  ]);
  const seen = new Set<string>();
  const promised = {
    id: 'promised',
    alias: [],
    says: '',
    word: 'miscounted',
    cite: '',
    applies: () => true,
    broken: () => {
      seen.add(`${freeHugePages()} free, ${reservedPages()} promised`);
      return reservedPages() <= freeHugePages() && freeHugePages() <= poolSize()
        ? null
        : { reason: 'more is promised than is free', cards: [], process: -1, folio: -1 };
    },
  } as const;
  for (const id of ['v5.7', 'v6.18']) {
    const found = check(boot(plan, modelById(id)!), { invariants: [promised] });
    expect([found.verdict, found.reason]).toEqual(['holds', '']);
  }
  expect(seen.size).toBeGreaterThan(3);
});

test('at the end of a process its promises end, too', () => {
  const machine = boot(
    planOf(['process parent', 'region a huge 1 page', 'parent: exit', ''].join('\n')),
    modelById('v6.18')!,
  );
  expect([cells[resv_huge_pages.at], cells[vma_resv.at]]).toEqual([1, 1]);
  let last = new Int32Array(0);
  const look = {
    id: 'look',
    alias: [],
    says: '',
    word: 'unexpected',
    cite: '',
    applies: () => true,
    broken: () => {
      last = new Int32Array([cells[resv_huge_pages.at]!, cells[vma_resv.at]!]);
      return null;
    },
  } as const;
  check(machine, { invariants: [look], fewest: false });
  expect([...last]).toEqual([0, 0]);
  load(machine.start, 0);
});

test('a fork that finds no huge page gives back the slots that the child had', () => {
  const lines = [
    'process parent',
    'region b anon 1 page',
    'region a huge 1 page',
    'hugepages 1',
    'parent: store a.0 "old"',
    'parent: store b.0 "small"',
    'parent: madvise b pageout',
    'parent: pin a.0 write as h',
    'parent: fork child',
    'parent: load b.0',
    '',
  ];
  const counts: number[] = [];
  const look = {
    id: 'look',
    alias: [],
    says: '',
    word: 'unexpected',
    cite: '',
    applies: () => true,
    broken: () => {
      let uses = 0;
      for (let s = 0; s < now.counts.folios; s++) if (is_slot(s)) uses += swap_count(s);
      if (counts.at(-1) !== uses) counts.push(uses);
      return null;
    },
  } as const;
  const machine = boot(planOf(lines.join('\n')), modelById('v6.18')!);
  expect(check(machine, { fewest: false }).verdict).toBe('holds');
  check(machine, { invariants: [look], fewest: false });
  // The parent's; the child's, too; the parent's; nobody's.
  expect(counts).toEqual([0, 1, 2, 1, 0]);
  load(machine.start, 0);
});

test('no other scenario pays a byte', () => {
  const others = gallery.filter((e) => !/ huge \d/.test(e.text));
  expect(others.length).toBeGreaterThan(60);
  for (const { text } of others) {
    const plan = planOf(text),
      model = modelById('v6.18')!;
    expect(featuresOf(plan, model).huge).toBe(0);
    boot(plan, model);
    const paid = fields.filter((f) => f.size > 0 && /huge|resv/.test(f.name));
    expect(paid.map((f) => f.name)).toEqual([]);
    expect(folio_hugetlb.size).toBe(0);
  }
});
