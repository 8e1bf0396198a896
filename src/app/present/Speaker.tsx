/** The speaker's window: what to say, what comes next, how much time is left, and the same buttons. */
import { useEffect, useState, type ReactNode } from 'react';
import { paragraphsOf, type Stage } from '../../lessons/syntax.ts';
import { IconNext, IconPrev } from '../icons.tsx';
import { useSession } from '../live.ts';
import { Prose } from '../panels/walkthrough/Prose.tsx';
import { Caption } from '../stage/Caption.tsx';
import { Drawing } from '../stage/Stage.tsx';
import { Asked } from './Asked.tsx';
import { Scenes } from './Scenes.tsx';
import { present, useCraft } from './start.ts';
import { clockWords } from './clock.ts';
import { useTalk } from './useTalk.ts';
import '../stage/stage.css';
import '../panels/walkthrough/walkthrough.css';
import './present.css';
import './speaker.css';

export default function Speaker(): ReactNode {
  const { loaded, here, stage } = useTalk();
  const listed = useCraft((craft) => craft.listed);
  const title = useSession((state) => state.title);
  const model = useSession((state) => state.model);
  const busy = useSession((state) => state.opening);
  const next = loaded?.stages[here + 1] ?? null;
  const minutes = stage && loaded ? loaded.lesson.minutes : 0;
  return (
    <div className="speaker" aria-busy={busy}>
      <header className="speaker-top">
        <h1 className="clip">{stage ? loaded?.lesson.title.text : title}</h1>
        <span className="mono">{model}</span>
        <span className="grow" />
        {stage && loaded && (
          <span>
            Beat {here + 1} of {loaded.stages.length}
          </span>
        )}
        <Clock minutes={minutes} />
      </header>
      <Audience />
      <main className="speaker-main">
        <section className="speaker-now" aria-label="Now">
          {stage ? <Now stage={stage} /> : <Caption />}
        </section>
        <div className="speaker-side">
          <section className="speaker-picture" aria-label="What the audience sees">
            <div className="speaker-small">
              <Drawing />
            </div>
          </section>
          <section className="speaker-next" aria-label="Next">
            <p className="small quiet">Next</p>
            {next ? (
              <>
                <h2>{next.beat.title.text}</h2>
                <Prose paragraphs={paragraphsOf(next.beat).slice(0, 2)} />
                {next.beat.said.predict && <p className="quiet">It asks a question.</p>}
              </>
            ) : (
              <p>{stage ? 'This is the last beat.' : 'The next step.'}</p>
            )}
          </section>
        </div>
      </main>
      <Buttons />
      {listed && <Scenes loaded={loaded} here={here} />}
    </div>
  );
}

function Now({ stage }: { readonly stage: Stage }): ReactNode {
  const { beat } = stage;
  return (
    <>
      <h2>{beat.title.text}</h2>
      {beat.said.notes && (
        <p className="speaker-notes">
          <span className="small quiet">Notes</span>
          {beat.said.notes.text}
        </p>
      )}
      <Prose paragraphs={paragraphsOf(beat)} />
      <Asked told />
    </>
  );
}

/** Whether anybody sees it. */
function Audience(): ReactNode {
  const others = useCraft((craft) => craft.others);
  const blank = useCraft((craft) => craft.blank);
  return (
    <output className="speaker-says" data-alone={others === 0}>
      {others === 0
        ? 'The audience’s window is closed, or has left the presentation.'
        : blank
          ? 'The audience sees a blank screen.'
          : 'Connected to the audience’s window.'}
    </output>
  );
}

const SECOND_MS = 1000;

function Clock({ minutes }: { readonly minutes: number }): ReactNode {
  const began = useCraft((craft) => craft.began);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS);
    return () => clearInterval(timer);
  }, []);
  const { elapsed, planned, over } = clockWords(now - began, minutes);
  return (
    <>
      <span role="timer" aria-label="Time" className="speaker-clock" data-over={over}>
        <span className="mono strong">{elapsed}</span> {planned}
      </span>
      <button type="button" className="button button-quiet" onClick={() => present.restart()}>
        Start over
      </button>
    </>
  );
}

function Buttons(): ReactNode {
  const blank = useCraft((craft) => craft.blank);
  const revealed = useCraft((craft) => craft.revealed);
  const asked = useCraft((craft) => craft.quiz !== null);
  return (
    <footer className="speaker-foot">
      <button type="button" className="button button-tall" onClick={() => present.back()}>
        <IconPrev />
        Back
      </button>
      <button type="button" className="button button-tall" onClick={() => present.list(true)}>
        Beats and bookmarks
      </button>
      <button
        type="button"
        className="button button-tall"
        aria-pressed={blank}
        onClick={() => present.blank()}
      >
        Blank the screen
      </button>
      <button
        type="button"
        className="button button-tall"
        aria-pressed={revealed}
        aria-disabled={!asked}
        onClick={() => present.reveal()}
      >
        Show the answer
      </button>
      <span className="grow" />
      <button type="button" className="button button-tall button-main" onClick={() => present.next()}>
        Next
        <IconNext />
      </button>
    </footer>
  );
}
