/** A thread that cannot move, and who is in its way. Chosen, it answers "why?". */
import type { ReactNode } from 'react';
import type { MoveView } from '../../worker/protocol.ts';
import { session } from '../live.ts';
import { Swatch } from '../parts/Swatch.tsx';

export function Blocked({ move }: { readonly move: MoveView }): ReactNode {
  const says = `${move.name}: ${move.blocked}`;
  // The reason is told whole by the title, by the lane, and in the inspector when this is chosen.
  const [brief = ''] = move.blocked.split(/, (?=or )/);
  return (
    <button
      type="button"
      className="move move-blocked"
      title={says}
      aria-label={says}
      onClick={() => session.select(`thread:${move.name}`)}
    >
      <Swatch who={move.who} />
      <span className="move-reason">
        {move.name}
        <span className="move-next">: {brief}</span>
      </span>
    </button>
  );
}
