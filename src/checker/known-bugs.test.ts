// Every known bug must be found on the models that had it, and must not on those that fixed it. R numbers:
// the bug catalogue of the step lists.
import { describe, expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const MODELS = ['v5.7', 'v5.8', 'v5.9', 'v5.10-lts', 'v5.19', 'v6.18'] as const;
type ModelId = (typeof MODELS)[number];

interface Bug {
  readonly name: string;
  /** What it breaks, and where. */
  readonly breaks: string;
  readonly on: readonly ModelId[];
  readonly script: readonly string[];
}
const PARENT_WRITES = 'parent: store a.0 "old"';

const bugs: readonly Bug[] = [
  {
    name: 'R2: vmsplice after fork, the child unmaps',
    breaks: 'private-writes-stay-private',
    on: ['v5.7'],
    script: [
      PARENT_WRITES,
      'parent: fork child',
      'child: vmsplice a.0 -> p',
      'child: munmap a',
      'parent: store a.0 "secret"',
      'child: read p',
    ],
  },
  {
    name: 'R2 in any order',
    breaks: 'private-writes-stay-private',
    on: ['v5.7'],
    script: [
      PARENT_WRITES,
      'parent: fork child',
      'parallel',
      'child: vmsplice a.0 -> p',
      'child: munmap a',
      'child: read p',
      'parent: store a.0 "secret"',
      'end',
    ],
  },
  {
    name: 'R2 mirrored: the parent keeps the reference, the child writes, in any order',
    breaks: 'private-writes-stay-private',
    on: ['v5.7'],
    script: [
      PARENT_WRITES,
      'parent: fork child',
      'parallel',
      'parent: vmsplice a.0 -> p',
      'parent: munmap a',
      'child: store a.0 "secret"',
      'end',
      'parent: read p',
    ],
  },
  {
    name: 'vmsplice before fork, the parent unmaps, the child writes',
    breaks: 'private-writes-stay-private',
    on: ['v5.7', 'v5.8'],
    script: [
      PARENT_WRITES,
      'parent: vmsplice a.0 -> p',
      'parent: fork child',
      'parent: munmap a',
      'child: store a.0 "secret"',
      'parent: read p',
    ],
  },
  {
    name: 'R4: fork parts a pinned page from its process',
    breaks: 'pins-stay-coherent',
    on: ['v5.7', 'v5.8'],
    script: [
      PARENT_WRITES,
      'parent: pin a.0 write fast as h',
      'parent: fork child',
      'parent: store a.0 "new"',
      'parent: release h "dma"',
    ],
  },
  {
    name: 'R4: and what the device writes is seen by the child',
    breaks: 'private-writes-stay-private',
    on: ['v5.7', 'v5.8'],
    script: [
      PARENT_WRITES,
      'parent: pin a.0 write fast as h',
      'parent: fork child',
      'parent: store a.0 "new"',
      'parent: release h "dma"',
      'child: load a.0',
    ],
  },
  {
    name: 'R6a: a read pin of a read-only entry, then a store',
    breaks: 'pins-stay-coherent',
    on: ['v5.9', 'v5.10-lts'],
    script: [
      PARENT_WRITES,
      'parent: fork child',
      'child: exit',
      'parent: pin a.0 read fast as h',
      'parent: store a.0 "new"',
      'parent: release h',
    ],
  },
  {
    name: 'R6b: mprotect there and back under a pin',
    breaks: 'pins-stay-coherent',
    on: ['v5.9', 'v5.10-lts'],
    script: [
      PARENT_WRITES,
      'parent: pin a.0 write fast as h',
      'parent: mprotect a ro',
      'parent: mprotect a rw',
      'parent: store a.0 "new"',
    ],
  },
  {
    name: 'R6b: the same under a plain reference for writing',
    breaks: 'pins-stay-coherent',
    on: ['v5.9', 'v5.10-lts'],
    script: [
      PARENT_WRITES,
      'parent: get a.0 write fast as h',
      'parent: mprotect a ro',
      'parent: mprotect a rw',
      'parent: store a.0 "new"',
    ],
  },
  {
    name: 'R7: GUP-fast against fork',
    breaks: 'pins-stay-coherent',
    on: ['v5.7', 'v5.8', 'v5.9'],
    script: [
      PARENT_WRITES,
      'parallel',
      'parent: fork child',
      'parent/2: pin a.0 write fast as h',
      'end',
      'parent: store a.0 "new"',
      'parent: release h "dma"',
    ],
  },
  {
    name: 'R12: the map count falls before the TLBs are flushed',
    breaks: 'private-writes-stay-private',
    on: ['v5.7', 'v5.8'],
    script: [
      PARENT_WRITES,
      'parent: fork child',
      'parallel',
      'child: madvise a dontneed',
      'child/2: load a.0',
      'child/2: load a.0 -> late',
      'parent: store a.0 "secret"',
      'end',
    ],
  },
  {
    name: 'a short read pin of the zero page',
    breaks: 'pins-stay-coherent',
    on: ['v5.7', 'v5.9', 'v5.10-lts', 'v5.19', 'v6.18'],
    script: ['parent: load a.0', 'parent: pin a.0 read as h', 'parent: store a.0 "new"', 'parent: release h'],
  },
  {
    name: 'I1: two threads copy while the child exits',
    breaks: 'stores-are-not-lost',
    on: [],
    script: [
      PARENT_WRITES,
      'parent: fork child',
      'parallel',
      'parent: store a.0 "one"',
      'parent: load a.0',
      'parent/2: store a.0 "two"',
      'child: exit',
      'end',
      'parent: load a.0 -> last',
    ],
  },
  {
    name: 'a store races with MADV_DONTNEED',
    breaks: 'stores-are-not-lost',
    on: [],
    script: [
      PARENT_WRITES,
      'parallel',
      'parent: madvise a dontneed',
      'parent: load a.0',
      'parent/2: store a.0 "two"',
      'parent/2: load a.0',
      'end',
      'parent: load a.0 -> last',
    ],
  },
  {
    name: 'a fault races with fork',
    breaks: 'private-writes-stay-private',
    on: [],
    script: [
      'parallel',
      'parent: fork child',
      'parent/2: store a.0 "one"',
      'parent/2: store a.0 "two"',
      'end',
      'child: load a.0',
      'parent: store a.0 "three"',
      'child: load a.0 -> last',
    ],
  },
];

describe.each(bugs.map((bug) => [bug.name, bug] as const))('%s', (_, { breaks, on, script }) => {
  const plan = planOf(['process parent', 'region a anon 1 page', ...script, ''].join('\n'));

  test.each(MODELS)('%s', (model) => {
    const result = check(boot(plan, modelById(model)!), { invariants: [invariantById(breaks)!] });
    expect([result.verdict, result.vacuous, result.bound]).toEqual([
      on.includes(model) ? 'violated' : 'holds',
      [],
      '',
    ]);
  });

  test.each(MODELS.filter((m) => !on.includes(m)))('%s breaks nothing else', (model) => {
    expect(check(boot(plan, modelById(model)!))).toMatchObject({ verdict: 'holds', reason: '' });
  });
});
