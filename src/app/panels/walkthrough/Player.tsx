/** One lesson: beats that drive the picture. Whoever steps away finds the way back to the beat. */
import { useEffect, useRef, type ReactNode } from 'react';
import { course } from '../../../lessons/course/index.ts';
import { paragraphsOf, type Stage } from '../../../lessons/syntax.ts';
import { linkToBeat } from '../../address.ts';
import { IconCompare, IconNext, IconPrev, IconShare } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { isAway } from '../../session/state.ts';
import { useCopy } from '../../top/useCopy.ts';
import { Challenge } from './Challenge.tsx';
import { Dots } from './Dots.tsx';
import { OWN, type Loaded } from './find.ts';
import { landBeat } from './openBeat.ts';
import { NotYours, Wrong } from './Own.tsx';
import { Prose } from './Prose.tsx';
import { Question } from './Question.tsx';
import { Sandbox } from './Sandbox.tsx';
import { keyOf, useLesson } from './useLesson.ts';

export function Player(): ReactNode {
  const { loaded, here, stage, landed } = useLesson();
  if (loaded === null) return <p className="panel-wait quiet">Opening the lesson.</p>;
  if (stage === null) return <Wrong loaded={loaded} />;
  return <Beat key={`${keyOf(loaded)} ${here}`} {...{ loaded, here, stage, landed }} />;
}

interface BeatProps {
  readonly loaded: Loaded;
  readonly here: number;
  readonly stage: Stage;
  readonly landed: boolean;
}

function Beat({ loaded, here, stage, landed }: BeatProps): ReactNode {
  const { lesson, stages } = loaded;
  const { beat, model } = stage;
  const away = useSession(isAway);
  const id = keyOf(loaded);
  // On a phone words and picture are one page, which may stand anywhere when the next beat comes.
  const head = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    head.current?.closest('.phone-main')?.scrollTo(0, 0);
  }, []);
  const { free, compare } = beat.said;
  return (
    <>
      <div className="panel-body">
        <p ref={head} className="small quiet">
          {lesson.title.text}
        </p>
        {loaded.id === OWN && <NotYours text={loaded.text} />}
        <Dots count={stages.length} here={here} />
        <section aria-live="polite" aria-label={`Beat ${here + 1} of ${stages.length}`}>
          <h3 className="beat-title">{beat.title.text}</h3>
          <Prose paragraphs={paragraphsOf(beat)} />
        </section>
        <Question lesson={id} place={here} stage={stage} ready={landed && !away} />
        <Challenge lesson={id} place={here} stage={stage} />
        <Sandbox id={id} place={here} stage={stage} lesson={lesson} />
        {free && (
          <section className="beat-box" aria-label="Look around">
            <p className="small quiet">Look around</p>
            <p>{free.text}</p>
          </section>
        )}
        <p className="small quiet beat-model">
          Shown on <span className="mono">{model.text}</span>
          {here === 0 && lesson.source.text !== '' && <>. {lesson.source.text}</>}
        </p>
        {compare && (
          <div className="panel-do">
            <button type="button" className="button" onClick={() => compareWith(compare.text)}>
              <IconCompare />
              Compare with {compare.text}
            </button>
          </div>
        )}
      </div>
      <Foot {...{ loaded, here, stage, away }} />
    </>
  );
}

function compareWith(model: string): void {
  session.setVersus(model);
  session.show('compare');
}

interface FootProps extends Omit<BeatProps, 'landed'> {
  readonly away: boolean;
}

function Foot({ loaded, here, stage, away }: FootProps): ReactNode {
  const { id, stages } = loaded;
  const last = stages.length - 1;
  const next = course[course.findIndex((one) => one.id === id) + 1];
  return (
    <div className="panel-foot beat-foot">
      <button
        type="button"
        className="button"
        aria-disabled={here === 0}
        onClick={() => {
          if (here > 0) session.walk(id, here - 1);
        }}
      >
        <IconPrev />
        Back
      </button>
      <span className="beat-count small quiet">
        Beat {here + 1} of {stages.length}
      </span>
      <span className="beat-more">
        <button
          type="button"
          className="button"
          aria-disabled={!away}
          onClick={() => away && void landBeat(session, stage)}
        >
          {away ? 'Come back to this beat' : 'You are at this beat'}
        </button>
        <CopyBeat loaded={loaded} here={here} />
      </span>
      {here < last ? (
        <button type="button" className="button button-main" onClick={() => session.walk(id, here + 1)}>
          Next beat
          <IconNext />
        </button>
      ) : (
        <button
          type="button"
          className="button button-main"
          onClick={() => (id !== OWN && next ? session.walk(next.id) : session.walk(null))}
        >
          {id !== OWN && next ? 'Next lesson' : 'End of the lesson'}
          <IconNext />
        </button>
      )}
    </div>
  );
}

function CopyBeat({ loaded, here }: Pick<BeatProps, 'loaded' | 'here'>): ReactNode {
  const { copied, copy } = useCopy(() => linkToBeat({ id: loaded.id, text: loaded.text, beat: here }));
  return (
    <button type="button" className="button" onClick={copy}>
      <IconShare />
      {copied ? 'Link copied' : 'Copy link'}
    </button>
  );
}
