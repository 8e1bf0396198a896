import { expect, test } from 'vitest';
import { doMove, pcOf } from '../kernel/engine.ts';
import { activate, boot } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { load } from '../kernel/world.ts';
import type { Invariant } from '../invariants/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

const writers = planOf(`process parent
region a anon 1 page
parent: store a.0 "old"
parent: fork child
parallel
parent: store a.0 "one"
parent: load a.0 -> seen
parent/2: store a.0 "two"
child: load a.0 -> got
child: store a.0 "three"
end
`);
const machine = boot(writers, modelById('v5.8')!);
const whole = check(machine);
/** Too little for all worlds as they are. */
const LITTLE = 0.9 * whole.states * whole.bytesPerState;

test('a search that runs out of memory goes on with fingerprints, finds the same, and says so', () => {
  const { missedAtMost, bytesPerState, ...found } = check(machine, { bytes: LITTLE });
  const { missedAtMost: none, bytesPerState: more, ...exact } = whole;
  expect(none).toBe(0);
  expect(missedAtMost).toBeGreaterThan(0);
  expect(missedAtMost).toBeLessThan(1e-9);
  expect(found).toEqual(exact);
  expect(bytesPerState).toBeLessThan(more);
  expect(check(machine, { bytes: LITTLE, fingerprints: false })).toMatchObject({
    verdict: 'incomplete',
    missedAtMost: 0,
  });
});

test('the schedule of what it finds is a real one', () => {
  const isOver = (): boolean => writers.threads.every((_, t) => pcOf(t) === 0);
  const never_ends: Invariant = {
    id: 'never-ends',
    alias: [],
    says: 'The run never ends.',
    word: 'stuck',
    cite: '',
    broken: () => (isOver() ? { reason: 'it ends', cards: [], process: null, folio: -1 } : null),
    applies: () => true,
  };
  const exact = check(machine, { invariants: [never_ends], fewest: false }),
    found = check(machine, { invariants: [never_ends], bytes: 1.2 * exact.states * exact.bytesPerState });
  expect(found.missedAtMost).toBeGreaterThan(0);
  expect(found).toMatchObject({ verdict: 'violated', invariant: 'never-ends', depth: exact.depth });
  expect(found.moves).toEqual(exact.moves);
  activate(machine);
  load(machine.start, 0);
  expect(found.moves.every((move) => doMove(move))).toBe(true);
  expect(isOver()).toBe(true);
});

test('a bound by depth is named, and is none where nothing lies beyond', () => {
  expect(check(machine, { depth: 20 })).toMatchObject({
    verdict: 'incomplete',
    bound: 'depth 20',
    depth: 20,
  });
  expect(check(machine, { depth: whole.depth })).toMatchObject({ verdict: 'holds', states: whole.states });
});
