// Each invariant holds in an ordinary world and is broken by a hand-made one: a test that could not fail
// would guard nothing.
import { beforeEach, describe, expect, test } from 'vitest';
import { planOf } from '../checker/plan-of.ts';
import { step } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { FOLIO_EXCLUSIVE } from '../kernel/verbs/folio.ts';
import { SEEN, SEEN_FOREIGN, SEEN_STALE } from '../kernel/verbs/mm.ts';
import { PTE_DIRTY, PTE_PRESENT, PTE_WRITE } from '../kernel/verbs/pte.ts';
import { VM_MAPPED, VM_READ, VM_WRITE } from '../kernel/verbs/vma.ts';
import { isFree } from '../kernel/view.ts';
import {
  WRITER,
  broke,
  cells,
  expected,
  folio_flags,
  folio_maps,
  folio_pins,
  folio_refs,
  folio_stored,
  hold,
  missed,
  mmap_lock,
  observation,
  pages,
  pipe_slot,
  pte,
  ptl,
  tlb,
  vm_flags,
  write_protect_seq,
} from '../kernel/world.ts';
import { invariantById, invariantNames, invariants, questionsOf } from './index.ts';
import type { Broken } from './index.ts';

const plan = planOf(`process parent
region a anon 2 pages
parent: store a.0 "old"
parent: fork child
parent: vmsplice a.0 -> p
child: store a.0 "new"
child: load a.0 -> got
parent: pin a.1 read as h
parent: release h -> saw
parent: read p -> lent
never child.got = "old"
always parent.lent = "old"
sometimes child.got = "new"
never parent.saw = none
`);
const PARENT = 0,
  CHILD = 1,
  GOT = 0,
  SAW = 1,
  LENT = 2,
  OLD = 1,
  NEW = 2;
const LIVE_PIN = 1 | 2 | 16;

/** Runs the plan in declared order for `steps` steps. */
function run(steps: number, model = 'v5.19'): void {
  boot(plan, modelById(model)!);
  for (let i = 0; i < steps; i++) if (!step(0) && !step(1)) return;
}
const breaks = (id: string): Broken | null => invariantById(id)!.broken();
function map(m: number, va: number, folio: number, bits = PTE_PRESENT): void {
  cells[pte.at + 2 * (m * pages + va)] = bits;
  cells[pte.at + 2 * (m * pages + va) + 1] = folio;
}
function see(o: number, bits: number, stored: number): void {
  cells[observation.at + 2 * o] = bits;
  cells[observation.at + 2 * o + 1] = stored;
}

/** Subjects that 5.9 does not have; and what only userfaultfd and clear_refs bring in. There is no file. */
const NEW_RULES = [
  'exclusive-pages-have-one-owner',
  'writable-implies-exclusive',
  'pinned-pages-are-exclusive',
  'exclusive-pages-are-anonymous',
  'fork-announces-itself',
];
const WATCHED = ['writes-are-reported', 'soft-dirty-is-not-missed'];

test.each(['v5.9', 'v5.19', 'v6.18'])(
  'all of them hold after every step of an ordinary run, and apply some time, %s',
  (model) => {
    run(0, model);
    const silent = new Set(invariants);
    for (let i = 0; i < 1000; i++) {
      for (const inv of invariants) {
        expect([i, inv.id, inv.broken()]).toEqual([i, inv.id, null]);
        if (inv.applies()) silent.delete(inv);
      }
      if (!step(0) && !step(1)) break;
    }
    // The only pin of this run is of the page of zeros.
    const never = model === 'v5.9' ? NEW_RULES : ['pinned-pages-are-exclusive'];
    const elsewhere = ['gets-stay-coherent', 'direct-io-survives-fork', 'stores-need-permission', ...WATCHED];
    const ids = [...silent].map((i) => i.id);
    const kinds = [
      'files-keep-their-bytes',
      'large-folios-know-their-owners',
      'merged-pages-stay-equal',
      'moving-pages-have-one-owner',
      'swapped-pages-have-one-owner',
    ];
    expect(ids.sort()).toEqual([...elsewhere, ...kinds, ...never].sort());
  },
);

