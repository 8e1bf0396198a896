/** A panel's heading, what can be done in it, and the way out. */
import { useEffect, useRef, type ReactNode } from 'react';
import { IconClose } from '../icons.tsx';
import { session } from '../live.ts';

interface Props {
  readonly title: string;
  readonly children?: ReactNode;
}

export function PanelHead({ title, children }: Props): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever opened the panel wants to be in it; a reader of screens hears its name.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className="panel-head">
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <span className="grow" />
      {children}
      <button
        type="button"
        className="button button-quiet button-icon"
        aria-label={`Close ${title.toLowerCase()}`}
        onClick={() => session.show(null)}
      >
        <IconClose />
      </button>
    </div>
  );
}
