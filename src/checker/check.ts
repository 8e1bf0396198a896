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
import { branches, choicesOf, moveOf, pcOf, step } from '../kernel/engine.ts';
import { activate } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { cells, forgetWrites, now, observation, observe, observer } from '../kernel/world.ts';
import { SEEN } from '../kernel/verbs/mm.ts';
import { hasEnded } from '../kernel/view.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import type { Broken, Invariant, Wish } from '../invariants/index.ts';
import {
  EVERYBODY,
  canonical,
  choose,
  isUnsure,
  reductionOf,
  swapsOf,
  unfold,
  wasAlone,
} from './reduce/reduction.ts';
import type { Reduction, ReductionName } from './reduce/reduction.ts';
import { makeAhead } from './ahead.ts';
import { missedAtMost, toFingerprints } from './fingerprints.ts';
import {
  back,
  bytesForNext,
  bytesOf,
  find,
  findMade,
  hashMade,
  lacksRoom,
  newPool,
  pathTo,
  put,
  putMade,
  release,
  settle,
  stand,
  takeIn,
} from './pool.ts';
import type { Pool } from './pool.ts';
import { NOT_ENDED, SAW_NOTHING } from './result.ts';
import type { Found, Outcome, Result } from './result.ts';
import { sampled } from './sample.ts';
import { preemptionsIn, untangle, untangling } from './untangle.ts';
import type { Untangling } from './untangle.ts';
import { changed, watchFor } from './watch.ts';
import type { Watch } from './watch.ts';

export { NOT_ENDED, SAW_NOTHING } from './result.ts';
export type { Ending, Found, Outcome, Reduced, Result } from './result.ts';

export interface Options {
  /** What to look for; absent: every invariant and the scenario's own questions. */
  readonly invariants?: readonly Invariant[];
  /**
   * Most worlds, most bytes for them, most steps to a world. Who has a clock bounds the time: stop(search,
   * '5 s').
   */
  readonly states?: number;
  readonly bytes?: number;
  readonly depth?: number;
  /**
   * What to leave out (`reduce/`); absent: nothing. Then a violation is looked for once more without leaving
   * out anything, no deeper than it was found, so that its schedule is a shortest one.
   */
  readonly reduce?: readonly ReductionName[];
  /**
   * False: the first shortest schedule will do, whatever its preemptions. Saves a second pass over the
   * worlds.
   */
  readonly fewest?: boolean;
  /** False: ends as incomplete where memory for exact comparison ends. */
  readonly fingerprints?: boolean;
  /**
   * Goes on behind violations, until every invariant is broken or every world was met: then `found` has a
   * shortest way to each, and `outcomes` is complete.
   */
  readonly survey?: boolean;
}
export const STATES_MAX = 5_000_000,
  BYTES_MAX = 1 << 30;

