/**
 * The smallest scenario that still breaks the rule: looked for beside the picture, then opened like any
 * other.
 */
import type { Core } from './core.ts';
import type { Target } from './opening.ts';
import { count } from '../words.ts';

/** Most states of one of its checks. */
const BUDGET = 200_000;

export interface Shrinking {
  /** Of the text and kernel on the screen; `invariant`: the rule to keep broken. */
  shrink(invariant: string): Promise<void>;
  stopShrinking(): void;
}

export function createShrinking(core: Core, open: (target: Target) => Promise<void>): Shrinking {
  let abort: AbortController | null = null;
  return {
    async shrink(invariant) {
      abort?.abort(new Error('Another one is made smaller.'));
      const mine = new AbortController();
      abort = mine;
      const { openText: text, model, without } = core.get();
      core.set({ shrinking: true });
      try {
        const request = { text, model, invariant, without, budget: BUDGET };
        const found = await core.engine.shrink(request, () => undefined, mine.signal);
        // Somebody went on to something else meanwhile.
        if (mine.signal.aborted || core.get().openText !== text || core.get().model !== model) return;
        const place = { schedule: found.schedule, position: String(found.steps), turn: true, tell: false };
        await open({ scenario: '', text: found.text, model, without, ...place });
        const { before, after, complete } = found;
        core.tell('run', `${after} of ${count(before, 'operation')} still break the rule.`, [
          complete
            ? 'Without any one of them it holds. Back, in the browser, leads to the whole scenario.'
            : 'A smaller one may exist: the search for it was ended. Back leads to the whole scenario.',
        ]);
      } catch (error) {
        if (!mine.signal.aborted) core.tell('run', 'No smaller scenario was found.', [core.words(error)]);
      } finally {
        if (abort === mine) core.set({ shrinking: false });
      }
    },
    stopShrinking() {
      abort?.abort(new Error('It was stopped.'));
      abort = null;
      core.set({ shrinking: false });
    },
  };
}
