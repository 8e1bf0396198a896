// Steps are made before the worlds that earlier ones led to are looked at: that must not be seen.
import { expect, test } from 'vitest';
import { pcOf } from '../kernel/engine.ts';
import { InternalError } from '../kernel/errors.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { routine } from '../kernel/steps.ts';
import { syscalls } from '../kernel/syscalls/index.ts';
import { cells, folio_stored, write } from '../kernel/world.ts';
import type { Invariant } from '../invariants/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';

/** Writes something, and cannot be made after all. */
const fails = routine(
  'fails',
  { file: '', exits: ['end'] },
  {
    first: {
      says: '',
      run: () => {
        write(folio_stored.at, 7);
        throw new InternalError('a step that cannot be made');
      },
    },
  },
);
const machineOf = (first: string, second: string): Machine =>
  boot(
    planOf(`process parent
region a anon 1 page
parallel
parent: ${first}
parent/2: ${second}
end
`),
    modelById('v6.18')!,
    [],
    { ...syscalls, munmap: fails },
  );
/** Broken as soon as thread `t` has moved. */
function stays(machine: Machine, t: number): Invariant {
  const at = machine.entries.get('store')!;
  return {
    id: 'stays',
    alias: [],
    says: 'The thread stays where it is.',
    word: 'stuck',
    cite: '',
    broken: () => {
      const reason = cells[folio_stored.at] === 0 ? 'it moved' : 'a step that failed has left something';
      return pcOf(t) === at ? null : { reason, cards: [], process: null, folio: -1 };
    },
    applies: () => true,
  };
}

test('a violation that comes before a step which cannot be made is what the search finds', () => {
  const machine = machineOf('store a.0 "x"', 'munmap a');
  expect(check(machine, { invariants: [stays(machine, 0)], fewest: false })).toMatchObject({
    verdict: 'violated',
    reason: 'it moved',
    states: 2,
    edges: 1,
    moves: [0],
  });
});

test('a step that cannot be made is an error with its schedule, if it comes first', () => {
  const first = machineOf('munmap a', 'store a.0 "x"');
  expect(() => check(first, { invariants: [stays(first, 1)] })).toThrow(/threads {2}lead/);
  const second = machineOf('store a.0 "x"', 'munmap a');
  expect(() => check(second, { invariants: [] })).toThrow(/threads {2}lead/);
});
