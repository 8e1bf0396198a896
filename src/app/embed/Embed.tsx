/** The page inside another one: caption, picture, steps, and the way to the whole explorer. */
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { linkToHere } from '../address.ts';
import { Logo } from '../icons.tsx';
import { engine, session, useSession } from '../live.ts';
import { Caption } from '../stage/Caption.tsx';
import { PinnedNotes } from '../stage/PinnedNotes.tsx';
import { Drawing } from '../stage/Stage.tsx';
import { Transport } from '../timeline/Transport.tsx';
import { stepOf } from '../words.ts';
import { listenToParent } from './listen.ts';
import '../stage/stage.css';
import '../timeline/timeline.css';
import './embed.css';

const EmbedBeat = lazy(() => import('./EmbedBeat.tsx'));

export default function Embed(): ReactNode {
  const busy = useSession((state) => state.opening);
  const name = useSession((state) => state.title);
  const lesson = useSession((state) => state.walkthrough !== null);
  useEffect(() => listenToParent(session, engine, window), []);
  return (
    <div className="embed" aria-busy={busy}>
      {lesson && (
        <Suspense fallback={null}>
          <EmbedBeat />
        </Suspense>
      )}
      <main className="stage" aria-label="What happens">
        <h1 className="unseen">{name}</h1>
        <Caption />
        <PinnedNotes />
        <div className="stage-picture">
          <Drawing />
        </div>
      </main>
      <footer className="embed-foot">
        <Scrubber />
        <div className="embed-row">
          <Transport />
          <span className="grow" />
          <Origin />
        </div>
      </footer>
    </div>
  );
}

function Scrubber(): ReactNode {
  const run = useSession((state) => state.run);
  const at = useSession((state) => state.at);
  if (!run) return null;
  return (
    <input
      type="range"
      className="embed-scrub"
      aria-label="Step"
      aria-valuetext={stepOf(at, run)}
      min={0}
      max={run.steps.length}
      value={at}
      onChange={(event) => void session.goto(Number(event.target.value))}
    />
  );
}

/** The same step in the whole explorer, in a tab of its own. */
function Origin(): ReactNode {
  const model = useSession((state) => state.model);
  const title = useSession((state) => state.title);
  const frame = useSession((state) => state.frame);
  const walkthrough = useSession((state) => state.walkthrough);
  const [link, setLink] = useState('');
  useEffect(() => {
    let current = true;
    linkToHere({ ...session.store.getState(), frame, walkthrough }, { embed: false }).then(
      (made) => current && setLink(made),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [frame, walkthrough]);
  return (
    <a className="embed-origin" href={link} target="_blank" rel="noopener noreferrer" title={title}>
      <Logo />
      <span>
        <span className="clip embed-title">{title}</span>
        <span className="small quiet mono">{model}</span>
      </span>
      <span className="unseen">, open it in Folioscope</span>
    </a>
  );
}
