/** The kernel's own flow of the step on the screen, who stands where in it, and how other kernels do it. */
import { useEffect, useState, type ReactNode } from 'react';
import type { RunView } from '../../../worker/protocol.ts';
import type { CodeRowView, CodeView, EraView } from '../../../worker/protocol/debug.ts';
import { debug, useDebug } from '../../debug/start.ts';
import { useExplained } from '../../glossary/glossary.ts';
import { engine, session, useSession } from '../../live.ts';
import { Swatch } from '../../parts/Swatch.tsx';
import { PanelHead } from '../PanelHead.tsx';
import './code.css';

export default function Code(): ReactNode {
  const at = useSession((state) => state.at);
  const run = useSession((state) => state.run);
  const [thread, setThread] = useState(-1);
  const code = useAsked(run, at, thread);
  return (
    <>
      <PanelHead title="Code" />
      <div className="panel-body">
        {run && run.lanes.length > 1 && <Whose run={run} thread={thread} choose={setThread} />}
        {code === undefined && <p className="quiet">Looking for the function.</p>}
        {code === null && (
          <p className="quiet">
            {thread >= 0 ? 'This thread is in no function here.' : 'Nothing runs here.'}
          </p>
        )}
        {code && (
          <>
            <Routine code={code} />
            {thread < 0 && <Ribbon key={`${at}`} at={at} />}
            <Mails code={code} />
          </>
        )}
      </div>
    </>
  );
}

interface WhoseProps {
  readonly run: RunView;
  readonly thread: number;
  readonly choose: (thread: number) => void;
}

/** The step that was made, or the place where a thread stands. */
function Whose({ run, thread, choose }: WhoseProps): ReactNode {
  return (
    <fieldset className="code-whose">
      <legend className="unseen">Whose place to show</legend>
      {[-1, ...run.lanes.keys()].map((one) => {
        const lane = run.lanes[one];
        return (
          <button
            key={one}
            type="button"
            className="button"
            aria-pressed={one === thread}
            onClick={() => choose(one)}
          >
            {lane && <Swatch who={lane.who} size={10} />}
            {lane ? lane.name : 'Last step'}
          </button>
        );
      })}
    </fieldset>
  );
}

function Routine({ code }: { readonly code: CodeView }): ReactNode {
  const { name, file, version, commit, inside, rows } = code;
  const explained = useExplained(rows.map(({ says }) => says));
  return (
    <section aria-label={name}>
      <h3 className="mono code-name">{name}</h3>
      <p className="small quiet">
        <span className="mono">{file}</span>, {version}
        {commit !== '' && (
          <>
            , commit <code>{commit}</code>
          </>
        )}
      </p>
      {inside.length > 0 && <p className="small faint">inside {inside.join(' › ')}</p>}
      <ol className="code-rows">
        {rows.map((row, i) => (
          <Row key={row.label} row={row} says={explained[i]} name={name} />
        ))}
      </ol>
    </section>
  );
}

interface RowProps {
  readonly row: CodeRowView;
  readonly says: ReactNode;
  readonly name: string;
}

function Row({ row, says, name }: RowProps): ReactNode {
  const run = useSession((state) => state.run);
  const text = `step.row = ${name}.${row.label}`;
  const stops = useDebug((state) => state.breakpoints.some((one) => one.text === text && one.on));
  const { label, calls, locks, to, threads, current } = row;
  return (
    <li className="code-row" data-call={calls !== ''} aria-current={current ? 'step' : undefined}>
      {calls === '' ? (
        <button
          type="button"
          className="code-stop"
          aria-pressed={stops}
          aria-label={`Break at ${label}`}
          title={`Break at ${label}`}
          onClick={() => (stops ? debug.removeBreakpoint(text) : debug.addBreakpoint(text))}
        />
      ) : (
        <span className="code-stop" aria-hidden="true" />
      )}
      <div className="code-what">
        <p>
          {calls === '' ? (
            says
          ) : (
            <>
              enters <code>{calls}</code>
            </>
          )}
        </p>
        <p className="small faint code-more">
          <code>{label}</code>
          {locks.map((words) => (
            <span key={words} className="chip">
              {words}
            </span>
          ))}
          {to.length > 0 && <span>then {to.map((one) => one.replaceAll('_', ' ')).join(' or ')}</span>}
        </p>
        {threads.length > 0 && (
          <p className="small code-here">
            {threads.map((thread) => {
              const lane = run?.lanes[thread];
              return lane ? (
                <span key={thread}>
                  <Swatch who={lane.who} size={8} /> {lane.name}
                </span>
              ) : null;
            })}
          </p>
        )}
      </div>
    </li>
  );
}