export interface Search {
  readonly machine: Machine;
  readonly statesMax: number;
  readonly bytesMax: number;
  readonly depthMax: number;
  readonly options: Options;
  reduction: Reduction | null;
  /** Looks for the shortest way to a violation that the reduced search has found. */
  plain: Search | null;
  readonly fewest: boolean;
  /** Judged in every state, and in those where nobody can move. */
  readonly moving: Invariant[];
  readonly still: Invariant[];
  readonly watch: Watch;
  /** Bits of `watch` for those of `moving` and `silent`. */
  readonly movingBits: number[];
  readonly silentBits: number[];
  readonly survey: boolean;
  readonly found: Found[];
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

/** A bound on steps counts them, so that none may be passed over; a survey looks at every world. */
function wishes({ reduce, depth, survey }: Options): readonly ReductionName[] {
  if (reduce === undefined || survey === true) return [];
  return depth === undefined ? reduce : reduce.filter((r) => r === 'frames' || r === 'threads');
}

/** Starts a search. Nothing is explored yet but the first world. */
export function begin(machine: Machine, options: Options = {}): Search {
  activate(machine);
  const questions = questionsOf(machine.plan);
  const wanted = options.invariants ?? [...invariantsFor(machine.plan), ...questions.invariants];
  const watch = watchFor(wanted, 4 * machine.words),
    moving = wanted.filter((i) => i.whenStill !== true);
  const search: Search = {
    machine,
    statesMax: options.states ?? STATES_MAX,
    bytesMax: options.bytes ?? BYTES_MAX,
    depthMax: options.depth ?? Infinity,
    options,
    reduction: reductionOf(machine, wanted, wishes(options)),
    plain: null,
    fewest: options.fewest ?? true,
    moving,
    still: wanted.filter((i) => i.whenStill === true),
    watch,
    movingBits: moving.map((i) => watch.bitOf.get(i)!),
    silentBits: wanted.map((i) => watch.bitOf.get(i)!),
    survey: options.survey ?? false,
    found: [],
    pool: newPool(machine, sampled(machine)),
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
  settle(search.pool);
  forgetWrites();
  put(search.pool, ~find(search.pool), 0, 0);
  if (judge(search, search.moving, 0)) violate(search, 0, []);
  return search;
}

/** Goes on for `most` worlds; true when the search is over. */
export function advance(search: Search, most: number): boolean {
  if (search.done) return true;
  if (search.plain !== null) {
    search.done = advance(search.plain, most);
    search.violated = search.plain.violated ?? search.violated;
    search.broken = search.plain.broken ?? search.broken;
    return search.done;
  }
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
  if (search.reduction === null) exploreAll(search, most);
  else exploreSome(search, search.reduction, most);
}
/** With a reduction: what is left out depends on where the moves of one thread lead. */
function exploreSome(search: Search, reduction: Reduction, most: number): void {
  const { pool, levels } = search,
    threads = now.counts.threads;
  settle(pool);
  for (let left = most; left > 0; left--, search.head++) {
    const { head } = search;
    if (isThrough(search)) return;
    if (head === levels[levels.length - 1]) levels.push(pool.count);
    release(pool, head);
    stand(pool, head);
    const alone = choose(reduction);
    let reached = alone === EVERYBODY ? NOTHING : expand(search, reduction, alone, true);
    if (reached === AHEAD) continue;
    for (let t = 0; t < threads && reached !== ENDED; t++)
      if (t !== alone) reached = Math.max(reached, expand(search, reduction, t, false));
    if (reached === ENDED) return;
    if (isUnsure(reduction)) {
      beginAgain(search, reduction);
      return;
    }
    if (reached === NOTHING && !rest(search, head)) return;
  }
}
/** No world is left, or none can be told from those before. */
function isThrough(search: Search): boolean {
  const { pool } = search;
  if (pool.outgrown)
    limit(search, `${pool.count} states, where fingerprints no longer cover all that changes`);
  else if (search.head === pool.count) search.done = true;
  return search.done;
}
/** Nobody can move in world `head`, the scratch world. False: that is a violation. */
function rest(search: Search, head: number): boolean {
  if (judge(search, search.still, head)) {
    violate(search, head, pathTo(search.pool, head));
    return false;
  }
  finalWorld(search, head);
  return true;
}

/** Without a reduction: steps are made ahead (`ahead.ts`), and looked up in the same order. */
function exploreAll(search: Search, most: number): void {
  const { pool, levels } = search;
  settle(pool);
  for (let left = most; left > 0;) {
    if (isThrough(search)) return;
    const { head } = search;
    if (head === levels[levels.length - 1]) levels.push(pool.count);
    const ofLevel = levels[levels.length - 1]! - head,
      { worlds, thrown, rests } = makeAhead(
        pool,
        head,
        Math.min(left, ofLevel),
        search.watch,
        interest(search),
      );
    hashMade(pool);
    if (!meetAll(search)) return;
    search.head += worlds;
    left -= worlds;
    if (pool.prints !== null) for (let id = head; id < search.head; id++) release(pool, id);
    if (thrown !== null) {
      search.head -= 1;
      throw thrown;
    }
    if (!rests) continue;
    stand(pool, search.head - 1);
    if (!rest(search, search.head - 1)) return;
  }
}
/** Looks up what was made ahead. False: the search is over. */
function meetAll(search: Search): boolean {
  const { pool, statesMax, depthMax, levels } = search,
    before = search.edges,
    most = levels.length - 1 > depthMax ? 0 : Math.min(statesMax, pool.countMax);
  let asked = interest(search);
  for (let k = takeIn(pool, 0, most, asked); k < pool.made; k = takeIn(pool, k + 1, most, asked)) {
    search.edges = before + k + 1;
    if (!meet(search, k, asked)) return false;
    asked = interest(search);
  }
  search.edges = before + pool.made;
  return true;
}
/** Looks up what was made as number `k`, where takeIn() has left it to others. False: the search is over. */
function meet(search: Search, k: number, asked: number): boolean {
  const { pool } = search;
  let known = findMade(pool, k);
  if (known >= 0) return true;
  const { prints } = pool;
  if (isOver(search)) return false;
  // It may have turned to fingerprints, where the place is another one.
  if (pool.prints !== prints) known = findMade(pool, k);
  if (known >= 0) return true;
  const id = putMade(pool, k, ~known, pool.cameFrom[k]!);
  if ((pool.asks[k]! & asked) === 0) return true;
  stand(pool, id);
  if (!judge(search, search.moving, id, pool.asks[k])) return true;
  violate(search, id, pathTo(pool, id));
  return false;
}
// What the moves of a thread have reached: a world whose turn is still to come, or one that has had it.
const NOTHING = 0,
  BEHIND = 1,
  AHEAD = 2,
  ENDED = 3;
/**
 * All moves of one thread from the world that the search stands on. `alone`: they might do, but only if they
 * lead AHEAD: a cycle of such moves would leave the others out for good.
 */
function expand(search: Search, reduction: Reduction, t: number, alone: boolean): number {
  const { pool, moving, head } = search,
    from = pcOf(t);
  let reached = NOTHING,
    kept = true;
  for (let c = 0, ways = branches ? choicesOf(t) : 1; c < ways; c++) {
    if (!step(t, c)) continue;
    search.edges += 1;
    kept &&= !alone || wasAlone(reduction);
    canonical(reduction, t, from, alone);
    let known = find(pool);
    const { prints } = pool;
    if (known < 0) {
      if (isOver(search)) return ENDED;
      // It may have turned to fingerprints, where the place is another one.
      if (pool.prints !== prints) known = find(pool);
    }
    if (known < 0) {
      put(pool, ~known, head, moveOf(t, c));
      if (judge(search, moving, pool.count - 1, changed(search.watch, pool.base))) {
        violate(search, pool.count - 1, pathTo(pool, pool.count - 1));
        return ENDED;
      }
    }
    if (reached === NOTHING) reached = BEHIND;
    if (known < 0 || known > head) reached = AHEAD;
    back(pool);
  }
  return kept ? reached : Math.min(reached, BEHIND);
}
/** Threads cannot be told to be alike in this scenario: once more, without swapping any. */
function beginAgain(search: Search, { used }: Reduction): void {
  const reduce = used.filter((r) => r !== 'threads');
  Object.assign(search, begin(search.machine, { ...search.options, reduce }));
}

/** One more world would go beyond a bound: the search ends. */
function isOver(search: Search): boolean {
  const { pool, levels, statesMax, bytesMax, depthMax } = search;
  if (pool.count >= statesMax) limit(search, `${statesMax} states`);
  else if (levels.length - 1 > depthMax) limit(search, `depth ${depthMax}`);
  else if (pool.count >= pool.countMax)
    limit(search, `${pool.countMax} states, more than a search can number`);
  else if (lacksRoom(pool) && needsLess(search) && bytesForNext(pool) > bytesMax)
    limit(search, `${Math.ceil(bytesMax / 2 ** 20)} MB of memory`);
  return search.done;
}
/** Gives up exact comparison in time; true, so that the bound itself is looked at. */
function needsLess({ pool, head, bytesMax, options }: Search): boolean {
  const exact = pool.prints === null && options.fingerprints !== false;
  if (exact && bytesForNext(pool) > FINGERPRINTS_FROM * bytesMax) {
    toFingerprints(pool, head);
  }
  return true;
}
/** While it is turned into fingerprints, a pool takes more room for a moment. */
const FINGERPRINTS_FROM = 0.7;
function limit(search: Search, bound: string): void {
  search.bound = bound;
  search.done = true;
}

/** Bits of all that a new world may be asked. */
function interest({ wishes, movingBits, silentBits }: Search): number {
  if (wishes.length > 0) return -1;
  let bits = 0;
  for (let i = 0; i < movingBits.length; i++) bits |= movingBits[i]!;
  for (let i = 0; i < silentBits.length; i++) bits |= silentBits[i]!;
  return bits;
}
/**
 * Looks at the scratch world, number `id`. True if it breaks something that ends the search. `asked`: bits of
 * `search.watch` for those that may not be as in the world before.
 */
function judge(search: Search, wanted: Invariant[], id: number, asked = -1): boolean {
  const { wishes, silent, silentBits } = search,
    bits = wanted === search.moving ? search.movingBits : null;
  for (let i = 0; i < wanted.length; i++) {
    if (bits !== null && (asked & bits[i]!) === 0) continue;
    const broken = wanted[i]!.broken();
    if (broken === null) continue;
    if (search.survey) {
      search.found.push({ invariant: wanted[i]!, broken, world: id });
      bits?.splice(i, 1);
      wanted.splice(i--, 1);
      continue;
    }
    search.violated = wanted[i]!;
    search.broken = broken;
    return true;
  }
  for (let i = wishes.length - 1; i >= 0; i--) if (wishes[i]!.met()) wishes.splice(i, 1);
  for (let i = silent.length - 1; i >= 0; i--) {
    if ((asked & silentBits[i]!) === 0 || !silent[i]!.applies()) continue;
    silent.splice(i, 1);
    silentBits.splice(i, 1);
  }
  return false;
}

/**
 * World `id` is a violation; `moves` leads there. Goes on to look for the way with the fewest preemptions.
 */
function violate(search: Search, id: number, moves: readonly number[]): void {
  if (search.reduction !== null) {
    search.moves = unfold(search.reduction, search.machine, moves);
    search.brokenAt = search.moves.length;
    // One more: that nobody can move is seen a level further down.
    const depth = search.moves.length + 1;
    search.plain = begin(search.machine, { ...search.options, reduce: [], depth });
    search.done = search.plain.done;
    return;
  }
  search.moves = moves;
  search.brokenAt = moves.length;
  const { pool, levels, bytesMax, fewest } = search;
  search.untangling = fewest ? untangling(pool, levels, moves.length, now.counts.threads, bytesMax) : null;
  search.done = id === 0 || search.untangling === null;
}

function finalWorld(search: Search, world: number): void {
  const seen: number[] = [];
  for (let o = 0, at = observation.at; o < now.counts.observed; o++, at += 2)
    seen.push((cells[at]! & SEEN) !== 0 ? cells[at + 1]! : hasEnded(observedOp(o)) ? SAW_NOTHING : NOT_ENDED);
  const threads = search.reduction?.threads ?? null;
  for (const s of threads === null ? [seen] : swapsOf(threads, seen)) {
    const key = s.join(),
      had = search.outcomes.get(key);
    if (had === undefined) search.outcomes.set(key, { seen: s, states: 1, world });
    else had.states += 1;
  }
}

const observedOp = (o: number): number => now.plan!.observed[o]!.op;

/**
 * Threads of a shortest schedule to what a survey found, among the shortest with the fewest preemptions
 * unless the search was told that any will do.
 */
export function wayTo(search: Search, { invariant, world }: Found): readonly number[] {
  activate(search.machine);
  const { pool, levels, bytesMax } = search,
    moves = pathTo(pool, world);
  const { threads } = search.machine.counts;
  const u = search.fewest ? untangling(pool, levels, moves.length, threads, bytesMax) : null;
  if (u === null) return moves;
  const listening = observer;
  observe(null);
  while (!untangle(u, pool, invariant, 1 << 16));
  observe(listening);
  return u.moves;
}

/** For a display while it runs. */
export function progressOf(search: Search): {
  readonly states: number;
  readonly depth: number;
  readonly bytes: number;
} {
  return { states: search.pool.count, depth: deepest(search), bytes: bytesOf(search.pool) };
}
/** The last level begins where it was expected to; an empty one is no level. */
function deepest({ levels, pool }: Search): number {
  return levels.findLastIndex((first) => first < pool.count);
}

/** Moves of real threads that lead to a world of the search. */
function movesTo({ pool, reduction, machine }: Search, world: number): readonly number[] {
  const moves = pathTo(pool, world);
  if (reduction === null) return moves;
  activate(machine);
  return unfold(reduction, machine, moves);
}

/** What is known so far; final once advance() has returned true. */
export function resultOf(search: Search): Result {
  const { pool, moves, bound, reduction, plain } = search;
  const shortest = plain === null ? null : resultOf(plain);
  if (shortest?.verdict === 'violated')
    return {
      ...shortest,
      reduced: { used: reduction?.used ?? [], states: pool.count, again: shortest.states },
    };
  const first = search.found[0],
    violated = search.violated ?? first?.invariant ?? null,
    broken = search.broken ?? first?.broken ?? null;
  const verdict = violated !== null ? 'violated' : bound !== '' || !search.done ? 'incomplete' : 'holds';
  return {
    verdict,
    bound: search.violated !== null ? '' : bound,
    invariant: violated?.id ?? null,
    broken,
    reason: broken?.reason ?? '',
    states: pool.count,
    edges: search.edges,
    depth: search.violated !== null ? search.brokenAt : deepest(search),
    bytesPerState: Math.ceil(bytesOf(pool) / pool.count),
    missedAtMost: missedAtMost(pool),
    moves,
    preemptions: moves.length === 0 ? 0 : preemptionsIn(search.machine, moves),
    outcomes: [...search.outcomes.values()].map((o) => ({ ...o, moves: movesTo(search, o.world) })),
    unmet: verdict === 'holds' ? search.wishes.map((w) => w.id) : [],
    vacuous: verdict === 'holds' ? search.silent.map((i) => i.id) : [],
    found: search.found,
    reduced:
      reduction === null ? null : { used: reduction.used, states: pool.count, again: shortest?.states ?? 0 },
  };
}
