// Rule sets put together by hand: what their ids say, what cannot stand together, and that they are the
// models whose answers they take.
import { describe, expect, test } from 'vitest';
import { check } from '../../checker/check.ts';
import { planOf } from '../../checker/plan-of.ts';
import { proposalChecks, textOfCheck } from '../../scenario/proposal-checks.ts';
import { gallery } from '../../scenario/gallery/index.ts';
import { boot } from '../machine.ts';
import type { Model, Rules } from '../rules.ts';
import { isRefused, lackIn, positionOf, positionsOf, readId } from './compose.ts';
import type { Chosen } from './compose.ts';
import { printId, settle } from './settle.ts';
import { kernels, modelById, modelOrWhy, models, proposals, whyNotMade } from '../models/index.ts';
import { switchWords } from './words.ts';
import { switches } from './switches.ts';

const registered = [...kernels, ...proposals];
const model = (id: string): Model => {
  const found = modelOrWhy(id);
  if (isRefused(found)) throw new Error(`${id}: ${found.message}. ${found.hint}`);
  return found;
};
/** Every switch where `of` has it. */
const chosenAs = (of: Model): Chosen =>
  Object.fromEntries(Object.keys(switches).map((name) => [name, positionOf(of, name, models)!]));
const written = (base: Model, chosen: Chosen): string =>
  [base.id, ...Object.entries(chosen).map(([name, at]) => `${name}.${at}`)].join('~');
const planOfCheck = (id: string) => planOf(textOfCheck(proposalChecks.find((c) => c.id === id)!));
const verdict = (id: string, on: Model): string => {
  const { invariant, verdict: v } = check(boot(planOfCheck(id), on), { fewest: false });
  return invariant ?? v;
};

describe('switches', () => {
  test('take each answer from a model that is there, and every rule belongs to one switch', () => {
    const rules = Object.values(switches).flatMap((one) => one.rules);
    expect(new Set(rules).size).toBe(rules.length);
    for (const { positions } of Object.values(switches))
      for (const { from } of Object.values(positions)) expect(models.map((m) => m.id)).toContain(from);
  });
  test('are needed where they exist, and nothing is needed by where they fall back to', () => {
    const needs = Object.entries(switches).flatMap(([name, { positions }]) =>
      Object.values(positions).flatMap((p) => Object.entries(p.needs ?? {}).map((need) => [name, ...need])),
    );
    expect(needs.length).toBeGreaterThan(8);
    for (const [name = '', needed = '', at = ''] of needs) {
      expect(Object.keys(switches[needed]!.positions)).toContain(at);
      const { positions, otherwise = '' } = switches[name]!;
      expect(positions[otherwise]).toBeDefined();
      expect(positions[otherwise]!.needs).toBeUndefined();
    }
  });
  test.each(registered.map((m) => [m.id, m] as const))('%s has one position of each', (_, one) => {
    for (const name of Object.keys(switches))
      expect([name, positionOf(one, name, models)]).not.toContain(null);
    expect(lackIn(positionsOf(one, {}, models))).toBe(null);
  });
  test('have words, each of them, and no more', () => {
    const ids = Object.entries(switches).map(([name, s]) => [name, Object.keys(s.positions)]);
    expect(switchWords.flatMap((g) => g.switches.map((s) => [s.id, Object.keys(s.positions)]))).toEqual(ids);
  });
});

describe('a model with its own positions', () => {
  test.each(models.map((m) => [m.id, m] as const))('is itself: %s', (_, one) => {
    const own = Object.fromEntries(
      Object.entries(chosenAs(one)).filter(([, at]) => (at as string | null) !== null),
    );
    const same = model(written(one, own));
    expect(same.rules).toEqual(one.rules);
    expect(same.routines).toEqual(one.routines);
    expect(printId(one, own, models)).toBe(one.id);
  });
  test('compiles the same rows', () => {
    for (const one of [model('v5.9'), model('v6.18'), model('spf'), model('gup-owner-full')]) {
      const same = model(written(one, chosenAs(one)));
      for (const { id } of proposalChecks) {
        const rows = [one, same].map((m) => {
          const { rows: all, to, next } = boot(planOfCheck(id), m).program;
          return { all: all.map((r) => [r.routine, r.label]), to, next };
        });
        expect(rows[1]).toEqual(rows[0]);
      }
    }
  });
});

describe('a base with the positions of another model', () => {
  const pairs = [
    ['v5.7', 'v5.8'],
    ['v5.8', 'v5.9'],
    ['v5.9', 'v5.11'],
    ['v5.11', 'v5.12'],
    ['v5.18', 'v5.19'],
    ['v5.11', 'count-strict-fail'],
    ['v5.9', 'gup-owner-min'],
    ['v5.12', 'spf'],
  ] as const;
  test.each(pairs)('%s as %s differs in no rule of a switch, and judges alike', (from, to) => {
    const mix = model(written(model(from), chosenAs(model(to))));
    const theirs = model(to);
    const asked = new Set<string>(Object.values(switches).flatMap((one) => one.rules));
    const apart = Object.keys(theirs.rules).filter(
      (rule) => asked.has(rule) && mix.rules[rule as keyof Rules] !== theirs.rules[rule as keyof Rules],
    );
    expect(apart).toEqual([]);
    expect(mix.routines).toEqual(theirs.routines);
    for (const { id } of proposalChecks) expect([id, verdict(id, mix)]).toEqual([id, verdict(id, theirs)]);
  });
  test('v5.8 as v5.9 finds in the gallery what v5.9 finds', () => {
    const mix = model(written(model('v5.8'), chosenAs(model('v5.9'))));
    let asked = 0;
    // KSM is no switch: those two kernels part there.
    for (const { text } of gallery.filter((e) => !/ksm|merge/.test(e.text))) {
      const plan = planOf(text);
      if (!plan.expectations.some((e) => e.models.includes('v5.9'))) continue;
      const small = (m: Model) => check(boot(plan, m), { fewest: false, states: 4_000 });
      const [one, other] = [small(mix), small(model('v5.9'))];
      expect([plan.title, one.verdict, one.invariant, one.states]).toEqual([
        plan.title,
        other.verdict,
        other.invariant,
        other.states,
      ]);
      asked++;
    }
    expect(asked).toBeGreaterThan(40);
  });
});

