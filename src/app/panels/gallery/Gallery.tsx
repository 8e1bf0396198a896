/** Every scenario with its paragraph, its source, and on which kernels it breaks, as far as that is known. */
import { useEffect, useMemo, type ReactNode } from 'react';
import type { CheckView, ScenarioInfo } from '../../../worker/protocol.ts';
import { session, useSession } from '../../live.ts';
import type { Cell } from '../../session/state.ts';
import { sentence } from '../../strip/sentence.ts';
import { useKernels } from '../../strip/useStrip.ts';
import { VerdictSign } from '../../strip/VerdictSign.tsx';
import { PanelHead } from '../PanelHead.tsx';
import './gallery.css';

export default function Gallery(): ReactNode {
  const scenarios = useSession((state) => state.info?.scenarios) ?? [];
  useEffect(() => session.judgeGallery(), []);
  return (
    <>
      <PanelHead title="Gallery" />
      <div className="panel-body">
        <p className="quiet gallery-lead">
          Known races and leaks, each small enough to step through. Open one, then change the kernel.
        </p>
        <ul className="gallery">
          {scenarios.map((scenario) => (
            <Entry key={scenario.id} scenario={scenario} />
          ))}
        </ul>
      </div>
    </>
  );
}

function Entry({ scenario }: { readonly scenario: ScenarioInfo }): ReactNode {
  const open = useSession((state) => state.scenario === scenario.id);
  return (
    <li className="gallery-card" data-open={open}>
      <h3>
        <button
          type="button"
          className="gallery-open"
          aria-current={open ? 'true' : undefined}
          onClick={() => {
            session.show(null);
            void session.openScenario(scenario.id);
          }}
        >
          {scenario.title}
        </button>
      </h3>
      <p className="quiet">{scenario.about}</p>
      <p className="small faint">{scenario.source}</p>
      <Verdicts text={scenario.text} />
    </li>
  );
}

/** A sign per kernel, and the same in words. */
function Verdicts({ text }: { readonly text: string }): ReactNode {
  const { eras } = useKernels();
  const views = useSession((state) => state.judged[text]);
  const cells = useMemo(() => eras.map((id) => ({ id, cell: cellOf(views?.[id]) })), [eras, views]);
  return (
    <div className="gallery-verdicts">
      <span className="gallery-signs" aria-hidden="true">
        {cells.map(({ id, cell }) => (
          <span key={id} title={id}>
            <VerdictSign cell={cell} />
          </span>
        ))}
      </span>
      <span className="small quiet">{sentence(cells)}</span>
    </div>
  );
}

const cellOf = (view: CheckView | undefined): Cell => ({
  state: view ? 'done' : 'waiting',
  view: view ?? null,
  why: '',
});
