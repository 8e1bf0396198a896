/** The verdicts of the gallery: those that the build has stored; without them they are worked out here. */
import { useEffect } from 'react';
import { session, useSession } from '../../live.ts';
import type { Signed } from '../../strip/sentence.ts';
import { key } from '../matrix/rows.ts';
import { loadStored, useMatrix } from '../matrix/store.ts';
import { ofColumn } from './of-column.ts';

/** Asks for them, until the gallery is closed. */
export function useVerdicts(): (text: string, model: string) => Signed {
  const info = useSession((state) => state.info);
  const judged = useSession((state) => state.judged);
  const columns = useMatrix((state) => state.columns);
  useEffect(() => {
    if (!info) return undefined;
    let stop: (() => void) | null = null;
    let left = false;
    const rest = (): void => {
      const complete = info.scenarios.every((one) =>
        info.models.every(
          ({ id, composed }) => composed || useMatrix.getState().columns.has(key(one.text, id)),
        ),
      );
      if (!left && !complete) stop = session.judgeGallery();
    };
    loadStored(info).then(rest, rest);
    return () => {
      left = true;
      stop?.();
    };
  }, [info]);
  return (text, model) => {
    const column = columns.get(key(text, model));
    return signed(column ? ofColumn(column) : (judged[text]?.[model] ?? null));
  };
}

const signed = (view: Signed['view']): Signed => ({ state: view ? 'done' : 'waiting', view });
