/** A search in slices, so that progress gets out and a cancel gets in. */
import { advance, progressOf } from '../checker/check.ts';
import type { Search } from '../checker/check.ts';
import type { Progress } from './protocol.ts';

/** Worlds between two looks at the clock and the signal: some milliseconds. */
const SLICE = 4_000;
/** Lets messages in. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Rejects with the signal's reason when it is aborted. Returns the milliseconds that it took. */
export async function sliced(
  search: Search,
  progress: (p: Progress) => void,
  signal: AbortSignal,
): Promise<number> {
  const from = performance.now();
  let told = from;
  while (!advance(search, SLICE)) {
    if (performance.now() - told > 50) {
      told = performance.now();
      progress(progressOf(search));
    }
    await breathe();
    signal.throwIfAborted();
  }
  return performance.now() - from;
}
