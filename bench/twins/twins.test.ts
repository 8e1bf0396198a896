/**
 * Without SPIN: our search of every twin counts what SPIN counted when `counts.json` was written. When tables
 * of the kernel change, it is the twin that has to follow, and `npm run bench:spin -- --record`.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/checker/check.ts';
import { boot } from '../../src/kernel/machine.ts';
import counts from './counts.json' with { type: 'json' };
import { twins } from './twins.ts';
import type { Counted, Twin } from './twins.ts';

const recorded: Readonly<Record<string, Counted>> = counts;

function ours(twin: Twin): Counted {
  const judged = check(twin.boot(true), {
    fewest: false,
    ...(twin.invariants === undefined ? {} : { invariants: twin.invariants }),
  });
  const violated = judged.verdict === 'violated';
  const whole = violated ? check(twin.boot(false), { invariants: [] }) : judged;
  expect(whole.verdict).toBe('holds');
  return { states: whole.states, edges: whole.edges, steps: violated ? judged.moves.length : null };
}

describe('the Promela twins', () => {
  it('have all been counted, and nothing else has', () => {
    expect(Object.keys(recorded)).toEqual(twins.map(({ id }) => id));
  });
  it('are twins of the files beside them', () => {
    for (const { promela } of twins) {
      expect(readFileSync(new URL(promela, import.meta.url), 'utf8')).toMatch(/kernel\.pml|proctype/);
    }
  });
  it.each(twins.filter(({ size }) => size === 'small').map((twin) => [twin.id, twin] as const))(
    '%s: states, edges and the shortest violation are as SPIN found them',
    (id, twin) => {
      expect(ours(twin)).toEqual(recorded[id]);
    },
  );
  it('notice a step that is left out', () => {
    const two = twins.find(({ id }) => id === 'two-writers v5.9')!.boot(true),
      unguarded = boot(two.plan, two.model, ['copy-rechecks-pte']);
    expect(check(unguarded, { invariants: [] }).states).not.toBe(recorded['two-writers v5.9']!.states);
  });
  it('has scenarios that go wrong and scenarios that do not', () => {
    const bad = Object.values(recorded).filter(({ steps }) => steps !== null);
    expect(bad.length).toBeGreaterThan(4);
    expect(bad.length).toBeLessThan(twins.length / 2);
  });
});
