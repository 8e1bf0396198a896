// Large folios that are taken apart, moved and merged: what is one count before, and what after.
import { describe, expect, test } from 'vitest';
import { status, step } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import { kernels, modelById } from '../kernel/models/index.ts';
import { folio_test_large, headOf } from '../kernel/verbs/large.ts';
import { is_swap_entry, pte_folio, pte_special, swp_slot } from '../kernel/verbs/pte.ts';
import { isHuge } from '../kernel/verbs/region.ts';
import { folioAt, pteAt } from '../kernel/view.ts';
import { cells, folio_node, now, swap_block } from '../kernel/world.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const W = ['app: store a.0 "old"', 'app: store a.1 "x"'];
/** Declared order, to the end. */
function run(model: string, kind: string, ...script: readonly string[]): void {
  const text = ['process app', `region a ${kind} pages`, ...script, ''].join('\n');
  boot(planOf(text), modelById(model)!);
  for (let i = 0; i < 5000; i++) {
    const t = now.plan!.threads.findIndex((_, u) => status(u).kind === 'enabled');
    if (t < 0) return;
    step(t);
  }
  throw new Error('it does not end');
}
const page = (va: number, m = 0): number => pte_folio(pteAt(m, va));
const all = kernels.map((k) => k.id);
/** MADV_COLD came with 5.4. */
const advised = all.filter((id) => !['v4.8'].includes(id));

describe('a part of a huge page is meant', () => {
  test.each(advised)('each page is a folio of its own afterwards: %s', (id) => {
    run(id, 'thp 512', ...W, 'app: madvise a.1 cold');
    expect(isHuge(0, 0)).toBe(false);
    expect([page(0), page(1)].map(folio_test_large)).toEqual([false, false]);
    expect([page(0), page(1)].map((f) => [folioAt(f).refcount, folioAt(f).maps])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    // What nobody ever stored to comes back as the page of zeros, from 6.12 on.
    expect(pte_special(pteAt(0, 2))).toBe(modelById(id)!.rules.splitUsesZeroPage);
  });

  test.each(advised)('with a reference to it, it stays whole: %s', (id) => {
    run(id, 'thp 512', ...W, 'app: get a.0 read as io', 'app: madvise a.1 cold');
    expect(folio_test_large(page(0))).toBe(true);
    expect(headOf(page(1))).toBe(headOf(page(0)));
  });

  test.each(advised)('others map it: it stays as it is: %s', (id) => {
    run(id, 'thp 512', ...W, 'app: fork child', 'app: madvise a.1 cold', 'app: madvise a pageout');
    expect([isHuge(0, 0), isHuge(1, 0)]).toEqual([true, true]);
  });
});

describe('a huge page goes to swap', () => {
  test.each(advised)('as a whole, in slots of one row: %s', (id) => {
    run(id, 'thp 512', ...W, 'app: madvise a pageout');
    const slots = [0, 1, 2].map((va) => pteAt(0, va));
    expect(slots.every(is_swap_entry)).toBe(true);
    expect(new Set(slots.map((e) => cells[swap_block.at + swp_slot(e)])).size).toBe(1);
  });

  test.each([
    ['v5.7', 'page'],
    ['v6.1', 'page'],
    ['v6.12', '64 kB'],
    ['v7.2', '64 kB'],
  ])('and comes back by one %s', (id, how) => {
    run(id, 'thp 512', ...W, 'app: madvise a pageout', 'app: load a.1');
    expect(is_swap_entry(pteAt(0, 0))).toBe(how === 'page');
    expect(folio_test_large(page(1))).toBe(how !== 'page');
  });
});

describe('a large folio moves', () => {
  const large = all.filter((id) => modelById(id)!.rules.hasMthp);
  test.each(all)('a huge page as a whole: %s', (id) => {
    run(id, 'thp 512', ...W, 'app: move_pages a.1 1');
    expect(isHuge(0, 0)).toBe(true);
    expect(headOf(page(1))).toBe(headOf(page(0)));
    expect([page(0), page(1)].map((f) => cells[folio_node.at + f])).toEqual([1, 1]);
  });
  test.each(large)('64 kB as a whole: %s', (id) => {
    run(id, 'mthp 16', ...W, 'app: move_pages a.1 1');
    expect([folio_test_large(page(0)), headOf(page(1)) === headOf(page(0))]).toEqual([true, true]);
    expect(cells[folio_node.at + page(0)]).toBe(1);
  });
  test.each(all)('not with a reference to it: %s', (id) => {
    run(id, 'thp 512', ...W, 'app: get a.0 read as io', 'app: move_pages a.1 1');
    expect([isHuge(0, 0), cells[folio_node.at + page(0)]]).toEqual([true, 0]);
  });
});

test.each(all)('ksmd splits a huge page before it merges one of its pages: %s', (id) => {
  run(id, 'thp 512', 'app: store a.0 "x"', 'app: store a.1 "x"', 'app: madvise a mergeable', '-: ksm');
  expect(folio_test_large(page(0))).toBe(false);
  expect(page(1)).toBe(page(0));
});

// The lock of a large folio is that of its first page, whichever page comes back; and what one fault takes
// for its own does not leave the swap cache while other pages of it are still named there.
describe.each([
  ['parallel', '  app: store a.1 "x"', '  app/2: madvise a pageout', 'end', 'app: load a.0'],
  ['app: madvise a pageout', 'parallel', '  app: load a.0', '  app/2: store a.1 "x"', 'end'],
])('%s, %s', (...script) => {
  test.each(['v5.7', 'v6.18', 'v7.2'])('holds on %s', (id) => {
    const text = ['process app', 'region a thp 512 pages', W[0]!, ...script, ''].join('\n');
    expect(check(boot(planOf(text), modelById(id)!)).reason).toBe('');
  });
});
