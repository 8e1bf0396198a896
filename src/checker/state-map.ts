/**
 * All worlds that a scenario can come to, as a map: layers by depth, the breaches among them, and where one
 * run goes through. Of a large space only the first worlds are looked at, and of a wide layer only some are
 * shown; both are counted.
 */
import { doMove, status } from '../kernel/engine.ts';
import { activate } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { now, observe, observer } from '../kernel/world.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import type { Invariant } from '../invariants/index.ts';
import { advance, begin } from './check.ts';
import type { Search } from './check.ts';
import { back, find, moveTo, parentOf, settle, stand } from './pool.ts';

export interface MapOptions {
  /** Most worlds that are looked at. */
  readonly states: number;
  /** Most worlds of a layer that are shown. */
  readonly layer: number;
  /** Moves of the run that is drawn in. */
  readonly moves: readonly number[];
}

export interface MapNode {
  /** Steps to it. */
  readonly depth: number;
  /** Index of the shown world that it was first met from, perhaps over others; -1: the first. */
  readonly up: number;
  /** Moves from there. */
  readonly moves: readonly number[];
  /** Nobody can move. */
  readonly end: boolean;
  /** Rules that are broken in it, and not in the world before: ids. */
  readonly breaks: readonly string[];
  /** A rule is broken in it. */
  readonly broken: boolean;
  /** After these steps the run on the map is here: more than one where it comes back. */
  readonly steps: readonly number[];
}
export interface MapLayer {
  readonly states: number;
  readonly broken: number;
  readonly shown: number;
}
export interface StateMap {
  readonly nodes: readonly MapNode[];
  readonly layers: readonly MapLayer[];
  readonly states: number;
  /** '' or why it ends before the last world. */
  readonly bound: string;
  /** Steps of the run that lie on the map. */
  readonly steps: number;
}

export interface Mapping {
  readonly search: Search;
  readonly options: MapOptions;
  readonly rules: readonly Invariant[];
  /** For each world: 1 = broken, 2 = nobody can move; and which rules break there first. */
  marks: Uint8Array;
  readonly breaks: Map<number, readonly string[]>;
  /** World to judge next. */
  next: number;
}

export function beginMap(machine: Machine, options: MapOptions): Mapping {
  const search = begin(machine, { states: options.states, survey: true, fewest: false, fingerprints: false });
  const rules = [...invariantsFor(machine.plan), ...questionsOf(machine.plan).invariants];
  return { search, options, rules, marks: new Uint8Array(0), breaks: new Map(), next: 0 };
}

/** Goes on for `most` worlds; true when all is known. */
export function advanceMap(mapping: Mapping, most: number): boolean {
  const { search } = mapping;
  if (!search.done) {
    advance(search, most);
    return false;
  }
  const { pool } = search;
  if (mapping.next === 0) mapping.marks = new Uint8Array(pool.count);
  quietly(mapping, () => {
    for (const end = Math.min(pool.count, mapping.next + most); mapping.next < end; mapping.next++)
      judge(mapping, mapping.next);
  });
  return mapping.next === pool.count;
}

/** On the worlds of the search, with nobody watching. */
function quietly<T>({ search }: Mapping, work: () => T): T {
  const listening = observer;
  activate(search.machine);
  settle(search.pool);
  observe(null);
  try {
    return work();
  } finally {
    observe(listening);
  }
}

const BROKEN = 1,
  STILL = 2;
function judge({ search, rules, marks, breaks }: Mapping, id: number): void {
  const { pool } = search;
  stand(pool, id);
  const still = nobodyMoves();
  const broken = rules.filter((r) => (still || r.whenStill !== true) && r.broken() !== null).map((r) => r.id);
  marks[id] = (broken.length > 0 ? BROKEN : 0) | (still ? STILL : 0);
  if (broken.length === 0) return;
  const before = id === 0 ? [] : (breaks.get(parentOf(pool, id)) ?? []);
  // One list for all worlds behind a breach.
  const same = before.length === broken.length && broken.every((one) => before.includes(one));
  breaks.set(id, same ? before : broken);
}
function nobodyMoves(): boolean {
  for (let t = 0; t < now.counts.threads; t++) if (status(t).kind === 'enabled') return false;
  return true;
}

