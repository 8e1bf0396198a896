/** A check for the app: in slices, so that progress gets out and a cancel gets in. */
import { advance, begin, resultOf } from '../checker/check.ts';
import { extend, finish, newRun } from '../debugger/run.ts';
import { scheduleText } from '../debugger/schedule.ts';
import { invariantById } from '../invariants/index.ts';
import type { Machine } from '../kernel/machine.ts';
import type { CheckRequest, CheckView, Progress } from './protocol.ts';

/** Worlds between two looks at the clock and the signal: some milliseconds. */
const SLICE = 4_000;
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Rejects with the signal's reason when it is aborted. */
export async function checkView(
  machine: Machine,
  request: CheckRequest,
  progress: (p: Progress) => void,
  signal: AbortSignal,
): Promise<CheckView> {
  const wanted = request.invariant === null ? undefined : invariantById(request.invariant);
  if (request.invariant !== null && wanted === undefined)
    throw new Error(`There is no invariant "${request.invariant.slice(0, 60)}".`);
  const search = begin(machine, { states: request.budget, ...(wanted ? { invariants: [wanted] } : {}) });
  const from = performance.now();
  let told = from;
  while (!advance(search, SLICE)) {
    if (performance.now() - told > 50) {
      told = performance.now();
      const { states, depth } = resultOf(search);
      progress({ states, depth });
    }
    await breathe();
    signal.throwIfAborted();
  }
  const ms = performance.now() - from,
    r = resultOf(search);
  return {
    model: machine.model.id,
    verdict: r.verdict,
    invariant: r.invariant,
    word: search.violated?.word ?? '',
    reason: r.reason.charAt(0).toUpperCase() + r.reason.slice(1),
    states: r.states,
    edges: r.edges,
    depth: r.depth,
    ms,
    bytesPerState: r.bytesPerState,
    schedule: scheduleOf(machine, r.moves),
    steps: r.moves.length,
    preemptions: r.preemptions,
    bound: r.bound,
  };
}

/** Moves as a link writes them; what follows the last one is the declared order. */
export function scheduleOf(machine: Machine, moves: readonly number[]): string {
  const run = newRun(machine);
  for (const t of moves) extend(run, t);
  finish(run, moves.at(-1) ?? -1);
  return scheduleText(run);
}
