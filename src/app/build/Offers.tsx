/** What could happen next to the selected thing: a button for each line that could be added to the text. */
import { useEffect, useState, type ReactNode } from 'react';
import type { Offer } from '../../worker/protocol.ts';
import { engine, session, useSession } from '../live.ts';
import { hasErrors } from '../session/state.ts';
import { choiceOf } from './targets.ts';

interface Found {
  /** What was asked. */
  readonly of: string;
  readonly offers: readonly Offer[];
}

export default function Offers({ id }: { readonly id: string }): ReactNode {
  const text = useSession((state) => state.openText);
  const model = useSession((state) => state.model);
  const without = useSession((state) => state.without);
  const typing = useSession((state) => state.text !== state.openText || hasErrors(state));
  // Things that do not exist yet, or any more, get nothing done; who exists changes with the steps.
  const choice = useSession((state) => {
    const found = state.frame && choiceOf(state.frame.scene, id);
    return found ? JSON.stringify(found) : '';
  });
  const asked = JSON.stringify([choice, text, model, without]);
  const [found, setFound] = useState<Found>({ of: '', offers: [] });

  useEffect(() => {
    if (choice === '' || typing) return;
    const stop = new AbortController();
    const { targets } = JSON.parse(choice) as NonNullable<ReturnType<typeof choiceOf>>;
    engine
      .offers({ text, model, without, targets }, () => undefined, stop.signal)
      .then((offers) => setFound({ of: asked, offers }))
      .catch(() => undefined);
    return () => stop.abort(new Error('Something else was selected.'));
  }, [asked, choice, text, model, without, typing]);

  if (choice === '') return <p className="small quiet">Nothing can be done here at this step.</p>;
  if (typing)
    return <p className="small quiet">When the text has no mistakes, lines can be added by a click.</p>;
  if (found.of !== asked) return <p className="small quiet">Trying what could be done.</p>;
  const good = found.offers.filter((one) => one.error === '');
  const bad = found.offers.filter((one) => one.error !== '');
  return (
    <>
      <p className="small quiet">A click adds the line behind the last operation and goes there.</p>
      <List offers={good} />
      {bad.length > 0 && (
        <details className="offers-failing">
          <summary className="small">{bad.length} more that fail here</summary>
          <List offers={bad} />
        </details>
      )}
    </>
  );
}

function List({ offers }: { readonly offers: readonly Offer[] }): ReactNode {
  const several = new Set(offers.map((one) => one.actor)).size > 1;
  return (
    <ul className="offers">
      {offers.map((one) => (
        <li key={`${one.actor} ${one.operation}`}>
          <button type="button" className="button offer" onClick={() => void session.add(one.text, one.line)}>
            <code>{several ? `${one.actor}: ${one.operation}` : one.operation}</code>
            {one.error !== '' && <span className="small faint">{one.error}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
