/** The one clock of both runs, by operation: what moves it, and where it stands. */
import type { ReactNode } from 'react';
import type { CompareView } from '../../../worker/protocol.ts';
import { IconFirst, IconLast, IconNext, IconPause, IconPlay, IconPrev } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { pretty } from '../../words.ts';
import { nowAt } from './clock.ts';

export function Clock({ view }: { readonly view: CompareView }): ReactNode {
  const at = useSession((state) => state.at);
  const playing = useSession((state) => state.playing);
  const { ops } = view;
  const now = nowAt(ops, at);
  const go = (place: number): void =>
    void session.goto(place < 0 ? 0 : (ops[Math.min(place, ops.length - 1)]?.leftEnd ?? 0));
  const says = now < 0 ? 'Before the first operation' : `Operation ${now + 1} of ${ops.length}`;
  const first = view.op;
  return (
    <fieldset className="compare-clock" aria-label="Operations of both runs">
      <Go label="Before the first operation" off={at === 0} to={() => go(-1)}>
        <IconFirst />
      </Go>
      <Go label="Back one operation" off={at === 0} to={() => go(now - 1)}>
        <IconPrev />
      </Go>
      <button
        type="button"
        className="button transport-play"
        onClick={() => (playing ? session.pause() : session.play())}
      >
        {playing ? <IconPause /> : <IconPlay />}
        {playing ? 'Pause' : 'Play both'}
      </button>
      <Go label="Next operation" off={now === ops.length - 1} to={() => go(now + 1)}>
        <IconNext />
      </Go>
      <Go label="After the last operation" off={now === ops.length - 1} to={() => go(ops.length - 1)}>
        <IconLast />
      </Go>
      <span className="compare-place strong">{says}</span>
      <span className="compare-track">
        <input
          type="range"
          aria-label="Operation"
          min={0}
          max={ops.length}
          step={1}
          value={now + 1}
          aria-valuetext={now < 0 ? says : `${says}: ${pretty(ops[now]?.text ?? '')}`}
          onChange={(event) => go(Number(event.target.value) - 1)}
          onKeyDown={(event) => {
            const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: -1, End: ops.length - 1 }[event.key];
            if (to === undefined) return;
            // Elsewhere these keys make single steps.
            event.preventDefault();
            go(to);
          }}
        />
        {first >= 0 && (
          <i className="compare-flag small" style={{ left: `${((first + 1) / ops.length) * 100}%` }}>
            first difference
          </i>
        )}
      </span>
    </fieldset>
  );
}

interface GoProps {
  readonly label: string;
  readonly off: boolean;
  readonly to: () => void;
  readonly children: ReactNode;
}

function Go({ label, off, to, children }: GoProps): ReactNode {
  return (
    <button
      type="button"
      className="button button-icon"
      aria-label={label}
      title={label}
      aria-disabled={off}
      onClick={() => {
        if (!off) to();
      }}
    >
      {children}
    </button>
  );
}
