/** What the room sees: large words and the picture, and no tools. */
import { useEffect, useRef, type ReactNode } from 'react';
import { paragraphsOf, type Stage } from '../../lessons/syntax.ts';
import { session, useSession } from '../live.ts';
import { Dots } from '../panels/walkthrough/Dots.tsx';
import { Prose } from '../panels/walkthrough/Prose.tsx';
import { isAway } from '../session/state.ts';
import { keysOf } from '../settings.ts';
import { commands, keyName } from '../shortcuts.ts';
import { Caption } from '../stage/Caption.tsx';
import { PinnedNotes } from '../stage/PinnedNotes.tsx';
import { Drawing } from '../stage/Stage.tsx';
import { Axis } from '../timeline/Axis.tsx';
import { trackOf } from '../timeline/track.ts';
import { useWidth } from '../useWidth.ts';
import { Asked } from './Asked.tsx';
import { Scenes } from './Scenes.tsx';
import { present, useCraft } from './start.ts';
import { useTalk } from './useTalk.ts';
import '../timeline/timeline.css';
import '../stage/stage.css';
import '../panels/walkthrough/walkthrough.css';
import './present.css';

export default function Audience(): ReactNode {
  const { loaded, here, stage } = useTalk();
  const blank = useCraft((craft) => craft.blank);
  const listed = useCraft((craft) => craft.listed);
  const model = useSession((state) => state.model);
  const title = useSession((state) => state.title);
  const busy = useSession((state) => state.opening);
  const away = useSession(isAway);
  const revealed = useCraft((craft) => craft.revealed);
  const main = useRef<HTMLElement>(null);
  // Whoever presents has just pressed a button that is no longer there.
  useEffect(() => main.current?.focus({ preventScroll: true }), []);
  return (
    <div className="present" aria-busy={busy}>
      <div className="present-page" inert={blank}>
        <header className="present-top">
          <span className="mono strong">{model}</span>
          <span className="grow clip">{stage ? (loaded?.lesson.title.text ?? title) : title}</span>
          {stage && loaded && (
            <>
              <Dots count={loaded.stages.length} here={here} />
              <span className="present-count">
                <span className="unseen">Beat </span>
                {here + 1} / {loaded.stages.length}
              </span>
            </>
          )}
        </header>
        <main className="present-main stage" id="stage" tabIndex={-1} ref={main} aria-label="What happens">
          {stage && <Words stage={stage} />}
          {(stage === null || (away && !revealed)) && <Caption />}
          <PinnedNotes />
          <div className="present-picture">
            <Drawing />
          </div>
          {stage && <Asked />}
        </main>
        {(stage === null || away) && <Rail />}
        <Foot lesson={stage !== null} />
      </div>
      {blank && (
        <div className="present-blank">
          <output className="unseen">The screen is blank.</output>
        </div>
      )}
      {listed && <Scenes loaded={loaded} here={here} />}
    </div>
  );
}

function Words({ stage }: { readonly stage: Stage }): ReactNode {
  return (
    <section className="present-words" aria-live="polite">
      <h1>{stage.beat.title.text}</h1>
      <Prose paragraphs={paragraphsOf(stage.beat)} />
    </section>
  );
}

/** Where the run stands, as a line. */
function Rail(): ReactNode {
  const run = useSession((state) => state.run);
  const { measure, width } = useWidth();
  return (
    <section className="present-rail" aria-label="Timeline">
      <div ref={measure} className="dock-rail">
        {run && <Axis run={run} track={{ ...trackOf(run.steps.length, width), detailed: false }} />}
      </div>
    </section>
  );
}

/** For a hand on the mouse, and to learn the keys by. */
const SHOWN = [
  ['present-back', 'back'],
  ['present-next', 'next'],
  ['present-play', 'play'],
  ['present-blank', 'blank'],
  ['present-list', 'all beats'],
  ['present-speaker', 'speaker'],
] as const;

function Foot({ lesson }: { readonly lesson: boolean }): ReactNode {
  const keys = useSession((state) => state.settings.keys);
  const others = useCraft((craft) => craft.others);
  return (
    <footer className="present-foot">
      {SHOWN.map(([id, word]) => {
        const command = commands.find((one) => one.id === id);
        const [key] = command ? keysOf(command, keys) : [];
        return (
          <button
            key={id}
            type="button"
            title={command?.title}
            onClick={() => (id === 'present-speaker' ? present.speaker() : command?.run(session))}
          >
            {key !== undefined && <kbd className="key">{keyName(key)}</kbd>}{' '}
            {id === 'present-list' && !lesson ? 'bookmarks' : word}
          </button>
        );
      })}
      <span className="grow" />
      {others > 0 && <span>Speaker’s window is open</span>}
      <button type="button" onClick={() => session.carry({ present: false })}>
        <kbd className="key">Esc</kbd> Show the tools
      </button>
    </footer>
  );
}
