/** Free choice: which alternatives of a group its thread has begun, and where the thread goes on. */
import type { Pick } from '../plan.ts';
import { cells, now, op, picked, read, write } from '../world.ts';

const CHOSEN = 0,
  LAST = 1;
const at = (p: number): number => picked.at + 2 * p;
const group = (p: number): Pick => now.plan!.picks![p]!;

/** Of the operation that the stepping thread is in. */
export const waysOfPick = (): number => group(op.slot).ways;
export const isChosen = (way: number): boolean => (cells[at(op.slot) + CHOSEN]! & (1 << way)) !== 0;
export function choose(way: number): void {
  write(at(op.slot) + CHOSEN, read(at(op.slot) + CHOSEN) | (1 << way));
  write(at(op.slot) + LAST, way);
}

/** Alternatives of group `p` that were chosen so far. */
export function chosenOf(p: number): number {
  let n = 0;
  for (let bits = cells[at(p) + CHOSEN]!; bits !== 0; bits &= bits - 1) n++;
  return n;
}
/** Index, in its thread's operations, of what follows `op`, which stands at `i` and has just ended. */
export function following(i: number): number {
  if (op.pick === undefined) return i + 1;
  const p = group(op.pick);
  if (i === p.at) return p.at + 1 + cells[at(op.pick) + LAST]!;
  return chosenOf(op.pick) < p.count ? p.at : p.at + 1 + p.ways;
}
/** Operation `i` of a thread that stands at `current` has ended. */
export function isBehind(i: number, current: number, p: number): boolean {
  const { at: first, ways } = group(p);
  if (i === first) return current > first + ways;
  return current !== i && (cells[at(p) + CHOSEN]! & (1 << (i - first - 1))) !== 0;
}
/** Index of the operation that a thread which stands at `current` did last. */
export function lastDone(t: number, current: number): number {
  const p = now.plan!.picks?.findIndex(
    (x) => x.thread === t && (current === x.at || current === x.at + 1 + x.ways),
  );
  if (p === undefined || p < 0 || chosenOf(p) === 0) return current - 1;
  return group(p).at + 1 + cells[at(p) + LAST]!;
}
