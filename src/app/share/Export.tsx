/** The run on the screen as a file: choose what, look at it, copy it or keep it. */
import { useEffect, useState, type ReactNode } from 'react';
import { IconCopy, IconSave, IconTick } from '../icons.tsx';
import { session, useSession } from '../live.ts';
import { Dialog } from '../parts/Dialog.tsx';
import { wordsOf } from '../session/core.ts';
import { useCopy } from '../top/useCopy.ts';
import { forms, type Form } from './forms.ts';
import { make, type Made, type Options, type Outcome, type Theme } from './make.ts';
import './share.css';
import './export.css';

type Result = Outcome | { readonly problem: string } | null;

export default function Export(): ReactNode {
  const [form, choose] = useState<Form>(forms[0]!);
  const [until, setUntil] = useState(false);
  const [steps, setSteps] = useState(false);
  const [theme, setTheme] = useState<Theme>(() => themeHere());
  const at = useSession((state) => state.at);
  const last = useSession((state) => state.run?.steps.length ?? 0);
  const coloured = /^(?:svg|png|comic|gif)$/.test(form.id);
  return (
    <Dialog title="Export this run" onClose={() => session.dialog(null)} wide>
      <div className="export">
        <fieldset className="export-forms">
          <legend className="unseen">What to make</legend>
          {forms.map((one) => (
            <label key={one.id}>
              <input type="radio" name="form" checked={one === form} onChange={() => choose(one)} />
              {one.title}
            </label>
          ))}
        </fieldset>
        <section className="export-side" aria-label={form.title}>
          <p className="quiet">{form.says}</p>
          <div className="export-options">
            {form.about === 'until' && at < last && at > 0 && (
              <Switch on={until} turn={setUntil} label={`Only up to step ${at}, which is on the screen`} />
            )}
            {form.id === 'ascii' && (
              <Switch on={steps} turn={setSteps} label="Every step of every operation" />
            )}
            {coloured && (
              <label className="export-theme">
                Colours
                <select
                  className="button"
                  value={theme}
                  onChange={(event) => setTheme(event.target.value as Theme)}
                >
                  <option value="light">Light</option>
                  <option value="dark">Dark</option>
                  <option value="contrast">High contrast</option>
                </select>
              </label>
            )}
          </div>
          <Preview
            key={`${form.id} ${until} ${steps} ${theme}`}
            form={form}
            until={until}
            steps={steps}
            theme={theme}
          />
        </section>
      </div>
    </Dialog>
  );
}

function themeHere(): Theme {
  const { theme } = document.documentElement.dataset;
  if (theme === 'dark' || theme === 'contrast' || theme === 'light') return theme;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

interface SwitchProps {
  readonly on: boolean;
  readonly turn: (on: boolean) => void;
  readonly label: string;
}

function Switch({ on, turn, label }: SwitchProps): ReactNode {
  return (
    <label className="export-switch">
      <input type="checkbox" checked={on} onChange={() => turn(!on)} />
      {label}
    </label>
  );
}

interface PreviewProps extends Options {
  readonly form: Form;
}

/** Made anew for every choice (its key); what was under way for the one before is given up. */
function Preview({ form, until, steps, theme }: PreviewProps): ReactNode {
  const [result, setResult] = useState<Result>(null);
  const [done, setDone] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    let url = '';
    const release = (): void => (url === '' ? undefined : URL.revokeObjectURL(url));
    const put = (next: Result): void => {
      if (next && 'made' in next) ({ url } = next.made);
      if (abort.signal.aborted) release();
      else setResult(next);
    };
    make(session.store.getState(), form, { until, steps, theme }, setDone, abort.signal).then(
      put,
      (error: unknown) => put({ problem: wordsOf(error) }),
    );
    return () => {
      abort.abort();
      release();
    };
  }, [form, until, steps, theme]);
  if (result === null) {
    return (
      <output className="export-wait quiet">
        {done > 0 ? `Drawing: ${Math.round(done * 100)} %.` : 'Making it.'}
      </output>
    );
  }
  if ('problem' in result) return <p className="bad">{result.problem}</p>;
  if ('refused' in result) {
    return (
      <output className="export-refused">
        <b className="strong">No {form.title} can show this.</b>{' '}
        {result.line > 0 && `Line ${result.line} of the scenario: `}
        {result.refused}.
      </output>
    );
  }
  return <Ready form={form} made={result.made} />;
}

function Ready({ form, made }: { readonly form: Form; readonly made: Made }): ReactNode {
  const { url } = made;
  const picture = made.file.type.startsWith('image/');
  return (
    <>
      <div className="share-do">
        <a className="button button-main" href={url} download={made.name}>
          <IconSave />
          Download
        </a>
        <CopyMade made={made} />
        <span className="small faint export-name">
          {made.name}, {sizeOf(made.file.size)}
        </span>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls needs the keyboard */}
      <section className="export-shown" tabIndex={0} aria-label="Preview">
        {picture ? (
          <img src={url} alt={`${form.title} of the run`} />
        ) : (
          <pre className="mono small">{shown(made.text ?? '')}</pre>
        )}
      </section>
    </>
  );
}

function CopyMade({ made }: { readonly made: Made }): ReactNode {
  const { copied, copy } = useCopy(() => Promise.resolve(made.text ?? ''));
  const [drawn, setDrawn] = useState(false);
  const png = made.file.type === 'image/png' && 'ClipboardItem' in window;
  if (made.text === null && !png) return null;
  const put = (): void => {
    if (made.text !== null) return copy();
    navigator.clipboard.write([new ClipboardItem({ 'image/png': made.file })]).then(
      () => setDrawn(true),
      (error: unknown) => session.tell('run', 'The picture could not be copied.', [wordsOf(error)]),
    );
  };
  const done = made.text === null ? drawn : copied;
  return (
    <button type="button" className="button" onClick={put}>
      {done ? <IconTick /> : <IconCopy />}
      <span aria-live="polite">{done ? 'Copied' : 'Copy'}</span>
    </button>
  );
}

const sizeOf = (bytes: number): string =>
  bytes < 1024
    ? `${bytes} bytes`
    : bytes < 1 << 20
      ? `${Math.round(bytes / 1024)} kB`
      : `${(bytes / (1 << 20)).toFixed(1)} MB`;

const SHOWN_MAX = 40_000;
const shown = (text: string): string =>
  text.length > SHOWN_MAX
    ? `${text.slice(0, SHOWN_MAX)}\n… and ${sizeOf(text.length - SHOWN_MAX)} more`
    : text;
