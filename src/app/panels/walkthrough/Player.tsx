/** One lesson: beats that drive the picture. Whoever steps away finds the way back to the beat. */
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { course } from '../../../lessons/course/index.ts';
import { readLesson } from '../../../lessons/parser.ts';
import { paragraphsOf, stagesOf, type Lesson, type Stage } from '../../../lessons/syntax.ts';
import { linkToRun } from '../../address.ts';
import { IconCompare, IconNext, IconPrev, IconShare } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { useCopy } from '../../top/useCopy.ts';
import { Challenge } from './Challenge.tsx';
import { openBeat, sourceOf } from './openBeat.ts';
import { OWN, ownText } from './Own.tsx';
import { saw } from './progress.ts';
import { Prose } from './Prose.tsx';
import { Question } from './Question.tsx';

interface Loaded {
  readonly id: string;
  readonly lesson: Lesson;
  readonly stages: readonly Stage[];
}

export function Player({ id, place }: { readonly id: string; readonly place: number }): ReactNode {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  useEffect(() => {
    const entry = course.find((one) => one.id === id);
    const text = entry ? entry.text() : Promise.resolve(id === OWN ? ownText() : '');
    text.then(
      (found) => {
        const { lesson } = readLesson(found);
        setLoaded({ id, lesson, stages: stagesOf(lesson) });
      },
      () =>
        session.tell('trouble', 'This lesson could not be loaded.', ['Look at the network, and try again.']),
    );
  }, [id]);
  if (loaded?.id !== id) return <p className="panel-wait quiet">Opening the lesson.</p>;
  const here = Math.max(0, Math.min(loaded.stages.length - 1, place));
  const stage = loaded.stages[here];
  return stage ? <Beat key={`${id} ${here}`} loaded={loaded} here={here} stage={stage} /> : null;
}

interface BeatProps {
  readonly loaded: Loaded;
  readonly here: number;
  readonly stage: Stage;
}

function Beat({ loaded, here, stage }: BeatProps): ReactNode {
  const { id, lesson, stages } = loaded;
  const { beat, model } = stage;
  /** The run and the step on which the beat stands, once it does. */
  const [stand, setStand] = useState<{ readonly run: unknown; readonly at: number } | null>(null);
  const away = useSession((state) => stand !== null && (state.run !== stand.run || state.at !== stand.at));
  const land = useCallback(async () => {
    if (!(await openBeat(session, stage))) return null;
    const { run, at } = session.store.getState();
    return { run, at };
  }, [stage]);
  useEffect(() => {
    let left = false;
    void land().then((there) => {
      if (left || there === null) return;
      setStand(there);
      saw(id, here);
    });
    return () => {
      left = true;
    };
  }, [land, id, here]);
  // On a phone words and picture are one page, which may stand anywhere when the next beat comes.
  const head = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    head.current?.closest('.phone-main')?.scrollTo(0, 0);
  }, []);
  const back = (): void => void land().then((there) => there !== null && setStand(there));
  const { free, compare } = beat.said;
  return (
    <>
      <div className="panel-body">
        <p ref={head} className="small quiet">
          {lesson.title.text}
        </p>
        <Dots count={stages.length} here={here} />
        <section aria-live="polite" aria-label={`Beat ${here + 1} of ${stages.length}`}>
          <h3 className="beat-title">{beat.title.text}</h3>
          <Prose paragraphs={paragraphsOf(beat)} />
        </section>
        <Question lesson={id} place={here} stage={stage} ready={stand !== null} />
        <Challenge lesson={id} place={here} stage={stage} />
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
      <Foot {...{ loaded, here, stage, away, back }} />
    </>
  );
}

function compareWith(model: string): void {
  session.setVersus(model);
  session.show('compare');
}

interface FootProps extends BeatProps {
  readonly away: boolean;
  readonly back: () => void;
}

function Foot({ loaded, here, stage, away, back }: FootProps): ReactNode {
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
        <button type="button" className="button" aria-disabled={!away} onClick={() => away && back()}>
          {away ? 'Come back to this beat' : 'You are at this beat'}
        </button>
        <CopyBeat stage={stage} />
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

function CopyBeat({ stage }: { readonly stage: Stage }): ReactNode {
  const { copied, copy } = useCopy(() => {
    const source = sourceOf(session, stage) ?? { scenario: '', text: '' };
    const run = { model: stage.model.text, schedule: stage.schedule, position: stage.at };
    return linkToRun(session.store.getState(), { ...source, ...run });
  });
  return (
    <button type="button" className="button" onClick={copy}>
      <IconShare />
      {copied ? 'Link copied' : 'Copy link'}
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
