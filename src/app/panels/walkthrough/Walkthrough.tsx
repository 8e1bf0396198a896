/** Lessons: a list, then beats that drive the picture. Whoever steps away finds the way back to the beat. */
import { useEffect, type ReactNode } from 'react';
import { walkthroughs, type Walkthrough as Lesson } from '../../../lessons/index.ts';
import { linkToRun } from '../../address.ts';
import { IconNext, IconPrev, IconShare } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { useCopy } from '../../top/useCopy.ts';
import { count } from '../../words.ts';
import { PanelHead } from '../PanelHead.tsx';
import { openBeat } from './openBeat.ts';
import './walkthrough.css';

export default function Walkthrough(): ReactNode {
  const walk = useSession((state) => state.walkthrough);
  const lesson = walkthroughs.find((one) => one.id === walk?.id);
  return (
    <>
      <PanelHead title="Lessons">
        {lesson && (
          <button type="button" className="button button-quiet" onClick={() => session.walk(null)}>
            All lessons
          </button>
        )}
      </PanelHead>
      {lesson && walk ? <Beats lesson={lesson} place={walk.beat} /> : <Lessons />}
    </>
  );
}

function Lessons(): ReactNode {
  return (
    <div className="panel-body">
      <p className="quiet">
        A lesson drives the picture, beat by beat. Leave it at any time and look around.
      </p>
      <ul className="lessons">
        {walkthroughs.map((lesson) => (
          <li key={lesson.id}>
            <button type="button" className="lesson-open" onClick={() => session.walk(lesson.id)}>
              <span className="row">
                <span className="strong grow">{lesson.title}</span>
                <span className="small quiet">{count(lesson.beats.length, 'beat')}</span>
              </span>
              <span className="quiet">{lesson.about}</span>
              <span className="small faint">{lesson.source}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Beats({ lesson, place }: { readonly lesson: Lesson; readonly place: number }): ReactNode {
  const last = lesson.beats.length - 1;
  const here = Math.max(0, Math.min(last, place));
  const beat = lesson.beats[here];
  useEffect(() => {
    if (beat) void openBeat(session, beat);
  }, [beat]);
  if (!beat) return null;
  return (
    <>
      <div className="panel-body" key={here}>
        <p className="small quiet">{lesson.title}</p>
        <Dots count={lesson.beats.length} here={here} />
        <section aria-live="polite" aria-label={`Beat ${here + 1} of ${lesson.beats.length}`}>
          <h3 className="beat-title">{beat.title}</h3>
          {beat.text.split(/\n\s*\n/).map((paragraph) => (
            <p key={paragraph} className="beat-text">
              {paragraph}
            </p>
          ))}
        </section>
        <p className="small quiet beat-model">
          Shown on <span className="mono">{beat.model}</span>
        </p>
      </div>
      <div className="panel-foot beat-foot">
        <button
          type="button"
          className="button"
          aria-disabled={here === 0}
          onClick={() => {
            if (here > 0) session.walk(lesson.id, here - 1);
          }}
        >
          <IconPrev />
          Back
        </button>
        <span className="beat-count small quiet">
          Beat {here + 1} of {lesson.beats.length}
        </span>
        <span className="beat-more">
          <button type="button" className="button" onClick={() => void openBeat(session, beat)}>
            Show it again
          </button>
          <CopyBeat beat={beat} />
        </span>
        {here < last ? (
          <button
            type="button"
            className="button button-main"
            onClick={() => session.walk(lesson.id, here + 1)}
          >
            Next beat
            <IconNext />
          </button>
        ) : (
          <button type="button" className="button button-main" onClick={() => session.show(null)}>
            Go on alone
          </button>
        )}
      </div>
    </>
  );
}

function CopyBeat({ beat }: { readonly beat: Lesson['beats'][number] }): ReactNode {
  const { copied, copy } = useCopy(() => {
    const { model, scenario, schedule, at } = beat;
    return linkToRun(session.store.getState(), { scenario, model, schedule, position: at });
  });
  return (
    <button type="button" className="button" onClick={copy}>
      <IconShare />
      {copied ? 'Link copied' : 'Copy link to this beat'}
    </button>
  );
}

function Dots({ count: total, here }: { readonly count: number; readonly here: number }): ReactNode {
  return (
    <div className="dots" aria-hidden="true">
      {[...Array(total).keys()].map((place) => (
        <i key={place} data-state={place === here ? 'here' : place < here ? 'done' : 'ahead'} />
      ))}
    </div>
  );
}
