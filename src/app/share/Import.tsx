/** A text from elsewhere: a race out of a mail, a scenario, a lesson, experiments, a recording, or a link. */
import { lazy, Suspense, useDeferredValue, useEffect, useRef, useState, type ReactNode } from 'react';
import type { ImportEntry, ImportView } from '../../worker/protocol.ts';
import { IconBroken, IconDash, IconTick } from '../icons.tsx';
import { engine, session, useSession } from '../live.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { wordsOf } from '../session/core.ts';
import { dropped } from './drop.ts';
import { isLesson, isLink, openEntry, openLink } from './opened.ts';
import './share.css';
import './import.css';

const LessonFound = lazy(() => import('../panels/walkthrough/LessonFound.tsx'));

interface Text {
  readonly text: string;
  /** Of the file, or ''. */
  readonly name: string;
  /** Counts the texts that were given. */
  readonly turn: number;
}

/** Letters of a file that are read at all; what is in them has bounds of its own. */
const BYTES_MAX = 8 * 1024 * 1024;

export default function Import(): ReactNode {
  const [given, give] = useState<Text>(() => ({ ...dropped.text, turn: 0 }));
  // Not before it is on the screen: what React begins to draw it may throw away and begin again.
  useEffect(() => void dropped.take(), []);
  const link = isLink(given.text);
  return (
    <Dialog title="Open a text" onClose={() => session.dialog(null)} wide>
      <p className="quiet">
        A race out of a mail, a scenario, a lesson, a file of experiments, a recording of a kernel, or a link.
      </p>
      <label className="share-field import-text">
        <span className="unseen">Text to open</span>
        <textarea
          // Where a modal dialog puts the focus; React's own prop comes before the dialog is shown.
          ref={(node) => node?.setAttribute('autofocus', '')}
          rows={10}
          className="mono"
          spellCheck={false}
          placeholder="Paste it here"
          value={given.text.length > SHOWN_MAX ? given.text.slice(0, SHOWN_MAX) : given.text}
          onChange={(event) => give({ text: event.target.value, name: '', turn: given.turn + 1 })}
        />
      </label>
      <div className="share-do">
        <FileButton give={(file) => give({ ...file, turn: given.turn + 1 })} />
        {given.name !== '' && <span className="quiet import-name">{given.name}</span>}
        {link && (
          <button type="button" className="button button-main" onClick={() => openLink(given.text)}>
            Open the link
          </button>
        )}
      </div>
      {!link && given.text.trim() !== '' && <FoundLate given={given} />}
    </Dialog>
  );
}

/** A field with more than that is slow; the whole text is read all the same. */
const SHOWN_MAX = 100_000;

function FileButton({ give }: { readonly give: (file: Omit<Text, 'turn'>) => void }): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className="button" onClick={() => field.current?.click()}>
        Choose a file
      </button>
      <input
        ref={field}
        type="file"
        hidden
        aria-label="File to open"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) void textOf(file).then(give);
        }}
      />
    </>
  );
}

async function textOf(file: File): Promise<Omit<Text, 'turn'>> {
  return { text: await file.slice(0, BYTES_MAX + 1).text(), name: file.name };
}

/** Typing goes before reading. */
function FoundLate({ given }: { readonly given: Text }): ReactNode {
  const late = useDeferredValue(given);
  if (isLesson(late.text))
    return (
      <Suspense fallback={<output className="import-says quiet">Reading.</output>}>
        <LessonFound key={late.turn} text={late.text} />
      </Suspense>
    );
  return <Found key={late.turn} text={late.text} name={late.name} />;
}

function Found({ text, name }: Omit<Text, 'turn'>): ReactNode {
  const model = useSession((state) => state.model);
  const [view, setView] = useState<ImportView | { readonly problem: string } | null>(null);
  useEffect(() => {
    let current = true;
    engine.import({ text, name, model }).then(
      (found) => current && setView(found),
      (error: unknown) => current && setView({ problem: wordsOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [text, name, model]);
  if (view === null) {
    return <output className="import-says quiet">Reading.</output>;
  }
  if ('problem' in view) return <p className="import-says bad">{view.problem}</p>;
  const [only] = view.entries;
  return (
    <section className="import-says" aria-label="What was found" aria-live="polite">
      <p className="strong">{view.says}</p>
      {view.notes.map((note) => (
        <p key={note} className="small quiet import-note">
          {note}
        </p>
      ))}
      {view.entries.length === 1 && only && (
        <button type="button" className="button button-main import-open" onClick={() => openEntry(only)}>
          Open it
        </button>
      )}
      {view.entries.length > 1 && <Entries entries={view.entries} />}
    </section>
  );
}

const OUTCOMES = {
  '': { words: '', sign: null },
  confirmed: { words: 'confirmed', sign: <IconTick /> },
  contradicted: { words: 'contradicted', sign: <IconBroken /> },
  'not-modelled': { words: 'not modelled', sign: <IconDash /> },
} as const;

function Entries({ entries }: { readonly entries: readonly ImportEntry[] }): ReactNode {
  const [wanted, want] = useState('');
  const found = entries.filter((one) => `${one.name} ${one.about} ${one.outcome}`.includes(wanted.trim()));
  return (
    <>
      <input
        className="import-find"
        aria-label="Find among them"
        placeholder="Find"
        value={wanted}
        onChange={(event) => want(event.target.value)}
      />
      <ul className="import-list">
        {found.slice(0, ROWS_MAX).map((one) => (
          <li key={one.name}>
            <button type="button" onClick={() => openEntry(one)}>
              <span className="import-outcome" data-outcome={one.outcome}>
                {OUTCOMES[one.outcome].sign}
              </span>
              <span className="mono">{one.name}</span>
              <span className="small quiet grow clip" title={one.about}>
                {OUTCOMES[one.outcome].words} {one.about}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {found.length > ROWS_MAX && <p className="small quiet">And {found.length - ROWS_MAX} more.</p>}
    </>
  );
}

const ROWS_MAX = 300;
