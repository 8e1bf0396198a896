/**
 * The race window of a counterexample: which swaps of two steps of different threads repair it.
 *
 * *Swapping* step i of one thread with a later step j of another means: the first thread is held back before
 * i until the other has done j; what lies between keeps its order. For neighbours (j = i + 1) that is the
 * swap of two adjacent steps. It counts only if the other threads can make their steps without i, and i can
 * be made after them; so a thread that holds a lock which the other needs is held back before it takes the
 * lock, or not at all. Afterwards the run goes on in the recorded order, passing over threads that cannot
 * move, and then in declared order to its end. The swap *repairs* the run if the invariant is then never
 * broken. Of the pairs that repair it only those are kept that have no other one inside.
 *
 * The window reaches from the first step of any such pair to the last one. A run in which nothing repairs it
 * has no race: the order of its operations alone breaks the rule.
 */
import { doMove, firstWay, status, step, threadOfMove } from '../kernel/engine.ts';
import { activate } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import { load, observe, observer, save, workers } from '../kernel/world.ts';
import type { Invariant } from '../invariants/index.ts';

/** Two steps, counted from 1, of different threads: the other way round the rule holds. */
export interface Swap {
  readonly first: number;
  readonly second: number;
}
export interface RaceWindow {
  /** Steps, from 1. Both 0: no swap repairs the run. */
  readonly from: number;
  readonly to: number;
  /** By their first step. */
  readonly swaps: readonly Swap[];
  /** False: the run was too long to try all pairs, and the window may be too small. */
  readonly complete: boolean;
}

/** Steps that looking for the window may take: about a second. */
const STEPS_MAX = 1_000_000,
  TAIL_MAX = 20_000;

export function raceWindow(machine: Machine, moves: readonly number[], invariant: Invariant): RaceWindow {
  activate(machine);
  const listening = observer;
  observe(null);
  try {
    return windowOf(recorded(machine, moves), moves, invariant);
  } finally {
    observe(listening);
  }
}

/** Worlds of a run, and what trying has cost. */
interface Tried {
  readonly words: number;
  readonly worlds: Int32Array;
  left: number;
}

function recorded({ words, start }: Machine, moves: readonly number[]): Tried {
  const worlds = new Int32Array((moves.length + 1) * words);
  load(start, 0);
  save(worlds, 0);
  moves.forEach((move, i) => {
    doMove(move);
    save(worlds, (i + 1) * words);
  });
  return { words, worlds, left: STEPS_MAX };
}

function windowOf(tried: Tried, moves: readonly number[], invariant: Invariant): RaceWindow {
  const n = moves.length,
    swaps: Swap[] = [];
  // The nearest pairs first: what has one of them inside is not tried.
  for (let distance = 1; distance < n && tried.left > 0; distance++) {
    for (let i = 0; i + distance < n; i++) {
      const j = i + distance;
      if (threadOfMove(moves[i]!) === threadOfMove(moves[j]!)) continue;
      if (swaps.some((s) => s.first >= i + 1 && s.second <= j + 1)) continue;
      if (repairs(tried, moves, i, j, invariant)) swaps.push({ first: i + 1, second: j + 1 });
    }
  }
  swaps.sort((a, b) => a.first - b.first || a.second - b.second);
  return {
    from: Math.min(...swaps.map((s) => s.first), swaps.length === 0 ? 0 : Infinity),
    to: Math.max(0, ...swaps.map((s) => s.second)),
    swaps,
    complete: tried.left > 0,
  };
}

function repairs(
  tried: Tried,
  moves: readonly number[],
  i: number,
  j: number,
  invariant: Invariant,
): boolean {
  const held = threadOfMove(moves[i]!),
    between = moves.slice(i, j + 1);
  load(tried.worlds, i * tried.words);
  const others = between.filter((m) => threadOfMove(m) !== held);
  for (const move of [...others, moves[i]!]) {
    tried.left -= 1;
    if (!doMove(move) || invariant.broken() !== null) return false;
  }
  const rest = between.filter((m) => threadOfMove(m) === held).slice(1);
  for (const move of [...rest, ...moves.slice(j + 1)]) {
    tried.left -= 1;
    if (doMove(move) && invariant.broken() !== null) return false;
  }
  return endsWell(tried, threadOfMove(moves.at(-1)!), invariant);
}

/** Declared order to the end: the same thread while it can move, then the first that can. */
function endsWell(tried: Tried, last: number, invariant: Invariant): boolean {
  for (let t = last, most = TAIL_MAX; most > 0; most--) {
    if (t < 0 || t >= workers || !step(t, firstWay(t))) {
      t = firstEnabled();
      if (t < 0) return invariant.broken() === null;
      step(t, firstWay(t));
    }
    tried.left -= 1;
    if (invariant.broken() !== null) return false;
  }
  return false;
}
function firstEnabled(): number {
  for (let t = 0; t < workers; t++) if (status(t).kind === 'enabled') return t;
  return -1;
}
