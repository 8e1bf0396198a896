/** The verdict in words, its numbers, and the shortest run that breaks the rule. */
import type { ReactNode } from 'react';
import type { CheckView } from '../../../worker/protocol.ts';
import { linkToRun } from '../../address.ts';
import { IconBroken, IconDots, IconShare, IconTick } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { RaceWindow } from './RaceWindow.tsx';
import { ShrinkButton } from '../../share/ShrinkButton.tsx';
import { useCopy } from '../../top/useCopy.ts';
import { count, missedWords } from '../../words.ts';

export function Answer(): ReactNode {
  const check = useSession((state) => state.check);
  const old = useSession((state) => state.check.text !== state.openText || state.check.model !== state.model);
  const { state, view, message } = check;
  if (state === 'failed') {
    return (
      <p className="check-answer bad" role="alert">
        The check could not run. {message}
      </p>
    );
  }
  if (state === 'stopped' && !view)
    return <p className="check-answer quiet">Stopped. Nothing was decided.</p>;
  if (!view || state === 'running') return null;
  return (
    <section className="check-answer" aria-label="Verdict" aria-live="polite">
      {old && (
        <p className="small quiet">
          This answer is about an earlier text or kernel, <span className="mono">{check.model}</span>.
        </p>
      )}
      <Verdict view={view} stopped={state === 'stopped'} />
      <Numbers view={view} />
      <Missed view={view} />
      {view.verdict === 'violated' && <ShortestRun view={view} text={check.text} />}
      {!old && (
        <div className="panel-do">
          <button type="button" className="button" onClick={() => session.show('states')}>
            Map of all states
          </button>
        </div>
      )}
    </section>
  );
}

function Verdict({ view, stopped }: { readonly view: CheckView; readonly stopped: boolean }): ReactNode {
  const { verdict, model, invariant, reason, bound } = view,
    runs = view.within === null ? '' : ` within ${count(view.within, 'preemption')}`;
  if (verdict === 'violated') {
    return (
      <>
        <h3 className="check-verdict bad">
          <IconBroken size={20} />
          Broken on {model}
          {runs}
        </h3>
        <p>{reason}</p>
        {invariant !== null && (
          <p className="small quiet">
            Rule broken: <b className="strong">{invariant.replaceAll('-', ' ')}</b>
          </p>
        )}
      </>
    );
  }
  if (verdict === 'holds') {
    return (
      <>
        <h3 className="check-verdict">
          <IconTick size={20} />
          Holds on {model}
          {runs}
        </h3>
        <p>
          {reason ||
            (runs === ''
              ? 'No order of the steps breaks a rule.'
              : 'No run with so few preemptions breaks a rule.')}
        </p>
      </>
    );
  }
  return (
    <>
      <h3 className="check-verdict">
        <IconDots size={20} />
        Not decided on {model}
      </h3>
      <p>
        {stopped
          ? 'The check was stopped before it had tried every order.'
          : `The search ended at its bound: ${bound}.`}
      </p>
    </>
  );
}

function Numbers({ view }: { readonly view: CheckView }): ReactNode {
  const rows = [
    ['states', view.states.toLocaleString('en')],
    ['transitions', view.edges.toLocaleString('en')],
    ['longest run', count(view.depth, 'step')],
    ['time', view.ms < 1000 ? `${Math.round(view.ms)} ms` : `${(view.ms / 1000).toFixed(1)} s`],
  ] as const;
  return (
    <dl className="check-numbers">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt className="small faint">{name}</dt>
          <dd className="mono">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A search that had to go on with fingerprints is never silent about it. */
function Missed({ view: { missedAtMost = 0 } }: { readonly view: CheckView }): ReactNode {
  if (missedAtMost === 0) return null;
  return (
    <p className="check-missed small">
      <b>Not compared exactly.</b> {missedWords(missedAtMost)}
    </p>
  );
}

function ShortestRun({ view, text }: { readonly view: CheckView; readonly text: string }): ReactNode {
  const shown = useSession((state) => state.openText);
  const model = useSession((state) => state.model);
  const { copied, copy } = useCopy(() =>
    linkToRun(session.store.getState(), {
      text,
      model: view.model,
      schedule: view.schedule,
      position: 'end',
    }),
  );
  return (
    <>
      <p className="small quiet">
        Shortest way there: {count(view.steps, 'step')}, {count(view.preemptions, 'switch', 'switches')} of
        thread.
      </p>
      {view.window !== null && <RaceWindow window={view.window} />}
      <div className="panel-do">
        <button type="button" className="button button-main" onClick={() => void session.jumpToViolation()}>
          Open the shortest run
        </button>
        {view.invariant !== null && text === shown && view.model === model && (
          <ShrinkButton invariant={view.invariant} />
        )}
        <button type="button" className="button" onClick={copy}>
          <IconShare />
          {copied ? 'Link copied' : 'Copy its link'}
        </button>
      </div>
    </>
  );
}
