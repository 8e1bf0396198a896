/** This text on every model: one sign each, a click switches the model, a sentence sums up. */
import type { ReactNode } from 'react';
import { session, useSession } from '../live.ts';
import { useLayout } from '../useLayout.ts';
import { count, isMade } from '../words.ts';
import { signWords, VerdictSign } from './VerdictSign.tsx';
import { signOf } from './sentence.ts';
import { useKernels, useStripSentence } from './useStrip.ts';
import './strip.css';

export function VerdictStrip(): ReactNode {
  const { brief } = useLayout();
  const { eras, proposals } = useKernels();
  const says = useStripSentence();
  const model = useSession((state) => state.model);
  if (brief) return <p className="strip strip-brief">{says}</p>;
  return (
    <section className="strip" aria-label="Verdict on every model">
      <p className="strip-lead small quiet">
        This scenario
        <br />
        on every model
      </p>
      <ul className="strip-cells">
        {eras.map((id) => (
          <StripCell key={id} id={id} />
        ))}
      </ul>
      {proposals.length > 0 && (
        <div className="strip-proposals">
          <ul className="strip-cells">
            {proposals.map((id) => (
              <StripCell key={id} id={id} tiny />
            ))}
          </ul>
          <p className="small quiet">{count(proposals.length, 'proposal')} from the mails</p>
        </div>
      )}
      {isMade(model) && (
        <div className="strip-made">
          <ul className="strip-cells">
            <StripCell id={model} />
          </ul>
          <p className="small quiet">made by hand</p>
        </div>
      )}
      <p className="strip-says small quiet">{says}</p>
    </section>
  );
}

function StripCell({ id, tiny = false }: { readonly id: string; readonly tiny?: boolean }): ReactNode {
  const cell = useSession((state) => state.verdicts[id]);
  const current = useSession((state) => state.model === id);
  const sign = signOf(cell);
  const why = cell?.view?.verdict === 'violated' ? `: ${cell.view.reason}` : '';
  return (
    <li>
      <button
        type="button"
        className={`strip-cell ${tiny ? 'strip-tiny' : ''}`}
        data-sign={sign}
        aria-pressed={current}
        aria-label={`${id}, ${signWords(cell)}`}
        title={`${id}, ${signWords(cell)}${why}`}
        onClick={() => void session.setModel(id)}
      >
        <VerdictSign cell={cell} />
        {!tiny && <span className="mono">{isMade(id) ? 'yours' : id}</span>}
      </button>
    </li>
  );
}
