/* oxlint-disable jsx-a11y/role-supports-aria-props -- ARIA 1.3 has aria-description for every role */
/** A word that is explained when it is pointed at, focused or tapped. Escape closes that again. */
import {
  useCallback,
  useEffect,
  useRef,
  useState,
  type FocusEvent,
  type PointerEvent,
  type ReactNode,
} from 'react';
import { heldIn, type Term as Word } from '../../glossary/vocabulary.ts';
import { session } from '../live.ts';
import { Names } from './Names.tsx';
import { openAt } from './opened.ts';
import './term.css';

/** Whoever only passes over it is left alone; whoever goes to the sheet arrives. */
const OPEN_MS = 250;
const CLOSE_MS = 300;
const GAP = 4;
const MARGIN = 8;

export function Term({ term, text }: { readonly term: Word; readonly text: string }): ReactNode {
  const [open, setOpen] = useState(false);
  const whole = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const soon = (to: boolean, after: number): void => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setOpen(to), after);
  };
  const now = (to: boolean): void => soon(to, 0);
  const close = useCallback(() => setOpen(false), []);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!open) return undefined;
    const out = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      close();
    };
    const elsewhere = (event: globalThis.PointerEvent): void => {
      if (!(event.target instanceof Node && whole.current?.contains(event.target))) close();
    };
    window.addEventListener('keydown', out, true);
    window.addEventListener('pointerdown', elsewhere, true);
    return () => {
      window.removeEventListener('keydown', out, true);
      window.removeEventListener('pointerdown', elsewhere, true);
    };
  }, [open, close]);
  const mouse = (event: PointerEvent): boolean => event.pointerType === 'mouse';
  return (
    <span
      ref={whole}
      className="term-whole"
      onPointerEnter={(event) => mouse(event) && soon(true, OPEN_MS)}
      onPointerLeave={(event) =>
        mouse(event) && !whole.current?.contains(document.activeElement) && soon(false, CLOSE_MS)
      }
      onBlur={(event: FocusEvent) => whole.current?.contains(event.relatedTarget) || now(false)}
    >
      <button
        type="button"
        className="term"
        aria-expanded={open}
        aria-description={term.means}
        onFocus={() => now(true)}
        onClick={() => now(true)}
      >
        {text}
      </button>
      {open && <Sheet term={term} under={whole} close={close} />}
    </span>
  );
}

interface SheetProps {
  readonly term: Word;
  readonly under: { readonly current: HTMLElement | null };
  readonly close: () => void;
}

/** In the top layer, so that no panel cuts it off. Placed by hand, as parts/Menu.tsx does. */
function Sheet({ term, under, close }: SheetProps): ReactNode {
  const sheet = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const node = sheet.current;
    const word = under.current?.querySelector('.term')?.getBoundingClientRect();
    if (!node || !word) return undefined;
    if (!node.matches(':popover-open')) node.showPopover();
    const { clientWidth, clientHeight } = document.documentElement;
    const { width, height } = node.getBoundingClientRect();
    const below = word.bottom + GAP;
    const top = below + height + MARGIN <= clientHeight ? below : word.top - GAP - height;
    const left = Math.min(word.left, clientWidth - MARGIN - width);
    node.style.setProperty('top', `${Math.max(MARGIN, top)}px`);
    node.style.setProperty('left', `${Math.max(MARGIN, left)}px`);
    // It stands where the word stood.
    window.addEventListener('scroll', close, { capture: true, once: true });
    return () => window.removeEventListener('scroll', close, true);
  }, [under, close]);
  const version = /^v\d+\.\d+/.exec(session.store.getState().model)?.[0] ?? '';
  return (
    <span ref={sheet} popover="manual" className="term-sheet">
      <span className="term-head">
        <b className="strong">{term.word}</b>
        <button
          type="button"
          className="link small"
          onClick={() => {
            close();
            openAt(term.id);
            session.dialog('glossary');
          }}
        >
          Glossary
        </button>
      </span>
      <span className="term-means">{term.means}</span>
      <Names
        names={term.kernel}
        here={version === '' ? undefined : term.kernel.find((one) => heldIn(one, version))}
      />
    </span>
  );
}
