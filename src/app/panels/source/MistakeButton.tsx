/** A mistake in a text: where, what, and what to do. A click goes there. */
import type { ReactNode } from 'react';
import type { Diagnostic } from '../../../worker/protocol.ts';

/** To a place in the text, lines and columns from 1; so many letters are selected. */
export type Go = (line: number, column: number, length: number) => void;

export function MistakeButton({ one, go }: { readonly one: Diagnostic; readonly go: Go }): ReactNode {
  return (
    <button
      type="button"
      className="mistake"
      data-severity={one.severity}
      onClick={() => go(one.line, one.column, one.length)}
    >
      <span className="small strong mistake-where">
        Line {one.line}, column {one.column}
      </span>
      <span>{one.message}</span>
      {one.hint !== '' && <span className="small quiet">{one.hint}</span>}
    </button>
  );
}
