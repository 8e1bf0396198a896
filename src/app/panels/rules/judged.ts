/** Verdicts about a rule set, one after the other, in the background; a change of the rules starts anew. */
import { useEffect, useState } from 'react';
import type { CheckView } from '../../../worker/protocol.ts';
import { engine } from '../../live.ts';
import type { Cell } from '../../session/state.ts';
import { wordsOf } from '../../session/core.ts';
import type { Asked } from './store.ts';

const BUDGET = 400_000;
const KEPT = 2_000;
/** Answers do not change: who comes back to a rule set need not wait again. */
const known = new Map<string, Cell>();
const keyOf = (model: string, { text, invariant }: Asked): string =>
  [model, invariant ?? '', text].join('\n');
const WAITING: Cell = { state: 'waiting', view: null, why: '' };

export const cellOf = (model: string, asked: Asked): Cell => known.get(keyOf(model, asked)) ?? WAITING;

async function one(model: string, asked: Asked, signal: AbortSignal): Promise<Cell> {
  const { text, invariant } = asked;
  const request = { text, model, invariant, without: [], budget: BUDGET };
  try {
    const view: CheckView = await engine.check(request, () => undefined, signal);
    return { state: 'done', view, why: '' };
  } catch (error) {
    return { state: 'failed', view: null, why: wordsOf(error) };
  }
}

/** The first model first. Returns how many answers there are: the table is drawn anew for each. */
export function useJudged(models: readonly string[], rows: readonly Asked[]): number {
  const [answers, tell] = useState(0);
  const all = models.join('\n');
  useEffect(() => {
    const abort = new AbortController();
    void (async () => {
      for (const model of all.split('\n'))
        for (const asked of rows) {
          const key = keyOf(model, asked);
          if (known.has(key)) continue;
          const cell = await one(model, asked, abort.signal);
          if (abort.signal.aborted) return;
          if (known.size >= KEPT) known.clear();
          known.set(key, cell);
          tell((n) => n + 1);
        }
    })();
    return () => abort.abort(new Error('The rules have changed.'));
  }, [all, rows]);
  return answers;
}
