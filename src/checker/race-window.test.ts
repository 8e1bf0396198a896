// Where the race is: the swaps of steps that repair a counterexample, by the names of the steps.
import { describe, expect, test } from 'vitest';
import { invariantById, questionsOf } from '../invariants/index.ts';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';
import { raceWindow } from './race-window.ts';
import { stepsOf } from './steps-of.ts';

function windowOf(id: string, model: string, only: string, without: readonly string[] = []) {
  const plan = planOf(entryById(id)!.text),
    machine = boot(plan, modelById(model)!, without),
    invariant = invariantById(only) ?? questionsOf(plan).invariants[0]!;
  const found = check(machine, { invariants: [invariant] });
  expect(found.verdict).toBe('violated');
  const window = raceWindow(machine, found.moves, invariant),
    steps = stepsOf(machine, found.moves);
  const pairs = window.swaps.map((s) => `${steps[s.first - 1]!} | ${steps[s.second - 1]!}`);
  return { window, pairs, steps };
}

test('the leak: the child unmaps before the parent counts', () => {
  const { pairs, window } = windowOf('leak-any-order', 'v5.7', 'private-writes-stay-private');
  expect(pairs).toEqual(['child munmap zap_pte_range.clear | parent store~2 do_wp_page.count']);
  expect([window.from, window.to]).toEqual([window.swaps[0]!.first, window.swaps[0]!.second]);
});

test('a pin between the two looks of fork: two brackets', () => {
  const { pairs, window } = windowOf('fast-pin-fork', 'v6.18', 'pins-stay-coherent', ['gup-fast-checks-seq']);
  expect(pairs).toContain('parent fork dup_mmap.dup_pinned | parent/2 pin gup_pte_range.grab');
  expect(pairs).toContain('parent/2 pin gup_pte_range.recheck | parent fork dup_mmap.protect');
  expect(window.from).toBe(Math.min(...window.swaps.map((s) => s.first)));
  expect(window.to).toBe(Math.max(...window.swaps.map((s) => s.second)));
});

test('the order of operations alone: no race', () => {
  expect(windowOf('vmsplice-leak', 'v5.7', 'private-writes-stay-private').window).toEqual({
    from: 0,
    to: 0,
    swaps: [],
    complete: true,
  });
});

describe('what a swap is', () => {
  const { window, steps } = windowOf('fast-pin-fork', 'v5.9', 'pins-stay-coherent');
  const thread = (step: number): string => steps[step - 1]!.split(' ')[0]!;

  test('two steps of different threads, the first before the second', () => {
    for (const { first, second } of window.swaps) {
      expect(first).toBeLessThan(second);
      expect(thread(first)).not.toBe(thread(second));
    }
  });

  test('no pair has another one inside', () => {
    const inside = window.swaps.flatMap((a) =>
      window.swaps.filter((b) => a !== b && a.first <= b.first && b.second <= a.second),
    );
    expect(inside).toEqual([]);
  });
});
