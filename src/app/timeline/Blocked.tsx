/** A thread that cannot move, and who is in its way. Chosen, it answers "why?". */
import type { ReactNode } from 'react';
import type { MoveView } from '../../worker/protocol.ts';
import { session } from '../live.ts';
import { Swatch } from '../parts/Swatch.tsx';

export function Blocked({ move }: { readonly move: MoveView }): ReactNode {
  const says = `${move.name}: ${move.blocked}`;
  return (
    <button
      type="button"
      className="move move-blocked"
      title={says}
      onClick={() => session.select(`thread:${move.name}`)}
    >
      <Swatch who={move.who} />
      <span className="move-reason">{says}</span>
    </button>
  );
}
