/** What safety costs: this run on both kernels, and on every other beside its verdict. */
import type { ReactNode } from 'react';
import type { CompareView, CostView } from '../../../worker/protocol.ts';
import { session, useSession } from '../../live.ts';
import { useCosts } from '../../strip/useCosts.ts';
import { useKernels } from '../../strip/useStrip.ts';
import { signWords, VerdictSign } from '../../strip/VerdictSign.tsx';
import { count } from '../../words.ts';

const COSTS = [
  ['copies', 'copy', 'copies'],
  ['spurious', 'copy for nothing', 'for nothing'],
  ['faults', 'fault', 'faults'],
  ['flushes', 'flush', 'flushes'],
  ['steps', 'step', 'steps'],
] as const;

export function Costs({ view: { model, versus, costs } }: { readonly view: CompareView }): ReactNode {
  const all = useCosts();
  const { eras, proposals } = useKernels();
  const more = COSTS.flatMap(([key, one, many]) => {
    const by = costs.right[key] - costs.left[key];
    return by === 0 ? [] : [`${count(Math.abs(by), one, many)} ${by > 0 ? 'more' : 'less'}`];
  });
  const rows = [...eras, ...proposals].flatMap((id) => all?.filter((one) => one.model === id) ?? []);
  return (
    <section className="compare-costs" aria-label="What it costs">
      <h3>What does it cost?</h3>
      <p className="quiet">
        {more.length === 0 ? `${versus} costs the same.` : `On ${versus}: ${more.join(', ')}.`} A copy is for
        nothing if one process alone had the page, and nobody outside of page tables held it.
      </p>
      <div className="compare-scroll">
        <table className="compare-table compare-meter">
          <thead>
            <tr className="small faint">
              <th scope="col">This run on</th>
              <th scope="col">Every order</th>
              {COSTS.map(([key, , many]) => (
                <th key={key} scope="col">
                  {many}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.length === 0 && (
              <>
                <Row id={model} cost={costs.left} most={costs.left} />
                <Row id={versus} cost={costs.right} most={costs.left} />
              </>
            )}
            {rows.map((cost) => (
              <Row key={cost.model} id={cost.model} cost={cost} most={mostOf(rows)} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const mostOf = (rows: readonly CostView[]): CostView =>
  rows.reduce((most, one) => ({
    steps: Math.max(most.steps, one.steps),
    faults: Math.max(most.faults, one.faults),
    copies: Math.max(most.copies, one.copies),
    spurious: Math.max(most.spurious, one.spurious),
    flushes: Math.max(most.flushes, one.flushes),
  }));

interface RowProps {
  readonly id: string;
  readonly cost: CostView;
  /** Of all rows, for the meters. */
  readonly most: CostView;
}

function Row({ id, cost, most }: RowProps): ReactNode {
  const here = useSession((state) => state.model === id || state.versus === id);
  const cell = useSession((state) => state.verdicts[id]);
  return (
    <tr data-here={here}>
      <th scope="row">
        <button type="button" className="link mono" onClick={() => void session.setModel(id)}>
          {id}
        </button>
      </th>
      <td>
        <span className="compare-sign">
          <VerdictSign cell={cell} />
          <span className="unseen">{signWords(cell)}</span>
        </span>
      </td>
      {COSTS.map(([key]) => (
        <td key={key} className="mono">
          {cost[key]}
          {key !== 'steps' && most[key] > 0 && (
            <i className="compare-bar" data-bad={key === 'spurious'} aria-hidden="true">
              <i style={{ width: `${(100 * cost[key]) / most[key]}%` }} />
            </i>
          )}
        </td>
      ))}
    </tr>
  );
}
