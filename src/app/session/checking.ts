/** The Check panel's run: every order of this text on this model, with progress, and stopped at will. */
import { wordsOf, type Core } from './core.ts';
import { IDLE_CHECK, type CheckState } from './state.ts';

const BUDGET = 5_000_000;

export interface Checking {
  start(): Promise<void>;
  stop(): void;
}

export function createChecking(
  core: Core,
  learn: (text: string, view: NonNullable<CheckState['view']>) => void,
): Checking {
  let abort: AbortController | null = null;

  async function start(): Promise<void> {
    abort?.abort(new Error('A newer check was started.'));
    const mine = new AbortController();
    abort = mine;
    const { openText: text, model, without, within } = core.get();
    const base: CheckState = { ...IDLE_CHECK, state: 'running', model, text };
    core.set({ check: base });
    let last = { states: 0, time: performance.now() };
    const request = { text, model, invariant: null, without, budget: BUDGET, within, window: true };
    const put = (patch: Partial<CheckState>): void => {
      if (abort === mine) core.set({ check: { ...core.get().check, ...patch } });
    };
    try {
      const view = await core.engine.check(
        request,
        (progress) => {
          const time = performance.now();
          const rate = (progress.states - last.states) / Math.max(1e-3, (time - last.time) / 1000);
          last = { states: progress.states, time };
          put({ progress, rate });
        },
        mine.signal,
      );
      const stopped = mine.signal.aborted;
      put({
        state: stopped ? 'stopped' : 'done',
        view,
        progress: { states: view.states, depth: view.depth },
      });
      if (!stopped && without.length === 0 && within === null) learn(text, view);
    } catch (error) {
      if (mine.signal.aborted) put({ state: 'stopped' });
      else put({ state: 'failed', message: wordsOf(error) });
    }
  }

  return { start, stop: () => abort?.abort(new Error('The check was stopped.')) };
}