test('a switch decides: verdicts turn', () => {
  expect(verdict('leak', model('v5.9~reuse.mapcount'))).toBe('private-writes-stay-private');
  expect(verdict('leak', model('v5.7~reuse.refcount'))).toBe('holds');
  expect(verdict('pin-fork', model('v5.9~fork.share'))).toBe('pins-stay-coherent');
  expect(verdict('uffd-wp', model('v5.11~copy.locked'))).toBe('holds');
  expect(verdict('fault-fork', model('v5.11~faults.speculative'))).toBe('stores-are-not-lost');
  expect(verdict('fault-fork', model('v5.11~faults.speculative-told'))).toBe('holds');
});

describe('ids', () => {
  test('are read as they are printed, switches in one order', () => {
    const base = model('v5.9'),
      chosen = { fork: 'share', reuse: 'mapcount', seq: 'off' };
    const id = printId(base, chosen, models);
    expect(id).toBe('v5.9~reuse.mapcount~fork.share');
    expect(readId(id)).toEqual({ base: 'v5.9', chosen: { fork: 'share', reuse: 'mapcount' } });
    expect(model(id).id).toBe(id);
    expect(model(id)).toBe(model(id));
    expect(encodeURIComponent(id)).toBe(id);
  });
  test.each([
    ['v5.9~reuse', 'reuse has no position ""', /mapcount, refcount/],
    ['v5.9~reuse.nobody', 'reuse has no position "nobody"', /mapcount, refcount/],
    ['v5.9~pages.many', 'no switch is called "pages"', /reuse, huge/],
    ['v5.9~constructor.name', 'no switch is called "constructor"', /reuse/],
    ['v5.9~reuse.constructor', 'reuse has no position "constructor"', /mapcount/],
    ['v5.9~reuse.mapcount~reuse.refcount', 'reuse is said twice', /Keep one/],
    ['v9.9~reuse.mapcount', 'no model is called "v9.9"', /v5\.7, /],
    ['v5.9~', 'no switch is called ""', /reuse/],
    ['~~', 'no switch is called ""', /reuse/],
    ['v5.9~reuse.exclusive', 'reuse.exclusive needs huge.exclusive', /Add ~huge\.exclusive, or choose/],
    ['v5.9~reuse.owner', 'reuse.owner needs fork.mark-owner', /Add ~fork\.mark-owner/],
    ['v5.19~reuse.refcount', 'huge.exclusive needs reuse.exclusive', /choose another position of huge/],
    ['v5.9~lookup.unshare', 'lookup.unshare needs reuse.exclusive', /Add ~reuse/],
    [`v5.9${'~reuse.mapcount'.repeat(1e5)}`, 'an id of 1500004 letters', /At most 400/],
  ])('%.40s is refused: %s', (id, message, hint) => {
    const refused = modelOrWhy(id);
    expect(isRefused(refused) && refused.message).toBe(message);
    expect(isRefused(refused) && refused.hint).toMatch(hint);
    expect(modelById(id)).toBeUndefined();
    expect(whyNotMade(id)).toEqual(refused);
  });
  test('of registered models are no business of it', () => {
    for (const id of ['v5.9', 'v9.9', '']) expect(whyNotMade(id)).toBe(null);
    expect(models.some((m) => m.id.includes('~'))).toBe(false);
  });
});

describe('what cannot stand together', () => {
  const all = registered.flatMap((base) =>
    Object.entries(switches).flatMap(([name, { positions }]) =>
      Object.keys(positions).map((at) => ({ base, name, at })),
    ),
  );
  test('is settled so that the last choice stays', () => {
    for (const { base, name, at } of all) {
      const { chosen, moved } = settle(base, { [name]: at }, name, models);
      expect(lackIn(positionsOf(base, chosen, models))).toBe(null);
      expect(chosen[name]).toBe(at);
      for (const one of moved) expect(one).not.toBe(name);
      expect(isRefused(modelOrWhy(printId(base, chosen, models)))).toBe(false);
    }
  });
  test('brings what it needs, and sends away what needs it', () => {
    const on = settle(model('v5.9'), { reuse: 'exclusive' }, 'reuse', models);
    expect(printId(model('v5.9'), on.chosen, models)).toBe(
      'v5.9~reuse.exclusive~huge.exclusive~swapin.refcount',
    );
    expect(on.moved).toEqual(['huge', 'swapin']);
    const off = settle(model('v6.18'), { reuse: 'mapcount' }, 'reuse', models);
    expect(printId(model('v6.18'), off.chosen, models)).toBe(
      'v6.18~reuse.mapcount~huge.refcount~forced.dirty~lookup.take',
    );
  });
  // Whatever the checker says of it, it must be able to say something.
  test('is all that the simulation cannot run', () => {
    const bases = ['v5.11', 'v6.18'].map(model);
    const plans = ['child-refs', 'mprotect', 'uffd-wp'].map(planOfCheck);
    for (const { base, name, at } of all.filter((one) => bases.includes(one.base))) {
      const { chosen } = settle(base, { [name]: at }, name, models);
      const mix = model(printId(base, chosen, models));
      for (const plan of plans) expect(check(boot(plan, mix), { states: 1_000 }).states).toBeGreaterThan(1);
    }
  });
});
