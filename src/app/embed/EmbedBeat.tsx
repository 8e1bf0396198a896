/** The words of the beat that the frame shows, and the way to the beats beside it. */
import type { ReactNode } from 'react';
import { paragraphsOf } from '../../lessons/syntax.ts';
import { IconNext, IconPrev } from '../icons.tsx';
import { session } from '../live.ts';
import { Prose } from '../panels/walkthrough/Prose.tsx';
import { useLesson } from '../panels/walkthrough/useLesson.ts';

export default function EmbedBeat(): ReactNode {
  const { loaded, here, stage } = useLesson();
  if (loaded === null) return <p className="embed-beat quiet">Opening the lesson.</p>;
  if (stage === null) {
    return (
      <p className="embed-beat bad" role="alert">
        This lesson has mistakes, and cannot be played.
      </p>
    );
  }
  const { id, text, stages } = loaded;
  const go = (to: number): void => {
    if (stages[to]) session.walk(id, to, text);
  };
  return (
    <section className="embed-beat" aria-label={`Beat ${here + 1} of ${stages.length}`}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls needs the keyboard */}
      <section className="embed-words" aria-live="polite" tabIndex={0} aria-label="Words">
        <h2>{stage.beat.title.text}</h2>
        <Prose paragraphs={paragraphsOf(stage.beat)} />
      </section>
      <div className="embed-row">
        <button type="button" className="button" aria-disabled={here === 0} onClick={() => go(here - 1)}>
          <IconPrev />
          Beat before
        </button>
        <span className="grow small quiet embed-count">
          Beat {here + 1} of {stages.length}
        </span>
        <button
          type="button"
          className="button button-main"
          aria-disabled={here === stages.length - 1}
          onClick={() => go(here + 1)}
        >
          Next beat
          <IconNext />
        </button>
      </div>
    </section>
  );
}
