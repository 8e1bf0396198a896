/**
 * All orders of all steps: plain breadth-first search over packed worlds, with the same `step` as the
 * stepper. The first violation that it meets is at the end of a shortest schedule; among the shortest, the
 * one with the fewest preemptions is reported.
 *
 * A search runs in slices, so that a worker can report progress and be cancelled, and other machines may be
 * activated between two slices. Everything is at module level and the arrays are arguments: closures made
 * anew for each check are slower.
 */
import { InternalError } from '../kernel/errors.ts';
import { step } from '../kernel/engine.ts';
import { activate } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { cells, load, now, observation, observe, observer } from '../kernel/world.ts';
import { SEEN } from '../kernel/verbs/mm.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import type { Broken, Invariant, Wish } from '../invariants/index.ts';
import { bytesOf, find, grow, newPool, pathTo, put } from './pool.ts';
import type { Pool } from './pool.ts';
import { preemptionsIn, untangle, untangling } from './untangle.ts';
import type { Untangling } from './untangle.ts';

export interface Options {
  /** What to look for; absent: every invariant and the scenario's own questions. */
  readonly invariants?: readonly Invariant[];
  /** Most worlds, and most bytes for them. */
  readonly states?: number;
  readonly bytes?: number;
  /**
   * False: the first shortest schedule will do, whatever its preemptions. Saves a second pass over the
   * worlds.
   */
  readonly fewest?: boolean;
}
export const STATES_MAX = 5_000_000,
  BYTES_MAX = 1 << 30;
const FIRST_CAPACITY = 1 << 10;

export interface Outcome {
  /** For each of `Plan.observed` an index into `Plan.stored`, -1 = nothing was seen. */
  readonly seen: readonly number[];
  /** Worlds that end with it. */
  states: number;
}

export interface Result {
  readonly verdict: 'holds' | 'violated' | 'incomplete';
  /** For `incomplete`: which bound ended the search. */
  readonly bound: string;
  readonly invariant: string | null;
  readonly broken: Broken | null;
  readonly reason: string;
  readonly states: number;
  readonly edges: number;
  /** Steps to the farthest world; for a violation, to it. */
  readonly depth: number;
  readonly bytesPerState: number;
  /** Threads of the shortest schedule that violates, in order. */
  readonly moves: readonly number[];
  /** Its switches away from a thread that could have gone on. */
  readonly preemptions: number;
  /** How runs can end; of a search that did not end, those that it met. */
  readonly outcomes: readonly Outcome[];
  /**
   * `sometimes` questions that no run answers; empty unless the search has seen every run without a
   * violation.
   */
  readonly unmet: readonly string[];
  /** Invariants whose subject never occurred, so that their holding says nothing; empty as above. */
  readonly vacuous: readonly string[];
}

export interface Search {
  readonly machine: Machine;
  readonly statesMax: number;
  readonly bytesMax: number;
  readonly fewest: boolean;
  /** Judged in every state, and in those where nobody can move. */
  readonly moving: readonly Invariant[];
  readonly still: readonly Invariant[];
  readonly pool: Pool;
  /** World to expand next. */
  head: number;
  /** First world of each depth. */
  readonly levels: number[];
  edges: number;
  readonly outcomes: Map<string, Outcome>;
  /** Not met yet. */
  wishes: Wish[];
  silent: Invariant[];
  violated: Invariant | null;
  broken: Broken | null;
  /** Depth of the violation. */
  brokenAt: number;
  moves: readonly number[];
  untangling: Untangling | null;
  bound: string;
  done: boolean;
}

/** Starts a search. Nothing is explored yet but the first world. */
export function begin(machine: Machine, options: Options = {}): Search {
  activate(machine);
  const questions = questionsOf(machine.plan);
  const wanted = options.invariants ?? [...invariantsFor(machine.plan), ...questions.invariants];
  const search: Search = {
    machine,
    statesMax: options.states ?? STATES_MAX,
    bytesMax: options.bytes ?? BYTES_MAX,
    fewest: options.fewest ?? true,
    moving: wanted.filter((i) => i.whenStill !== true),
    still: wanted.filter((i) => i.whenStill === true),
    pool: newPool(machine.words, FIRST_CAPACITY),
    head: 0,
    levels: [0],
    edges: 0,
    outcomes: new Map(),
    wishes: [...questions.wishes],
    silent: [...wanted],
    violated: null,
    broken: null,
    brokenAt: 0,
    moves: [],
    untangling: null,
    bound: '',
    done: false,
  };
  load(machine.start, 0);
  put(search.pool, ~find(search.pool.worlds, search.pool.table, search.pool.capacity, machine.words), 0, 0);
  if (judge(search, search.moving)) violate(search, 0, []);
  return search;
}

/** Goes on for `most` worlds; true when the search is over. */
export function advance(search: Search, most: number): boolean {
  if (search.done) return true;
  activate(search.machine);
  const listening = observer;
  observe(null);
  try {
    if (search.untangling === null) explore(search, most);
    else if (untangle(search.untangling, search.pool, search.violated!, most)) {
      search.moves = search.untangling.moves;
      search.done = true;
    }
  } catch (e) {
    if (!(e instanceof InternalError)) throw e;
    search.done = true;
    const moves = pathTo(search.pool, search.head).join(' ');
    throw new InternalError(`${e.message}; in a step from where the moves of threads ${moves} lead`);
  } finally {
    observe(listening);
  }
  return search.done;
}
/** Ends a search early: it is incomplete, and says why. */
export function stop(search: Search, why = 'it was stopped'): void {
  if (search.done) return;
  if (search.violated === null) search.bound = why;
  search.done = true;
}

