/** What the matrix page knows: what was stored by the build, and what was worked out here since. */
import { create } from 'zustand';
import { textKey } from '../../../scenario/text-key.ts';
import type { CellView, Info, SearchRequest } from '../../../worker/protocol.ts';
import { engine } from '../../live.ts';
import { key } from './rows.ts';
import type { Verdicts } from './rows.ts';

const BUDGET = 2_000_000;

export interface MatrixState extends Verdicts {
  /** Everything that is shown of the gallery came with the build. */
  readonly stored: boolean;
  readonly working: { readonly done: number; readonly total: number } | null;
}
export const useMatrix = create<MatrixState>(() => ({
  columns: new Map(),
  ablations: new Map(),
  stored: false,
  working: null,
}));

let loaded: Promise<void> | null = null;
/** Takes what the build has stored, as far as it is of these rules and of these texts. */
export function loadStored(info: Info): Promise<void> {
  loaded ??= import('virtual:verdicts').then(({ default: stored }) => {
    if (stored === null || stored.rules !== info.rules) return;
    const columns = new Map(useMatrix.getState().columns),
      ablations = new Map(useMatrix.getState().ablations);
    const textOf = (id: string, hash: string): string | null => {
      const text = info.scenarios.find((s) => s.id === id)?.text;
      return text !== undefined && textKey(text) === hash ? text : null;
    };
    for (const { scenario, text: hash, column, holds, vacuous } of stored.columns) {
      const text = textOf(scenario, hash);
      if (text === null) continue;
      const held = [
        ...holds.map((row) => heldCell(stored.rows[row]!, false)),
        ...vacuous.map((row) => heldCell(stored.rows[row]!, true)),
      ];
      columns.set(key(text, column.model), { ...column, cells: [...held, ...column.cells] });
    }
    for (const { scenario, text: hash, model, views } of stored.ablations) {
      const text = textOf(scenario, hash);
      if (text !== null) ablations.set(key(text, model), views);
    }
    useMatrix.setState({ columns, ablations, stored: true });
  });
  return loaded;
}

const heldCell = (row: string, vacuous: boolean): CellView => ({
  kind: 'invariant',
  row,
  word: '',
  verdict: 'holds',
  vacuous,
  witness: null,
});

export interface Wanted {
  readonly texts: readonly string[];
  readonly models: readonly string[];
  readonly what: 'columns' | 'ablations';
}

let running: AbortController | null = null;
export const stopWorking = (): void => {
  running?.abort(new Error('The matrix was closed.'));
  running = null;
  useMatrix.setState({ working: null });
};

/** Works out what is missing, in the worker pool. `again`: everything, whatever is known. */
export async function workOut({ texts, models, what }: Wanted, again = false): Promise<void> {
  stopWorking();
  const known = useMatrix.getState()[what];
  const jobs = texts
    .flatMap((text) => models.map((model) => ({ text, model })))
    .filter(({ text, model }) => again || !known.has(key(text, model)));
  if (jobs.length === 0) return;
  const mine = new AbortController();
  running = mine;
  if (again)
    forget(
      jobs.map(({ text, model }) => key(text, model)),
      what,
    );
  let done = 0;
  useMatrix.setState({ working: { done, total: jobs.length } });
  const one = async (): Promise<void> => {
    for (let job = jobs.shift(); job !== undefined && !mine.signal.aborted; job = jobs.shift()) {
      await ask(job, what, mine.signal);
      done += 1;
      if (running === mine) useMatrix.setState({ working: { done, total: done + jobs.length } });
    }
  };
  await Promise.all([one(), one()]).catch(() => undefined);
  if (running === mine) useMatrix.setState({ working: null });
}

function forget(keys: readonly string[], what: Wanted['what']): void {
  const gone = new Set(keys),
    without = <T>(all: ReadonlyMap<string, T>): Map<string, T> =>
      new Map([...all].filter(([one]) => !gone.has(one)));
  useMatrix.setState(({ columns, ablations }) =>
    what === 'columns'
      ? { columns: without(columns), stored: false }
      : { ablations: without(ablations), stored: false },
  );
}

async function ask(
  { text, model }: { readonly text: string; readonly model: string },
  what: Wanted['what'],
  signal: AbortSignal,
): Promise<void> {
  const request: SearchRequest = { text, model, without: [], budget: BUDGET },
    quiet = (): void => undefined;
  if (what === 'columns') {
    const column = await engine.survey(request, quiet, signal);
    useMatrix.setState(({ columns }) => ({ columns: new Map(columns).set(key(text, model), column) }));
  } else {
    const views = await engine.ablate(request, quiet, signal);
    useMatrix.setState(({ ablations }) => ({ ablations: new Map(ablations).set(key(text, model), views) }));
  }
}
