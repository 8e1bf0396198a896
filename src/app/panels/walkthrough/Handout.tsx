/** A lesson as it comes out of a printer: looked at here, printed by the browser. */
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { IconClose, IconSave } from '../../icons.tsx';
import { engine } from '../../live.ts';
import { wordsOf } from '../../session/core.ts';
import tokens from '../../theme/tokens.css?raw';
import './handout.css';
import './handout-view.css';

interface Props {
  /** Of the course: its name, else ''. */
  readonly id: string;
  readonly text: string;
  readonly close: () => void;
}
interface Page {
  readonly title: string;
  readonly html: string;
}

/**
 * Not a modal dialog of the browser's: those are in a layer of their own, and only as much
 * of that is printed as fits on one sheet.
 */
export default function Handout({ id, text, close }: Props): ReactNode {
  const { page, problem } = usePage(id, text);
  const view = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const root = document.getElementById('root');
    const before = document.activeElement;
    // What is behind it is neither seen nor reached.
    root?.setAttribute('inert', '');
    view.current?.focus();
    return () => {
      root?.removeAttribute('inert');
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      // Keys of the explorer mean nothing here.
      event.stopPropagation();
      if (event.key === 'Escape') close();
    };
    window.addEventListener('keydown', press, true);
    return () => window.removeEventListener('keydown', press, true);
  }, [close]);
  useEffect(() => {
    const before = document.title;
    // The name that a browser gives to the PDF.
    if (page) document.title = `${page.title}, handout`;
    return () => {
      document.title = before;
    };
  }, [page]);
  return createPortal(
    <dialog
      ref={view}
      open
      className="handout-view"
      aria-modal="true"
      aria-label="Handout"
      aria-busy={page === null && problem === ''}
      tabIndex={-1}
    >
      <div className="handout-bar">
        <span className="grow quiet">
          {page ? 'One frame for each beat; the answers are on the last page.' : 'Drawing every beat.'}
        </span>
        <button
          type="button"
          className="button button-main"
          disabled={page === null}
          onClick={() => window.print()}
        >
          <IconSave />
          Print, or save as PDF
        </button>
        <button type="button" className="button" onClick={close}>
          <IconClose />
          Close
        </button>
      </div>
      {problem !== '' && (
        <p className="bad handout-problem" role="alert">
          {problem}
        </p>
      )}
      {/* Made by export/handout-html.ts, which escapes every text of the lesson. */}
      {page && (
        // oxlint-disable-next-line react/no-danger
        <article className="handout" data-theme="light" dangerouslySetInnerHTML={{ __html: page.html }} />
      )}
    </dialog>,
    document.body,
  );
}

/** The pictures are files of the page's own memory, and are given back with it. */
function usePage(id: string, text: string): { readonly page: Page | null; readonly problem: string } {
  const [made, setMade] = useState<{ readonly page: Page | null; readonly problem: string }>({
    page: null,
    problem: '',
  });
  useEffect(() => {
    let current = true;
    const urls: string[] = [];
    const site = location.href.replace(/#.*$/s, '');
    engine.lesson({ id, text, tokens, theme: 'light', want: 'paper', site }).then(
      ({ title, html, pictures }) => {
        if (!current) return;
        for (const { svg } of pictures)
          urls.push(URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' })));
        const drawn = html.replace(/<img src="(\d+)"/g, (_, place: string) => `<img src="${urls[+place]}"`);
        setMade({ page: { title, html: drawn }, problem: '' });
      },
      (error: unknown) => current && setMade({ page: null, problem: wordsOf(error) }),
    );
    return () => {
      current = false;
      for (const url of urls) URL.revokeObjectURL(url);
    };
  }, [id, text]);
  return made;
}
