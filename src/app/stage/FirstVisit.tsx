/** The first screen is the explorer at step 0 of the leak, with a claim above it and one dark button. */
import type { ReactNode } from 'react';
import { IconPlay } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { playSeconds } from '../session/moves.ts';
import { FIRST, isEdited } from '../session/state.ts';
import { useKernels } from '../strip/useStrip.ts';
import { count } from '../words.ts';

/** No flag is kept: whoever comes back to this address at step 0 may be shown it again. */
export const useFirstVisit = (): boolean =>
  useSession(
    (state) =>
      state.run !== null &&
      state.at === 0 &&
      state.panel === null &&
      state.scenario === FIRST.scenario &&
      state.model === FIRST.model &&
      !isEdited(state) &&
      state.run.schedule === '',
  );

export function FirstWords(): ReactNode {
  const { eras } = useKernels();
  return (
    <>
      <p className="claim">A child process can read its parent’s secret.</p>
      <p className="claim-sub quiet">
        Linux had this bug until 5.8. Watch it happen, one locked step at a time, on {eras.length} kernels.
      </p>
    </>
  );
}

export function FirstVisit(): ReactNode {
  const run = useSession((state) => state.run);
  const playing = useSession((state) => state.playing);
  if (!run || playing) return null;
  const seconds = Math.max(5, Math.ceil(playSeconds(run) / 5) * 5);
  return (
    <section className="start-card" aria-label="Start">
      <h2>See it in {seconds} seconds</h2>
      <p className="quiet">
        {count(run.steps.length, 'step')}, {count(run.ops.length, 'operation')}.
        <span className="start-more"> Stop whenever you like.</span>
      </p>
      <div className="start-do">
        <button type="button" className="button button-main button-tall" onClick={session.play}>
          <IconPlay />
          Play the leak
        </button>
        <button type="button" className="button button-tall" onClick={() => void session.step(1)}>
          First step
          <kbd className="key" aria-hidden="true">
            →
          </kbd>
        </button>
      </div>
    </section>
  );
}
