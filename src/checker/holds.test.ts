// Holds of several pages, devices that act by themselves, writes from outside: in all orders.
import { describe, expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { runAll } from '../debugger/run.ts';
import { holdAt } from '../kernel/view.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const TWO = ['process parent', 'region a anon 2 pages'];
const machine = (lines: readonly string[], id = 'v6.18', without: readonly string[] = []) =>
  boot(planOf(lines.join('\n')), modelById(id)!, without);
/** Results of the operations of the observer and of all others, in the end. */
const ends = (lines: readonly string[], id?: string) =>
  runAll(machine(lines, id)).steps.flatMap((s) =>
    s.effects.flatMap((e) => (e.name === 'hold' ? [[e.a, e.b]] : [])),
  );

describe('a registration of a whole region', () => {
  test('is one hold for each page, and gives all of them back', () => {
    const held = ends([...TWO, 'parent: uring_register a as b', 'parent: uring_unregister b']);
    expect(held.map(([hold]) => hold).toSorted((a, b) => a! - b!)).toEqual([0, 0, 1, 1]);
    expect(held.filter(([, folio]) => folio === -1)).toHaveLength(2);
    const { plan } = machine([...TWO, 'parent: uring_register a as b']);
    expect(plan.holds).toEqual([
      { name: 'b', op: 0 },
      { name: 'b.1', op: 0, page: 1 },
    ]);
  });

  test('of which one page cannot be had holds nothing, in any order with a fork', () => {
    for (const op of ['uring_register a as b', 'rdma_register a as b', 'pin a write longterm as b']) {
      const lines = [
        ...TWO,
        'parent: store a.0 "old"',
        'parent: mprotect a.1 ro',
        'parallel',
        `parent: ${op}`,
        'parent/2: fork child',
        'end',
      ];
      for (const id of ['v5.7', 'v5.9', 'v5.11', 'v6.18']) {
        const found = check(machine(lines, id));
        expect([op, id, found.verdict, found.reason]).toEqual([op, id, 'holds', '']);
        runAll(machine(lines, id));
        expect([holdAt(0).folio, holdAt(1).folio]).toEqual([-1, -1]);
      }
    }
  });

  const beside = [
    ...TWO,
    'parent: store a.0 "old"',
    'parent: store a.1 "old"',
    'parallel',
    'parent: pin a write longterm fast as b',
    'parent/2: fork child',
    'end',
    'parent: store a.1 "new"',
    '- unpin b',
  ];
  test('pins the pages that a fork which begins meanwhile must see: v5.11', () => {
    expect(check(machine(beside, 'v5.11')).verdict).toBe('holds');
    expect(check(machine(beside, 'v6.18')).verdict).toBe('holds');
    const later = check(machine(beside, 'v5.9'), { invariants: [invariantById('pins-stay-coherent')!] });
    expect(later.verdict).toBe('violated');
  });

  test('a ring goes by the addresses that it was told: not after mremap, nor beside the buffer', () => {
    const results = (lines: readonly string[]) =>
      check(machine([...TWO, 'parent: uring_register a.0 as b', ...lines])).outcomes.map((o) => o.seen);
    expect(results(['parent: uring_write a.0 -> out'])).toEqual([[0]]);
    expect(results(['parent: uring_write a.1 -> out'])).toEqual([[-1]]);
    expect(results(['parent: mremap a', 'parent: uring_write a.0 -> out'])).toEqual([[-1]]);
    expect(results(['parent: mremap a', 'parent: uring_write b -> out'])).toEqual([[0]]);
    const refused = ['parent: munmap a', 'parent: mremap a', 'parent: uring_write a.0 -> out'];
    expect(results(refused)).toEqual([[0]]);
  });
});

describe('a device of its own', () => {
  const flying = (how: string) => [
    'process parent',
    'region a anon 1 page',
    'actors dma',
    'parent: store a.0 "old"',
    `parent: ${how} as h`,
    'parent: load a.0 -> seen',
  ];
  const seen = (how: string) =>
    new Set(
      check(machine(flying(how))).outcomes.map((o) => {
        const { stored } = planOf(flying(how).join('\n'));
        return stored[o.seen[0]!]!.text;
      }),
    );

  test('writes between any two steps while it has a page for writing', () => {
    expect(seen('dio_read a.0')).toEqual(new Set(['old', 'dma']));
    expect(seen('rdma_register a.0')).toEqual(new Set(['old', 'dma']));
    expect(seen('dio_write a.0')).toEqual(new Set(['old']));
    expect(seen('rdma_register a.0 read')).toEqual(new Set(['old']));
  });

  test('has a thread for what it may do, and none for copies by the CPU', () => {
    const names = (op: string) =>
      planOf(['process parent', 'region a anon 1 page', 'actors dma', `parent: ${op}`].join('\n'))
        .threads.map((t) => t.name)
        .slice(1);
    expect(names('dio_read a.0 as h')).toEqual(['dma:h']);
    expect(names('dio_write a.0 as h')).toEqual(['dma-read:h']);
    expect(names('uring_register a.0 as h')).toEqual(['dma:h', 'dma-read:h']);
    expect(names('process_vm_readv a.0')).toEqual([]);
  });

  test('finds a page that its process has left, by reading alone', () => {
    const lines = [
      'process parent',
      'region a anon 1 page',
      'actors dma',
      'parent: store a.0 "old"',
      'parent: rdma_register a.0 read as h',
      'parent: mprotect a ro',
      'parent: mprotect a rw',
      'parent: store a.0 "new"',
    ];
    const coherent = { invariants: [invariantById('pins-stay-coherent')!] };
    expect(check(machine(lines, 'v5.9'), coherent).verdict).toBe('violated');
    expect(check(machine(lines, 'v6.18'), coherent).verdict).toBe('holds');
  });
});

describe('a write from outside into shared memory', () => {
  test('is what all see who share it, also when its address is thrown away meanwhile', () => {
    const lines = [
      'process parent',
      'region a shared 1 page',
      'parent: store a.0 "s"',
      'parent: fork child',
      'parallel',
      'parent: ptpoke a.0 "x" in child',
      'child: madvise a dontneed',
      'child/2: load a.0',
      'end',
      'parent: load a.0 -> seen',
    ];
    for (const id of ['v5.7', 'v6.18', 'v7.2']) {
      const { verdict, outcomes } = check(machine(lines, id));
      expect([id, verdict]).toEqual([id, 'holds']);
      const { stored } = planOf(lines.join('\n'));
      expect(new Set(outcomes.map((o) => stored[o.seen[1]!]!.text))).toEqual(new Set(['x']));
    }
  });
});