test('names are sentences, and every other name leads to one invariant', () => {
  expect(new Set(invariantNames).size).toBe(invariantNames.length);
  for (const inv of invariants) {
    expect(inv.id).toMatch(/^[a-z]+(-[a-z]+)+$/);
    expect(inv.says).toMatch(/^[A-Z].*\.$/);
    for (const alias of inv.alias) expect(invariantById(alias.toLowerCase())).toBe(inv);
  }
  expect(invariantById('ISO')?.id).toBe('private-writes-stay-private');
  expect(invariantById('no-bugs')).toBeUndefined();
});

describe('is broken by', () => {
  beforeEach(() => run(40));

  test('private-writes-stay-private: bytes of another process', () => {
    see(LENT, SEEN | SEEN_FOREIGN, NEW);
    expect(breaks('private-writes-stay-private')).toMatchObject({
      reason: 'parent sees “new” in pipe p: child wrote it to private memory after fork.',
      process: PARENT,
      cards: ['mm:parent'],
    });
  });

  test('stores-are-not-lost: a load of old bytes, and of nothing else', () => {
    see(SAW, SEEN | SEEN_STALE, OLD);
    expect(breaks('stores-are-not-lost')).toBeNull();
    see(GOT, SEEN | SEEN_STALE, OLD);
    cells[expected.at + CHILD * pages] = NEW;
    expect(breaks('stores-are-not-lost')).toMatchObject({
      reason: 'child loads “old” from a.0, but “new” was stored there.',
      process: CHILD,
    });
  });

  test('pins-stay-coherent: a device that reads old bytes', () => {
    see(SAW, SEEN | SEEN_STALE, OLD);
    expect(breaks('PIN')?.reason).toBe(
      'The device behind h reads “old”, which is not what parent has at a.1.',
    );
  });

  test('pins-stay-coherent: another page at the address', () => {
    cells[hold.at] = 1 + 3;
    cells[hold.at + 1] = LIVE_PIN;
    expect(breaks('PIN')).toBeNull();
    map(PARENT, 1, 2);
    expect(breaks('PIN')).toMatchObject({
      reason: 'h pins f2, but a.1 of parent now maps f1.',
      folio: 3,
      process: PARENT,
    });
    map(PARENT, 1, 3);
    expect(breaks('PIN')).toBeNull();
  });

  test('pins-stay-coherent: not by a reference that promises nothing', () => {
    map(PARENT, 1, 2);
    cells[hold.at] = 1 + 3;
    // An unmapped pin, a plain read reference, one that is not taken yet.
    for (const bits of [1 | 2, 1 | 4 | 16, 2 | 16]) {
      cells[hold.at + 1] = bits;
      expect(breaks('PIN')).toBeNull();
    }
    cells[hold.at + 1] = 1 | 4 | 8 | 16;
    // What stood for a pin before pins were counted; no direct I/O, and no `get`.
    expect(breaks('PIN')?.reason).toContain('h holds f2');
    expect(breaks('GET')).toBeNull();
  });

  test('no-use-after-free: whoever names a free page', () => {
    const free = 5;
    expect(isFree(free)).toBe(true);
    const name = [
      [
        pte.at + 2 * (CHILD * pages + 1),
        PTE_PRESENT,
        free,
        'The entry of a.1 in child names f4, which was freed.',
      ],
      [
        tlb.at + 2 * (CHILD * pages),
        PTE_PRESENT,
        free,
        'The CPU of child can still reach f4 at a.0; it was freed.',
      ],
      [pipe_slot.at, free + 1, PARENT + 1, 'Pipe p has f4, which was freed.'],
      [hold.at, free + 1, LIVE_PIN, 'h has f4, which was freed.'],
    ] as const;
    for (const [at, a, b, reason] of name) {
      run(40);
      [cells[at], cells[at + 1]] = [a, b];
      expect(breaks('UAF')).toMatchObject({ reason, folio: free });
    }
  });

  test('no-use-after-free: an access that a verb noticed', () => {
    cells[broke.at] = 1;
    cells[broke.at + 1] = 2;
    expect(breaks('UAF')?.reason).toBe('A freed page was used: f1.');
    cells[broke.at] = 2;
    expect(breaks('UAF')?.reason).toBe('A reference that nobody had was dropped: f1.');
  });

  test('references-are-counted: one reference, pin or mapping too many', () => {
    cells[folio_refs.at + 1]! += 1;
    expect(breaks('INV-R')).toMatchObject({ folio: 1, cards: ['folio:f0'] });
    expect(breaks('INV-R')?.reason).toMatch(
      /^f0 counts 4 references, but its holders are a\.0 of parent, a\.0 of child, pipe p\.$/,
    );
    run(40);
    cells[folio_pins.at + 1] = 1;
    expect(breaks('INV-R')?.reason).toMatch(/^f0 counts 3 references and 1 pin, but/);
    run(40);
    cells[folio_maps.at + 1]! += 1;
    expect(breaks('INV-R')?.reason).toBe('f0 counts 3 mappings, but 2 page-table entries name it.');
    cells[folio_maps.at + 1]! -= 2;
    expect(breaks('INV-R')?.reason).toContain('counts 1 mapping,');
  });

  test('exclusive-pages-have-one-owner: the mark on a page that two map', () => {
    expect(breaks('AE1')).toBeNull();
    cells[folio_flags.at + 1]! |= FOLIO_EXCLUSIVE;
    expect(breaks('AE1')).toMatchObject({
      reason: 'f0 is marked exclusive, but parent and child both map it.',
      folio: 1,
    });
  });

  test('writable-implies-exclusive: a writable entry without the mark, unless its lock is held', () => {
    map(CHILD, 0, 1, PTE_PRESENT | PTE_WRITE);
    expect(breaks('AE2')).toMatchObject({
      reason: 'child may write to f0 at a.0, but the page is not marked exclusive.',
    });
    cells[ptl.at + CHILD] = 1;
    expect(breaks('AE2')).toBeNull();
  });

  test('pinned-pages-are-exclusive: a pin of a mapped page without the mark', () => {
    cells[hold.at] = 1 + 1;
    cells[hold.at + 1] = LIVE_PIN;
    expect(breaks('AE3')).toMatchObject({
      reason: 'h pins f0 of parent, but the page is not marked exclusive.',
      cards: ['hold:h', 'folio:f0', 'mm:parent'],
    });
    cells[folio_flags.at + 1]! |= FOLIO_EXCLUSIVE;
    expect(breaks('AE3')).toBeNull();
    cells[folio_flags.at + 1]! &= ~FOLIO_EXCLUSIVE;
    // Unmapped meanwhile; and a plain reference.
    for (const bits of [LIVE_PIN & ~16, LIVE_PIN & ~2]) {
      cells[hold.at + 1] = bits;
      expect(breaks('AE3')).toBeNull();
    }
  });

  test('exclusive-pages-are-anonymous: the mark on the page of zeros, and on shared memory', () => {
    cells[folio_flags.at] = FOLIO_EXCLUSIVE;
    expect(breaks('AE4')?.reason).toBe('the page of zeros is marked exclusive, but it is no private page.');
    run(40);
    cells[folio_flags.at + 1] = FOLIO_EXCLUSIVE;
    expect(breaks('AE4')?.reason).toBe('f0 is marked exclusive, but it is no private page.');
  });

  test('fork-announces-itself: a page that is pinned for writing, and that the child has as well', () => {
    cells[hold.at] = 1 + 1;
    cells[hold.at + 1] = LIVE_PIN;
    expect(breaks('INV-SEQ')).toBeNull();
    cells[hold.at + 1] = LIVE_PIN | 8;
    expect(breaks('INV-SEQ')?.reason).toBe('h pins f0 for writing, but fork gave it to child as well.');
  });

  test('zero-page-stays-zero: bytes in it, or a writable entry', () => {
    map(CHILD, 1, 0, PTE_PRESENT | PTE_WRITE);
    expect(breaks('ZERO')?.reason).toBe('child may write to the page of zeros at a.1.');
    cells[folio_stored.at] = OLD;
    expect(breaks('ZERO')?.reason).toBe('The page of zeros holds “old”.');
  });

  test('stores-need-permission: a writable TLB entry of read-only memory, once mprotect has returned', () => {
    cells[tlb.at] = PTE_PRESENT | PTE_WRITE | PTE_DIRTY;
    cells[tlb.at + 1] = 1;
    expect(breaks('MPROT')).toBeNull();
    cells[vm_flags.at] = VM_MAPPED | VM_READ;
    cells[mmap_lock.at] = WRITER;
    expect(breaks('MPROT')).toBeNull();
    cells[mmap_lock.at] = 0;
    expect(breaks('MPROT')?.reason).toBe(
      'The CPU of parent can still store to a.0, which is read-only in parent.',
    );
    cells[vm_flags.at] = VM_MAPPED | VM_READ | VM_WRITE;
    expect(breaks('MPROT')).toBeNull();
  });

  test('no-store-through-stale-tlb: a cached entry for another page than the mapped one', () => {
    map(PARENT, 0, 1, PTE_PRESENT | PTE_WRITE | PTE_DIRTY);
    cells[tlb.at] = PTE_PRESENT | PTE_WRITE | PTE_DIRTY;
    cells[tlb.at + 1] = 1;
    map(CHILD, 0, 2);
    expect(breaks('INV-TLB')).toBeNull();
    map(PARENT, 0, 2);
    expect(breaks('INV-TLB')?.reason).toBe(
      'The CPU of parent can still store to f0 at a.0, which parent no longer maps there.',
    );
    map(PARENT, 0, 1, PTE_PRESENT | PTE_WRITE | PTE_DIRTY);
    map(CHILD, 0, 1, PTE_PRESENT | PTE_WRITE);
    expect(breaks('INV-TLB')?.reason).toBe(
      'The CPU of parent can still store to f0 at a.0, which child may write as well.',
    );
  });

  test('fork-announces-itself: an odd count that nobody stands for', () => {
    cells[write_protect_seq.at] = 1;
    cells[mmap_lock.at] = WRITER;
    expect(breaks('INV-SEQ')).toBeNull();
    cells[mmap_lock.at] = 0;
    expect(breaks('INV-SEQ')?.reason).toBe(
      'write_protect_seq of parent is odd, but nobody holds its mmap_lock for writing.',
    );
  });

  test('writes-are-reported, soft-dirty-is-not-missed: a store that nobody heard of', () => {
    const { invariants: watched } = { invariants: WATCHED.map((id) => invariantById(id)!) };
    const script = 'process p\nregion a anon 1 page\np: store a.0 "x"\np: uffd_register a wp\np: clear_refs';
    boot(planOf(`${script}\np: store a.0 "y"`), modelById('v6.18')!);
    while (step(0));
    expect(watched.map((i) => [i.applies(), i.broken()])).toEqual([
      [true, null],
      [true, null],
    ]);
    cells[missed.at] = 1;
    expect(watched.map((i) => i.broken()?.reason)).toEqual([
      'p has stored to a.0 in f0, and the monitor of the userfaultfd was not told.',
      undefined,
    ]);
    cells[missed.at] = 2;
    expect(watched.map((i) => i.broken()?.reason)).toEqual([
      undefined,
      'p has stored to a.0 in f0, and left no soft-dirty bit.',
    ]);
  });

  test('no-deadlock: nobody moves and somebody is not done', () => {
    run(1000);
    expect(breaks('no-deadlock')).toBeNull();
    run(0);
    cells[mmap_lock.at] = WRITER;
    for (let i = 0; i < 100 && step(0); i++);
    expect(breaks('no-deadlock')?.reason).toBe(
      'Nobody can move: parent waits for mmap_lock:read, held by nobody.',
    );
  });
});

