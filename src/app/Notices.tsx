/** What could not be had, and why: stays until it is read. */
import type { ReactNode } from 'react';
import { IconClose } from './icons.tsx';
import { session, useSession } from './live.ts';
import './notices.css';

export function Notices(): ReactNode {
  const notices = useSession((state) => state.notices);
  return (
    <section className="notices" aria-label="Notices">
      {notices.map(({ id, kind, title, lines, action }) => (
        <div key={id} className="notice" role={kind === 'trouble' ? 'alert' : 'status'} data-kind={kind}>
          <div className="grow">
            <p className="strong">{title}</p>
            {lines.map((line) => (
              <p key={line} className="quiet notice-line">
                {line}
              </p>
            ))}
          </div>
          {action && (
            <button
              type="button"
              className="button"
              onClick={() => {
                session.dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button
            type="button"
            className="button button-quiet button-icon"
            aria-label="Dismiss"
            onClick={() => session.dismiss(id)}
          >
            <IconClose />
          </button>
        </div>
      ))}
    </section>
  );
}
