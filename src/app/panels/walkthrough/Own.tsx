/** A lesson of one's own: written here, kept in this browser, mailed as text. */
import { useMemo, useState, type ReactNode } from 'react';
import { readLesson } from '../../../lessons/parser.ts';
import { session } from '../../live.ts';
import { localShelf } from '../../storage.ts';
import { count } from '../../words.ts';

const KEY = 'folioscope.own-lesson';
export const OWN = 'own';

const BEGUN = `lesson: My lesson
about: What it shows.
minutes: 5
scenario: vmsplice-leak

## A first beat
model: v5.7
at: parent@fork.end
look: f0

One or two paragraphs, which are true for this kernel at this step.

## What comes next?
at: child@munmap.end
predict: copy or reuse

The parent is going to store.
`;

export function ownText(): string {
  try {
    return localShelf().getItem(KEY) ?? BEGUN;
  } catch {
    return BEGUN;
  }
}

export function Own(): ReactNode {
  const [text, setText] = useState(ownText);
  const { lesson, diagnostics } = useMemo(() => readLesson(text), [text]);
  const wrong = diagnostics.filter((one) => one.severity === 'error');
  const change = (next: string): void => {
    setText(next);
    try {
      localShelf().setItem(KEY, next);
    } catch {
      // It can be copied from here all the same.
    }
  };
  return (
    <details className="own-lesson">
      <summary>Write a lesson</summary>
      <p className="quiet">
        A lesson is a text. Copy it into a mail, or paste one that came in a mail.{' '}
        <span className="mono">folioscope lesson FILE</span> runs its stops and claims.
      </p>
      <textarea
        className="own-text mono"
        aria-label="Lesson text"
        spellCheck={false}
        value={text}
        rows={16}
        onChange={(event) => change(event.target.value)}
      />
      <ul className="own-mistakes small" aria-live="polite">
        {wrong.slice(0, 5).map((one) => (
          <li key={`${one.line}:${one.column}:${one.message}`}>
            Line {one.line}: {one.message}. {one.hint}
          </li>
        ))}
      </ul>
      <div className="panel-do">
        <button
          type="button"
          className="button button-main"
          disabled={wrong.length > 0}
          onClick={() => session.walk(OWN)}
        >
          Play it{wrong.length === 0 ? `: ${count(lesson.beats.length, 'beat')}` : ''}
        </button>
      </div>
    </details>
  );
}
