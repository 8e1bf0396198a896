/** The course page: what there is, how long it takes, and how far one has come. */
import type { ReactNode } from 'react';
import { course, type LessonEntry } from '../../../lessons/course/index.ts';
import { IconTick } from '../../icons.tsx';
import { session } from '../../live.ts';
import { count } from '../../words.ts';
import { Own } from './Own.tsx';
import { LessonPicture } from './LessonPicture.tsx';
import { useProgress, wordsOf } from './progress.ts';
import { Score } from './Score.tsx';

const parts = [...new Set(course.map((one) => one.part))];
const minutes = course.reduce((sum, one) => sum + one.minutes, 0);

export function Course(): ReactNode {
  return (
    <div className="panel-body course">
      <p className="quiet course-lead">
        {count(course.length, 'lesson')}, about {Math.round(minutes / 10) * 10} minutes in all. A lesson
        drives the picture, beat by beat. Leave it at any time and look around. What it claims was run through
        the checker.
      </p>
      {parts.map((part) => (
        <section key={part} aria-label={part}>
          <h3 className="course-part">{part}</h3>
          <ul className="lessons">
            {course.flatMap((one, i) =>
              one.part === part ? [<Row key={one.id} entry={one} place={i + 1} />] : [],
            )}
          </ul>
        </section>
      ))}
      <Score />
      <Own />
    </div>
  );
}

/** By its number in this list. */
const numberOf = (id: string): number => course.findIndex((one) => one.id === id) + 1;

function Row({ entry, place }: { readonly entry: LessonEntry; readonly place: number }): ReactNode {
  const done = useProgress(entry.id);
  const words = wordsOf(done, entry.beats);
  const next = done.seen.length < entry.beats ? done.seen.length : 0;
  return (
    <li>
      <button type="button" className="lesson-open" onClick={() => session.walk(entry.id, next)}>
        <LessonPicture entry={entry} />
        <span className="lesson-words">
          <span className="row lesson-row" data-place={place}>
            <span className="strong grow">{entry.title}</span>
            <span className="small quiet">{entry.minutes} min</span>
          </span>
          <span className="quiet lesson-about">{entry.about}</span>
          {entry.needs.length > 0 && (
            <span className="small quiet lesson-about">
              Needs lesson {entry.needs.map(numberOf).join(' and ')}
            </span>
          )}
          {words !== '' && (
            <span className="small lesson-about lesson-done">
              {words.startsWith('done') && <IconTick size={16} />}
              {words}
            </span>
          )}
        </span>
      </button>
    </li>
  );
}
