/** A lesson in a file or a text that was pasted: what it is, and the way into it. */
import { useMemo, type ReactNode } from 'react';
import { readLesson } from '../../../lessons/parser.ts';
import { session } from '../../live.ts';
import { count } from '../../words.ts';
import { OWN } from './find.ts';

const SHOWN = 6;

export default function LessonFound({ text }: { readonly text: string }): ReactNode {
  const { lesson, wrong } = useMemo(() => {
    const read = readLesson(text);
    return { ...read, wrong: read.diagnostics.filter((one) => one.severity === 'error') };
  }, [text]);
  const { title, about, beats, minutes } = lesson;
  return (
    <section className="import-says" aria-label="What was found" aria-live="polite">
      <p className="strong">A lesson{title.text === '' ? '' : `: ${title.text}`}</p>
      {wrong.length === 0 ? (
        <>
          <p>{about.text}</p>
          <p className="small quiet">
            {count(beats.length, 'beat')}, {count(minutes, 'minute')}. A lesson that you wrote here stays as
            it is.
          </p>
        </>
      ) : (
        <ul className="bad">
          {wrong.slice(0, SHOWN).map((one) => (
            <li key={`${one.line}:${one.column}:${one.message}`}>
              Line {one.line}: {one.message}. {one.hint}
            </li>
          ))}
        </ul>
      )}
      <button type="button" className="button button-main import-open" onClick={() => open(text)}>
        {wrong.length === 0 ? 'Open the lesson' : 'Show its mistakes'}
      </button>
    </section>
  );
}

function open(text: string): void {
  session.dialog(null);
  session.walk(OWN, 0, text);
  session.show('walkthrough');
}
