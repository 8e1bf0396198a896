/**
 * Among the shortest schedules that end in a violation, the one with the fewest preemptions: switches away
 * from a thread that could have gone on. Goes through the worlds nearer than the violation once more, level
 * by level, and keeps for each world and each thread that may have moved last the least number of
 * preemptions on a shortest way there.
 */
import { status, step } from '../kernel/engine.ts';
import { activate } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { load } from '../kernel/world.ts';
import type { Invariant } from '../invariants/index.ts';
import { find } from './pool.ts';
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
   * there.
   */
  readonly least: Uint8Array;
  readonly before: Uint32Array;
  readonly last: Uint8Array;
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
  if (depth === 0 || threads < 2 || cells * 6 > bytesMax) return null;
  return {
    threads,
    levels: levels.slice(0, depth),
    end,
    head: 0,
    level: 0,
    least: new Uint8Array(cells).fill(UNREACHED),
    before: new Uint32Array(cells),
    last: new Uint8Array(cells),
    best: UNREACHED,
    moves: [],
  };
}

const next: number[] = [];

/** Goes on for `most` worlds; true when `moves` is final. The machine must be active. */
export function untangle(u: Untangling, pool: Pool, violated: Invariant, most: number): boolean {
  const { threads, levels, end } = u,
    n = pool.words;
  for (let left = most; left > 0; left--, u.head++) {
    if (u.head === end) return true;
    if (u.head === levels[u.level + 1]) u.level += 1;
    const isLast = u.level === levels.length - 1;
    const from = isLast ? Infinity : levels[u.level + 1]!,
      to = levels[u.level + 2] ?? end;
    for (let t = 0; t < threads; t++) {
      load(pool.worlds, u.head * n);
      next[t] = !step(t)
        ? NOT_ENABLED
        : isLast
          ? violated.broken() === null
            ? ELSEWHERE
            : VIOLATION
          : find(pool.worlds, pool.table, pool.capacity, n);
    }
    for (let t = 0; t < threads; t++) {
      const id = next[t]!;
      if (id === VIOLATION || (id >= from && id < to)) relax(u, t, id);
    }
  }
  return false;
}
// Not numbers of worlds: those are at least 0, and find() returns less than these for a new one.
const NOT_ENABLED = -1,
  ELSEWHERE = -2,
  VIOLATION = -3;

/** Thread `t` moves from the current world to `id`. */
function relax(u: Untangling, t: number, id: number): void {
  const { threads, head, least } = u;
  for (let last = 0; last < threads; last++) {
    // Nobody moved last in the first world.
    const sofar = head === 0 ? 0 : least[head * threads + last]!;
    if (sofar === UNREACHED) continue;
    const cost = Math.min(
      PREEMPTIONS_MAX,
      sofar + (head !== 0 && last !== t && next[last] !== NOT_ENABLED ? 1 : 0),
    );
    if (id === VIOLATION) {
      if (cost >= u.best) continue;
      u.best = cost;
      u.moves = [...wayTo(u, head, last), t];
    } else if (cost < least[id * threads + t]!) {
      least[id * threads + t] = cost;
      u.before[id * threads + t] = head;
      u.last[id * threads + t] = last;
    }
  }
}
function wayTo(u: Untangling, id: number, last: number): number[] {
  const out: number[] = [];
  for (let i = id, t = last; i !== 0;) {
    const at = i * u.threads + t;
    out.push(t);
    i = u.before[at]!;
    t = u.last[at]!;
  }
  return out.toReversed();
}

/** Preemptions of a schedule from the start of a machine. */
export function preemptionsIn(machine: Machine, moves: readonly number[]): number {
  activate(machine);
  load(machine.start, 0);
  let n = 0;
  moves.forEach((t, i) => {
    const last = i === 0 ? t : moves[i - 1]!;
    if (last !== t && status(last).kind === 'enabled') n += 1;
    step(t);
  });
  return n;
}
