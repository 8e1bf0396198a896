// Every known bug must be found on the models that had it, and must not on those that fixed it. R numbers:
// the bug catalogue of the step lists.
import { describe, expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { modelById, models } from '../kernel/models/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

/** The map count decides; with GUP that breaks copy-on-write; the reference count; the exclusive bit. */
const MAPCOUNT = ['v4.8', 'v5.6', 'v5.7'] as const,
  GUP_BREAKS = ['v5.4-gup-breaks-cow', 'v5.8'] as const,
  REFCOUNT = ['v5.9', 'v5.10-lts', 'v5.11', 'v5.12', 'v5.18'] as const,
  EXCLUSIVE = ['v5.19', 'v6.1', 'v6.4.0', 'v6.12', 'v6.18', 'v7.2'] as const;
const MODELS = [...MAPCOUNT, ...GUP_BREAKS, ...REFCOUNT, ...EXCLUSIVE] as const;
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
    on: MAPCOUNT,
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
    on: MAPCOUNT,
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
    on: MAPCOUNT,
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
    on: [...MAPCOUNT, ...GUP_BREAKS],
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
    on: REFCOUNT,
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
    on: REFCOUNT,
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
    breaks: 'gets-stay-coherent',
    on: REFCOUNT,
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
    on: [...MAPCOUNT, ...GUP_BREAKS],
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
    on: ['v5.7', ...REFCOUNT, ...EXCLUSIVE],
    script: ['parent: load a.0', 'parent: pin a.0 read as h', 'parent: store a.0 "new"', 'parent: release h'],
  },
  {
    name: 'R1 on anonymous memory: a forced write, and MADV_DONTNEED between its two looks',
    breaks: 'zero-page-stays-zero',
    on: ['v4.8'],
    script: [
      'parent: mprotect a ro',
      'parallel',
      'parent: poke a.0 "dirty"',
      'parent/2: madvise a dontneed',
      'end',
      'parent: load a.0',
    ],
  },
  {
    name: 'R1: Dirty COW',
    breaks: 'files-keep-their-bytes',
    on: ['v4.8'],
    script: [
      'parent: mmap f file 1 ro',
      'parallel',
      'parent: poke f.0 "dirty"',
      'parent/2: madvise f dontneed',
      'end',
      'parent: load f.0',
    ],
  },
  {
    name: 'R1 by ptrace, and the page is unmapped by another thread',
    breaks: 'files-keep-their-bytes',
    on: ['v4.8'],
    script: [
      'parent: mmap f file 1',
      'parent: store f.0 "own"',
      'parent: mprotect f ro',
      'parent: fork child',
      'parallel',
      'parent: ptpoke f.0 "dirty" in child',
      'child: madvise f dontneed',
      'end',
      'parent: load f.0',
    ],
  },
  {
    name: 'CVE-2022-2590: UFFDIO_CONTINUE makes a clean page look like a copy',
    breaks: 'files-keep-their-bytes',
    on: ['v4.8', 'v5.18', 'v5.19'],
    script: [
      'parent: mmap f file 1 ro',
      'parent: uffd_register f missing',
      'parallel',
      'parent: poke f.0 "dirty"',
      'parent/2: madvise f dontneed',
      'parent/2: uffd_continue f.0',
      'end',
    ],
  },
  {
    name: 'CVE-2022-2590 needs the dirty entry after the copy: one that was there before is copied',
    breaks: 'files-keep-their-bytes',
    on: [],
    script: [
      'parent: mmap f file 1 ro',
      'parent: uffd_register f missing',
      'parent: uffd_continue f.0',
      'parent: poke f.0 "mine"',
      'parent: load f.0',
    ],
  },
  {
    name: 'G9: a forced write to a private page of a file',
    breaks: 'files-keep-their-bytes',
    on: [],
    script: ['parent: mmap f file 1 ro', 'parent: poke f.0 "mine"', 'parent: fork child', 'child: load f.0'],
  },
  {
    name: 'a store to a page of a file, MADV_DONTNEED, and a fork at any time',
    breaks: 'stores-are-not-lost',
    on: [],
    script: [
      'parent: mmap f file 1',
      'parent: load f.0',
      'parallel',
      'parent: store f.0 "one"',
      'parent: load f.0',
      'parent/2: fork child',
      'end',
      'child: store f.0 "two"',
      'parent: load f.0 -> last',
    ],
  },
  {
    name: 'R6b in one call: a write from outside while mprotect goes there and back',
    breaks: 'pins-stay-coherent',
    on: REFCOUNT,
    script: [
      PARENT_WRITES,
      'parent: fork child',
      'parallel',
      'parent: process_vm_writev a.0 "remote" in child',
      'child: mprotect a ro',
      'child: mprotect a rw',
      'child: store a.0 "own"',
      'end',
      'child: load a.0',
    ],
  },
  {
    name: 'a debugger’s write is not seen by the parent, in any order',
    breaks: 'private-writes-stay-private',
    on: [],
    script: [
      PARENT_WRITES,
      'parent: fork child',
      'parallel',
      'parent: poke a.0 "remote" in child',
      'child: mprotect a ro',
      'child/2: load a.0',
      'parent/2: store a.0 "own"',
      'end',
      'child: load a.0 -> last',
      'parent: load a.0',
    ],
  },
  {
    name: 'a process ends while another one writes into it',
    breaks: 'no-use-after-free',
    on: [],
    script: [
      PARENT_WRITES,
      'parent: fork child',
      'parallel',
      'parent: process_vm_writev a.0 "remote" in child',
      'parent/2: peek a.0 in child',
      'child: exit',
      'end',
    ],
  },
  {
    name: 'fork against a fault under the lock of its VMA',
    breaks: 'stores-are-not-lost',
    on: ['v6.4.0'],
    script: [
      'parent/3: store a.0 "old"',
      'parallel',
      'parent: fork child',
      'parent/2: store a.0 "two"',
      'parent/3: store a.0 "three"',
      'parent/3: load a.0',
      'end',
    ],
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

// R4 for plain references: no kernel keeps what a device writes across fork, and none promises to.
describe('R4 with FOLL_GET: fork loses the I/O', () => {
  const plan = planOf(
    [
      'process parent',
      'region a anon 1 page',
      PARENT_WRITES,
      'parent: get a.0 write fast as io',
      'parent: fork child',
      'parent: store a.0 "new"',
      'parent: release io "disk"',
      'parent: load a.0 -> seen',
      'never parent.seen = "new"',
      '',
    ].join('\n'),
  );
  test.each(MODELS)('%s', (model) => {
    expect(check(boot(plan, modelById(model)!))).toMatchObject({
      verdict: 'violated',
      invariant: 'never parent.seen = "new"',
    });
  });
});

test('every kernel is asked', () => {
  const kernels = models.filter((m) => !m.composed && !m.proposal).map((m) => m.id);
  expect(kernels.filter((id) => !MODELS.some((m) => m === id))).toEqual([]);
});
