/** The map of all worlds for the app, in slices. Loaded when somebody opens it. */
import { advanceMap, beginMap, mapOf } from '../checker/state-map.ts';
import type { MapOptions } from '../checker/state-map.ts';
import { progressOf } from '../checker/check.ts';
import type { Run } from '../debugger/run.ts';
import { moveOf } from '../kernel/engine.ts';
import type { Progress } from './protocol.ts';
import type { MapView } from './protocol/structure.ts';
import { sliced } from './sliced.ts';

/** So many worlds are looked at in some seconds, and so many of a layer can be told apart on a screen. */
const STATES = 30_000,
  LAYER = 40;

export async function mapView(
  run: Run,
  progress: (p: Progress) => void,
  signal: AbortSignal,
): Promise<MapView> {
  const options: MapOptions = {
    states: STATES,
    layer: LAYER,
    moves: run.steps.map((s) => moveOf(s.thread, s.choice)),
  };
  const mapping = beginMap(run.machine, options);
  await sliced(
    {
      advance: (most) => advanceMap(mapping, Math.ceil(most / 4)),
      progress: () => progressOf(mapping.search),
    },
    progress,
    signal,
  );
  return mapOf(mapping);
}
