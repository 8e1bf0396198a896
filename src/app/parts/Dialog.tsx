/** A native modal dialog: the browser traps the focus, returns it, and closes on Escape. */
import { useEffect, useRef, type ReactNode } from 'react';
import { IconClose } from '../icons.tsx';
import './parts.css';

interface Props {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly wide?: boolean;
  /** The title is only read aloud, for dialogs that are one field. */
  readonly bare?: boolean;
}

export function Dialog({ title, onClose, children, wide = false, bare = false }: Props): ReactNode {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = element.current;
    // A dialog in a tab that is hidden, or drawn twice in development, may already be open.
    if (!dialog) return;
    if (!dialog.open) dialog.showModal();
    // A click on the backdrop is a second way out; Escape is the one for the keyboard.
    const outside = (event: MouseEvent): void => {
      if (event.target === dialog) dialog.close();
    };
    dialog.addEventListener('click', outside);
    return () => {
      dialog.removeEventListener('click', outside);
      dialog.close();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className={`dialog ${wide ? 'dialog-wide' : ''} ${bare ? 'dialog-bare' : ''}`}
      aria-label={title}
      onClose={onClose}
    >
      <div className="dialog-body">
        {!bare && (
          <div className="dialog-head">
            <h2>{title}</h2>
            <button
              type="button"
              className="button button-quiet button-icon"
              aria-label="Close"
              onClick={() => element.current?.close()}
            >
              <IconClose />
            </button>
          </div>
        )}
        {children}
      </div>
    </dialog>
  );
}
