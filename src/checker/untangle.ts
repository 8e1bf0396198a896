/**
 * Among the shortest schedules that end in a violation, the one with the fewest preemptions: switches away
 * from a thread that could have gone on. Goes through the worlds nearer than the violation once more, level
 * by level, and keeps for each world and each thread that may have moved last the least number of
 * preemptions on a shortest way there.
 */
import {
  branches,
  choiceOfMove,
  choicesOf,
  doMove,
  moveOf,
  status,
  step,
  threadOfMove,
} from '../kernel/engine.ts';
import { activate } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { load } from '../kernel/world.ts';
import type { Invariant } from '../invariants/index.ts';
import { back, find, settle, stand } from './pool.ts';
import type { Pool } from './pool.ts';

const UNREACHED = 255,
  PREEMPTIONS_MAX = 254;

export interface Untangling {
  readonly threads: number;
  /** First world of each depth; the violation is one step beyond the last of them. */
  readonly levels: readonly number[];
  /** Worlds to go through. */
  readonly end: number;
  head: number;
  level: number;
  /**
   * For each world and thread that moved last: least preemptions, world before, thread that moved last
   * there and (from bit 6 on) the choice of the move that led here.
   */
  readonly least: Uint8Array;
  readonly before: Uint32Array;
  readonly last: Uint16Array;
  /** Best way to a violation so far. */
  best: number;
  moves: readonly number[];
}

/** null when there is nothing to choose, or no memory for the choice. `depth`: steps to the violation. */
export function untangling(
  pool: Pool,
  levels: readonly number[],
  depth: number,
  threads: number,
  bytesMax: number,
): Untangling | null {
  const end = levels[depth] ?? pool.count,
    cells = end * threads;
  if (pool.prints !== null || depth === 0 || threads < 2 || cells * 7 > bytesMax) return null;
  return {
    threads,
    levels: levels.slice(0, depth),
    end,
    head: 0,
    level: 0,
    least: new Uint8Array(cells).fill(UNREACHED),
    before: new Uint32Array(cells),
    last: new Uint16Array(cells),
    best: UNREACHED,
    moves: [],
  };
}

// The moves from the world that is looked at, where each leads, and the threads (0 or 1) that have one.
const moves: number[] = [],
  leadsTo: number[] = [],
  canMove: number[] = [];

/** Goes on for `most` worlds; true when `moves` is final. The machine must be active. */
export function untangle(u: Untangling, pool: Pool, violated: Invariant, most: number): boolean {
  const { threads, levels, end } = u;
  settle(pool);
  for (let left = most; left > 0; left--, u.head++) {
    if (u.head === end) return true;
    if (u.head === levels[u.level + 1]) u.level += 1;
    const isLast = u.level === levels.length - 1;
    const from = isLast ? Infinity : levels[u.level + 1]!,
      to = levels[u.level + 2] ?? end;
    stand(pool, u.head);
    moves.length = 0;
    for (let t = 0; t < threads; t++) {
      canMove[t] = 0;
      for (let c = 0, ways = branches ? choicesOf(t) : 1; c < ways; c++) {
        if (!step(t, c)) continue;
        canMove[t] = 1;
        leadsTo[moves.length] = !isLast ? find(pool) : violated.broken() === null ? ELSEWHERE : VIOLATION;
        moves.push(moveOf(t, c));
        back(pool);
      }
    }
    for (let i = 0; i < moves.length; i++) {
      const id = leadsTo[i]!;
      if (id === VIOLATION || (id >= from && id < to)) relax(u, moves[i]!, id);
    }
  }
  return false;
}
// Not numbers of worlds: those are at least 0, and find() returns less than these for a new one.
const ELSEWHERE = -0x7ffffffe,
  VIOLATION = -0x7fffffff;

/** That move leads from the current world to `id`. */
function relax(u: Untangling, move: number, id: number): void {
  const { threads, head, least } = u,
    t = threadOfMove(move);
  for (let last = 0; last < threads; last++) {
    // Nobody moved last in the first world.
    const sofar = head === 0 ? 0 : least[head * threads + last]!;
    if (sofar === UNREACHED) continue;
    const cost = Math.min(PREEMPTIONS_MAX, sofar + (head !== 0 && last !== t && canMove[last] === 1 ? 1 : 0));
    if (id === VIOLATION) {
      if (cost >= u.best) continue;
      u.best = cost;
      u.moves = [...wayTo(u, head, last), move];
    } else if (cost < least[id * threads + t]!) {
      least[id * threads + t] = cost;
      u.before[id * threads + t] = head;
      u.last[id * threads + t] = moveOf(last, choiceOfMove(move));
    }
  }
}
function wayTo(u: Untangling, id: number, last: number): number[] {
  const out: number[] = [];
  for (let i = id, t = last; i !== 0;) {
    const at = i * u.threads + t,
      before = u.last[at]!;
    out.push(moveOf(t, choiceOfMove(before)));
    i = u.before[at]!;
    t = threadOfMove(before);
  }
  return out.toReversed();
}

/** Preemptions of a schedule from the start of a machine. */
export function preemptionsIn(machine: Machine, moves: readonly number[]): number {
  activate(machine);
  load(machine.start, 0);
  let n = 0;
  moves.forEach((move, i) => {
    const last = threadOfMove(moves[i - 1] ?? move);
    if (last !== threadOfMove(move) && status(last).kind === 'enabled') n += 1;
    doMove(move);
  });
  return n;
}
