/**
 * Listens to one step: the named effects, what a rule decided, and the last page-table entry that was
 * touched.
 */
import { observe, pte } from '../kernel/world.ts';

export interface Effect {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}
export interface Decided {
  readonly asks: string;
  readonly folio: number;
  readonly sees: number;
  readonly answer: string;
}

/** Runs `step` with an observer attached. Not reentrant. */
export function recording(step: () => boolean): {
  moved: boolean;
  effects: Effect[];
  decided: Decided | null;
  pte: number;
} {
  const effects: Effect[] = [];
  let decided: Decided | null = null,
    last = -1;
  observe({
    touched(at) {
      if (at >= pte.at && at < pte.at + pte.size) last = at - ((at - pte.at) & 1);
    },
    effect(name, a, b, c) {
      effects.push({ name, a, b, c });
    },
    decided(asks, folio, sees, answer) {
      decided = { asks, folio, sees, answer };
    },
  });
  try {
    const moved = step();
    return { moved, effects, decided, pte: last };
  } finally {
    observe(null);
  }
}
