/** Lessons that are not in the course: one's own, and those that came in a link or a file. */
import type { ReactNode } from 'react';
import { session } from '../../live.ts';
import { type Loaded } from './find.ts';
import { replaceOwn, useOwn, write } from './ownText.ts';

/** At the end of the course. */
export function Own(): ReactNode {
  return (
    <section className="own-lesson" aria-label="A lesson of your own">
      <h3 className="course-part">A lesson of your own</h3>
      <p className="quiet">
        A lesson is a text that the picture follows. It is shared as a link or a file, and stays in this
        browser.
      </p>
      <div className="panel-do">
        <button type="button" className="button" onClick={() => write(true)}>
          Write a lesson
        </button>
        <button type="button" className="button button-quiet" onClick={() => session.dialog('import')}>
          Open a file
        </button>
      </div>
    </section>
  );
}

/** What came from elsewhere is not written over what the visitor wrote; it can be taken over. */
export function NotYours({ text }: { readonly text: string }): ReactNode {
  const { text: mine } = useOwn();
  if (text === mine) {
    return (
      <p className="small own-whose">
        Your lesson.{' '}
        <button type="button" className="button button-quiet" onClick={edit}>
          Go on writing
        </button>
      </p>
    );
  }
  return (
    <p className="small own-whose">
      <span className="grow">This lesson came in a link or a file. Yours is untouched.</span>
      <button type="button" className="button" onClick={() => replaceOwn(text)}>
        Keep as mine
      </button>
    </p>
  );
}

function edit(): void {
  write(true);
  session.walk(null);
}

const SHOWN = 8;

/** A lesson with mistakes is not played; its text is shown to whoever wants to mend it. */
export function Wrong({ loaded }: { readonly loaded: Loaded }): ReactNode {
  const { wrong, text } = loaded;
  return (
    <div className="panel-body" role="alert">
      <p className="strong">This lesson has mistakes, and cannot be played.</p>
      <ul className="own-mistakes">
        {wrong.slice(0, SHOWN).map((one) => (
          <li key={`${one.line}:${one.column}:${one.message}`}>
            Line {one.line}: {one.message}. {one.hint}
          </li>
        ))}
      </ul>
      <div className="panel-do">
        <button
          type="button"
          className="button"
          onClick={() => {
            replaceOwn(text);
            edit();
          }}
        >
          Keep as mine, and mend it
        </button>
      </div>
    </div>
  );
}
