/**
 * A search of the runs with at most so many preemptions: switches away from a thread that could have gone on.
 * Most known races need one or two, and there are far fewer such runs. Breadth first over worlds together
 * with the thread that moved last; one that was met by a way that is no longer and has no more preemptions
 * leads nowhere new. It runs in slices, as `check.ts` does.
 */
import { branches, choicesOf, moveOf, step, threadOfMove } from '../kernel/engine.ts';
import { activate } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { forgetWrites, now, observe, observer } from '../kernel/world.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import type { Broken, Invariant } from '../invariants/index.ts';
import { BYTES_MAX, STATES_MAX } from './check.ts';
import { back, bytesOf, find, newPool, put, settle, stand } from './pool.ts';
import type { Pool } from './pool.ts';
import { sampled } from './sample.ts';

export interface BoundedOptions {
  readonly invariants?: readonly Invariant[];
  /** Most worlds, most bytes for them, most steps to a world. */
  readonly states?: number;
  readonly bytes?: number;
  readonly depth?: number;
}
export interface Bounded {
  readonly verdict: 'holds' | 'violated' | 'incomplete';
  readonly bound: string;
  readonly violated: Invariant | null;
  readonly broken: Broken | null;
  readonly moves: readonly number[];
  /** Of the run that violates; else the most that any run was allowed. */
  readonly preemptions: number;
  /** Different worlds, and steps that were made. */
  readonly states: number;
  readonly edges: number;
  readonly depth: number;
}

/** Ways to worlds, a column for each fact: the world, the way before, the last move, what it has cost. */
interface Ways {
  count: number;
  world: Int32Array;
  from: Int32Array;
  move: Int32Array;
  cost: Uint8Array;
}
const NOBODY = -1,
  UNMET = 255,
  FIRST_ROOM = 1 << 8;

export interface BoundedSearch {
  readonly machine: Machine;
  readonly pool: Pool;
  readonly most: number;
  readonly options: BoundedOptions;
  readonly moving: readonly Invariant[];
  readonly still: readonly Invariant[];
  readonly ways: Ways;
  /** Way to go on from next, and the first way of each length. */
  head: number;
  readonly levels: number[];
  /** Least preemptions for each world and each thread that moved last. */
  least: Uint8Array;
  states: number;
  edges: number;
  /** Way at whose end something is broken, and what. */
  hit: { readonly way: number; readonly invariant: Invariant; readonly broken: Broken } | null;
  bound: string;
  done: boolean;
}

/** `most`: preemptions, up to 250. */
export function beginWithin(machine: Machine, most: number, options: BoundedOptions = {}): BoundedSearch {
  activate(machine);
  const wanted = options.invariants ?? [
      ...invariantsFor(machine.plan),
      ...questionsOf(machine.plan).invariants,
    ],
    pool = newPool(machine, sampled(machine));
  settle(pool);
  forgetWrites();
  put(pool, ~find(pool), 0, 0);
  const search: BoundedSearch = {
    machine,
    pool,
    most,
    options,
    moving: wanted.filter((i) => i.whenStill !== true),
    still: wanted.filter((i) => i.whenStill === true),
    ways: {
      count: 0,
      world: new Int32Array(FIRST_ROOM),
      from: new Int32Array(FIRST_ROOM),
      move: new Int32Array(FIRST_ROOM),
      cost: new Uint8Array(FIRST_ROOM),
    },
    head: 0,
    levels: [0],
    least: new Uint8Array(FIRST_ROOM).fill(UNMET),
    states: 1,
    edges: 0,
    hit: null,
    bound: '',
    done: false,
  };
  addWay(search.ways, 0, -1, NOBODY, 0);
  judge(search, search.moving, 0);
  return search;
}

/** From start to end in one go. */
export function checkWithin(machine: Machine, most: number, options: BoundedOptions = {}): Bounded {
  const search = beginWithin(machine, most, options);
  while (!advanceWithin(search, 1 << 16));
  return resultWithin(search);
}

/** Goes on from `most` ways; true when the search is over. */
export function advanceWithin(search: BoundedSearch, most: number): boolean {
  if (search.done) return true;
  activate(search.machine);
  const listening = observer;
  observe(null);
  try {
    explore(search, most);
  } finally {
    observe(listening);
  }
  return search.done;
}
/** Ends a search early: it is incomplete, and says why. */
export function stopWithin(search: BoundedSearch, why: string): void {
  if (search.done) return;
  search.bound = why;
  search.done = true;
}

export function resultWithin(search: BoundedSearch): Bounded {
  const { hit, bound, ways, most } = search;
  return {
    verdict: hit !== null ? 'violated' : bound === '' ? 'holds' : 'incomplete',
    bound: hit === null ? bound : '',
    violated: hit?.invariant ?? null,
    broken: hit?.broken ?? null,
    moves: hit === null ? [] : movesTo(ways, hit.way),
    preemptions: hit === null ? most : ways.cost[hit.way]!,
    states: search.states,
    edges: search.edges,
    depth: hit === null ? depthOf(search) : movesTo(ways, hit.way).length,
  };
}
export const progressWithin = (
  search: BoundedSearch,
): { readonly states: number; readonly depth: number; readonly bytes: number } => ({
  states: search.states,
  depth: depthOf(search),
  bytes: bytesWithin(search),
});

