import { describe, expect, test } from 'vitest';
import { invariantById, invariants } from '../invariants/index.ts';
import type { Invariant } from '../invariants/index.ts';
import { InternalError } from '../kernel/errors.ts';
import { status } from '../kernel/engine.ts';
import { activate, apply, boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { load } from '../kernel/world.ts';
import { advance, begin, check, progressOf, resultOf, stop } from './check.ts';
import { planOf } from './plan-of.ts';

const leak = planOf(`process parent
region a anon 1 page
parent: store a.0 "old"
parent: fork child
parallel
  child: vmsplice a.0 -> p
  child: munmap a
  parent: store a.0 "secret"
end
child: read p -> got
sometimes child.got = "old"
sometimes child.got = "secret"
`);
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
const machine = (model: string, plan = leak): Machine => boot(plan, modelById(model)!);

/** All worlds by a walk that has nothing in common with the search but `apply`: objects, strings, a Map. */
function walk(m: Machine): { states: number; edges: number; ends: number } {
  const seen = new Map([[m.start.join(), m.start]]),
    { length } = m.plan.threads;
  let edges = 0,
    ends = 0;
  for (const world of seen.values()) {
    let moved = false;
    for (let t = 0; t < length; t++) {
      const next = apply(m, world, t);
      if (next === null) continue;
      moved = true;
      edges += 1;
      if (!seen.has(next.join())) seen.set(next.join(), next);
    }
    if (!moved) ends += 1;
  }
  return { states: seen.size, edges, ends };
}

describe('the search', () => {
  // A changed number means that steps were added or removed somewhere: intended, or not?
  test.each([
    ['v5.9', leak, 447, 824],
    ['v6.18', leak, 532, 987],
    ['v5.7', writers, 40259, 106917],
    ['v5.9', writers, 29258, 77853],
    ['v6.18', writers, 34085, 91718],
  ] as const)('counts are stable, %s', (model, plan, states, edges) => {
    const result = check(machine(model, plan));
    expect(result).toMatchObject({
      verdict: 'holds',
      states,
      edges,
      invariant: null,
      moves: [],
      preemptions: 0,
    });
  });

  test.each([
    ['v5.9', leak],
    ['v5.8', leak],
    ['v6.18', leak],
    ['v5.19', writers],
  ] as const)('finds every world that a plain walk finds, %s', (model, plan) => {
    const m = machine(model, plan),
      result = check(m, { invariants: [] }),
      plain = walk(m);
    expect({ states: result.states, edges: result.edges }).toEqual({
      states: plain.states,
      edges: plain.edges,
    });
    expect(result.outcomes.reduce((sum, o) => sum + o.states, 0)).toBe(plain.ends);
  });

  test('is the same whether it runs in one go or in slices between which others work', () => {
    const whole = check(machine('v5.8', writers));
    const search = begin(machine('v5.8', writers)),
      other = machine('v6.18');
    advance(search, 97);
    const { states, depth } = resultOf(search);
    expect(progressOf(search)).toMatchObject({ states, depth });
    expect(resultOf(search)).toMatchObject({ verdict: 'incomplete', bound: '' });
    while (!advance(search, 97)) activate(other);
    expect(resultOf(search)).toEqual(whole);
    expect(advance(search, 1)).toBe(true);
  });

  test('tells how runs can end', () => {
    const { outcomes } = check(machine('v5.7', writers));
    const { stored } = writers;
    const words = outcomes.map((o) => o.seen.map((s) => stored[s]!.text).join(' '));
    expect(words.sort()).toEqual(['one old', 'two old']);
    expect(check(machine('v5.9')).outcomes.map((o) => o.seen)).toEqual([[1]]);
  });

  test('lets no two readers have the same buffer of a pipe', () => {
    const readers = planOf(`process parent
region a anon 2 pages
parent: store a.0 "old"
parent: store a.1 "new"
parent: vmsplice a.0 -> p
parent: vmsplice a.1 -> p
parallel
  parent: read p -> one
  parent/2: read p -> two
end
`);
    const { outcomes, verdict } = check(machine('v5.9', readers));
    expect(verdict).toBe('holds');
    expect(outcomes.map((o) => o.seen.join()).sort()).toEqual(['1,2', '2,1']);
  });

  test('reports what never happened', () => {
    const result = check(machine('v5.9'));
    expect(result.unmet).toEqual(['sometimes child.got = "secret"']);
    expect(result.vacuous).toContain('pins-stay-coherent');
    expect(result.vacuous).not.toContain('private-writes-stay-private');
  });

  test('says so when it does not come to an end', () => {
    const bounded = check(machine('v5.8', writers), { states: 1000 });
    expect(bounded).toMatchObject({
      verdict: 'incomplete',
      bound: '1000 states',
      states: 1000,
      unmet: [],
      vacuous: [],
    });
    const small = check(machine('v5.8', writers), { bytes: 1 << 20 });
    expect(small).toMatchObject({ verdict: 'incomplete', bound: '1 MB of memory' });
    expect(small.states * small.bytesPerState).toBeLessThanOrEqual(1 << 20);
    const search = begin(machine('v5.8', writers));
    advance(search, 10);
    stop(search);
    expect(advance(search, 10)).toBe(true);
    expect(resultOf(search)).toMatchObject({ verdict: 'incomplete', bound: 'it was stopped' });
  });

  test('carries the schedule out of an error of ours', () => {
    let n = 0;
    const { id, alias, says, word, cite, applies } = invariants[0]!;
    const faulty: Invariant = {
      id,
      alias,
      says,
      word,
      cite,
      applies,
      broken: () => {
        n += 1;
        if (n === 30) throw new InternalError('a rule was broken');
        return null;
      },
    };
    const search = begin(machine('v5.9'), { invariants: [faulty] });
    expect(() => {
      while (!advance(search, 8));
    }).toThrow(/^a rule was broken; in a step from where the moves of threads (0 ?)+ lead$/);
    expect(search.done).toBe(true);
  });
});

describe('a violation', () => {
  const result = check(machine('v5.7'));

  test('is reported with its reason', () => {
    expect(result).toMatchObject({
      verdict: 'violated',
      invariant: 'private-writes-stay-private',
      preemptions: 1,
      depth: result.moves.length,
      bound: '',
      reason: 'child sees “secret” in pipe p: parent wrote it to private memory after fork.',
      broken: { process: 1, folio: 1, cards: ['mm:child', 'folio:f0'] },
    });
  });

  test('is where its schedule ends, and not before', () => {
    const m = machine('v5.7');
    let world = m.start;
    for (const t of result.moves) {
      expect(invariantById('ISO')!.broken()).toBeNull();
      world = apply(m, world, t)!;
      load(world, 0);
    }
    expect(invariantById('ISO')!.broken()?.reason).toBe(result.reason);
  });

  /**
   * Least preemptions of all schedules of the least length, by a walk over (world, thread that moved last).
   */
  function fewest(m: Machine, id: string): { depth: number; preemptions: number } {
    const wanted = invariantById(id)!;
    let level = new Map([[`${m.start.join()}/-1`, { world: m.start, last: -1, cost: 0 }]]);
    for (let depth = 1; depth < 500; depth++) {
      const next = new Map<string, { world: Int32Array; last: number; cost: number }>();
      let best = Infinity;
      for (const { world, last, cost } of level.values()) {
        activate(m);
        load(world, 0);
        const goesOn = last >= 0 && status(last).kind === 'enabled';
        for (let t = 0; t < m.plan.threads.length; t++) {
          const to = apply(m, world, t);
          if (to === null) continue;
          const total = cost + (goesOn && t !== last ? 1 : 0),
            key = `${to.join()}/${t}`;
          load(to, 0);
          if (wanted.broken() !== null) best = Math.min(best, total);
          if ((next.get(key)?.cost ?? Infinity) > total) next.set(key, { world: to, last: t, cost: total });
        }
      }
      if (best < Infinity) return { depth, preemptions: best };
      level = next;
    }
    throw new Error('no violation');
  }

  test.each([
    ['v5.7', 'ISO', [], leak],
    [
      'v5.9',
      'no-use-after-free',
      ['copy-holds-old-folio'],
      planOf(`process parent
region a anon 1 page
parent: store a.0 "old"
parent: vmsplice a.0 -> p
parent: mprotect a ro
parent: mprotect a rw
parallel
  parent: store a.0 "one"
  parent/2: madvise a dontneed
  -: read p
end
`),
    ],
    [
      'v5.19',
      'PIN',
      ['gup-fast-checks-seq'],
      planOf(`process parent
region a anon 1 page
parent: store a.0 "old"
parallel
  parent: fork child
  parent/2: pin a.0 write fast as dma
end
parent: store a.0 "new"
`),
    ],
  ] as const)(
    'comes by a shortest schedule with the fewest preemptions, %s %s',
    (model, id, without, plan) => {
      const m = boot(plan, modelById(model)!, without);
      const found = check(m, { invariants: [invariantById(id)!] });
      expect({ depth: found.depth, preemptions: found.preemptions }).toEqual(fewest(m, id));
    },
  );

  test('may come by any shortest schedule when nobody asks for the best', () => {
    const first = check(machine('v5.7'), { fewest: false });
    expect([first.verdict, first.depth, first.states]).toEqual(['violated', result.depth, result.states]);
    expect(first.preemptions).toBeGreaterThanOrEqual(result.preemptions);
  });

  test('may be a run that cannot go on', () => {
    const stuck = planOf(`process parent
region a anon 1 page
parent: store a.0 "old"
parallel
  parent: munmap a
  parent/2: vmsplice a.0 -> p
  parent/2: read p -> got
end
`);
    const found = check(machine('v5.9', stuck));
    expect(found).toMatchObject({
      verdict: 'violated',
      invariant: 'no-deadlock',
      reason: 'Nobody can move: parent/2 waits until the pipe has something to read.',
    });
    expect(check(machine('v5.9', stuck), { invariants: [invariantById('ISO')!] }).verdict).toBe('holds');
  });

  test('of a question is named as the scenario asks it', () => {
    const asked = planOf(`process parent
region a anon 1 page
parent: load a.0 -> got
always parent.got = "something"
parent: store a.0 "something"
`);
    expect(check(machine('v5.9', asked))).toMatchObject({
      verdict: 'violated',
      invariant: 'always parent.got = "something"',
    });
  });

  test('in the first world has no moves', () => {
    const odd = {
      ...invariants[0]!,
      id: 'never-starts',
      broken: () => ({ reason: 'It starts.', cards: [], process: null, folio: -1 }),
    };
    expect(check(machine('v5.9'), { invariants: [odd] })).toMatchObject({
      verdict: 'violated',
      depth: 0,
      moves: [],
      states: 1,
    });
  });
});
