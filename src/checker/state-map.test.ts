import { expect, test } from 'vitest';
import { extend, newRun, statuses } from '../debugger/run.ts';
import { follow } from '../debugger/schedule.ts';
import { choiceOfMove, moveOf, threadOfMove } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { modelById } from '../kernel/models/index.ts';
import { entryById } from '../scenario/gallery/index.ts';
import { check } from './check.ts';
import { planOf } from './plan-of.ts';
import { advanceMap, beginMap, mapOf } from './state-map.ts';
import type { MapOptions, StateMap } from './state-map.ts';

const machineFor = (id: string, model: string): Machine =>
  boot(planOf(entryById(id)!.text), modelById(model)!);
function mapFor(machine: Machine, options: Partial<MapOptions> = {}): StateMap {
  const mapping = beginMap(machine, { states: 100_000, layer: Infinity, moves: [], ...options });
  while (!advanceMap(mapping, 500));
  return mapOf(mapping);
}
/** Of the run that its text asks for. */
function movesOf(machine: Machine): number[] {
  const run = newRun(machine);
  follow(run, machine.plan.schedule);
  return run.steps.map((s) => moveOf(s.thread, s.choice));
}

test('has every world of the search, in its layers', () => {
  const machine = machineFor('leak-any-order', 'v6.18');
  const found = check(machine),
    { nodes, layers, states, bound } = mapFor(machine);
  expect(bound).toBe('');
  expect(states).toBe(found.states);
  expect(nodes).toHaveLength(found.states);
  expect(layers).toHaveLength(found.depth + 1);
  layers.forEach(({ states: n, shown }, depth) => {
    expect(nodes.filter((node) => node.depth === depth)).toHaveLength(n);
    expect(shown).toBe(n);
  });
  expect(nodes.filter(({ end }) => end).length).toBe(found.outcomes.reduce((n, o) => n + o.states, 0));
});

test('the run goes through it, one layer a step, to its end', () => {
  const machine = machineFor('vmsplice-leak', 'v5.7');
  const moves = movesOf(machine),
    map = mapFor(machine, { moves });
  expect(map.steps).toBe(moves.length);
  const path = map.nodes.filter(({ steps }) => steps.length > 0);
  expect(path.flatMap(({ steps }) => steps)).toEqual([...moves.keys(), moves.length]);
  expect(path.at(-1)).toMatchObject({ end: true, broken: true });
});

test('a run that comes back to a state is there twice', () => {
  const machine = machineFor('two-writers', 'v6.18');
  const moves = movesOf(machine),
    { nodes, steps } = mapFor(machine, { moves });
  expect(steps).toBe(moves.length);
  const all = nodes.flatMap((node) => node.steps).sort((a, b) => a - b);
  expect(all).toEqual([...moves.keys(), moves.length]);
  // Shorter ways lead to where it ends.
  expect(nodes.some((node) => (node.steps[0] ?? 0) > node.depth)).toBe(true);
});

test('marks where a rule breaks first: as early as the shortest run of a check', () => {
  const machine = machineFor('leak-any-order', 'v5.7');
  const { depth, invariant } = check(machine);
  const breaches = mapFor(machine).nodes.filter(({ breaks }) => breaks.length > 0);
  expect(Math.min(...breaches.map((node) => node.depth))).toBe(depth);
  expect(breaches.flatMap(({ breaks }) => breaks)).toContain(invariant);
  expect(mapFor(machineFor('leak-any-order', 'v6.18')).nodes.filter(({ broken }) => broken)).toEqual([]);
});

test('a wide layer shows some: the run, breaches, and the way to each by moves that can be made', () => {
  const machine = machineFor('leak-any-order', 'v5.7');
  const moves = movesOf(machine),
    whole = mapFor(machine, { moves }),
    map = mapFor(machine, { moves, layer: 6 });
  expect(map.states).toBe(whole.states);
  expect(map.layers.some(({ states, shown }) => shown < states)).toBe(true);
  for (const { shown } of map.layers) expect(shown).toBeLessThanOrEqual(6);
  expect(map.nodes.filter(({ steps }) => steps.length > 0)).toHaveLength(map.steps + 1);
  expect(map.nodes.some(({ breaks }) => breaks.length > 0)).toBe(true);
  for (const node of map.nodes) {
    const way: number[] = [];
    for (let at = node; at.up >= 0; at = map.nodes[at.up]!) way.unshift(...at.moves);
    expect(way).toHaveLength(node.depth);
    const run = newRun(machine);
    for (const move of way) expect(extend(run, threadOfMove(move), choiceOfMove(move))).toBe(true);
    const able = statuses(run, way.length).filter(({ kind }) => kind === 'enabled');
    expect(able.length === 0).toBe(node.end);
  }
});

test('of a space that is too large the first worlds are shown, and it says so', () => {
  const machine = machineFor('leak-any-order', 'v5.7');
  const map = mapFor(machine, { states: 50, moves: movesOf(machine) });
  expect(map.bound).toBe('50 states');
  expect(map.states).toBe(50);
  expect(map.steps).toBeLessThan(movesOf(machine).length);
});
