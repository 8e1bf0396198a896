/** Every state that the scenario can come to, in layers by depth, and the run of the screen among them. */
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import type { MapView } from '../../../worker/protocol/structure.ts';
import type { Progress } from '../../../worker/protocol.ts';
import { engine, session, useSession } from '../../live.ts';
import { wordsOf } from '../../session/core.ts';
import { count } from '../../words.ts';
import { PanelHead } from '../PanelHead.tsx';
import { wayTo } from './place.ts';
import { StateMap } from './StateMap.tsx';
import './states.css';

type Found = { readonly view: MapView } | { readonly error: string } | null;

export default function States(): ReactNode {
  const { found, progress } = useMap();
  return (
    <>
      <PanelHead title="States" />
      <div className="panel-body states">
        {found === null && (
          <p className="quiet" aria-live="polite">
            Looking for every state: {count(progress?.states ?? 0, 'state')} so far.
          </p>
        )}
        {found && 'error' in found && <p className="bad">{found.error}</p>}
        {found && 'view' in found && <Whole view={found.view} />}
      </div>
    </>
  );
}

/** The map of the text, kernel and run that are open; the old one stays until the new one is there. */
function useMap(): { readonly found: Found; readonly progress: Progress | null } {
  const run = useSession((state) => state.run);
  const [found, setFound] = useState<Found>(null);
  const [progress, setProgress] = useState<Progress | null>(null);
  useEffect(() => {
    if (!run) return undefined;
    const { openText: text, model, without } = session.store.getState();
    const mine = new AbortController();
    engine.map({ text, model, without, schedule: run.schedule }, setProgress, mine.signal).then(
      (view) => mine.signal.aborted || setFound({ view }),
      (error: unknown) => mine.signal.aborted || setFound({ error: wordsOf(error) }),
    );
    return () => mine.abort(new Error('Another map was asked for.'));
  }, [run]);
  return { found, progress };
}

/** Opens the run that goes there, at that state. */
export function openState(view: MapView, place: number): void {
  const moves = wayTo(view.nodes, place);
  const [step] = view.nodes[place]!.steps;
  if (step !== undefined) void session.goto(step);
  else void session.become(() => engine.debug('follow', moves), String(moves.length));
}

function Whole({ view }: { readonly view: MapView }): ReactNode {
  const open = useCallback((place: number) => openState(view, place), [view]);
  return (
    <>
      <Summary view={view} />
      <StateMap view={view} open={open} />
      <Signs />
      <Breaches view={view} />
      <Layers view={view} />
    </>
  );
}

/** What a wide layer shows. */
const CHOSEN = 'this run, where rules break, ends, and some of the others of each layer';

function Summary({ view }: { readonly view: MapView }): ReactNode {
  const model = useSession((state) => state.model);
  const { states, layers, nodes, bound, steps } = view;
  const run = useSession((state) => state.run);
  const ends = nodes.filter(({ end }) => end).length;
  const sampled = nodes.length < states;
  const off = run !== null && steps < run.steps.length;
  return (
    <p className="states-says" aria-live="polite">
      {bound === ''
        ? `${count(states, 'state')} on ${model}, at most ${count(layers.length - 1, 'step')} from the start.`
        : `The first ${states.toLocaleString('en')} states on ${model}, nearest first; there are more.`}{' '}
      {sampled
        ? `Drawn are ${nodes.length.toLocaleString('en')} of them: ${CHOSEN}.`
        : `In ${count(ends, 'state')} nobody can move.`}
      {off && ` This run leaves the map after step ${steps}.`}
    </p>
  );
}

function Signs(): ReactNode {
  return (
    <ul className="states-signs small quiet">
      <li>
        <svg width="26" height="12" aria-hidden="true" className="state-line">
          <path className="state-run" d="M0 6h26" />
          <circle className="state-dot" data-run="true" cx="13" cy="6" r="4.5" />
        </svg>
        this run
      </li>
      <li>
        <svg width="12" height="12" aria-hidden="true">
          <circle className="state-dot" cx="6" cy="6" r="3.5" />
        </svg>
        another state
      </li>
      <li>
        <svg width="12" height="12" aria-hidden="true">
          <path className="state-dot" data-end="true" d="M2 2h8v8h-8z" />
        </svg>
        nobody can move
      </li>
      <li>
        <svg width="14" height="14" aria-hidden="true">
          <path className="state-dot" data-breaks="true" d="M7 0l7 7-7 7-7-7z" />
        </svg>
        a rule breaks here
      </li>
      <li>
        <svg width="12" height="12" aria-hidden="true">
          <circle className="state-dot" data-broken="true" cx="6" cy="6" r="3.5" />
        </svg>
        it was broken before
      </li>
    </ul>
  );
}

const FEW = 8;

/** The same as the diamonds, for those who do not use the map. */
function Breaches({ view }: { readonly view: MapView }): ReactNode {
  const all = [...view.nodes.entries()].filter(([, { breaks }]) => breaks.length > 0);
  if (all.length === 0) return null;
  return (
    <section aria-label="Where rules break" className="states-breaks">
      <h3>Where do rules break first?</h3>
      <ul>
        {all.slice(0, FEW).map(([place, { depth, breaks }]) => (
          <li key={place}>
            <button type="button" className="button" onClick={() => openState(view, place)}>
              After {count(depth, 'step')}: {breaks.map((one) => one.replaceAll('-', ' ')).join(', ')}
            </button>
          </li>
        ))}
      </ul>
      {all.length > FEW && <p className="small quiet">{all.length - FEW} more on the map.</p>}
    </section>
  );
}

function Layers({ view }: { readonly view: MapView }): ReactNode {
  return (
    <details className="states-layers">
      <summary>States by depth</summary>
      <table>
        <thead>
          <tr className="small faint">
            <th scope="col">Steps</th>
            <th scope="col">States</th>
            <th scope="col">Drawn</th>
            <th scope="col">Broken</th>
          </tr>
        </thead>
        <tbody>
          {view.layers.map(({ states, shown, broken }, depth) => (
            <tr key={depth}>
              <th scope="row">{depth}</th>
              <td>{states.toLocaleString('en')}</td>
              <td>{shown}</td>
              <td>{broken === 0 ? '' : broken.toLocaleString('en')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
