// What each guard is for: found by leaving it out of every gallery scenario, and the answer to the mail on
// wp_page_copy.
import { describe, expect, test } from 'vitest';
import { extras, guards, withExtra } from '../kernel/guards.ts';
import { boot } from '../kernel/machine.ts';
import { kernels, modelById } from '../kernel/models/index.ts';
import { entryById, gallery } from '../scenario/gallery/index.ts';
import { ablate, baselineOf, withoutOne } from './ablate.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const of = (id: string) => planOf(entryById(id)!.text);

test('every guard prevents something in the gallery', { timeout: 120_000 }, () => {
  const idle = new Set(guards.map((g) => g.id));
  const models = ['v6.18', 'v5.12', 'v5.9'].map((id) => modelById(id)!);
  // First where it costs least: most guards have shown themselves after a few scenarios.
  for (const model of [...models, ...kernels]) {
    for (const { text } of gallery) {
      if (idle.size === 0) return;
      const plan = planOf(text),
        baseline = baselineOf(plan, model);
      for (const guard of [...idle].filter((id) => baseline.asked.has(id)))
        if (withoutOne(plan, model, guard, baseline).verdict === 'breaks') idle.delete(guard);
    }
  }
  // Those that are left protect what no gallery scenario does.
  expect([...idle]).toEqual([]);
});

describe('the mail on wp_page_copy', () => {
  const plan = of('two-looks'),
    model = modelById('v6.18')!;
  const breaks = (besides: readonly string[], invariant: string): string => {
    const baseline = baselineOf(plan, model, { besides });
    return baseline.holds.some((i) => i.id === invariant) ? 'holds' : 'breaks';
  };
  const none = 'copy-holds-old-folio',
    recheck = withExtra(extras[0]!.id);

  test('the reference prevents a use after free, and a pin that is left behind', () => {
    expect(breaks([], 'no-use-after-free')).toBe('holds');
    expect(breaks([none], 'no-use-after-free')).toBe('breaks');
    expect(breaks([none], 'pins-stay-coherent')).toBe('breaks');
  });

  test('the check that is suggested would keep the pin, and no page alive', () => {
    expect(breaks([none, recheck], 'pins-stay-coherent')).toBe('holds');
    expect(breaks([none, recheck], 'no-use-after-free')).toBe('breaks');
  });
});

test('a guard that no run comes to changes nothing: it costs no search', () => {
  const plan = of('vmsplice-leak'),
    model = modelById('v6.18')!;
  const found = ablate(plan, model),
    { states, edges } = check(boot(plan, model));
  const never = found.filter((f) => f.verdict === 'never');
  expect(never.map((f) => f.guard)).toContain('uffd-wp-flushes');
  for (const { guard, prevents } of never) {
    expect(prevents).toBeNull();
    expect(check(boot(plan, model, [guard]))).toMatchObject({ verdict: 'holds', states, edges });
  }
});

test('what is broken anyway is not blamed on a guard', () => {
  const { holds } = baselineOf(of('leak-any-order'), modelById('v5.7')!);
  expect(holds.map((i) => i.id)).not.toContain('private-writes-stay-private');
});

test('a search that does not end decides nothing', () => {
  const found = ablate(of('two-looks'), modelById('v6.18')!, { states: 100 });
  expect(new Set(found.map((f) => f.verdict))).toEqual(new Set(['incomplete']));
});
