/** Two kernels, one scenario, one clock by operation: where they first do different things. */
import { useEffect, useState, type ReactNode } from 'react';
import type { CompareView } from '../../../worker/protocol.ts';
import { engine, session, useSession } from '../../live.ts';
import { IconFlag } from '../../icons.tsx';
import { wordsOf } from '../../session/core.ts';
import { useKernels } from '../../strip/useStrip.ts';
import { signOf } from '../../strip/sentence.ts';
import { pretty } from '../../words.ts';
import { useLayout } from '../../useLayout.ts';
import { PanelHead } from '../PanelHead.tsx';
import { Clock } from './Clock.tsx';
import { Costs } from './Costs.tsx';
import { Operations } from './Operations.tsx';
import { Panes } from './Panes.tsx';
import './compare.css';

type Found = { readonly view: CompareView } | { readonly error: string } | null;

export default function Compare(): ReactNode {
  const model = useSession((state) => state.model);
  const run = useSession((state) => state.run);
  const suggested = useSuggestion();
  // A link, or somebody's hand, has named the other one; else the panel suggests it.
  const [picked, pick] = useState<string | null>(() => session.store.getState().versus || null);
  const versus = picked !== null && picked !== model ? picked : suggested;
  useEffect(() => session.setVersus(versus), [versus]);
  const [found, setFound] = useState<Found>(null);
  useEffect(() => {
    if (!run || versus === '') return;
    let current = true;
    engine.compare(versus).then(
      (view) => current && setFound({ view }),
      (error: unknown) => current && setFound({ error: wordsOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [run, versus]);
  return (
    <>
      <PanelHead title="Compare" />
      <div className="panel-body compare">
        <Picker model={model} versus={versus} pick={pick} />
        {found && 'error' in found && <p className="bad">{found.error}</p>}
        {found && 'view' in found && <Result view={found.view} />}
      </div>
    </>
  );
}

interface PickerProps {
  readonly model: string;
  readonly versus: string;
  readonly pick: (id: string) => void;
}

function Picker({ model, versus, pick }: PickerProps): ReactNode {
  const models = useSession((state) => state.info?.models) ?? [];
  return (
    <div className="compare-pick">
      <Select
        label="This kernel"
        value={model}
        ids={models.map((one) => one.id)}
        choose={(id) => void session.setModel(id)}
      />
      <span className="compare-with quiet">with</span>
      <Select
        label="The other"
        value={versus}
        ids={models.map((one) => one.id).filter((id) => id !== model)}
        choose={pick}
      />
    </div>
  );
}

interface SelectProps {
  readonly label: string;
  readonly value: string;
  readonly ids: readonly string[];
  readonly choose: (id: string) => void;
}

function Select({ label, value, ids, choose }: SelectProps): ReactNode {
  return (
    <label>
      <span className="small faint">{label}</span>
      <select className="button mono" value={value} onChange={(event) => choose(event.target.value)}>
        {ids.map((id) => (
          <option key={id}>{id}</option>
        ))}
      </select>
    </label>
  );
}

function Result({ view }: { readonly view: CompareView }): ReactNode {
  const { phone } = useLayout();
  return (
    <>
      <p className="compare-says" aria-live="polite">
        {view.op < 0 ? pretty(view.says) : `They part at ${pretty(view.ops[view.op]?.text ?? '')}.`}
      </p>
      <div className="panel-do compare-do">
        {view.at > 0 && (
          <button type="button" className="button" onClick={() => void session.goto(view.at)}>
            <IconFlag />
            Go to the difference, step {view.at}
          </button>
        )}
        <button type="button" className="button" onClick={() => void session.setModel(view.versus)}>
          Show {view.versus} instead
        </button>
      </div>
      {!phone && <Panes view={view} />}
      <Operations view={view} />
      <Costs view={view} />
      <Clock view={view} />
    </>
  );
}

/** The nearest kernel with another verdict says most; else the newest. */
function useSuggestion(): string {
  const { eras } = useKernels();
  const model = useSession((state) => state.model);
  const verdicts = useSession((state) => state.verdicts);
  const sign = signOf(verdicts[model]);
  const here = eras.indexOf(model);
  const differs = (id: string): boolean =>
    signOf(verdicts[id]) !== sign && signOf(verdicts[id]) !== 'running';
  return (
    eras.slice(here + 1).find(differs) ??
    eras.slice(0, Math.max(0, here)).findLast(differs) ??
    eras.findLast((id) => id !== model) ??
    ''
  );
}
