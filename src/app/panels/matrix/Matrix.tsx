/** Who broke what, on which kernel; and what each guard is for. Every sign opens its shortest run. */
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Info } from '../../../worker/protocol.ts';
import { IconBroken, IconDash, IconDots, IconTick } from '../../icons.tsx';
import { session, useSession } from '../../live.ts';
import { count } from '../../words.ts';
import { PanelHead } from '../PanelHead.tsx';
import { Grid } from './Grid.tsx';
import { guardRows, ownRows, ruleRows, scenarioRows } from './rows.ts';
import type { RowOf } from './rows.ts';
import { loadStored, stopWorking, useMatrix, workOut } from './store.ts';
import type { Wanted } from './store.ts';
import './matrix.css';

const VIEWS = {
  rules: { name: 'Rules', head: 'Who broke what', of: 'RULE' },
  scenarios: { name: 'Scenarios', head: 'The gallery on every kernel', of: 'SCENARIO' },
  own: { name: 'This scenario', head: 'This scenario on every kernel', of: 'RULE OR QUESTION' },
  guards: { name: 'Guards', head: 'What is each guard for?', of: 'GUARD' },
} as const;
type View = keyof typeof VIEWS;

export default function Matrix(): ReactNode {
  const info = useSession((state) => state.info);
  return info === null ? null : <Known info={info} />;
}

function Known({ info }: { readonly info: Info }): ReactNode {
  const [view, setView] = useState<View>('rules');
  const scenario = useSession((state) => state.scenario),
    text = useSession((state) => state.openText);
  const known = useMatrix();
  const shown = useMemo(
    () => info.models.filter((m) => !m.composed && (view !== 'guards' || !m.proposal)),
    [info, view],
  );
  const wanted = useMemo(
    (): Wanted => ({
      texts: view === 'own' ? [text] : info.scenarios.map((s) => s.text),
      models: shown.map((m) => m.id),
      what: view === 'guards' ? 'ablations' : 'columns',
    }),
    [view, text, info, shown],
  );
  useEffect(() => {
    void loadStored(info).then(() => workOut(wanted));
    return stopWorking;
  }, [info, wanted]);
  const rows = useMemo((): RowOf[] => {
    const ids = wanted.models;
    if (view === 'rules') return ruleRows(info, ids, known);
    if (view === 'scenarios') return scenarioRows(info, ids, known);
    if (view === 'guards') return guardRows(info, ids, known);
    return ownRows({ id: scenario, text }, info, ids, known);
  }, [view, info, wanted, known, scenario, text]);
  return (
    <>
      <PanelHead title="Matrix" />
      <div className="panel-body matrix" data-view={view}>
        <fieldset className="matrix-views" aria-label="What to show">
          {(Object.keys(VIEWS) as View[]).map((id) => (
            <button
              key={id}
              type="button"
              className="button"
              aria-pressed={view === id}
              onClick={() => setView(id)}
            >
              {VIEWS[id].name}
            </button>
          ))}
        </fieldset>
        <h3 className="matrix-title">{VIEWS[view].head}</h3>
        <p className="quiet matrix-lead">{leadOf(view, info)}</p>
        <Grid key={view} rows={rows} models={shown} head={VIEWS[view].of} />
        <Legend guards={view === 'guards'} />
        <Working wanted={wanted} own={view === 'own'} />
        {view === 'guards' && <CopyQuestion info={info} />}
      </div>
    </>
  );
}

function leadOf(view: View, { scenarios }: Info): string {
  const all = count(scenarios.length, 'gallery scenario');
  if (view === 'rules') return `All orders of all ${all}. Every red sign opens the shortest run.`;
  if (view === 'scenarios') return `All orders of each of ${all}. Every red sign opens the shortest run.`;
  if (view === 'own') return 'Every rule that is looked for, and every question that the text asks.';
  return `One guard switched off at a time, in all ${all}: does anything break that held before?`;
}

function Legend({ guards }: { readonly guards: boolean }): ReactNode {
  return (
    <ul className="matrix-legend small quiet">
      <li>
        <IconBroken /> {guards ? 'something breaks without it' : 'broken'}
      </li>
      <li>
        <IconTick /> {guards ? 'nothing breaks' : 'holds in every order'}
      </li>
      <li>
        <IconDash /> {guards ? 'no run comes to it' : 'nothing to judge'}
      </li>
      <li data-sign="open">
        <IconDots /> not decided: the search met its bound
      </li>
      <li data-sign="running">
        <IconDots /> pale: still being worked out
      </li>
    </ul>
  );
}

function Working({ wanted, own }: { readonly wanted: Wanted; readonly own: boolean }): ReactNode {
  const working = useMatrix((state) => state.working),
    stored = useMatrix((state) => state.stored);
  if (working !== null)
    return (
      <p className="matrix-working small quiet" aria-live="polite">
        Working out {working.done.toLocaleString('en')} of {working.total.toLocaleString('en')}{' '}
        <button type="button" className="button" onClick={stopWorking}>
          Stop
        </button>
      </p>
    );
  return (
    <p className="matrix-working small quiet">
      {stored && !own ? 'Worked out when this page was built, by the same rules. ' : 'Worked out here. '}
      <button type="button" className="button" onClick={() => void workOut(wanted, true)}>
        Work it out again
      </button>
    </p>
  );
}

/** The question that the mail on wp_page_copy asks, with the runs that answer it. */
function CopyQuestion({ info }: { readonly info: Info }): ReactNode {
  const extra = info.guards.find((g) => g.extra);
  const looks = info.scenarios.find((s) => s.id === 'two-looks');
  if (extra === undefined || looks === undefined) return null;
  const open = (without: readonly string[]): void => {
    session.show('check');
    void session
      .openRun({ scenario: looks.id, text: looks.text, model: 'v6.18', without, schedule: '', steps: 0 })
      .then(() => session.check());
  };
  return (
    <section className="matrix-mail">
      <h3>Why does wp_page_copy take a reference?</h3>
      <p>
        Without it the source of the copy can be freed while it is read, or found unshared, marked exclusive
        and pinned by somebody else, whose page the copy then replaces. {extra.title} That check would mend
        the second case, not the first: it keeps no page alive.
      </p>
      <div className="panel-do">
        <button type="button" className="button" onClick={() => open(['copy-holds-old-folio'])}>
          Check without the reference
        </button>
        <button type="button" className="button" onClick={() => open(['copy-holds-old-folio', extra.id])}>
          Without it, with the check instead
        </button>
      </div>
    </section>
  );
}
