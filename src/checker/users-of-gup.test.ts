// Direct I/O, registered buffers, long-term pins, look-ups, full counters: what breaks where. R numbers: the
// bug catalogue of the step lists.
import { describe, expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { kernels, modelById } from '../kernel/models/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const OLD = ['v4.8', 'v5.6'] as const,
  MAPCOUNT = ['v5.7'] as const,
  GUP_BREAKS = ['v5.8'] as const,
  REFCOUNT = ['v5.9', 'v5.10-lts', 'v5.11', 'v5.12', 'v5.18'] as const,
  EXCLUSIVE_GET = ['v5.19', 'v6.1'] as const,
  EXCLUSIVE_PIN = ['v6.4.0', 'v6.12', 'v6.18', 'v7.2'] as const;
const MODELS = [...OLD, ...MAPCOUNT, ...GUP_BREAKS, ...REFCOUNT, ...EXCLUSIVE_GET, ...EXCLUSIVE_PIN] as const;
type ModelId = (typeof MODELS)[number];

interface Case {
  readonly name: string;
  readonly breaks: string;
  readonly on: readonly ModelId[];
  /** Where its subject does not exist: the reference is of the other kind. */
  readonly silent?: readonly ModelId[];
  readonly script: readonly string[];
}
const WRITTEN = 'parent: store a.0 "old"';

const cases: readonly Case[] = [
  {
    name: 'R4 with FOLL_GET: a direct read across fork',
    breaks: 'direct-io-survives-fork',
    on: [...OLD, ...MAPCOUNT, ...GUP_BREAKS, ...REFCOUNT, ...EXCLUSIVE_GET],
    script: [
      WRITTEN,
      'parent: dio_read a.0 as io',
      'parent: fork child',
      'parent: store a.0 "new"',
      '- complete io "disk"',
    ],
  },
  {
    name: 'R4 with FOLL_PIN: a fixed buffer across fork',
    breaks: 'pins-stay-coherent',
    on: [...MAPCOUNT, ...GUP_BREAKS],
    script: [
      WRITTEN,
      'parent: uring_register a.0 as b',
      'parent: fork child',
      'parent: store a.0 "new"',
      'parent: uring_write b',
    ],
  },
  {
    name: 'R4 with FOLL_PIN: a device writes while the process forks and stores',
    breaks: 'pins-stay-coherent',
    on: [...MAPCOUNT, ...GUP_BREAKS],
    script: [
      WRITTEN,
      'parent: rdma_register a.0 as mr',
      'parallel',
      'parent: fork child',
      'parent: store a.0 "new"',
      '- device_write mr "net"',
      'end',
      'parent: load a.0',
    ],
  },
  {
    name: 'R6b with FOLL_GET: mprotect there and back under a direct read',
    breaks: 'gets-stay-coherent',
    on: REFCOUNT,
    silent: EXCLUSIVE_PIN,
    script: [
      WRITTEN,
      'parent: dio_read a.0 as io',
      'parent: mprotect a ro',
      'parent: mprotect a rw',
      'parent: store a.0 "new"',
      '- complete io "disk"',
    ],
  },
  {
    name: 'R6b with FOLL_PIN: mprotect there and back under an RDMA region',
    breaks: 'pins-stay-coherent',
    on: REFCOUNT,
    script: [
      WRITTEN,
      'parent: rdma_register a.0 as mr',
      'parent: mprotect a ro',
      'parent: mprotect a rw',
      'parent: store a.0 "new"',
      '- device_read mr',
      'parent: rdma_deregister mr',
    ],
  },
  {
    name: 'a device acts at any moment until it is told to stop',
    breaks: 'pins-stay-coherent',
    on: [],
    script: [
      WRITTEN,
      'parent: rdma_register a.0 as mr',
      'parallel',
      '- device_write mr "net"',
      '- device_read mr',
      'parent: store a.0 "new"',
      'parent: rdma_deregister mr',
      'end',
      'parent: load a.0',
    ],
  },
  {
    name: 'a long-term read pin of the page of zeros',
    breaks: 'pins-stay-coherent',
    on: [...MAPCOUNT, ...REFCOUNT, ...EXCLUSIVE_GET],
    script: [
      'parent: load a.0',
      'parent: pin a.0 read longterm as h',
      'parent: store a.0 "new"',
      'parent: device_read h',
      'parent: unpin h',
    ],
  },
  {
    name: 'a long-term read pin of a page that a child shares',
    breaks: 'pins-stay-coherent',
    on: [...MAPCOUNT, ...REFCOUNT],
    script: [
      WRITTEN,
      'parent: fork child',
      'parent: pin a.0 read longterm fast as h',
      'parent: store a.0 "new"',
      'parent: device_read h',
    ],
  },
  {
    // Until 6.1 it is registered as for writing, by force; after that, pinning unshares it.
    name: 'an RDMA region for reading, of a page that a child shares',
    breaks: 'pins-stay-coherent',
    on: [],
    script: [
      WRITTEN,
      'parent: fork child',
      'parent: rdma_register a.0 read as mr',
      'parent: store a.0 "new"',
      'parent: device_read mr',
      'parent: rdma_deregister mr',
    ],
  },
  {
    name: 'a look-up does not break copy-on-write, not even in 5.8',
    breaks: 'private-writes-stay-private',
    on: [...OLD, ...MAPCOUNT, ...GUP_BREAKS],
    script: [
      WRITTEN,
      'parent: fork child',
      'parallel',
      'child: lookup a.0 -> seen',
      'child/2: munmap a',
      'parent: store a.0 "secret"',
      'end',
    ],
  },
  {
    name: 'a counter that is filled',
    breaks: 'no-use-after-free',
    on: ['v4.8'],
    script: [
      'counter 3 bits',
      WRITTEN,
      'parent: vmsplice a.0 -> p times 8',
      'parent: munmap a',
      'parent: read p',
    ],
  },
];

describe.each(cases.map((c) => [c.name, c] as const))('%s', (_, { breaks, on, silent = [], script }) => {
  const plan = planOf(['process parent', 'region a anon 1 page', ...script, ''].join('\n'));

  test.each(MODELS)('%s', (id) => {
    const found = check(boot(plan, modelById(id)!), { invariants: [invariantById(breaks)!] });
    const vacuous = silent.includes(id) || found.vacuous.length === 0;
    expect([found.verdict, vacuous, found.bound]).toEqual([on.includes(id) ? 'violated' : 'holds', true, '']);
  });

  test.each(MODELS.filter((id) => !on.includes(id)))('%s breaks nothing else', (id) => {
    expect(check(boot(plan, modelById(id)!))).toMatchObject({ verdict: 'holds', reason: '' });
  });
});

test('every kernel is asked', () => {
  expect(kernels.map((m) => m.id).filter((id) => !MODELS.some((one) => one === id))).toEqual([]);
});

test('a full counter refuses, and whoever asks gets ENOMEM', () => {
  const plan = planOf(
    [
      'process parent',
      'region a anon 1 page',
      'counter 3 bits',
      WRITTEN,
      'parent: vmsplice a.0 -> p times 3',
      'parent: pin a.0 read as h',
      'parent: release h -> seen',
      'always parent.seen = none',
      '',
    ].join('\n'),
  );
  expect(check(boot(plan, modelById('v5.19')!))).toMatchObject({ verdict: 'holds', reason: '' });
});