/** Era by era: the same step, another function, or none; and the commits between them. */
function Ribbon({ at }: { readonly at: number }): ReactNode {
  const eras = useHistory(at);
  if (eras === null) return <p className="small faint code-part">Looking at the other kernels.</p>;
  return (
    <section className="code-part" aria-label="This step in other kernels">
      <h3>This step in other kernels</h3>
      {eras.length === 1 && <p className="quiet">It is the same in all of them.</p>}
      <ol className="code-eras">
        {eras.map((era) => (
          <li key={era.models[0]} aria-current={era.here ? 'true' : undefined}>
            {era.by.length > 0 && (
              <p className="small code-by">
                {era.by.map((commit) => (
                  <code key={commit}>{commit}</code>
                ))}
              </p>
            )}
            <button
              type="button"
              className="code-era"
              disabled={era.here}
              onClick={() => void session.setModel(era.models.at(-1) ?? '')}
            >
              <span className="mono strong">{rangeOf(era)}</span>
              <span>
                {eraWords(era)}
                {era.rules.map(({ name, says, answer }) => (
                  <span key={name} className="small quiet code-rule">
                    {says}: <b>{answer}</b>
                  </span>
                ))}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

const rangeOf = ({ models }: EraView): string =>
  models.length === 1 ? (models[0] ?? '') : `${models[0]} to ${models.at(-1)}`;

function eraWords({ how, function: name, here }: EraView): ReactNode {
  if (how === 'absent') return 'there is no such step';
  const where = <code>{name}</code>;
  if (here) return <>this step, in {where}</>;
  return how === 'same' ? <>the same step, in {where}</> : <>{where} does it otherwise</>;
}

function Mails({ code }: { readonly code: CodeView }): ReactNode {
  if (code.passages.length === 0) return null;
  return (
    <section className="code-part" aria-label="What the mails say about it">
      <h3>What the mails say about it</h3>
      {code.passages.map(({ source, says }) => (
        <blockquote key={says} className="code-mail">
          <p>{says}</p>
          <footer className="small faint">{source}, in our words</footer>
        </blockquote>
      ))}
    </section>
  );
}

/** undefined: not answered yet. The last answer stays until there is a new one. */
function useAsked(run: RunView | null, at: number, thread: number): CodeView | null | undefined {
  const [got, setGot] = useState<{ readonly run: RunView; readonly view: CodeView | null } | null>(null);
  useEffect(() => {
    if (run === null) return;
    let old = false;
    void engine
      .debug('code', { at, thread })
      .then((view) => {
        if (!old) setGot({ run, view });
      })
      .catch(() => undefined);
    return () => {
      old = true;
    };
  }, [run, at, thread]);
  return got?.run === run ? got.view : undefined;
}

/** All kernels are compiled for it, so nobody waits for it who only steps through. */
const DWELL_MS = 200;

function useHistory(at: number): readonly EraView[] | null {
  const run = useSession((state) => state.run);
  const [got, setGot] = useState<{ readonly run: RunView; readonly eras: readonly EraView[] } | null>(null);
  useEffect(() => {
    if (run === null || at === 0) return;
    let old = false;
    const timer = setTimeout(() => {
      void engine
        .debug('history', at)
        .then((eras) => {
          if (!old) setGot({ run, eras });
        })
        .catch(() => undefined);
    }, DWELL_MS);
    return () => {
      old = true;
      clearTimeout(timer);
    };
  }, [run, at]);
  return got !== null && got.run === run ? got.eras : null;
}
