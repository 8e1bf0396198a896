// For each protective step a small scenario in which switching it off breaks something, and which holds
// with it.
import { describe, expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import { guards } from '../kernel/guards.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const MODELS = ['v5.7', 'v5.8', 'v5.9', 'v5.19', 'v6.18'] as const;

interface Case {
  readonly guard: string;
  readonly breaks: string;
  readonly on: readonly ((typeof MODELS)[number] | 'v5.12')[];
  readonly script: readonly string[];
}
const WRITTEN = 'parent: store a.0 "old"',
  SHARED = [WRITTEN, 'parent: fork child'];

const EQUAL = ['region b anon 1 page', WRITTEN, 'parent: store b.0 "old"'],
  OFFERED = ['parent: madvise a mergeable', 'parent: madvise b mergeable'];

const cases: readonly Case[] = [
  ...['ksm-flushes-first', 'ksm-checks-count'].map((guard): Case => ({
    guard,
    breaks: 'pins-stay-coherent',
    on: MODELS,
    script: [
      ...EQUAL,
      ...OFFERED,
      'parallel',
      'parent: pin a.0 write fast as dma',
      '-: ksm',
      'end',
      'parent: release dma "device"',
    ],
  })),
  {
    guard: 'migrate-checks-count',
    breaks: 'gets-stay-coherent',
    on: MODELS,
    script: [WRITTEN, 'parallel', 'parent: get a.0 write fast as io', 'parent/2: move_pages a.0 1', 'end'],
  },
  {
    guard: 'migrate-checks-pinned',
    breaks: 'pins-stay-coherent',
    on: ['v5.19', 'v6.18'],
    script: [
      WRITTEN,
      'parent: pin a.0 write as mr',
      'parallel',
      'parent: fork child',
      'parent/2: move_pages a.0 1',
      'end',
      'parent: store a.0 "new"',
    ],
  },
  {
    guard: 'copy-holds-old-folio',
    breaks: 'no-use-after-free',
    on: MODELS,
    script: [
      ...SHARED,
      'parallel',
      'parent: store a.0 "one"',
      'parent/2: madvise a dontneed',
      'child: exit',
      'end',
    ],
  },
  {
    // Hildenbrand's answer of the mails: a second look finds the page unshared, marks it exclusive and pins
    // it; the first one's copy goes in.
    guard: 'copy-holds-old-folio',
    breaks: 'pins-stay-coherent',
    on: ['v5.19', 'v6.18'],
    script: [
      ...SHARED,
      'parallel',
      'parent: pin a.0 read fast as one',
      'parent/2: pin a.0 read fast as two',
      'child: exit',
      'end',
    ],
  },
  {
    guard: 'copy-rechecks-pte',
    breaks: 'stores-are-not-lost',
    on: MODELS,
    script: [
      ...SHARED,
      'parallel',
      'parent: store a.0 "one"',
      'parent: load a.0',
      'parent/2: store a.0 "two"',
      'end',
    ],
  },
  {
    guard: 'cow-fault-rechecks-none',
    breaks: 'stores-are-not-lost',
    on: MODELS,
    script: [
      'parent: mmap f file 1',
      'parallel',
      'parent: store f.0 "one"',
      'parent: load f.0',
      'parent/2: store f.0 "two"',
      'end',
    ],
  },
  {
    guard: 'copy-rechecks-pte',
    breaks: 'references-are-counted',
    on: MODELS,
    script: [...SHARED, 'parallel', 'parent: store a.0 "one"', 'parent/2: store a.0 "two"', 'end'],
  },
  {
    guard: 'copy-flushes-first',
    breaks: 'stores-are-not-lost',
    on: MODELS,
    script: [
      ...SHARED,
      'parallel',
      'parent: store a.0 "one"',
      'parent/2: load a.0',
      'parent/2: load a.0 -> again',
      'end',
    ],
  },
  {
    guard: 'fork-flushes',
    breaks: 'private-writes-stay-private',
    on: MODELS,
    script: [
      WRITTEN,
      'parallel',
      'parent: fork child',
      'parent/2: store a.0 "one"',
      'parent/2: store a.0 "two"',
      'end',
      'child: load a.0',
    ],
  },
  {
    guard: 'zap-flushes-first',
    breaks: 'no-use-after-free',
    on: MODELS,
    script: [WRITTEN, 'parallel', 'parent: munmap a', 'parent/2: load a.0', 'end'],
  },
  {
    guard: 'gup-fast-rechecks-pte',
    breaks: 'pins-stay-coherent',
    on: MODELS,
    script: [
      WRITTEN,
      'parallel',
      'parent: pin a.0 write fast as dma',
      'parent/2: madvise a dontneed',
      'parent/2: store a.0 "new"',
      'end',
    ],
  },
  {
    guard: 'gup-fast-checks-seq',
    breaks: 'pins-stay-coherent',
    on: ['v5.19', 'v6.18'],
    script: [
      WRITTEN,
      'parallel',
      'parent: fork child',
      'parent/2: pin a.0 write fast as dma',
      'end',
      'parent: store a.0 "new"',
    ],
  },
  {
    guard: 'gup-fast-checks-seq',
    breaks: 'pinned-pages-are-exclusive',
    on: ['v5.19', 'v6.18'],
    script: [WRITTEN, 'parallel', 'parent: fork child', 'parent/2: pin a.0 write fast as dma', 'end'],
  },
  {
    guard: 'gup-fast-checks-seq',
    breaks: 'fork-announces-itself',
    on: ['v5.12', 'v5.19', 'v6.18'],
    script: [WRITTEN, 'parallel', 'parent: fork child', 'parent/2: pin a.0 write fast as dma', 'end'],
  },
  {
    guard: 'anon-rechecks-none',
    breaks: 'stores-are-not-lost',
    on: MODELS,
    script: ['parallel', 'parent: store a.0 "one"', 'parent: load a.0', 'parent/2: store a.0 "two"', 'end'],
  },
  {
    guard: 'fault-rechecks-pte',
    breaks: 'references-are-counted',
    on: MODELS,
    script: [...SHARED, 'parallel', 'parent: store a.0 "one"', 'parent/2: store a.0 "two"', 'end'],
  },
  {
    guard: 'fault-rechecks-pte',
    breaks: 'no-use-after-free',
    on: MODELS,
    script: [
      ...SHARED,
      'parallel',
      'parent: store a.0 "one"',
      'parent/2: madvise a dontneed',
      'child: exit',
      'end',
    ],
  },
  {
    guard: 'mprotect-flushes',
    breaks: 'stores-need-permission',
    on: MODELS,
    script: [WRITTEN, 'parallel', 'parent: mprotect a ro', 'parent/2: store a.0 "one"', 'end'],
  },
  {
    // Where a reference makes a copy, a store through the old permission ends in the page that is left.
    guard: 'mprotect-flushes',
    breaks: 'stores-are-not-lost',
    on: ['v5.9'],
    script: [
      'parent/2: store a.0 "old"',
      'parent: vmsplice a.0 -> p',
      'parallel',
      'parent: mprotect a ro',
      'parent: mprotect a rw',
      'parent: store a.0 "one"',
      'parent/2: store a.0 "two"',
      'parent/2: load a.0',
      'end',
    ],
  },
  {
    guard: 'reuse-unlocks-first',
    breaks: 'no-use-after-free',
    on: ['v5.9'],
    script: [
      ...SHARED,
      'child: exit',
      'parallel',
      'parent: store a.0 "one"',
      'parent/2: madvise a dontneed',
      'end',
    ],
  },
  {
    // CVE-2019-11487 in small: a counter of three bits, and as many references as it takes to wrap it.
    guard: 'try-get-refuses-overflow',
    breaks: 'no-use-after-free',
    on: MODELS,
    script: [
      'counter 3 bits',
      WRITTEN,
      'parent: vmsplice a.0 -> p times 8',
      'parent: munmap a',
      'parent: read p',
    ],
  },
  {
    guard: 'uffd-wp-flushes',
    breaks: 'writes-are-reported',
    on: MODELS,
    script: [
      'parent/2: store a.0 "old"',
      'parent: uffd_register a wp',
      'parent: uffd_writeprotect a.0 on',
      'parent: &store a.0 "one"',
      'parent: uffd_writeprotect a.0 off',
      'parent: join',
    ],
  },
  {
    // A reference of the LRU batch makes it a copy. Where the exclusive mark decides, nothing is copied.
    guard: 'wp-flushes-if-pending',
    breaks: 'stores-are-not-lost',
    on: ['v5.12'],
    script: [
      'lru batched',
      WRITTEN,
      'parent: uffd_register a wp',
      'parallel',
      'parent/2: uffd_writeprotect a.0 off',
      'parent/3: store a.0 "one"',
      'parent: store a.0 "two"',
      'parent: load a.0',
      'end',
    ],
  },
  {
    guard: 'clear-refs-flushes',
    breaks: 'soft-dirty-is-not-missed',
    on: ['v5.12', 'v5.19', 'v6.18'],
    script: [WRITTEN, 'parent/2: clear_refs', 'parent: store a.0 "one"'],
  },
  {
    guard: 'clear-refs-skips-pinned',
    breaks: 'pins-stay-coherent',
    on: ['v5.12'],
    script: [
      WRITTEN,
      'parent: pin a.0 write as dma',
      'parent: clear_refs',
      'parent/2: store a.0 "one"',
      'parent: release dma "data"',
    ],
  },
  {
    guard: 'swapin-rechecks-pte',
    breaks: 'references-are-counted',
    on: MODELS,
    script: [
      WRITTEN,
      'parent: madvise a pageout',
      'parent: fork child',
      'parallel',
      'parent: load a.0',
      'parent/2: store a.0 "new"',
      'parent/2: load a.0',
      'end',
    ],
  },
  {
    // Older kernels lose the store in any case: they read the slot past the swap cache.
    guard: 'swapin-looks-again',
    breaks: 'stores-are-not-lost',
    on: ['v6.18'],
    script: [
      WRITTEN,
      'parent: vmsplice a.0 -> p',
      'parent: madvise a pageout',
      'parallel',
      'parent: load a.0',
      'parent/2: madvise a dontneed',
      'parent/2: store a.0 "new"',
      'parent/2: madvise a pageout',
      'end',
    ],
  },
  {
    guard: 'swapin-pins-slot',
    breaks: 'stores-are-not-lost',
    on: ['v6.18'],
    script: [
      WRITTEN,
      'parent: madvise a pageout',
      'parallel',
      'parent: load a.0',
      'parent/2: store a.0 "new"',
      'parent/2: madvise a pageout',
      'end',
    ],
  },
  {
    guard: 'reclaim-flushes',
    breaks: 'no-use-after-free',
    on: MODELS,
    script: [
      'parent/2: store a.0 "old"',
      'parallel',
      'parent: madvise a pageout',
      'parent/2: store a.0 "one"',
      'end',
      'parent: load a.0',
    ],
  },
  {
    guard: 'reclaim-asks-refs',
    breaks: 'gets-stay-coherent',
    on: MODELS,
    script: [
      WRITTEN,
      'parallel',
      'parent/2: get a.0 write fast as io',
      'parent: madvise a pageout',
      'end',
      'parent: store a.0 "new"',
    ],
  },
  {
    guard: 'owners-mark-shared',
    breaks: 'large-folios-know-their-owners',
    on: ['v6.18'],
    script: ['region b mthp 16 pages', 'parent: store b.0 "old"', 'parent: fork child'],
  },
  {
    guard: 'owners-mark-shared',
    breaks: 'private-writes-stay-private',
    on: ['v6.18'],
    script: [
      'region b mthp 16 pages',
      'parent: store b.0 "old"',
      'parent: fork child',
      'parent: store b.0 "new"',
      'child: load b.0',
    ],
  },
  {
    guard: 'owner-counts-refs',
    breaks: 'private-writes-stay-private',
    on: ['v6.18'],
    script: [
      'region b mthp 16 pages',
      'parent: store b.0 "old"',
      'parent: fork child',
      'child: vmsplice b.0 -> p',
      'child: munmap b',
      'parent: store b.0 "new"',
      'child: read p',
    ],
  },
  {
    guard: 'reclaim-skips-pinned',
    breaks: 'pins-stay-coherent',
    on: ['v5.12', 'v5.19', 'v6.18'],
    script: [
      WRITTEN,
      'parent: pin a.0 write as mr',
      'parent: madvise a pageout',
      'parent: fork child',
      'parent: store a.0 "new"',
    ],
  },
  {
    guard: 'split-locks-folio',
    breaks: 'private-writes-stay-private',
    on: ['v5.8', 'v5.9', 'v5.12'],
    script: [
      'region b thp 512 pages',
      'parent: store b.0 "old"',
      'parent: fork child',
      'parallel',
      'parent: store b.0 "secret"',
      'child: madvise b.1 dontneed',
      'end',
      'child: load b.0',
    ],
  },
  {
    guard: 'split-asks-refs',
    breaks: 'references-are-counted',
    on: MODELS,
    script: [
      'region b thp 512 pages',
      'parent: store b.0 "old"',
      'parallel',
      'parent: get b.0 read fast as io',
      'parent/2: madvise b.1 cold',
      'end',
      'parent: release io',
    ],
  },
];

test('every guard has a scenario', () => {
  expect([...new Set(cases.map((c) => c.guard))].sort()).toEqual(guards.map((g) => g.id).sort());
});

describe.each(cases.map((c) => [`${c.guard}: ${c.breaks}`, c] as const))(
  '%s',
  (_, { guard, breaks, on, script }) => {
    const plan = planOf(['process parent', 'region a anon 1 page', ...script, ''].join('\n'));

    test.each(on)('%s', (id) => {
      const model = modelById(id)!,
        invariants = [invariantById(breaks)!];
      expect(check(boot(plan, model, [guard]), { invariants }).verdict).toBe('violated');
      expect(check(boot(plan, model)).reason).toBe('');
    });

    test.each(MODELS.filter((id) => !on.includes(id)))('%s does not need it here', (id) => {
      const verdict = (without: readonly string[]): string =>
        check(boot(plan, modelById(id)!, without), { invariants: [invariantById(breaks)!] }).verdict;
      expect(verdict([guard])).toBe(verdict([]));
    });
  },
);