/** The map, once advanceMap() has returned true. */
export function mapOf(mapping: Mapping): StateMap {
  const { search, marks, options } = mapping,
    { pool, levels } = search,
    depth = depthOf(levels, pool.count),
    path = quietly(mapping, () => pathOf(mapping)),
    stepsAt = new Map<number, number[]>();
  path.forEach((world, at) => stepsAt.set(world, [...(stepsAt.get(world) ?? []), at]));
  const shown: number[] = [],
    layers: MapLayer[] = [];
  for (let d = 0; d < levels.length && levels[d]! < pool.count; d++) {
    const from = levels[d]!,
      to = Math.min(levels[d + 1] ?? pool.count, pool.count);
    const chosen = choose(from, to, options.layer, (id) => weightOf(mapping, id, stepsAt));
    shown.push(...chosen);
    let broken = 0;
    for (let id = from; id < to; id++) broken += marks[id]! & BROKEN;
    layers.push({ states: to - from, broken, shown: chosen.length });
  }
  const place = new Map(shown.map((id, i) => [id, i]));
  const nodes = shown.map((id): MapNode => {
    const moves: number[] = [];
    let up = id;
    while (up !== 0 && (moves.length === 0 || !place.has(up))) {
      moves.unshift(moveTo(pool, up));
      up = parentOf(pool, up);
    }
    return {
      depth: depth(id),
      up: id === 0 ? -1 : place.get(up)!,
      moves,
      end: (marks[id]! & STILL) !== 0,
      broken: (marks[id]! & BROKEN) !== 0,
      breaks: newlyBroken(mapping, id),
      steps: stepsAt.get(id) ?? [],
    };
  });
  return { nodes, layers, states: pool.count, bound: search.bound, steps: path.length - 1 };
}

const depthOf =
  (levels: readonly number[], count: number) =>
  (id: number): number =>
    levels.findLastIndex((first) => first <= id && first < count);

function newlyBroken({ search, breaks }: Mapping, id: number): readonly string[] {
  const here = breaks.get(id) ?? [],
    before = id === 0 ? [] : (breaks.get(parentOf(search.pool, id)) ?? []);
  return here.filter((one) => !before.includes(one));
}

/** What must be seen first: the run, then where rules break, then ends. */
function weightOf(mapping: Mapping, id: number, stepsAt: ReadonlyMap<number, unknown>): number {
  if (id === 0 || stepsAt.has(id)) return 3;
  if (newlyBroken(mapping, id).length > 0) return 2;
  return (mapping.marks[id]! & STILL) !== 0 ? 1 : 0;
}
/** Of worlds `from` to `to` at most `most`, in their order: the weightiest, the rest evenly spread. */
function choose(from: number, to: number, most: number, weight: (id: number) => number): number[] {
  const all = Array.from({ length: to - from }, (_, i) => from + i);
  if (all.length <= most) return all;
  const out = new Set<number>();
  for (const w of [3, 2, 1, 0]) {
    const mine = all.filter((id) => weight(id) === w),
      // What breaks and what ends leave room for what is on the way.
      room = w === 3 || w === 0 ? most - out.size : Math.ceil((most - out.size) / 2),
      n = Math.min(mine.length, Math.max(0, room));
    for (let i = 0; i < n; i++) out.add(mine[Math.floor((i * mine.length) / n)]!);
  }
  return [...out].sort((a, b) => a - b);
}

/** The worlds that the run goes through, as far as they are known. */
function pathOf({ search, options }: Mapping): number[] {
  const { pool } = search,
    out = [0];
  for (const move of options.moves) {
    stand(pool, out.at(-1)!);
    if (!doMove(move)) break;
    const world = find(pool);
    back(pool);
    if (world < 0) break;
    out.push(world);
  }
  return out;
}
