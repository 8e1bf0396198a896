/** The clock of the comparison: an operation a row, what each side did, where they first part, and why. */
import type { ReactNode } from 'react';
import type { AskedView, CompareView } from '../../../worker/protocol.ts';
import { Swatch } from '../../parts/Swatch.tsx';
import { session, useSession } from '../../live.ts';
import { pretty } from '../../words.ts';
import { nowAt } from './clock.ts';

export function Operations({ view }: { readonly view: CompareView }): ReactNode {
  const now = useSession((state) => nowAt(view.ops, state.at));
  const lanes = useSession((state) => state.run?.lanes) ?? [];
  return (
    <table className="compare-table">
      <thead>
        <tr className="small faint">
          <th scope="col">Operation</th>
          <th scope="col" className="mono">
            {view.model}
          </th>
          <th scope="col" className="mono">
            {view.versus}
          </th>
        </tr>
      </thead>
      <tbody>
        {view.ops.map((op, place) => (
          <tr
            key={`${place} ${op.text}`}
            data-first={place === view.op}
            data-same={op.same}
            aria-current={place === now ? 'step' : undefined}
          >
            <th scope="row">
              <button
                type="button"
                className="compare-op"
                disabled={op.leftEnd === 0}
                onClick={() => void session.goto(op.leftEnd)}
              >
                <Swatch who={lanes[op.thread]?.who ?? -1} size={10} /> {pretty(op.text)}
              </button>
              {place === view.op && <span className="compare-same small strong">First difference</span>}
            </th>
            {op.same ? (
              <td colSpan={2} className="faint">
                {op.left}
                <span className="compare-same small">same on both</span>
              </td>
            ) : (
              <>
                <td>
                  {op.left}
                  {place === view.op && <Asked model={view.model} asked={view.asked.left} />}
                </td>
                <td>
                  {op.right}
                  {place === view.op && <Asked model={view.versus} asked={view.asked.right} />}
                </td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The rule that decided, as this side has it. */
function Asked({ model, asked }: { readonly model: string; readonly asked: AskedView }): ReactNode {
  if (asked.at === 0) return <span className="compare-same small">No rule of {model} was asked.</span>;
  return (
    <span className="compare-asked">
      <b>
        {asked.asks} {asked.sees === 1 ? 'yes' : `no, ${asked.sees}`}: {asked.answer}
      </b>
      <span className="compare-same">{pretty(asked.says)}</span>
    </span>
  );
}
