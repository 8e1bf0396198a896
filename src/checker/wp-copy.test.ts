// The question of the mail on wp_page_copy: what do the reference, the second look at the entry, and the
// check that Hildenbrand suggests each protect from? I1 to I6 are the rows of the step lists.
import { describe, expect, test } from 'vitest';
import { invariantById } from '../invariants/index.ts';
import { extras, switchOff, withExtra } from '../kernel/guards.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const EXCLUSIVE = ['v5.19', 'v6.18'],
  COUNTS = ['v5.11', 'v5.18', ...EXCLUSIVE];
const NO_REF = 'copy-holds-old-folio',
  RECHECK = withExtra('copy-rechecks-exclusive');

const shared = (lines: readonly string[]): string =>
  [
    'process parent',
    'region a anon 1 page',
    'parent: store a.0 "old"',
    'parent: fork child',
    'parallel',
    ...lines,
    'child: exit',
    'end',
    '',
  ].join('\n');
const writers = planOf(shared(['parent: store a.0 "one"', 'parent: load a.0', 'parent/2: store a.0 "two"'])),
  readers = planOf(shared(['parent: pin a.0 read fast as one', 'parent/2: pin a.0 read fast as two'])),
  both = planOf(shared(['parent: store a.0 "one"', 'parent/2: pin a.0 read fast as two']));

/** '' where everything holds, else the reason. */
const wrong = (plan: typeof writers, model: string, without: readonly string[] = []): string =>
  check(boot(plan, modelById(model)!, without), { fewest: false }).reason;
function breaks(id: string, plan: typeof writers, model: string, without: readonly string[] = []): boolean {
  const options = { invariants: [invariantById(id)!], fewest: false };
  return check(boot(plan, modelById(model)!, without), options).verdict !== 'holds';
}
const FREED = 'no-use-after-free',
  PIN = 'pins-stay-coherent';

describe('I1: with the reference, as shipped', () => {
  test.each(COUNTS)('%s: two write, two look', (model) => {
    expect([writers, readers].map((plan) => wrong(plan, model))).toEqual(['', '']);
  });
  test.each(EXCLUSIVE)('%s: one writes, one looks', (model) => {
    expect(wrong(both, model)).toBe('');
  });
});

describe('I2: without it, the source of the copy can be freed', () => {
  test.each(COUNTS)('%s', (model) => {
    expect(breaks(FREED, writers, model, [NO_REF])).toBe(true);
    // But the second look at the entry alone keeps the stores of two writers.
    expect(breaks('stores-are-not-lost', writers, model, [NO_REF])).toBe(false);
  });
});

describe('I3: without it, a copy replaces a page that was found unshared and pinned', () => {
  test.each(EXCLUSIVE)('%s', (model) => {
    expect([readers, both].map((plan) => breaks(PIN, plan, model, [NO_REF]))).toEqual([true, true]);
  });
});

test('I5: where the map count decides, the reference does not help', () => {
  expect(breaks(PIN, readers, 'unshare-mapcount')).toBe(true);
  // What saves two writers is the second look at the entry.
  expect(wrong(writers, 'unshare-mapcount')).toBe('');
});

describe('I6: the check that is suggested stands in for the reference, but keeps no page alive', () => {
  test.each(EXCLUSIVE)('%s', (model) => {
    const instead = [NO_REF, RECHECK];
    expect([readers, both].map((plan) => breaks(PIN, plan, model, instead))).toEqual([false, false]);
    expect(breaks(FREED, writers, model, instead)).toBe(true);
    expect(wrong(readers, model, [RECHECK])).toBe('');
  });
});

test('extras are off unless they are asked for', () => {
  expect(extras.map((e) => e.id)).toEqual(['copy-rechecks-exclusive']);
  expect(() => switchOff(['+nothing'])).toThrow(RangeError);
  expect(() => switchOff(['copy-rechecks-exclusive'])).toThrow(RangeError);
  switchOff([]);
});
