// What userfaultfd, soft-dirty tracking and late flushes break, and on which kernels. R numbers: the bug
// catalogue of the step lists; I4, I5 and the last table: the mails of 5 January 2021 and on wp_page_copy.
import { describe, expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { kernels, modelById } from '../kernel/models/index.ts';
import { extend, newRun, runAll } from '../debugger/run.ts';
import { printSchedule, replay } from '../debugger/schedule.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const OLD = ['v4.8', 'v5.6'] as const,
  MAPCOUNT = ['v5.7', 'v5.8'] as const,
  LATE = ['v5.9', 'v5.11'] as const,
  REPAIRED = ['v5.10-lts', 'v5.12', 'v5.18'] as const,
  EXCLUSIVE = ['v5.19', 'v6.1'] as const,
  RESOLVES = ['v6.4.0', 'v6.12', 'v6.18', 'v7.2'] as const;
const ALL = [...OLD, ...MAPCOUNT, ...LATE, ...REPAIRED, ...EXCLUSIVE, ...RESOLVES] as const;
type Id = (typeof ALL)[number];

interface Case {
  readonly name: string;
  readonly breaks: string;
  readonly on: readonly Id[];
  readonly script: readonly string[];
  /** Absent: all. Large ones look at fewer models. */
  readonly models?: readonly Id[];
  readonly without?: readonly string[];
}
const HEAD = ['process parent', 'region a anon 1 page'];
const WRITTEN = 'parent: store a.0 "old"',
  REGISTERED = 'parent: uffd_register a wp';
/** A reference beside the mapping, here of an LRU batch, makes 5.9 to 5.11 copy. */
const race = (late: string): string[] => [
  'parallel',
  `parent/2: ${late}`,
  'parent/3: store a.0 "x"',
  'parent: store a.0 "y"',
  'parent: load a.0',
  'end',
];
const lostWrite = ['lru batched', WRITTEN, REGISTERED, ...race('uffd_writeprotect a.0 off')];
const pinned = (kind: string, by: readonly string[]): string[] => [
  WRITTEN,
  `parent: ${kind} a.0 write as dma`,
  ...by,
  'parent/2: store a.0 "new"',
  'parent: release dma "data"',
];
/** Decided to copy; meanwhile reused, written, and protected until the entry is what it was. */
const aba = [
  WRITTEN,
  REGISTERED,
  'parent: fork child',
  'parallel',
  'parent: store a.0 "x"',
  'parent/2: store a.0 "y"',
  'parent/2: load a.0',
  'parent/3: uffd_writeprotect a.0 on',
  'parent/3: uffd_writeprotect a.0 off',
  'child: exit',
  'end',
];
const abaUnshared = [
  WRITTEN,
  REGISTERED,
  'parent: fork child',
  'parent: uffd_writeprotect a.0 on',
  'parallel',
  'parent: pin a.0 read fast as one',
  'parent/2: uffd_writeprotect a.0 off',
  'parent/2: store a.0 "y"',
  'parent/2: uffd_writeprotect a.0 on',
  'parent/2: load a.0',
  'child: exit',
  'end',
];

const cases: readonly Case[] = [
  {
    name: 'R5: a store is lost while userfaultfd has not flushed yet',
    breaks: 'stores-are-not-lost',
    on: LATE,
    script: lostWrite,
  },
  {
    name: 'R5 by two monitors: one protects, the other ends it before the first has flushed',
    breaks: 'stores-are-not-lost',
    on: LATE,
    script: [
      'lru batched',
      WRITTEN,
      REGISTERED,
      'parallel',
      'parent/2: uffd_writeprotect a.0 on',
      'parent/4: uffd_writeprotect a.0 off',
      'parent/3: store a.0 "x"',
      'parent: store a.0 "y"',
      'parent: load a.0',
      'end',
    ],
    models: [...MAPCOUNT, ...LATE, 'v5.18', 'v6.18'],
  },
  {
    name: 'R5 without the flush of 6ce64428d620',
    breaks: 'stores-are-not-lost',
    on: [...LATE, ...REPAIRED],
    script: lostWrite,
    without: ['wp-flushes-if-pending'],
  },
  {
    name: 'R5b: a store is lost after clear_refs',
    breaks: 'stores-are-not-lost',
    on: LATE,
    script: ['lru batched', WRITTEN, ...race('clear_refs')],
  },
  {
    name: 'R5b: a store leaves no soft-dirty bit',
    breaks: 'soft-dirty-is-not-missed',
    on: ['v5.6', ...MAPCOUNT, ...LATE],
    script: [
      WRITTEN,
      'parallel',
      'parent: clear_refs',
      'parent/2: store a.0 "x"',
      'end',
      'parent: store a.0 "y"',
    ],
  },
  {
    name: 'R6c: a userfaultfd round trip under a pin',
    breaks: 'pins-stay-coherent',
    on: [...LATE, ...REPAIRED],
    script: pinned('pin', [
      REGISTERED,
      'parent: uffd_writeprotect a.0 on',
      'parent: uffd_writeprotect a.0 off',
    ]),
  },
  {
    name: 'R6d: clear_refs under a pin',
    breaks: 'pins-stay-coherent',
    on: ['v5.9'],
    script: pinned('pin', ['parent: clear_refs']),
  },
  {
    name: 'R6d: clear_refs under a plain reference',
    breaks: 'gets-stay-coherent',
    on: [...LATE, ...REPAIRED],
    script: pinned('get', ['parent: clear_refs']),
  },
  {
    name: 'R9: a monitor that reads what it protects waits for itself',
    breaks: 'no-deadlock',
    on: ['v5.8'],
    script: [
      WRITTEN,
      REGISTERED,
      'parent: uffd_writeprotect a.0 on',
      'parent: vmsplice a.0 -> p',
      'parent: uffd_writeprotect a.0 off',
    ],
  },
  {
    name: 'R10, I5: the entry is the same again, and the page is not',
    breaks: 'stores-are-not-lost',
    on: MAPCOUNT,
    models: [...MAPCOUNT, 'v5.9', 'v6.18'],
    script: aba,
  },
  {
    name: 'R10 by clear_refs',
    breaks: 'stores-are-not-lost',
    // 5.9 and 5.11 lose the store as in R5b.
    on: [...OLD, ...MAPCOUNT, ...LATE],
    script: [
      WRITTEN,
      'parent: clear_refs',
      'parent: fork child',
      'parallel',
      'parent: store a.0 "x"',
      'parent/2: store a.0 "y"',
      'parent/2: load a.0',
      'parent/3: clear_refs',
      'child: exit',
      'end',
    ],
  },
  {
    name: 'I4: without the reference of the copy, the same by reference count',
    breaks: 'stores-are-not-lost',
    on: ['v5.9', 'v6.1'],
    models: ['v5.9', 'v6.1', 'v6.12'],
    script: aba,
    without: ['copy-holds-old-folio'],
  },
  {
    name: 'I4: an unshare that userfaultfd does not stop',
    breaks: 'stores-are-not-lost',
    on: [...EXCLUSIVE, ...RESOLVES],
    script: abaUnshared,
    without: ['copy-holds-old-folio'],
  },
  { name: 'I4 with the reference', breaks: 'stores-are-not-lost', on: [], script: abaUnshared },
  {
    name: 'a protected page without the flush',
    breaks: 'writes-are-reported',
    on: [...MAPCOUNT, ...LATE, ...REPAIRED, ...EXCLUSIVE, ...RESOLVES],
    script: [WRITTEN, REGISTERED, 'parent/2: uffd_writeprotect a.0 on', 'parent: store a.0 "x"'],
    without: ['uffd-wp-flushes'],
  },
  {
    name: 'a protected page',
    breaks: 'writes-are-reported',
    on: [],
    script: [
      WRITTEN,
      REGISTERED,
      'parallel',
      'parent/2: uffd_writeprotect a.0 on',
      'parent: store a.0 "x"',
      'parent/2: uffd_wait a',
      'parent/2: uffd_writeprotect a.0 off',
      'end',
    ],
    models: [...MAPCOUNT, ...LATE, ...REPAIRED, ...EXCLUSIVE, ...RESOLVES],
  },
  {
    name: 'a store to a page that is no longer mapped',
    breaks: 'no-store-through-stale-tlb',
    on: ALL,
    script: [
      WRITTEN,
      'parent: get a.0 read as h',
      'parent/2: madvise a dontneed',
      'parent/2: store a.0 "new"',
    ],
    without: ['zap-flushes-first'],
  },
];

describe.each(cases)('$name', ({ breaks, on, script, models = ALL, without = [] }) => {
  const wanted = invariantById(breaks)!;
  test.each(models)('%s', (id) => {
    const plan = planOf([...HEAD, ...script].join('\n'));
    const { verdict, reason } = check(boot(plan, modelById(id)!, without), {
      invariants: [wanted],
      fewest: false,
    });
    expect([verdict, reason]).toEqual([on.includes(id) ? 'violated' : 'holds', reason]);
  });
});

test('every kernel is asked', () => {
  expect(kernels.map((m) => m.id).filter((id) => !ALL.some((one) => one === id))).toEqual([]);
});

describe('what happens by itself', () => {
  const evicted = (actors: readonly string[]): string =>
    [
      ...HEAD,
      'lru batched',
      ...actors,
      WRITTEN,
      'parent/2: store a.0 "seen"',
      REGISTERED,
      'parallel',
      'parent/3: uffd_writeprotect a.0 off',
      'parent/2: store a.0 "x"',
      'parent: store a.0 "y"',
      'parent: load a.0',
      'end',
    ].join('\n');
  const lost = { invariants: [invariantById('stores-are-not-lost')!] };
  const machine = (actors: readonly string[], id = 'v5.9') => boot(planOf(evicted(actors)), modelById(id)!);

  test('a CPU that never forgets does not fault, and nothing is lost', () => {
    expect(check(machine([]), lost).verdict).toBe('holds');
  });

  test('a CPU that drops its translation faults and copies; its schedule can be replayed', () => {
    const m = machine(['actors tlb-evict']);
    const { verdict, moves } = check(m, lost);
    expect(verdict).toBe('violated');
    const run = newRun(m);
    for (const t of moves) expect(extend(run, t)).toBe(true);
    const text = printSchedule(run);
    expect(text).toMatch(/tlb:parent\/2:a\.0@evict\.tlb\.evict#2/);
    const again = replay(m, text);
    expect(again.notes).toEqual([]);
    expect(again.run.steps.slice(0, moves.length).map((s) => s.thread)).toEqual(moves);
  });

  test('the flush of 5.12 holds for it, too', () => {
    expect(check(machine(['actors tlb-evict'], 'v5.12'), lost).verdict).toBe('holds');
  });

  test('an LRU batch that is emptied in time makes the copy needless', () => {
    const plan = planOf(
      [
        ...HEAD,
        'lru batched',
        'actors lru-drain',
        WRITTEN,
        'parent: mprotect a ro',
        'parent: mprotect a rw',
        'parent: store a.0 "new"',
      ].join('\n'),
    );
    const { outcomes, verdict } = check(boot(plan, modelById('v5.9')!));
    expect([verdict, outcomes.length]).toEqual(['holds', 1]);
  });

  test('declared order leaves actors alone', () => {
    const run = runAll(machine(['actors tlb-evict', 'actors lru-drain']));
    expect(run.steps.every((s) => run.machine.plan.threads[s.thread]!.actor !== true)).toBe(true);
  });
});

test('a broadcast flush does not wait for a look-up that has interrupts off', () => {
  const states = (how: string): number =>
    check(
      boot(
        planOf(
          [
            ...HEAD,
            `flush ${how}`,
            WRITTEN,
            'parallel',
            'parent: pin a.0 read fast as h',
            'parent/2: madvise a dontneed',
            'end',
          ].join('\n'),
        ),
        modelById('v6.18')!,
      ),
    ).states;
  expect(states('broadcast')).toBeGreaterThan(states('ipi'));
});
