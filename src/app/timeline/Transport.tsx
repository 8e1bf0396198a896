/** First, back, play, next, last, and where we are. */
import type { ReactNode } from 'react';
import { IconFirst, IconLast, IconNext, IconPause, IconPlay, IconPrev } from '../icons.tsx';
import { session, useSession } from '../live.ts';

export function Transport(): ReactNode {
  const at = useSession((state) => state.at);
  const last = useSession((state) => state.run?.steps.length ?? 0);
  const playing = useSession((state) => state.playing);
  const speed = useSession((state) => state.speed);
  return (
    <fieldset className="transport" aria-label="Steps">
      <Small label="To the start" off={at === 0} go={() => session.goto(0)} quiet>
        <IconFirst />
      </Small>
      <Small label="Step back" off={at === 0} go={() => session.step(-1)}>
        <IconPrev />
      </Small>
      <button
        type="button"
        className="button transport-play"
        onClick={() => (playing ? session.pause() : session.play())}
      >
        {playing ? <IconPause /> : <IconPlay />}
        {playing ? 'Pause' : 'Play'}
      </button>
      <Small label="Next step" off={at === last} go={() => session.step(1)}>
        <IconNext />
      </Small>
      <Small label="To the end" off={at === last} go={() => session.goto(last)} quiet>
        <IconLast />
      </Small>
      <p className="transport-place strong">
        Step {at} of {last}
        {speed !== 1 && <span className="small quiet"> at {speed}×</span>}
      </p>
    </fieldset>
  );
}

interface SmallProps {
  readonly label: string;
  readonly off: boolean;
  readonly go: () => Promise<void>;
  readonly quiet?: boolean;
  readonly children: ReactNode;
}

/** Stays focusable at the ends, so that a held key does not lose its place. */
function Small({ label, off, go, quiet = false, children }: SmallProps): ReactNode {
  return (
    <button
      type="button"
      className={`button button-icon ${quiet ? 'button-quiet' : ''}`}
      aria-label={label}
      title={label}
      aria-disabled={off}
      onClick={() => {
        if (!off) void go();
      }}
    >
      {children}
    </button>
  );
}
