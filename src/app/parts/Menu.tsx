/** A button that opens a small sheet under itself: native popover, so Escape and a click outside close it. */
import { useId, useRef, type ReactNode } from 'react';
import './parts.css';

interface Props {
  readonly label: string;
  readonly button: ReactNode;
  readonly children: ReactNode;
}

export function Menu({ label, button, children }: Props): ReactNode {
  const id = useId();
  const opener = useRef<HTMLButtonElement>(null);
  const sheet = useRef<HTMLDivElement>(null);

  /** Anchor positioning is younger than the browsers we want, so the sheet is placed by hand. */
  function place(): void {
    const from = opener.current?.getBoundingClientRect();
    const style = sheet.current?.style;
    if (!from || !style) return;
    style.setProperty('top', `${from.bottom + 4}px`);
    style.setProperty('right', `${Math.max(8, document.documentElement.clientWidth - from.right)}px`);
  }

  return (
    <>
      <button
        ref={opener}
        type="button"
        className="button button-quiet button-icon"
        aria-label={label}
        title={label}
        popoverTarget={id}
        onClick={place}
      >
        {button}
      </button>
      <div ref={sheet} id={id} popover="auto" className="menu">
        {children}
      </div>
    </>
  );
}
