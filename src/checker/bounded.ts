/**
 * A search of the runs with at most so many preemptions: switches away from a thread that could have gone on.
 * Most known races need one or two, and there are far fewer such runs. Breadth first over worlds together
 * with the thread that moved last; one that was met by a way that is no longer and has no more preemptions
 * leads nowhere new.
 */
import { branches, choicesOf, moveOf, step, threadOfMove } from '../kernel/engine.ts';
import { activate } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { forgetWrites, now, observe, observer } from '../kernel/world.ts';
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import type { Broken, Invariant } from '../invariants/index.ts';
import { STATES_MAX } from './check.ts';
import { back, find, newPool, put, settle, stand } from './pool.ts';
import type { Pool } from './pool.ts';
import { sampled } from './sample.ts';

export interface BoundedOptions {
  readonly invariants?: readonly Invariant[];
  readonly states?: number;
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

/** A way to a world: who moved last, and what it has cost. */
interface Node {
  readonly world: number;
  readonly last: number;
  readonly cost: number;
  readonly depth: number;
  readonly from: Node | null;
  readonly move: number;
}
const NOBODY = -1,
  UNMET = 255;

interface Bound {
  readonly machine: Machine;
  readonly pool: Pool;
  readonly most: number;
  readonly queue: Node[];
  /** Least preemptions for each world and each thread that moved last. */
  readonly least: Uint8Array[];
  states: number;
  edges: number;
}

/** `most`: preemptions, up to 250. */
export function checkWithin(machine: Machine, most: number, options: BoundedOptions = {}): Bounded {
  activate(machine);
  const listening = observer,
    wanted = options.invariants ?? [...invariantsFor(machine.plan), ...questionsOf(machine.plan).invariants];
  observe(null);
  try {
    return explore(machine, most, wanted, options.states ?? STATES_MAX);
  } finally {
    observe(listening);
  }
}

function explore(machine: Machine, most: number, wanted: readonly Invariant[], states: number): Bounded {
  const pool = newPool(machine, sampled(machine));
  settle(pool);
  forgetWrites();
  put(pool, ~find(pool), 0, 0);
  const first: Node = { world: 0, last: NOBODY, cost: 0, depth: 0, from: null, move: 0 };
  const b: Bound = { machine, pool, most, queue: [first], least: [], states: 1, edges: 0 };
  const moving = wanted.filter((i) => i.whenStill !== true),
    still = wanted.filter((i) => i.whenStill === true);
  const over = (at: Node, hit: [Invariant, Broken] | null, bound = ''): Bounded => ({
    verdict: hit !== null ? 'violated' : bound === '' ? 'holds' : 'incomplete',
    bound,
    violated: hit?.[0] ?? null,
    broken: hit?.[1] ?? null,
    moves: hit === null ? [] : movesTo(at),
    preemptions: hit === null ? most : at.cost,
    states: b.states,
    edges: b.edges,
    depth: at.depth,
  });
  const atStart = brokenOf(moving);
  if (atStart !== null) return over(first, atStart);
  let at = first;
  for (let head = 0; head < b.queue.length; head++) {
    at = b.queue[head]!;
    stand(pool, at.world);
    const next = successors(b, at);
    for (const node of next.nodes) {
      // A world is judged where it is met first; it is the same by any other way.
      if (!next.fresh.has(node.world)) continue;
      stand(pool, node.world);
      const hit = brokenOf(moving);
      if (hit !== null) return over(node, hit);
    }
    if (next.moved) {
      if (b.states > states) return over(at, null, `${states} states`);
      continue;
    }
    const hit = brokenOf(still);
    if (hit !== null) return over(at, hit);
  }
  return over(at, null);
}

/** Steps from the world that the pool stands on. */
function successors(b: Bound, at: Node): { nodes: Node[]; fresh: Set<number>; moved: boolean } {
  const { pool, most, queue } = b,
    { threads } = now.counts,
    nodes: Node[] = [],
    fresh = new Set<number>();
  const can: boolean[] = [],
    met: [number, number][] = [];
  for (let t = 0; t < threads; t++) {
    for (let c = 0, ways = branches ? choicesOf(t) : 1; c < ways; c++) {
      if (!step(t, c)) continue;
      can[t] = true;
      b.edges += 1;
      const known = find(pool),
        id = known >= 0 ? known : put(pool, ~known, at.world, moveOf(t, c));
      met.push([moveOf(t, c), id]);
      back(pool);
    }
  }
  for (const [move, id] of met) {
    const t = threadOfMove(move),
      cost = at.cost + (at.last !== NOBODY && at.last !== t && can[at.last] === true ? 1 : 0);
    if (cost > most) continue;
    // Worlds that only a run with more preemptions comes to are known, and not of this search.
    if (b.least[id] === undefined) {
      fresh.add(id);
      b.states += 1;
    }
    const least = (b.least[id] ??= new Uint8Array(threads).fill(UNMET));
    if (cost >= least[t]!) continue;
    least[t] = cost;
    const node = { world: id, last: t, cost, depth: at.depth + 1, from: at, move };
    queue.push(node);
    nodes.push(node);
  }
  return { nodes, fresh, moved: met.length > 0 };
}

function brokenOf(wanted: readonly Invariant[]): [Invariant, Broken] | null {
  for (const invariant of wanted) {
    const broken = invariant.broken();
    if (broken !== null) return [invariant, broken];
  }
  return null;
}

function movesTo(at: Node): number[] {
  const out: number[] = [];
  for (let n = at; n.from !== null; n = n.from) out.push(n.move);
  return out.toReversed();
}
