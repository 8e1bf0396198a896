/** From a failing script to a smallest part of it that still fails. */
import { legalOps } from './random-scripts.ts';

/** Questions asked at most: each may be a run on the kernel. */
const questionsMax = 400;

/**
 * Removes operations as long as what is left still fails, and keeps it legal: what depends on a removed
 * operation goes too, and no hold stays open. The result fails, and removing any one more operation makes it
 * pass (unless the limit of questions was met). `stillFails` is never asked about the script itself.
 */
export function shrinkScript(
  ops: readonly string[],
  stillFails: (ops: readonly string[]) => boolean,
): readonly string[] {
  let best = ops;
  let asked = 0;
  const attempt = (candidate: readonly string[], lengthMax = best.length - 1): boolean => {
    const { ops: legal, closed } = legalOps(candidate);
    if (!closed || legal.length === 0 || legal.length > lengthMax || asked >= questionsMax) return false;
    asked++;
    if (!stillFails(legal)) return false;
    best = legal;
    return true;
  };

  for (let size = Math.ceil(best.length / 2); size >= 1; size = size > 1 ? Math.ceil(size / 2) : 0) {
    let removed = true;
    while (removed) removed = removeOnce(best, size, attempt);
  }
  const onePageEach = best.map((op) => op.replace(/^(\w map \w \w+) \d+/, '$1 1'));
  if (onePageEach.join() !== best.join()) attempt(onePageEach, best.length);
  return best;
}

/** Tries to remove one run of `size` operations, the last first: later ones rarely carry others. */
function removeOnce(
  ops: readonly string[],
  size: number,
  attempt: (candidate: readonly string[]) => boolean,
): boolean {
  for (let at = ops.length - size; at >= 0; at--) {
    if (attempt([...ops.slice(0, at), ...ops.slice(at + size)])) return true;
  }
  return false;
}
