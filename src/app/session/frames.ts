/** Frames already asked for, newest last. A run has one cache; a new run starts empty. */
import type { Engine, Frame } from '../../worker/protocol.ts';

const KEPT = 256;

export interface Frames {
  get(at: number): Promise<Frame>;
  /** Asks ahead; a failure shows when the frame is really wanted. */
  ahead(at: number, last: number): void;
  clear(): void;
}

export function createFrames(engine: Pick<Engine, 'frame'>): Frames {
  const cache = new Map<number, Promise<Frame>>();

  function get(at: number): Promise<Frame> {
    const known = cache.get(at);
    if (known) {
      cache.delete(at);
      cache.set(at, known);
      return known;
    }
    const asked = engine.frame(at);
    cache.set(at, asked);
    asked.catch(() => {
      if (cache.get(at) === asked) cache.delete(at);
    });
    const oldest = cache.keys().next();
    if (cache.size > KEPT && !oldest.done) cache.delete(oldest.value);
    return asked;
  }

  return {
    get,
    ahead(at, last) {
      for (const one of [at + 1, at + 2, at - 1])
        if (one >= 0 && one <= last) get(one).catch(() => undefined);
    },
    clear: () => cache.clear(),
  };
}
