/** To a step by its number. */
import { useState, type ReactNode } from 'react';
import { session, useSession } from '../live.ts';
import { Dialog } from '../parts/Dialog.tsx';
import './dialogs.css';

export default function GoTo(): ReactNode {
  const last = useSession((state) => state.run?.steps.length ?? 0);
  const [value, setValue] = useState('');
  const close = (): void => session.dialog(null);
  return (
    <Dialog title="Go to a step" onClose={close}>
      <form
        className="goto"
        onSubmit={(event) => {
          event.preventDefault();
          if (/^\d+$/.test(value.trim())) void session.goto(Number(value));
          close();
        }}
      >
        <label>
          <span className="quiet">Step, 0 to {last}</span>
          <input
            // oxlint-disable-next-line jsx-a11y/no-autofocus -- the only field of a dialog
            autoFocus
            inputMode="numeric"
            pattern="\d*"
            value={value}
            onChange={(event) => setValue(event.target.value)}
          />
        </label>
        <button type="submit" className="button button-main">
          Go
        </button>
      </form>
    </Dialog>
  );
}
