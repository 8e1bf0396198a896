/** Which swaps of two steps repair the shortest run: where the race is. */
import type { ReactNode } from 'react';
import type { SwapEnd, WindowView } from '../../../worker/protocol.ts';
import { session } from '../../live.ts';

export function RaceWindow({ window }: { readonly window: WindowView }): ReactNode {
  const { swaps, from, to } = window;
  if (swaps.length === 0)
    return (
      <p className="small quiet">
        No swap of two steps repairs this run: the order of its operations is enough.
      </p>
    );
  return (
    <section className="check-race" aria-label="Race window">
      <h4>
        Race window: steps {from} to {to}
      </h4>
      <p className="small quiet">
        With {swaps.length === 1 ? 'this pair' : 'any of these pairs'} the other way round the rule holds.
      </p>
      <ul>
        {swaps.map(({ first, second }) => (
          <li key={`${first.step} ${second.step}`}>
            <End end={first} /> <span className="quiet">before</span> <End end={second} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function End({ end: { step, thread, at } }: { readonly end: SwapEnd }): ReactNode {
  return (
    <button
      type="button"
      className="check-end"
      title={at}
      onClick={() => void session.jumpToViolation().then(() => session.goto(step))}
    >
      {thread} <span className="mono small">{at.replace(/^[^.]*\./, '')}</span>{' '}
      <span className="small faint">step {step}</span>
    </button>
  );
}
