/** The race window of the run on the screen, looked for in the background once it breaks a rule. */
import type { Core } from './core.ts';

export interface Race {
  look(): Promise<void>;
}

export function createRace(core: Core): Race {
  let abort: AbortController | null = null;
  return {
    async look() {
      abort?.abort(new Error('Another run was opened.'));
      const { run, openText: text, model, without, carried } = core.get();
      core.set({ race: null });
      // In a frame there is no timeline to mark it on.
      if (run === null || run.violations.length === 0 || carried.embed) return;
      const mine = new AbortController();
      abort = mine;
      const request = { text, model, without, schedule: run.schedule };
      // Only a mark on the timeline: without it nothing is wrong.
      const race = await core.engine.race(request, () => undefined, mine.signal).catch(() => null);
      if (!mine.signal.aborted && core.get().run === run) core.set({ race });
    },
  };
}
