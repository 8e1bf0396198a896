/** The run is over: why, and the two things worth doing next. */
import type { ReactNode } from 'react';
import type { MoveView } from '../../worker/protocol.ts';
import { session, useSession } from '../live.ts';
import type { State } from '../session/state.ts';
import { ShrinkButton } from '../share/ShrinkButton.tsx';
import { signOf } from '../strip/sentence.ts';
import { useKernels } from '../strip/useStrip.ts';
import { Blocked } from './Blocked.tsx';

export function AtTheEnd({ blocked }: { readonly blocked: readonly MoveView[] }): ReactNode {
  const ending = useSession(endingOf);
  const elsewhere = useSession(
    (state) => state.run?.violations.length === 0 && signOf(state.verdicts[state.model]) === 'broken',
  );
  const broken = useSession((state) => state.run?.violations[0]?.invariant ?? null);
  const other = useOther();
  return (
    <fieldset className="moves" data-ended="true" aria-label="What now?">
      {blocked.map((move) => (
        <Blocked key={move.thread} move={move} />
      ))}
      <span className="moves-ask small faint">{ending}</span>
      {other !== null && (
        <button type="button" className="button" onClick={() => void session.setModel(other)}>
          Same run on {other}
        </button>
      )}
      {broken !== null && <ShrinkButton invariant={broken} />}
      {elsewhere ? <OtherOrder /> : <EveryOrder />}
    </fieldset>
  );
}

function endingOf({ run }: State): string {
  if (!run) return '';
  return run.violations.length === 0 ? `${run.ending} No rule broke.` : run.ending;
}

/** This order holds, but the strip knows one that does not. */
function OtherOrder(): ReactNode {
  const model = useSession((state) => state.model);
  return (
    <button type="button" className="button" onClick={() => void session.jumpToViolation(model)}>
      Open an order that breaks a rule
    </button>
  );
}

function EveryOrder(): ReactNode {
  return (
    <button
      type="button"
      className="button"
      onClick={() => {
        session.show('check');
        void session.check();
      }}
    >
      Try every order
    </button>
  );
}

/** The nearest later kernel that decides otherwise, else the nearest earlier one. */
function useOther(): string | null {
  const { eras } = useKernels();
  const model = useSession((state) => state.model);
  const verdicts = useSession((state) => state.verdicts);
  const here = eras.indexOf(model);
  const sign = signOf(verdicts[model]);
  const differs = (id: string): boolean => {
    const theirs = signOf(verdicts[id]);
    return theirs !== sign && (theirs === 'ok' || theirs === 'broken');
  };
  if (here < 0) return null;
  return eras.slice(here + 1).find(differs) ?? eras.slice(0, here).findLast(differs) ?? null;
}
