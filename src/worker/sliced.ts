/** A search in slices, so that progress gets out and a cancel gets in. */
import { advanceWithin, progressWithin } from '../checker/bounded.ts';
import type { BoundedSearch } from '../checker/bounded.ts';
import { advance, progressOf } from '../checker/check.ts';
import type { Search } from '../checker/check.ts';
import type { Progress } from './protocol.ts';

/** Worlds between two looks at the clock and the signal: some milliseconds. */
const SLICE = 4_000;
/** What a search is to a clock: it goes on for so many worlds, and is over or not. */
export interface Slices {
  readonly advance: (most: number) => boolean;
  readonly progress: () => Progress;
}
export const slicesOf = (search: Search): Slices => ({
  advance: (most) => advance(search, most),
  progress: () => progressOf(search),
});
export const slicesWithin = (search: BoundedSearch): Slices => ({
  advance: (most) => advanceWithin(search, most),
  progress: () => progressWithin(search),
});

/** Lets messages in. */
export const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
/** The same without the 4 ms that browsers make a timer wait which follows on others. */
const breatheShort = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      resolve();
    });
    port1.start();
    port2.postMessage(0);
  });

/** Rejects with the signal's reason when it is aborted. Returns the milliseconds that it took. */
export async function sliced(
  slices: Slices,
  progress: (p: Progress) => void,
  signal: AbortSignal,
): Promise<number> {
  const from = performance.now();
  let told = from;
  while (!slices.advance(SLICE)) {
    const due = performance.now() - told > 50;
    if (due) {
      told = performance.now();
      progress(slices.progress());
    }
    await (due ? breathe() : breatheShort());
    signal.throwIfAborted();
  }
  return performance.now() - from;
}
