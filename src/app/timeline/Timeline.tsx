/** The dock under the picture: transport, who moves next, one lane per thread, and the scrubber. */
import { useEffect, useRef, type PointerEvent, type ReactNode, type RefObject } from 'react';
import { session, useSession } from '../live.ts';
import { brokenSteps } from '../session/moves.ts';
import { useWidth } from '../useWidth.ts';
import { Axis } from './Axis.tsx';
import { Lane } from './Lane.tsx';
import { Moves } from './Moves.tsx';
import { Landing, useLanding } from './Landing.tsx';
import { RaceBrackets } from './Race.tsx';
import { centreOf, stepAt, trackOf } from './track.ts';
import { Transport } from './Transport.tsx';
import './timeline.css';

export function Timeline(): ReactNode {
  const run = useSession((state) => state.run);
  const { measure, node, width } = useWidth();
  const pointAt = useLanding();
  const lanes = useFollowed();
  const locks = useSession((state) => state.settings.lanes === 'locks');
  if (!run) return <section className="dock" aria-label="Timeline" />;
  const all = trackOf(run.steps.length, width);
  const track = { ...all, detailed: all.detailed && locks };

  /** The whole of lanes and axis is one target; dragging scrubs. The slider is the way for the keyboard. */
  function seek(event: PointerEvent): void {
    const box = node?.getBoundingClientRect();
    if (!box) return;
    pointAt(
      event.type === 'pointermove' && event.buttons === 0 ? stepAt(track, event.clientX - box.left) : null,
    );
    if (event.buttons !== 1) return;
    if (event.type === 'pointerdown') {
      event.currentTarget.setPointerCapture(event.pointerId);
      still(true);
    }
    void session.goto(event.clientX < box.left - 2 ? 0 : stepAt(track, event.clientX - box.left));
  }

  return (
    <section className="dock" aria-label="Timeline">
      <div className="dock-head">
        <Transport />
        <Moves />
      </div>
      <div
        className="dock-body"
        onPointerDown={seek}
        onPointerMove={seek}
        onPointerLeave={() => pointAt(null)}
        onLostPointerCapture={() => still(false)}
      >
        <div className="dock-lanes" ref={lanes}>
          {run.lanes.map((lane, thread) => (
            <Lane key={lane.name} lane={lane} thread={thread} run={run} track={track} />
          ))}
        </div>
        <div className="dock-row">
          <span className="dock-step small faint">step</span>
          <div ref={measure} className="dock-rail">
            <Axis run={run} track={track} />
          </div>
        </div>
        <Lines track={track} />
      </div>
      <Landing run={run} />
    </section>
  );
}

/** Lanes for which there is no room scroll, as far as shows the thread that made the step. */
function useFollowed(): RefObject<HTMLDivElement | null> {
  const lanes = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      session.store.subscribe(
        (state) => state.run?.steps[state.at - 1]?.thread ?? 0,
        (thread) => {
          const view = lanes.current;
          const lane = view?.children[thread];
          if (!view || !lane || view.scrollHeight <= view.clientHeight) return;
          const [all, one] = [view.getBoundingClientRect(), lane.getBoundingClientRect()];
          if (one.top < all.top) view.scrollTop -= all.top - one.top;
          else if (one.bottom > all.bottom)
            view.scrollTop += Math.min(one.bottom - all.bottom, one.top - all.top);
        },
      ),
    [],
  );
  return lanes;
}

/** While somebody scrubs nothing fades in: it would be painted many times, and be gone before it is seen. */
const still = (yes: boolean): void => {
  document.documentElement.toggleAttribute('data-scrubbing', yes);
};

/** The cursor and the broken rules, from the axis up through the lanes. */
function Lines({ track }: { readonly track: ReturnType<typeof trackOf> }): ReactNode {
  const at = useSession((state) => state.at);
  const run = useSession((state) => state.run);
  return (
    <div className="dock-lines" aria-hidden="true">
      {run &&
        brokenSteps(run).map((one) => (
          <i
            key={`${one.at} ${one.invariant}`}
            className="line-broken"
            data-reached={at >= one.at}
            style={{ left: centreOf(track, one.at) }}
          />
        ))}
      <RaceBrackets track={track} />
      {at > 0 && <i className="line-cursor" style={{ left: centreOf(track, at) }} />}
    </div>
  );
}