/** Steps to the end of the last way. */
const depthOf = ({ levels, ways }: BoundedSearch): number =>
  levels.at(-1) === ways.count ? levels.length - 2 : levels.length - 1;
const bytesWithin = ({ pool, ways, least }: BoundedSearch): number =>
  bytesOf(pool) + 13 * ways.world.length + least.length;

function explore(search: BoundedSearch, most: number): void {
  const { pool, ways, levels, options } = search,
    { states = STATES_MAX, bytes = BYTES_MAX, depth = Infinity } = options;
  settle(pool);
  for (let left = most; left > 0 && !search.done; left--, search.head++) {
    const { head } = search;
    if (head === ways.count) {
      search.done = true;
      return;
    }
    if (head === levels.at(-1)) levels.push(ways.count);
    stand(pool, ways.world[head]!);
    const before = ways.count,
      moved = successors(search, head);
    // A world is judged where it is met first; it is the same by any other way.
    for (const way of fresh) {
      stand(pool, ways.world[way]!);
      if (judge(search, search.moving, way)) return;
    }
    if (!moved) judge(search, search.still, head);
    else if (search.states > states) stopWithin(search, `${states} states`);
    else if (ways.count > before && depthOf(search) > depth) stopWithin(search, `depth ${depth}`);
    else if (head % LOOK === 0 && bytesWithin(search) > bytes)
      stopWithin(search, `${Math.ceil(bytes / 2 ** 20)} MB of memory`);
  }
}
/** Ways between two looks at the memory. */
const LOOK = 1_024;

/** Steps that were made from one world, and the ways among them to worlds that had no way yet. */
const met: { move: number; world: number }[] = [],
  can: boolean[] = [],
  fresh: number[] = [];
/** From the world that the pool stands on; false: nobody can move. */
function successors(search: BoundedSearch, at: number): boolean {
  const { pool, most, ways } = search,
    { threads } = now.counts,
    world = ways.world[at]!,
    last = at === 0 ? NOBODY : threadOfMove(ways.move[at]!);
  met.length = 0;
  can.length = 0;
  fresh.length = 0;
  for (let t = 0; t < threads; t++) {
    for (let c = 0, n = branches ? choicesOf(t) : 1; c < n; c++) {
      if (!step(t, c)) continue;
      can[t] = true;
      search.edges += 1;
      const known = find(pool),
        move = moveOf(t, c);
      met.push({ move, world: known >= 0 ? known : put(pool, ~known, world, move) });
      back(pool);
    }
  }
  for (const { move, world: id } of met) {
    const t = threadOfMove(move),
      cost = ways.cost[at]! + (last !== NOBODY && last !== t && can[last] === true ? 1 : 0);
    if (cost > most) continue;
    const row = id * threads,
      least = leastUpTo(search, row + threads);
    let unmet = true;
    for (let i = row; i < row + threads; i++) unmet &&= least[i] === UNMET;
    if (cost >= least[row + t]!) continue;
    least[row + t] = cost;
    // Worlds that only a run with more preemptions comes to are known, and not of this search.
    if (unmet) {
      fresh.push(ways.count);
      search.states += 1;
    }
    addWay(ways, id, at, move, cost);
  }
  return met.length > 0;
}

function leastUpTo(search: BoundedSearch, length: number): Uint8Array {
  while (search.least.length < length) {
    const next = new Uint8Array(2 * search.least.length).fill(UNMET, search.least.length);
    next.set(search.least);
    search.least = next;
  }
  return search.least;
}
function addWay(ways: Ways, world: number, from: number, move: number, cost: number): void {
  const at = ways.count++;
  if (at === ways.world.length) {
    ways.world = longer(ways.world);
    ways.from = longer(ways.from);
    ways.move = longer(ways.move);
    const wider = new Uint8Array(2 * at);
    wider.set(ways.cost);
    ways.cost = wider;
  }
  ways.world[at] = world;
  ways.from[at] = from;
  ways.move[at] = move;
  ways.cost[at] = cost;
}
function longer(column: Int32Array): Int32Array {
  const next = new Int32Array(2 * column.length);
  next.set(column);
  return next;
}

/** True if the scratch world, to which a way leads, breaks something: the search is over. */
function judge(search: BoundedSearch, wanted: readonly Invariant[], way: number): boolean {
  for (const invariant of wanted) {
    const broken = invariant.broken();
    if (broken === null) continue;
    search.hit = { way, invariant, broken };
    search.done = true;
    return true;
  }
  return false;
}

function movesTo(ways: Ways, way: number): number[] {
  const out: number[] = [];
  for (let w = way; ways.from[w]! >= 0; w = ways.from[w]!) out.push(ways.move[w]!);
  return out.toReversed();
}
