/** "Who moves next?": a button per thread that may, a reason per thread that may not. */
import type { ReactNode } from 'react';
import type { MoveView } from '../../worker/protocol.ts';
import { session, useSession } from '../live.ts';
import { Swatch } from '../parts/Swatch.tsx';
import { pretty } from '../words.ts';
import { AtTheEnd } from './AtTheEnd.tsx';
import { Blocked } from './Blocked.tsx';

/** From here on the names need all the room. */
const MANY = 3;

export function Moves(): ReactNode {
  const moves = useSession((state) => state.frame?.moves) ?? [];
  const able = moves.filter((one) => one.blocked === '');
  const blocked = moves.filter((one) => one.blocked !== '');
  const ended = useSession((state) => state.run !== null && state.at >= state.run.steps.length);
  if (ended || able.length === 0) return <AtTheEnd blocked={blocked} />;
  return (
    <fieldset className="moves" data-many={moves.length >= MANY} aria-label="Who moves next?">
      {moves.length < MANY && <span className="moves-ask small faint">Who moves next?</span>}
      {able.map((move) => (
        <MoveButton key={`${move.thread} ${move.choice}`} move={move} />
      ))}
      {blocked.map((move) => (
        <Blocked key={move.thread} move={move} />
      ))}
    </fieldset>
  );
}

function MoveButton({ move }: { readonly move: MoveView }): ReactNode {
  const says = `${move.name}: ${pretty(move.next)}`;
  return (
    <button
      type="button"
      className="button move"
      title={says}
      onClick={() => void session.choose(move.thread, move.choice)}
    >
      <Swatch who={move.who} />
      <span className="unseen">{says}</span>
      <span className="clip" aria-hidden="true">
        {move.name}
        <span className="move-next">: {pretty(move.next)}</span>
      </span>
      {move.thread < 9 && move.choice === 0 && (
        <kbd className="key" aria-hidden="true">
          {move.thread + 1}
        </kbd>
      )}
    </button>
  );
}
