// The invariants of one memory kind each: they hold, with something to hold, where that kind is used, and are
// broken by a hand-made world. Where a protective step keeps one of them, `checker/guards.test.ts` has the
// scenario that breaks it without that step.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { check } from '../checker/check.ts';
import { planOf } from '../checker/plan-of.ts';
import { InternalError } from '../kernel/errors.ts';
import { step } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { kernels, modelById } from '../kernel/models/index.ts';
import { FOLIO_EXCLUSIVE, folio_add_rmap } from '../kernel/verbs/folio.ts';
import { headOf, largeMaps, ownersOf } from '../kernel/verbs/large.ts';
import {
  PTE_MIGRATION,
  PTE_PRESENT,
  PTE_SPECIAL,
  PTE_SWP,
  PTE_SWP_EXCLUSIVE,
  PTE_WRITE,
  pte_folio,
} from '../kernel/verbs/pte.ts';
import { pteAt } from '../kernel/view.ts';
import {
  cells,
  folio_flags,
  folio_ksm,
  folio_mm_id0,
  folio_mm_id1,
  folio_mm_maps0,
  folio_mm_shared,
  folio_stored,
  hold,
  pages,
  pte,
} from '../kernel/world.ts';
import { invariantById, invariants } from './index.ts';

const PARENT = 0,
  CHILD = 1;
/** Runs a scenario to its end, in declared order. */
function run(lines: readonly string[], model = 'v6.18'): void {
  const plan = planOf(['process parent', ...lines, ''].join('\n'));
  boot(plan, modelById(model)!);
  for (let i = 0; i < 5000; i++) if (!plan.threads.some((_, t) => step(t))) return;
}
const reason = (id: string): string | undefined => invariantById(id)!.broken()?.reason;
const entryAt = (m: number, va: number): number => pte.at + 2 * (m * pages + va);
const folioOf = (m: number, va: number): number => pte_folio(pteAt(m, va));

/** INV names of the step lists, section 9, and what stands for each here. INV-LOCK: see below. */
const SECTION_9: Readonly<Record<string, readonly string[]>> = {
  ISO: ['private-writes-stay-private'],
  PIN: ['pins-stay-coherent'],
  GET: ['gets-stay-coherent'],
  GETFORK: ['direct-io-survives-fork'],
  AE1: ['exclusive-pages-have-one-owner'],
  AE2: ['writable-implies-exclusive'],
  AE3: ['pinned-pages-are-exclusive'],
  AE4: ['exclusive-pages-are-anonymous'],
  SWX: ['swapped-pages-have-one-owner', 'moving-pages-have-one-owner'],
  R: ['references-are-counted'],
  UAF: ['no-use-after-free'],
  TLB: ['no-store-through-stale-tlb'],
  LOST: ['stores-are-not-lost'],
  MPROT: ['stores-need-permission'],
  UFFD: ['writes-are-reported'],
  SD: ['soft-dirty-is-not-missed'],
  FILE: ['files-keep-their-bytes'],
  ZERO: ['zero-page-stays-zero'],
  KSM: ['merged-pages-stay-equal'],
  SEQ: ['fork-announces-itself'],
  OWN: ['large-folios-know-their-owners'],
  DEAD: ['no-deadlock'],
};
test('every invariant of the step lists is here, and no other', () => {
  expect(Object.values(SECTION_9).flat().sort()).toEqual(invariants.map((i) => i.id).sort());
  for (const [name, [first]] of Object.entries(SECTION_9))
    expect(invariantById(`INV-${name}`)?.id).toBe(first);
});
test('INV-LOCK: a verb that changes a field without its lock throws', () => {
  run(['region a anon 1 page', 'parent: store a.0 "old"']);
  expect(() => folio_add_rmap(folioOf(PARENT, 0))).toThrow(InternalError);
});

describe('INV-OWN', () => {
  const OWN = 'large-folios-know-their-owners';
  const shared = ['region a mthp 16 pages', 'parent: store a.0 "old"', 'parent: fork child'];
  const head = (): number => headOf(folioOf(PARENT, 0));

  test.each(kernels.map((m) => m.id))('holds while three processes come and go, %s', (id) => {
    const script = [
      'process parent',
      ...shared,
      'parallel',
      'child: fork kid',
      'parent: store a.0 "new"',
      'parent/2: munmap a.1 15',
      'end',
      'child: exit',
      'kid: store a.2 "kid"',
      '',
    ];
    const found = check(boot(planOf(script.join('\n')), modelById(id)!), {
      invariants: [invariantById(OWN)!],
      fewest: false,
    });
    const remembers = ['v6.18', 'v7.2'].includes(id);
    expect([found.verdict, found.vacuous]).toEqual(['holds', remembers ? [] : [OWN]]);
  });

  test('a folio that counts as mapped by one process, and is mapped by two', () => {
    run([...shared, 'child: load a.0']);
    expect(reason(OWN)).toBeUndefined();
    expect(ownersOf(head())).toEqual([
      { mm: PARENT, maps: 16 },
      { mm: CHILD, maps: 16 },
    ]);
    cells[folio_mm_shared.at + head()] = 0;
    expect(reason(OWN)).toBe('f0 counts as mapped by one process, and remembers none that has all of it.');
    cells[folio_mm_id1.at + head()] = 0;
    cells[folio_mm_maps0.at + head()] = largeMaps(head());
    expect(reason(OWN)).toBe('f0 counts as mapped by parent alone, but a.0 of child maps it, too.');
  });

  test('more mappings told of than there are; and the bit may stay where it need not', () => {
    run([...shared, 'child: exit']);
    expect(reason(OWN)).toBeUndefined();
    cells[folio_mm_shared.at + head()] = 1;
    expect(reason(OWN)).toBeUndefined();
    cells[folio_mm_id1.at + head()] = CHILD + 1;
    cells[folio_mm_maps0.at + head()] = 17;
    expect(reason(OWN)).toBe('f0 has 16 mappings, but 17 are told of its processes.');
    cells[folio_mm_id0.at + head()] = cells[folio_mm_id1.at + head()] = 0;
    cells[folio_mm_maps0.at + head()] = 0;
    cells[folio_mm_shared.at + head()] = 0;
    expect(reason(OWN)).toBe('f0 counts as mapped by one process, and remembers none that has all of it.');
  });
});

