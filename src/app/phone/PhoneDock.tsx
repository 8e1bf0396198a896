/** Scrubber with the operations as coloured and patterned bars, Back and Next, and who else could move. */
import type { PointerEvent, ReactNode } from 'react';
import type { RunView } from '../../worker/protocol.ts';
import { IconNext, IconPause, IconPlay, IconPrev } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { hueClass, Swatch } from '../parts/Swatch.tsx';
import { marksOf, wordsThatFit } from '../timeline/diamond-words.ts';
import { Diamond } from '../timeline/Diamond.tsx';
import { centreOf, leftOf, spanOf, stepAt, trackOf, type Track } from '../timeline/track.ts';
import { useWidth } from '../useWidth.ts';
import { brokenSteps } from '../session/moves.ts';
import { pretty, stepOf } from '../words.ts';

export function PhoneDock(): ReactNode {
  const run = useSession((state) => state.run);
  const at = useSession((state) => state.at);
  if (!run) return <section className="phone-dock" aria-label="Timeline" />;
  return (
    <section className="phone-dock" aria-label="Timeline">
      <Scrubber run={run} />
      <div className="phone-steps">
        <button
          type="button"
          className="button phone-back"
          aria-disabled={at === 0}
          onClick={() => void session.step(-1)}
        >
          <IconPrev size={20} />
          Back
        </button>
        <PlayButton />
        <button
          type="button"
          className="button button-main phone-next"
          aria-disabled={at === run.steps.length}
          onClick={() => void session.step(1)}
        >
          Next
          <IconNext size={20} />
        </button>
      </div>
      <NextMoves />
    </section>
  );
}

function PlayButton(): ReactNode {
  const playing = useSession((state) => state.playing);
  return (
    <button
      type="button"
      className="button phone-play"
      aria-label={playing ? 'Pause' : 'Play'}
      onClick={() => (playing ? session.pause() : session.play())}
    >
      {playing ? <IconPause size={20} /> : <IconPlay size={20} />}
    </button>
  );
}

function Scrubber({ run }: { readonly run: RunView }): ReactNode {
  const at = useSession((state) => state.at);
  const { measure, node, width } = useWidth();
  const track = trackOf(run.steps.length, width);
  const here = centreOf(track, at);
  const broken = brokenSteps(run);
  const words = wordsThatFit(marksOf(broken, track), here);

  function seek(event: PointerEvent): void {
    const box = node?.getBoundingClientRect();
    if (!box || event.buttons !== 1) return;
    if (event.type === 'pointerdown') event.currentTarget.setPointerCapture(event.pointerId);
    void session.goto(event.clientX < box.left - 2 ? 0 : stepAt(track, event.clientX - box.left));
  }

  return (
    <div className="phone-scrub" onPointerDown={seek} onPointerMove={seek}>
      <div className="phone-rail" ref={measure}>
        <Ops run={run} track={track} />
        <i className="phone-line" />
        <i className="phone-line phone-done" style={{ width: Math.max(0, here) }} />
        <svg className="phone-broken" width={width} height="52" overflow="visible" aria-hidden="true">
          {broken.map((one, i) => (
            <Diamond
              key={`${one.at} ${one.invariant}`}
              x={centreOf(track, one.at)}
              y={21}
              reached={at >= one.at}
              room={track.width - centreOf(track, one.at)}
              word={words[i] ?? ''}
            />
          ))}
        </svg>
        <div
          // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a range field cannot be drawn so
          role="slider"
          tabIndex={0}
          className="phone-thumb"
          aria-label="Step"
          aria-valuemin={0}
          aria-valuemax={run.steps.length}
          aria-valuenow={at}
          aria-valuetext={stepOf(at, run)}
          style={{ left: Math.max(0, here) }}
        >
          <b className="mono">{at}</b>
        </div>
      </div>
    </div>
  );
}

function Ops({ run, track }: { readonly run: RunView; readonly track: Track }): ReactNode {
  return run.ops
    .filter((op) => op.first > 0)
    .map((op) => {
      const last = op.last === 0 ? run.steps.length : op.last;
      const hue = hueClass(run.lanes[op.thread]?.who ?? -1);
      const width = Math.max(2, spanOf(track, op.first, last) - 3);
      return (
        <i
          key={`${op.first} ${op.thread}`}
          className={`phone-op pattern ${hue}`}
          style={{ left: leftOf(track, op.first) + 1, width }}
        />
      );
    });
}

/** "Next: parent unlocks the folio · let the child move". */
function NextMoves(): ReactNode {
  const moves = useSession((state) => state.frame?.moves) ?? [];
  const next = useSession((state) => state.run?.steps[state.at]?.thread ?? -1);
  const ending = useSession((state) => state.run?.ending ?? '');
  const first = moves.find((one) => one.thread === next);
  const others = moves.filter((one) => one.blocked === '' && one.thread !== next);
  const blocked = moves.filter((one) => one.blocked !== '');
  if (!first) return <p className="phone-who small quiet">{ending}</p>;
  return (
    <p className="phone-who small quiet">
      <span>
        Next: <Swatch who={first.who} size={10} /> {first.name}: {pretty(first.next)}
      </span>
      {others.map((one) => (
        <button
          key={one.thread}
          type="button"
          className="link"
          onClick={() => void session.choose(one.thread)}
        >
          let the {one.name} move
        </button>
      ))}
      {blocked.map((one) => (
        <span key={one.thread}>
          {one.name} {one.blocked}
        </span>
      ))}
    </p>
  );
}
