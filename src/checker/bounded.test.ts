import { expect, test } from 'vitest';
import { boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { entryById } from '../scenario/gallery/index.ts';
import {
  advanceWithin,
  beginWithin,
  checkWithin,
  progressWithin,
  resultWithin,
  stopWithin,
} from './bounded.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';
import { preemptionsIn } from './untangle.ts';

const machineOf = (id: string, model: string, without: readonly string[] = []) =>
  boot(planOf(entryById(id)!.text), modelById(model)!, without);

test.each([
  ['fast-pin-fork', 'v5.9', [], 1],
  ['any-two', 'v5.7', [], 1],
  ['two-looks', 'v6.18', ['copy-holds-old-folio'], 1],
] as const)('%s on %s needs its preemptions', (id, model, without, least) => {
  const machine = machineOf(id, model, without);
  expect(checkWithin(machine, least - 1).verdict).toBe('holds');
  const found = checkWithin(machine, least);
  expect(found.verdict).toBe('violated');
  expect(preemptionsIn(machine, found.moves)).toBe(found.preemptions);
  expect(found.preemptions).toBeLessThanOrEqual(least);
  // With no bound that matters it is the whole search again.
  const all = checkWithin(machine, 200),
    plain = check(machine);
  expect(all.moves.length).toBe(plain.moves.length);
});

test('in slices it comes to the same, and it can be ended early', () => {
  const machine = machineOf('any-two', 'v5.7'),
    whole = checkWithin(machine, 2),
    search = beginWithin(machine, 2);
  let slices = 0;
  while (!advanceWithin(search, 7)) slices += 1;
  expect(slices).toBeGreaterThan(10);
  expect(resultWithin(search)).toEqual(whole);
  const ended = beginWithin(machine, 2);
  advanceWithin(ended, 7);
  expect(progressWithin(ended).states).toBeGreaterThan(1);
  stopWithin(ended, '1 s');
  expect(resultWithin(ended)).toMatchObject({ verdict: 'incomplete', bound: '1 s', moves: [] });
});

test.each([
  [{ depth: 6 }, 'depth 6'],
  [{ bytes: 1 }, '1 MB of memory'],
])('it ends at its bound: %j', (options, bound) => {
  const found = checkWithin(machineOf('leak-any-order', 'v5.8'), 3, options);
  expect(found).toMatchObject({ verdict: 'incomplete', bound });
  expect(found.depth).toBeLessThanOrEqual(7);
});

test('with no bound that matters, every world is met', () => {
  const machine = machineOf('leak-any-order', 'v5.8');
  expect(checkWithin(machine, 200)).toMatchObject({ verdict: 'holds', states: check(machine).states });
  expect(checkWithin(machine, 0).states).toBeLessThan(check(machine).states);
  expect(checkWithin(machine, 3, { states: 40 })).toMatchObject({
    verdict: 'incomplete',
    bound: '40 states',
  });
});