describe('INV-SWX', () => {
  test('a swap entry that brings its page back as exclusive, and another one for its slot', () => {
    const lines = [
      'region a anon 1 page',
      'parent: store a.0 "old"',
      'parent: reclaim a.0',
      'parent: fork child',
    ];
    run(lines);
    expect([pteAt(PARENT, 0), pteAt(CHILD, 0)].map((e) => e & (PTE_SWP | PTE_SWP_EXCLUSIVE))).toEqual([
      PTE_SWP,
      PTE_SWP,
    ]);
    expect(reason('INV-SWX')).toBeUndefined();
    cells[entryAt(CHILD, 0)]! |= PTE_SWP_EXCLUSIVE;
    expect(reason('INV-SWX')).toBe(
      'a.0 of child is to come back as exclusive, but a.0 of parent names the same slot.',
    );
  });

  test('a migration entry that brings its page back as exclusive, and another one for it', () => {
    const lines = [
      'region a anon 1 page',
      'parent: store a.0 "old"',
      'parent: fork child',
      'parent: move_pages a.0 1',
    ];
    run(lines);
    const f = folioOf(PARENT, 0);
    for (const m of [PARENT, CHILD]) {
      cells[entryAt(m, 0)] = PTE_MIGRATION;
      cells[entryAt(m, 0) + 1] = f;
    }
    expect(reason('INV-SWX-MIGRATION')).toBeUndefined();
    // Writable, and readable but exclusive.
    for (const bit of [PTE_WRITE, PTE_SPECIAL]) {
      cells[entryAt(PARENT, 0)] = PTE_MIGRATION | bit;
      expect(reason('INV-SWX-MIGRATION')).toBe(
        'f0 is to come back to a.0 of parent as exclusive, and to child as well.',
      );
    }
    cells[entryAt(CHILD, 0) + 1] = f + 1;
    expect(reason('INV-SWX-MIGRATION')).toBeUndefined();
  });
});

describe('KSM', () => {
  const merged = [
    'region a anon 2 pages',
    'parent: store a.0 "same"',
    'parent: store a.1 "same"',
    'parent: madvise a mergeable',
    '-: ksm',
  ];
  test('INV-KSM: bytes of somebody in a merged page', () => {
    run([...merged, 'parent: store a.0 "mine"']);
    const f = folioOf(PARENT, 1);
    expect(cells[folio_ksm.at + f]).not.toBe(0);
    expect(reason('INV-KSM')).toBeUndefined();
    cells[folio_stored.at + f] = cells[folio_stored.at + folioOf(PARENT, 0)]!;
    expect(reason('INV-KSM')).toMatch(/^f\d is a merged page, and somebody has written “mine” to it\.$/);
  });

  test('INV-AE4: a merged page is marked exclusive', () => {
    run(merged);
    expect(reason('INV-AE4')).toBeUndefined();
    cells[folio_flags.at + folioOf(PARENT, 0)]! |= FOLIO_EXCLUSIVE;
    expect(reason('INV-AE4')).toMatch(/^f\d is marked exclusive, but it is a merged page\.$/);
  });
});

test('INV-ZERO: the huge page of zeros is mapped writable', () => {
  run(['region a thp 512 pages', 'parent: load a.0']);
  expect(pteAt(PARENT, 0) & (PTE_PRESENT | PTE_SPECIAL)).toBe(PTE_PRESENT | PTE_SPECIAL);
  expect(reason('INV-ZERO')).toBeUndefined();
  cells[entryAt(PARENT, 0)]! |= PTE_WRITE;
  expect(reason('INV-ZERO')).toBe('parent may write to the page of zeros at a.0.');
});

test('INV-GET, INV-GETFORK: another page where somebody has a reference for writing', () => {
  const lines = [
    'region a anon 1 page',
    'region b anon 1 page',
    'parent: store a.0 "old"',
    'parent: store b.0 "b"',
  ];
  run([...lines, 'parent: get a.0 write as io']);
  expect([reason('INV-GET'), reason('INV-GETFORK')]).toEqual([undefined, undefined]);
  cells[entryAt(PARENT, 0) + 1] = folioOf(PARENT, 1);
  expect(reason('INV-GET')).toBe('io holds f0, but a.0 of parent now maps f1.');
  // A fork in between: what was promised until then is asked on request only.
  run([...lines, 'parent: get a.0 write as io', 'parent: fork child', 'parent: store a.0 "new"']);
  expect(reason('INV-GET')).toBeUndefined();
  expect(reason('INV-GETFORK')).toBe('io holds f0, but a.0 of parent now maps f2.');
  expect(cells[hold.at]).not.toBe(0);
});

test('docs/invariants.md has a line for each of them, with its names', () => {
  const text = readFileSync(new URL('../../docs/invariants.md', import.meta.url), 'utf8');
  const lines = [...text.matchAll(/^\| `(?<id>[^`]+)` +\| (?<names>[^|]+?) +\| (?<says>[^|]+?) +\|/gm)].map(
    (m) => m.groups!,
  );
  expect(lines.map(({ id, names, says }) => ({ id, names, says }))).toEqual(
    invariants.map((i) => ({ id: i.id, names: i.alias.join(', '), says: i.says })),
  );
});
