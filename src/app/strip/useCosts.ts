/** What the open run costs on every kernel and proposal; null: not known yet. */
import { useEffect, useState } from 'react';
import type { CostView, RunView } from '../../worker/protocol.ts';
import { engine, useSession } from '../live.ts';

type Costs = readonly (CostView & { readonly model: string })[];

export function useCosts(): Costs | null {
  const run = useSession((state) => state.run);
  const [found, setFound] = useState<{ readonly run: RunView; readonly costs: Costs } | null>(null);
  useEffect(() => {
    if (!run) return undefined;
    let current = true;
    engine.debug('costs', null).then(
      (costs) => current && setFound({ run, costs }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [run]);
  return found?.run === run ? found.costs : null;
}
