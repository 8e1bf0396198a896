/** The same run with one thing different, from the step on the screen. */
import { useEffect, useState, type ReactNode } from 'react';
import type { RunView } from '../../../worker/protocol.ts';
import type { WhatIfView } from '../../../worker/protocol/debug.ts';
import { engine, session, useSession } from '../../live.ts';
import { debug, useDebug } from '../../debug/start.ts';
import { landingWords } from '../../timeline/Landing.tsx';
import { pretty } from '../../words.ts';

export function WhatIf(): ReactNode {
  const at = useSession((state) => state.at);
  const run = useSession((state) => state.run);
  const ways = useWays(at);
  const step = run?.steps[at - 1];
  return (
    <>
      <Chance />
      {!step || !ways ? (
        <p className="debug-none quiet">Go to a step to change it.</p>
      ) : (
        <>
          <section className="debug-part" aria-label="Change this step">
            <h3>
              Step {at}: {run.lanes[step.thread]?.name}
            </h3>
            <p className="quiet">{step.says}</p>
            <ul className="debug-ways">
              {ways.instead.map(({ thread, choice, name, next }) => (
                <li key={`${thread} ${choice}`}>
                  <button
                    type="button"
                    className="button debug-way"
                    onClick={() => debug.replace(thread, choice)}
                  >
                    <span className="clip">
                      {name} moves here instead: {pretty(next)}
                    </span>
                  </button>
                </li>
              ))}
              {ways.canWait && (
                <li>
                  <button type="button" className="button debug-way" onClick={debug.stillHere}>
                    <span className="clip">{ways.thread} stands still here while others can move</span>
                  </button>
                </li>
              )}
            </ul>
            {ways.instead.length === 0 && <p className="small quiet">No other thread can move here.</p>}
            <Without op={step.op} />
          </section>
          <Guards ways={ways} />
          <Land at={at} />
        </>
      )}
    </>
  );
}

function Chance(): ReactNode {
  const seed = useDebug((state) => state.seed);
  const at = useSession((state) => state.at);
  const [text, setText] = useState('');
  return (
    <section aria-label="By chance">
      <p className="quiet">
        From step {at} on, let chance decide who moves. The same seed goes the same way.
      </p>
      <form
        className="debug-add"
        onSubmit={(event) => {
          event.preventDefault();
          debug.wander(/^\d{1,9}$/.test(text) ? Number(text) : seed);
          setText('');
        }}
      >
        <label className="debug-seed">
          Seed
          <input
            className="debug-field mono"
            inputMode="numeric"
            pattern="\d{0,9}"
            placeholder={String(seed)}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <button type="submit" className="button">
          Go by chance
        </button>
      </form>
    </section>
  );
}

/** The text without the operation: an edit like any other, and undone like one. */
function Without({ op }: { readonly op: number }): ReactNode {
  const run = useSession((state) => state.run);
  const shown = run?.ops[op];
  if (!shown || shown.line <= 0) return null;
  const leaveOut = (): void => {
    const lines = session.store.getState().openText.split('\n');
    const place = shown.line - 1;
    if (lines[place] !== undefined) lines[place] = `# ${lines[place]}`;
    session.setText(lines.join('\n'));
  };
  return (
    <button type="button" className="button debug-way" onClick={leaveOut}>
      <span className="clip">
        Leave out line {shown.line}: {pretty(shown.text)}
      </span>
    </button>
  );
}

function Guards({ ways }: { readonly ways: WhatIfView }): ReactNode {
  if (ways.guards.length === 0) return null;
  return (
    <section className="debug-part" aria-label="Without the protection">
      <h3>What this step protects</h3>
      <ul className="debug-list">
        {ways.guards.map(({ id, title, prevents }) => (
          <li key={id}>
            <p>
              {title}{' '}
              <span className="quiet">
                Without it: {prevents.charAt(0).toLowerCase() + prevents.slice(1)}
              </span>
            </p>
            <button type="button" className="button debug-way" onClick={() => debug.leaveOut(id)}>
              Leave it out
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Land({ at }: { readonly at: number }): ReactNode {
  const run = useSession((state) => state.run);
  const landing = useSession((state) => state.landing);
  if (!run || run.lanes.length < 2) return null;
  return (
    <section className="debug-part" aria-label="Who could come before">
      <h3>Who could come right before it</h3>
      {landing?.at === at ? (
        <p>{landingWords(run, landing)}</p>
      ) : (
        <button type="button" className="button" onClick={() => debug.land(at)}>
          Show in the lanes
        </button>
      )}
    </section>
  );
}

function useWays(at: number): WhatIfView | null {
  const run = useSession((state) => state.run);
  const [got, setGot] = useState<{ readonly run: RunView; readonly view: WhatIfView } | null>(null);
  useEffect(() => {
    let old = false;
    if (run === null || at === 0) return;
    void engine
      .debug('ways', at)
      .then((view) => {
        if (!old) setGot({ run, view });
      })
      .catch(() => undefined);
    return () => {
      old = true;
    };
  }, [at, run]);
  return got !== null && got.run === run && got.view.at === at ? got.view : null;
}
