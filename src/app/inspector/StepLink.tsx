import type { ReactNode } from 'react';
import { session } from '../live.ts';

/** A step number that goes there. */
export function StepLink({
  at,
  children,
}: {
  readonly at: number;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <button type="button" className="link" data-lit={`step:${at}`} onClick={() => void session.goto(at)}>
      {children ?? `step ${at}`}
    </button>
  );
}
