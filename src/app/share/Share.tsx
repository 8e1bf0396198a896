/**
 * A link to the picture: as it is, with words for a mail, with notes, for an audience or a frame, as a QR
 * code.
 */
import { lazy, Suspense, useEffect, useId, useState, type ReactNode } from 'react';
import { linkToHere } from '../address.ts';
import { IconClose, IconShare, IconTick } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { wordsOf } from '../session/core.ts';
import type { Carried } from '../session/state.ts';
import { useCopy } from '../top/useCopy.ts';
import { count } from '../words.ts';
import { LAYOUT, layoutText } from '../layout-link.ts';
import { NOTE_MAX } from '../../scenario/link.ts';
import { wordsFor } from './words-for.ts';
import './share.css';

const QrCode = lazy(() => import('./QrCode.tsx'));

type Flags = Pick<Carried, 'embed' | 'present' | 'readonly'>;
const PLAIN: Flags = { embed: false, present: false, readonly: false };
const SHOWN = [
  { id: 'page', label: 'As it is here', flags: {} },
  { id: 'present', label: 'For an audience: large words, no tools', flags: { present: true } },
  { id: 'embed', label: 'Inside another page', flags: { embed: true } },
  { id: 'picture', label: 'Inside another page, the picture alone', flags: { embed: true } },
] as const;
type Shown = (typeof SHOWN)[number];

/** A lesson brings its words along, unless somebody wants the picture without them. */
const offered = (lesson: boolean): readonly { readonly id: Shown['id']; readonly label: string }[] =>
  SHOWN.flatMap(({ id, label }) => {
    if (id === 'picture' && !lesson) return [];
    return [
      { id, label: id === 'embed' && lesson ? 'Inside another page, this beat with its words' : label },
    ];
  });

export default function Share(): ReactNode {
  const [shown, show] = useState<Shown['id']>('page');
  const [readonly, setReadonly] = useState(false);
  const [coded, setCoded] = useState(false);
  const flags: Flags = { ...PLAIN, ...SHOWN.find((one) => one.id === shown)?.flags, readonly };
  const [laid, setLaid] = useState(false);
  const lesson = useSession((state) => state.walkthrough !== null && state.panel === 'walkthrough');
  const { link, problem } = useLink(flags, laid, shown !== 'picture');
  return (
    <Dialog title="Share this picture" onClose={() => session.dialog(null)}>
      {problem !== '' && (
        <p className="bad" role="alert">
          {problem}
        </p>
      )}
      <label className="share-field">
        <span className="quiet">Link, {count(link.length, 'character')}</span>
        <textarea readOnly rows={3} className="mono" value={link} onFocus={(e) => e.currentTarget.select()} />
      </label>
      <div className="share-do">
        <CopyButton text={link} label="Copy link" main />
        <CopyButton text={wordsFor(session.store.getState(), link)} label="Copy with words" />
        <button
          type="button"
          className="button"
          aria-expanded={coded}
          onClick={() => setCoded((before) => !before)}
        >
          QR code
        </button>
      </div>
      {coded && link !== '' && (
        <Suspense fallback={<p className="quiet">Drawing the code.</p>}>
          <QrCode text={link} />
        </Suspense>
      )}
      <fieldset className="share-choice">
        <legend className="small faint">It opens</legend>
        {offered(lesson).map((one) => (
          <label key={one.id}>
            <input type="radio" name="shown" checked={one.id === shown} onChange={() => show(one.id)} />
            {one.label}
          </label>
        ))}
        <label>
          <input type="checkbox" checked={readonly} onChange={() => setReadonly((before) => !before)} />
          The text cannot be changed
        </label>
        <label>
          <input type="checkbox" checked={laid} onChange={() => setLaid((before) => !before)} />
          With the panel that is open, and how the page is laid out
        </label>
      </fieldset>
      {flags.embed && <FrameCode link={link} />}
      <Notes />
    </Dialog>
  );
}

/** Made anew whenever what it says has changed. */
function useLink(
  flags: Flags,
  laid: boolean,
  lesson: boolean,
): { readonly link: string; readonly problem: string } {
  const pinned = useSession((state) => state.pinned);
  const [made, setMade] = useState({ link: '', problem: '' });
  const { embed, present, readonly } = flags;
  useEffect(() => {
    let current = true;
    const all = session.store.getState();
    const state = lesson ? all : { ...all, walkthrough: null };
    const others = [
      ...state.carried.others.filter(([name]) => name !== LAYOUT),
      ...(laid ? [[LAYOUT, layoutText(state)] as const] : []),
    ];
    linkToHere({ ...state, pinned }, { embed, present, readonly, others, speaker: '' }).then(
      (link) => current && setMade({ link, problem: '' }),
      (error: unknown) => current && setMade({ link: '', problem: wordsOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [pinned, embed, present, readonly, laid, lesson]);
  return made;
}

interface CopyProps {
  readonly text: string;
  readonly label: string;
  readonly main?: boolean;
}

function CopyButton({ text, label, main = false }: CopyProps): ReactNode {
  const { copied, copy } = useCopy(() => Promise.resolve(text));
  return (
    <button
      type="button"
      className={`button ${main ? 'button-main' : ''}`}
      aria-disabled={text === ''}
      onClick={() => text !== '' && copy()}
    >
      {copied ? <IconTick /> : <IconShare />}
      <span aria-live="polite">{copied ? 'Copied' : label}</span>
    </button>
  );
}

function FrameCode({ link }: { readonly link: string }): ReactNode {
  const code = `<iframe src="${link}" width="800" height="600" title="Folioscope"></iframe>`;
  return (
    <div className="share-frame">
      <pre className="mono small">{code}</pre>
      <CopyButton text={code} label="Copy this HTML" />
    </div>
  );
}

function Notes(): ReactNode {
  const pinned = useSession((state) => state.pinned);
  const at = useSession((state) => state.at);
  const [text, setText] = useState('');
  const id = useId();
  return (
    <section className="share-notes" aria-labelledby={id}>
      <h3 id={id}>Notes</h3>
      <p className="small quiet">Words that travel with the link and show at their step.</p>
      <ul>
        {pinned.map((one) => (
          <li key={`${one.at} ${one.text}`}>
            <span className="small faint share-step">step {one.place}</span>
            <span className="grow">{one.text}</span>
            <button
              type="button"
              className="button button-quiet button-icon"
              aria-label={`Remove the note at step ${one.place}`}
              onClick={() => session.unpin(one)}
            >
              <IconClose />
            </button>
          </li>
        ))}
      </ul>
      <form
        className="share-add"
        onSubmit={(event) => {
          event.preventDefault();
          session.pin(text);
          setText('');
        }}
      >
        <input
          aria-label={`Note for step ${at}`}
          placeholder={`Note for step ${at}`}
          maxLength={NOTE_MAX}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button">
          Pin
        </button>
      </form>
    </section>
  );
}
