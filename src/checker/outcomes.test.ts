// A scenario as a litmus test: what can be observed, how to get there, and what the questions are told.
import { describe, expect, test } from 'vitest';
import { doMove } from '../kernel/engine.ts';
import { activate, boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { observationAt } from '../kernel/view.ts';
import { load } from '../kernel/world.ts';
import { litmus } from './outcomes.ts';
import { planOf } from './plan-of.ts';

const two = planOf(
  [
    'process p',
    'region a anon 1 page',
    'parallel',
    'p:   store a.0 "x"',
    'p:   load a.0 -> mine',
    'p/2: store a.0 "y"',
    'p/2: load a.0 -> mine',
    'end',
    'exists p.mine = "x" and p/2.mine = "y"',
    'exists p.mine = "y" and p/2.mine = "x"',
    'never p.mine = 00',
    'never p.mine = "y" and p/2.mine = "y"',
    'always p.mine = "x"',
    'sometimes p/2.mine = "x"',
    '',
  ].join('\n'),
);

describe('two threads store and load one page', () => {
  const machine = boot(two, modelById('v6.18')!),
    { endings, answers, bound } = litmus(machine);
  const seen = (e: { readonly seen: readonly number[] }): string =>
    e.seen.map((s) => two.stored[s]!.text).join(' ');

  test('everything that coherent memory allows, and nothing else', () => {
    expect(bound).toBe('');
    expect(endings.map(seen).sort()).toEqual(['x x', 'x y', 'y y']);
  });

  test('each ending has a shortest run that ends with it', () => {
    for (const e of endings) {
      activate(machine);
      load(machine.start, 0);
      expect(e.moves.every(doMove)).toBe(true);
      expect(two.observed.map((_, o) => observationAt(o).stored)).toEqual(e.seen);
      expect(e.states).toBeGreaterThan(0);
    }
  });

  test('the questions are answered, with an ending that decides', () => {
    const told = answers.map((a) => [a.kind, a.holds, a.ending < 0 ? '' : seen(endings[a.ending]!)]);
    expect(told).toEqual([
      ['exists', true, 'x y'],
      ['exists', false, ''],
      ['never', true, ''],
      ['never', false, 'y y'],
      ['always', false, 'y y'],
      ['sometimes', true, 'x x'],
    ]);
    expect(
      endings.map((e) => [seen(e), e.answers] as const).toSorted(([a], [b]) => a.localeCompare(b)),
    ).toEqual([
      ['x x', [4, 5]],
      ['x y', [0, 4]],
      ['y y', [3]],
    ]);
  });

  test('a search that did not end decides only what it has seen', () => {
    const cut = litmus(machine, { states: 60 });
    expect(cut.bound).toBe('60 states');
    expect(cut.answers.map((a) => a.holds)).toEqual([null, null, null, null, null, null]);
  });
});

test('an operation that never ends is not one that saw nothing', () => {
  const plan = planOf(
    [
      'process p',
      'region a anon 1 page',
      'p: uffd_register a missing',
      'p: &load a.0 -> waits',
      'p: lookup a.0 -> looked',
      'exists p.looked = none',
      'exists p/2.waits = none',
      '',
    ].join('\n'),
  );
  const { answers } = litmus(boot(plan, modelById('v6.18')!));
  expect(answers.map((a) => a.holds)).toEqual([true, false]);
});
