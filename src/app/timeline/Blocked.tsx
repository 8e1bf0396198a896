/** A thread that cannot move, and who is in its way: `child: waits for PTL, held by parent`. */
import type { ReactNode } from 'react';
import type { MoveView } from '../../worker/protocol.ts';
import { Swatch } from '../parts/Swatch.tsx';

export function Blocked({ move }: { readonly move: MoveView }): ReactNode {
  const says = `${move.name}: ${move.blocked}`;
  return (
    <span className="move move-blocked" title={says}>
      <Swatch who={move.who} />
      <span className="move-reason">{says}</span>
    </span>
  );
}
