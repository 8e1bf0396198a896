/** Every order of this scenario on this kernel: how far the search is, what it found, and the way into it. */
import type { ReactNode } from 'react';
import { session, useSession } from '../../live.ts';
import { isEdited } from '../../session/state.ts';
import { count } from '../../words.ts';
import { KernelButton } from '../../top/KernelButton.tsx';
import { Answer } from './Answer.tsx';
import { Outcomes } from './Outcomes.tsx';
import { PanelHead } from '../PanelHead.tsx';
import './check.css';

export default function Check(): ReactNode {
  const running = useSession((state) => state.check.state === 'running');
  const edited = useSession(isEdited);
  const title = useSession((state) => state.title);
  return (
    <>
      <PanelHead title="Check" />
      <div className="panel-body">
        <p className="quiet">
          The run on the screen is one order of the steps. A check tries all of them and looks for one that
          breaks a rule.
        </p>
        <dl className="check-what">
          <dt className="small faint">Scenario</dt>
          <dd>
            {title}
            {edited && <span className="quiet"> (edited)</span>}
          </dd>
          <dt className="small faint">Kernel</dt>
          <dd>
            <KernelButton />
          </dd>
          <dt className="small faint">
            <label htmlFor="check-within">Runs</label>
          </dt>
          <dd>
            <Within />
          </dd>
        </dl>
        <div className="panel-do">
          {running ? (
            <button type="button" className="button" onClick={session.stopCheck}>
              Stop
            </button>
          ) : (
            <button type="button" className="button button-main" onClick={() => void session.check()}>
              Check every order
            </button>
          )}
        </div>
        <Progress />
        <Answer />
        <Outcomes />
      </div>
    </>
  );
}

const MOST = [0, 1, 2, 3, 4] as const;

/** Most races need one or two preemptions, and there are far fewer such runs. */
function Within(): ReactNode {
  const within = useSession((state) => state.within);
  return (
    <select
      id="check-within"
      className="button"
      value={within ?? ''}
      onChange={(event) => session.setWithin(event.target.value === '' ? null : Number(event.target.value))}
    >
      <option value="">all of them</option>
      {MOST.map((n) => (
        <option key={n} value={n}>
          with at most {count(n, 'preemption')}
        </option>
      ))}
    </select>
  );
}

function Progress(): ReactNode {
  const { state, progress, rate } = useSession((all) => all.check);
  if (state !== 'running') return null;
  const speed = rate > 0 ? `, ${Math.round(rate).toLocaleString('en')} states a second` : '';
  const memory = progress.bytes === undefined ? '' : `, ${Math.ceil(progress.bytes / 2 ** 20)} MB`;
  return (
    <div className="check-progress">
      <progress className="check-bar" aria-label="Searching" />
      <p className="small quiet">
        {count(progress.states, 'state')} so far, {count(progress.depth, 'step')} deep{speed}
        {memory}
      </p>
    </div>
  );
}
