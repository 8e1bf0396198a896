/** The verdict strip: every model on this text, one by one, in the background, remembered per text. */
import type { CheckView, Info } from '../../worker/protocol.ts';
import { isMade } from '../words.ts';
import { wordsOf, type Core } from './core.ts';
import type { Cell } from './state.ts';

const BUDGET = 400_000;
/** In the gallery nobody waits for a large one. */
const GALLERY_BUDGET = 60_000;
/** More than the gallery has. */
const TEXTS_KEPT = 300;

export interface Strip {
  /** (Re)starts for the text that is open, the current model first. */
  start(): void;
  stop(): void;
  /** An answer from elsewhere (the Check panel) is as good as our own. */
  learn(text: string, view: CheckView): void;
  /** Fills in the gallery until the returned function is called. */
  gallery(): () => void;
}

export const modelsOf = (info: Info): readonly string[] =>
  info.models.filter((one) => !one.composed).map((one) => one.id);

export function createStrip(core: Core): Strip {
  let abort: AbortController | null = null;
  let text = '';

  const known = (of: string): Readonly<Record<string, CheckView>> => core.get().judged[of] ?? {};

  function remember(of: string, view: CheckView): void {
    const { [of]: before, ...others } = core.get().judged;
    const kept = Object.entries(others).slice(-TEXTS_KEPT);
    core.set({ judged: { ...Object.fromEntries(kept), [of]: { ...before, [view.model]: view } } });
  }

  const show = (model: string, cell: Cell): void =>
    core.set({ verdicts: { ...core.get().verdicts, [model]: cell } });

  const ask = (of: string, model: string, budget: number, signal: AbortSignal): Promise<CheckView> =>
    core.engine.check({ text: of, model, invariant: null, without: [], budget }, () => undefined, signal);

  async function one(model: string, signal: AbortSignal): Promise<void> {
    show(model, { state: 'running', view: null, why: '' });
    try {
      const view = await ask(text, model, BUDGET, signal);
      if (signal.aborted) return;
      remember(text, view);
      show(model, { state: 'done', view, why: '' });
    } catch (error) {
      if (!signal.aborted) show(model, { state: 'failed', view: null, why: wordsOf(error) });
    }
  }

  async function all(models: readonly string[], signal: AbortSignal): Promise<void> {
    for (const model of models) {
      if (signal.aborted) return;
      await one(model, signal);
    }
  }

  async function wholeGallery(info: Info, signal: AbortSignal): Promise<void> {
    for (const scenario of info.scenarios) {
      for (const model of modelsOf(info)) {
        if (signal.aborted) return;
        if (known(scenario.text)[model]) continue;
        // A scenario that a model does not know stays without a sign.
        const view = await ask(scenario.text, model, GALLERY_BUDGET, signal).catch(() => null);
        if (view && !signal.aborted) remember(scenario.text, view);
      }
    }
  }

  function stop(): void {
    abort?.abort(new Error('A newer text is checked.'));
    abort = null;
  }

  return {
    start() {
      const { info, openText, model, carried } = core.get();
      // Several frames of one page would fight for the machine, and an audience does not see it.
      if (!info || openText === '' || carried.embed || carried.present) return;
      if (openText === text && abort && (!isMade(model) || model in core.get().verdicts)) return;
      stop();
      text = openText;
      const done = known(text);
      const decided = (id: string): boolean => done[id] !== undefined && done[id].verdict !== 'incomplete';
      // A rule set that is made by hand is judged while it is on the screen.
      const shown = [...modelsOf(info), ...(isMade(model) ? [model] : [])];
      const cells = shown.map((id): [string, Cell] => {
        const view = done[id] ?? null;
        return [id, { state: decided(id) ? 'done' : 'waiting', view, why: '' }];
      });
      core.set({ verdicts: Object.fromEntries(cells) });
      const missing = shown
        .filter((id) => !decided(id))
        .sort((a, b) => Number(b === model) - Number(a === model));
      const mine = new AbortController();
      abort = mine;
      void all(missing, mine.signal);
    },
    stop,
    learn(of, view) {
      remember(of, view);
      if (of === text && view.model in core.get().verdicts)
        show(view.model, { state: 'done', view, why: '' });
    },
    gallery() {
      const { info } = core.get();
      const mine = new AbortController();
      if (info) void wholeGallery(info, mine.signal);
      return () => mine.abort(new Error('The gallery was closed.'));
    },
  };
}
