/** Every scenario with its paragraph, its source, and on which kernels it breaks, as far as that is known. */
import { useState, type ReactNode } from 'react';
import type { ScenarioInfo } from '../../../worker/protocol.ts';
import { session, useSession } from '../../live.ts';
import { sentence, signOf, type Judged } from '../../strip/sentence.ts';
import { useKernels } from '../../strip/useStrip.ts';
import { VerdictSign } from '../../strip/VerdictSign.tsx';
import { PanelHead } from '../PanelHead.tsx';
import { matches } from './matches.ts';
import { useVerdicts } from './verdicts.ts';
import './gallery.css';

export default function Gallery(): ReactNode {
  const scenarios = useSession((state) => state.info?.scenarios) ?? [];
  const verdict = useVerdicts();
  const { eras } = useKernels();
  const [query, setQuery] = useState('');
  const [kernel, setKernel] = useState('');
  const sign = (one: ScenarioInfo): string => signOf(verdict(one.text, kernel));
  const found = scenarios.filter((one) => matches(one, query) && (kernel === '' || sign(one) === 'broken'));
  const waiting = kernel !== '' && scenarios.some((one) => sign(one) === 'running');
  return (
    <>
      <PanelHead title="Gallery" />
      <div className="panel-body">
        <p className="quiet gallery-lead">
          Known races and leaks, each small enough to step through. Open one, then change the kernel.
        </p>
        <search className="gallery-find">
          <input
            type="search"
            className="find-field"
            aria-label="Find a scenario"
            placeholder="Find: pin, swap, mremap, CVE-2016-5195"
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
          <label className="gallery-on">
            Broken on
            <select
              className="button mono"
              value={kernel}
              onChange={(event) => setKernel(event.target.value)}
            >
              <option value="">any or none</option>
              {eras.map((id) => (
                <option key={id}>{id}</option>
              ))}
            </select>
          </label>
          <output className="small quiet">
            {found.length} of {scenarios.length} scenarios{waiting && ', others are still being checked'}.
          </output>
        </search>
        {found.length === 0 && !waiting && (
          <p>
            No scenario has that.{' '}
            <button
              type="button"
              className="button"
              onClick={() => {
                setQuery('');
                setKernel('');
              }}
            >
              Show all
            </button>
          </p>
        )}
        <ul className="gallery">
          {found.map((scenario) => (
            <Entry
              key={scenario.id}
              scenario={scenario}
              cells={eras.map((id) => ({ id, cell: verdict(scenario.text, id) }))}
            />
          ))}
        </ul>
      </div>
    </>
  );
}

interface EntryProps {
  readonly scenario: ScenarioInfo;
  readonly cells: readonly Judged[];
}

function Entry({ scenario, cells }: EntryProps): ReactNode {
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
      <Verdicts cells={cells} />
    </li>
  );
}

/** A sign per kernel, and the same in words. */
function Verdicts({ cells }: { readonly cells: readonly Judged[] }): ReactNode {
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
