// Operations on address spaces, against whatever else may run: what must hold on every kernel does, in every
// order; and what a kernel does differently is seen.
import { describe, expect, test } from 'vitest';
import { boot } from '../kernel/machine.ts';
import { modelById, models } from '../kernel/models/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const kernels = models.filter((m) => !m.composed && !m.proposal).map((m) => m.id);
const WRITTEN = 'parent: store a.0 "old"';
const scenario = (script: readonly string[], pages = 1): string =>
  ['process parent', `region a anon ${pages} page`, ...script, ''].join('\n');

interface Race {
  readonly name: string;
  readonly pages?: number;
  readonly script: readonly string[];
}
const races: readonly Race[] = [
  {
    name: 'a region moves while threads store to it and a device pins it',
    script: [
      WRITTEN,
      'parallel',
      'parent: mremap a',
      'parent/2: store a.0 "two"',
      'parent/2: load a.0',
      'parent/3: pin a.0 write fast as dma',
      'end',
      '-: release dma "device"',
      'parent: load a.0 -> last',
    ],
  },
  {
    name: 'a region moves while MADV_DONTNEED empties it',
    script: [
      WRITTEN,
      'parallel',
      'parent: mremap a',
      'parent/2: madvise a dontneed',
      'parent/2: load a.0',
      'end',
    ],
  },
  {
    name: 'memory is locked while the child that shares it ends',
    pages: 2,
    script: [
      WRITTEN,
      'parent: store a.1 "second"',
      'parent: fork child',
      'parallel',
      'parent: mlock a',
      'child: exit',
      'end',
      'parent: store a.0 "new"',
      'parent: load a.1 -> last',
    ],
  },
  {
    name: 'two threads populate one page',
    script: [
      WRITTEN,
      'parent: fork child',
      'parallel',
      'parent: madvise a populate_write',
      'parent/2: store a.0 "two"',
      'parent/2: load a.0',
      'end',
      'child: load a.0 -> inherited',
    ],
  },
  {
    name: 'a NUMA hint meets a store and a lockless pin',
    script: [
      WRITTEN,
      'parallel',
      'parent: numa_hint a',
      'parent/2: store a.0 "two"',
      'parent/2: load a.0',
      'parent/3: pin a.0 write fast as dma',
      'end',
      'parent: load a.0 -> last',
    ],
  },
  {
    name: 'a NUMA hint meets a fork',
    script: [
      WRITTEN,
      'parallel',
      'parent: numa_hint a',
      'parent/2: fork child',
      'end',
      'parent: store a.0 "new"',
      'child: load a.0',
    ],
  },
  {
    name: 'the pages of a program that starts another one go to nobody',
    script: [
      WRITTEN,
      'parent: fork child',
      'child: mmap b anon 1',
      'parallel',
      'child: exec',
      'parent: store a.0 "new"',
      'end',
      'child: mmap b anon 1',
      'child: load b.0',
      'parent: load a.0 -> last',
    ],
  },
  {
    name: 'pages grow old while they are copied',
    script: [
      WRITTEN,
      'parent: fork child',
      'parallel',
      'parent: madvise a cold',
      'parent/2: store a.0 "two"',
      'parent/2: load a.0',
      'child: exit',
      'end',
    ],
  },
];

describe.each(races.map((race) => [race.name, race] as const))('%s', (_, { script, pages }) => {
  const plan = planOf(scenario(script, pages));
  test.each(kernels)('%s', (id) => {
    const found = check(boot(plan, modelById(id)!), { states: 400_000 });
    expect([found.verdict, found.reason]).toEqual(['holds', '']);
  });
});

/** Results that a scenario can have on a model, each as the texts of its observations. */
function outcomes(id: string, script: readonly string[]): string[] {
  const plan = planOf(scenario(script));
  const { outcomes: ends } = check(boot(plan, modelById(id)!));
  return ends
    .map(({ seen }) => seen.map((s) => (s < 0 ? 'nothing' : plan.stored[s]!.text)).join(', '))
    .sort();
}

describe('what a child finds', () => {
  const after = (advice: string, ...then: string[]): readonly string[] => [
    WRITTEN,
    `parent: madvise a ${advice}`,
    ...then,
    'parent: fork child',
    'child: load a.0',
  ];
  test.each([
    ['dontfork', [], 'nothing'],
    ['dontfork', ['parent: madvise a dofork'], 'old'],
    ['wipeonfork', [], '00'],
    ['wipeonfork', ['parent: madvise a keeponfork'], 'old'],
    ['mergeable', [], 'old'],
  ] as const)('after %s, then %s', (advice, then, found) => {
    for (const id of ['v5.7', 'v5.12', 'v6.18'])
      expect(outcomes(id, after(advice, ...then))).toEqual([found]);
  });
  test('v4.8 does not know MADV_WIPEONFORK', () => {
    expect(outcomes('v4.8', after('wipeonfork'))).toEqual(['old']);
  });
  test('a grandchild of a wiped child finds zeros, too', () => {
    const script = [...after('wipeonfork'), 'child: store a.0 "own"', 'child: fork leaf', 'leaf: load a.0'];
    expect(outcomes('v6.18', script)).toEqual(['00, 00']);
  });
});

test('locked memory is not thrown away, and becomes writable without a fault', () => {
  const script = [
    WRITTEN,
    'parent: mlock a',
    'parent: madvise a dontneed',
    'parent: load a.0',
    'parent: munlock a',
    'parent: madvise a dontneed',
    'parent: load a.0 -> empty',
  ];
  for (const id of kernels) expect(outcomes(id, script)).toEqual(['old, 00']);
});

test('after exec nothing is mapped, and what the process lent stays lent', () => {
  const script = [WRITTEN, 'parent: vmsplice a.0 -> p', 'parent: exec', 'parent: load a.0', 'parent: read p'];
  for (const id of kernels) expect(outcomes(id, script)).toEqual(['nothing, old']);
});