/** From start to end in one go, for tests and the command line. */
export function check(machine: Machine, options: Options = {}): Result {
  const search = begin(machine, options);
  while (!advance(search, 1 << 16));
  return resultOf(search);
}

function explore(search: Search, most: number): void {
  const { pool, levels, moving, statesMax } = search,
    n = pool.words,
    threads = now.counts.threads;
  let { worlds, table, capacity } = pool,
    { head } = search;
  for (let left = most; left > 0; left--, head++) {
    if (head === pool.count) {
      search.head = head;
      search.done = true;
      return;
    }
    if (head === levels[levels.length - 1]) levels.push(pool.count);
    search.head = head;
    load(worlds, head * n);
    let moved = false;
    for (let t = 0; t < threads; t++) {
      if (!step(t)) continue;
      moved = true;
      search.edges += 1;
      const known = find(worlds, table, capacity, n);
      if (known < 0) {
        if (pool.count >= statesMax) {
          limit(search, `${statesMax} states`);
          return;
        }
        let slot = ~known;
        if (pool.count === capacity) {
          if (bytesOf(n, 2 * capacity) > search.bytesMax) {
            limit(search, `${Math.ceil(search.bytesMax / 2 ** 20)} MB of memory`);
            return;
          }
          grow(pool);
          ({ worlds, table, capacity } = pool);
          slot = ~find(worlds, table, capacity, n);
        }
        put(pool, slot, head, t);
        if (judge(search, moving)) {
          violate(search, pool.count - 1, pathTo(pool, pool.count - 1));
          return;
        }
      }
      load(worlds, head * n);
    }
    if (moved) continue;
    if (judge(search, search.still)) {
      violate(search, head, pathTo(pool, head));
      return;
    }
    finalWorld(search);
  }
  search.head = head;
}
function limit(search: Search, bound: string): void {
  search.bound = bound;
  search.done = true;
}

/** Looks at the scratch world. True if it breaks something. */
function judge(search: Search, wanted: readonly Invariant[]): boolean {
  for (let i = 0; i < wanted.length; i++) {
    const broken = wanted[i]!.broken();
    if (broken === null) continue;
    search.violated = wanted[i]!;
    search.broken = broken;
    return true;
  }
  const { wishes, silent } = search;
  for (let i = wishes.length - 1; i >= 0; i--) if (wishes[i]!.met()) wishes.splice(i, 1);
  for (let i = silent.length - 1; i >= 0; i--) if (silent[i]!.applies()) silent.splice(i, 1);
  return false;
}

/**
 * World `id` is a violation; `moves` leads there. Goes on to look for the way with the fewest preemptions.
 */
function violate(search: Search, id: number, moves: readonly number[]): void {
  search.moves = moves;
  search.brokenAt = moves.length;
  const { pool, levels, bytesMax, fewest } = search;
  search.untangling = fewest ? untangling(pool, levels, moves.length, now.counts.threads, bytesMax) : null;
  search.done = id === 0 || search.untangling === null;
}

function finalWorld(search: Search): void {
  const seen: number[] = [];
  for (let o = 0, at = observation.at; o < now.counts.observed; o++, at += 2)
    seen.push((cells[at]! & SEEN) === 0 ? -1 : cells[at + 1]!);
  const key = seen.join(),
    had = search.outcomes.get(key);
  if (had === undefined) search.outcomes.set(key, { seen, states: 1 });
  else had.states += 1;
}

/** For a display while it runs. */
export function progressOf(search: Search): { readonly states: number; readonly depth: number } {
  return { states: search.pool.count, depth: deepest(search) };
}
/** The last level begins where it was expected to; an empty one is no level. */
function deepest({ levels, pool }: Search): number {
  return levels.findLastIndex((first) => first < pool.count);
}

/** What is known so far; final once advance() has returned true. */
export function resultOf(search: Search): Result {
  const { pool, violated, broken, moves, bound } = search;
  const verdict = violated !== null ? 'violated' : bound !== '' || !search.done ? 'incomplete' : 'holds';
  return {
    verdict,
    bound: violated !== null ? '' : bound,
    invariant: violated?.id ?? null,
    broken,
    reason: broken?.reason ?? '',
    states: pool.count,
    edges: search.edges,
    depth: violated !== null ? search.brokenAt : deepest(search),
    bytesPerState: bytesOf(pool.words, 1),
    moves,
    preemptions: moves.length === 0 ? 0 : preemptionsIn(search.machine, moves),
    outcomes: [...search.outcomes.values()].map(({ seen, states }) => ({ seen, states })),
    unmet: verdict === 'holds' ? search.wishes.map((w) => w.id) : [],
    vacuous: verdict === 'holds' ? search.silent.map((i) => i.id) : [],
  };
}
