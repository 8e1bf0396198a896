/** A check for the app: in slices, so that progress gets out and a cancel gets in. */
import { beginWithin, resultWithin } from '../checker/bounded.ts';
import { begin, resultOf } from '../checker/check.ts';
import { reductionNames } from '../checker/reduce/reduction.ts';
import { invariantById } from '../invariants/index.ts';
import type { Invariant } from '../invariants/index.ts';
import type { Machine } from '../kernel/machine.ts';
import type { CheckRequest, CheckView, Progress } from './protocol.ts';
import { sliced, slicesOf, slicesWithin } from './sliced.ts';
import { scheduleOf, windowView } from './witness.ts';

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
  if (request.within !== undefined && request.within !== null)
    return withinView(machine, request, wanted, progress, signal);
  const search = begin(machine, {
    states: request.budget,
    ...(wanted ? { invariants: [wanted] } : {}),
    reduce: reductionNames,
  });
  const ms = await sliced(slicesOf(search), progress, signal),
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
    ...(r.missedAtMost === 0 ? {} : { missedAtMost: r.missedAtMost }),
    schedule: scheduleOf(machine, r.moves),
    steps: r.moves.length,
    preemptions: r.preemptions,
    bound: r.bound,
    window: windowOf(machine, request, r.moves, search.violated),
    within: null,
  };
}

const windowOf = (
  machine: Machine,
  { window = false }: CheckRequest,
  moves: readonly number[],
  violated: Invariant | null,
): CheckView['window'] => (window && violated !== null ? windowView(machine, moves, violated) : null);

async function withinView(
  machine: Machine,
  request: CheckRequest,
  wanted: Invariant | undefined,
  progress: (p: Progress) => void,
  signal: AbortSignal,
): Promise<CheckView> {
  const most = request.within!,
    search = beginWithin(machine, most, {
      states: request.budget,
      ...(wanted ? { invariants: [wanted] } : {}),
    });
  const ms = await sliced(slicesWithin(search), progress, signal),
    b = resultWithin(search),
    reason = b.broken?.reason ?? '';
  return {
    model: machine.model.id,
    verdict: b.verdict,
    invariant: b.violated?.id ?? null,
    word: b.violated?.word ?? '',
    reason: reason.charAt(0).toUpperCase() + reason.slice(1),
    states: b.states,
    edges: b.edges,
    depth: b.depth,
    ms,
    bytesPerState: 0,
    schedule: scheduleOf(machine, b.moves),
    steps: b.moves.length,
    preemptions: b.preemptions,
    bound: b.bound,
    window: windowOf(machine, request, b.moves, b.violated),
    within: most,
  };
}