describe('questions', () => {
  const { invariants: asked, wishes } = questionsOf(plan);
  const broken = (): (string | undefined)[] => asked.map((i) => i.broken()?.reason);

  test('become invariants and wishes', () => {
    expect(asked.map((i) => i.id)).toEqual([
      'never child.got = "old"',
      'always parent.lent = "old"',
      'never parent.saw = none',
    ]);
    expect(wishes.map((w) => w.id)).toEqual(['sometimes child.got = "new"']);
  });

  test('are open until the operation has looked', () => {
    run(0);
    expect(broken()).toEqual([undefined, undefined, undefined]);
    expect(asked.map((i) => i.applies())).toEqual([false, false, false]);
    expect(wishes.map((w) => w.met())).toEqual([false]);
  });

  test('are answered by what was seen', () => {
    run(1000);
    expect(broken()).toEqual([undefined, undefined, undefined]);
    expect(asked.map((i) => i.applies())).toEqual([true, true, true]);
    expect(wishes.map((w) => w.met())).toEqual([true]);
    see(GOT, SEEN, OLD);
    see(SAW, 0, 0);
    see(LENT, SEEN, NEW);
    expect(broken()).toEqual([
      'child sees “old” at a.0, against line 11: never child.got = "old".',
      'parent sees “new” in pipe p, against line 12: always parent.lent = "old".',
      'parent.saw has no result, against line 14: never parent.saw = none.',
    ]);
    expect(wishes.map((w) => w.met())).toEqual([false]);
  });
});
