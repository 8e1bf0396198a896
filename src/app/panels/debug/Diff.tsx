/** What is different between two steps. */
import { useEffect, useState, type ReactNode } from 'react';
import type { RunView } from '../../../worker/protocol.ts';
import type { DifferenceView } from '../../../worker/protocol/debug.ts';
import { engine, useSession } from '../../live.ts';
import { debug, useDebug } from '../../debug/start.ts';
import { StepLink } from '../../inspector/StepLink.tsx';

export function Diff(): ReactNode {
  const at = useSession((state) => state.at);
  const from = useDebug((state) => state.diffFrom);
  const list = useDifferences(from, at);
  return (
    <>
      <p className="quiet">
        {from === null
          ? 'Keep a step, go to another one, and see what is no longer as it was.'
          : 'From the step that was kept to the one on the screen.'}
      </p>
      <div className="panel-do">
        <button type="button" className="button button-main" onClick={debug.diffFromHere}>
          Keep step {at}
        </button>
        {from !== null && (
          <span className="debug-count">
            <StepLink at={from} /> to step {at}
          </span>
        )}
      </div>
      {from !== null && list !== null && list.length === 0 && (
        <p className="debug-none quiet">
          {from === at ? 'This is the step that was kept.' : 'Nothing is different.'}
        </p>
      )}
      {list !== null && list.length > 0 && (
        <table className="debug-diff">
          <thead>
            <tr className="small faint">
              <th scope="col">What</th>
              <th scope="col">Step {from}</th>
              <th scope="col">Step {at}</th>
              <th>
                <span className="unseen">Watch</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {list.map(({ path, says, before, after }) => (
              <tr key={path}>
                <th scope="row" title={says}>
                  <code>{path}</code>
                </th>
                <td>{before}</td>
                <td className="strong">{after}</td>
                <td>
                  <button
                    type="button"
                    className="link small"
                    aria-label={`Watch ${path}`}
                    onClick={() => debug.addWatch(path)}
                  >
                    watch
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function useDifferences(from: number | null, to: number): readonly DifferenceView[] | null {
  const run = useSession((state) => state.run);
  const [got, setGot] = useState<Got | null>(null);
  useEffect(() => {
    if (from === null || run === null) return;
    let old = false;
    void engine
      .debug('diff', { from, to })
      .then((list) => {
        if (!old) setGot({ run, from, list });
      })
      .catch(() => undefined);
    return () => {
      old = true;
    };
  }, [from, to, run]);
  // While a new list comes, the last one of this run stays.
  return got !== null && got.run === run && got.from === from ? got.list : null;
}
interface Got {
  readonly run: RunView;
  readonly from: number;
  readonly list: readonly DifferenceView[];
}
