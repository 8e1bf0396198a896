/** Compose a rule set: a base, and switches with the answers of kernels and mails; judged at once. */
import { useEffect, useMemo, type ReactNode } from 'react';
import { proposalChecks, textOfCheck } from '../../../scenario/proposal-checks.ts';
import type { RulesView } from '../../../worker/protocol.ts';
import { session, useSession } from '../../live.ts';
import { signOf } from '../../strip/sentence.ts';
import { useKernels } from '../../strip/useStrip.ts';
import { PanelHead } from '../PanelHead.tsx';
import { solved } from '../walkthrough/progress.ts';
import { cellOf, useJudged } from './judged.ts';
import { begin, change, leaveTask, startFrom, useComposing, type Asked, type Task } from './store.ts';
import { Switches } from './Switches.tsx';
import { Verdicts } from './Verdicts.tsx';
import './rules.css';

/** The small scenarios by which the proposals of the mails are judged. */
const battery = proposalChecks.map((one): Asked => {
  const says = one.about.charAt(0).toUpperCase() + one.about.slice(1);
  const text = `scenario ${says}\n${textOfCheck(one)}`;
  return { id: `check-${one.id}`, says, scenario: '', text, invariant: null };
});

export default function Rules(): ReactNode {
  const view = useComposing((state) => state.view);
  const error = useComposing((state) => state.error);
  const task = useComposing((state) => state.task);
  useEffect(begin, []);
  return (
    <>
      <PanelHead title="Compose a rule set">
        {task && (
          <button type="button" className="button" onClick={() => session.show('walkthrough')}>
            Back to the lesson
          </button>
        )}
      </PanelHead>
      <div className="panel-body">
        {error !== '' && (
          <p className="bad" role="alert">
            {error}
          </p>
        )}
        {view ? (
          <Composed view={view} task={task} />
        ) : (
          error === '' && <p className="quiet">Asking the model.</p>
        )}
      </div>
    </>
  );
}

function Composed({ view, task }: { readonly view: RulesView; readonly task: Task | null }): ReactNode {
  const { base } = view,
    { id } = view.model;
  const scenario = useSession((state) => state.scenario),
    title = useSession((state) => state.title),
    text = useSession((state) => state.openText);
  const here = useMemo(
    (): readonly Asked[] => [
      { id: 'here', says: title === '' ? 'This scenario' : title, scenario, text, invariant: null },
    ],
    [title, scenario, text],
  );
  const sections = useMemo(
    () => [
      ...(task === null ? [] : [{ title: 'What the lesson asks for', rows: task.musts }]),
      { title: 'The scenario on the screen', rows: here },
      { title: 'What proposals are judged by', rows: battery },
    ],
    [task, here],
  );
  const rows = useMemo(() => sections.flatMap((one) => one.rows), [sections]);
  const models = id === base ? [id] : [id, base];
  useJudged(models, rows);
  const met = task !== null && task.musts.every((one) => signOf(cellOf(id, one)) === 'ok');
  useEffect(() => {
    if (met && task !== null) solved(task.lesson, task.place);
  }, [met, task]);
  return (
    <>
      <div className="rules-left">
        <Base base={base} fixed={task !== null} />
        <label className="rules-base">
          <span className="small faint">Its name</span>
          <output className="rules-id mono" aria-live="off">
            {id}
          </output>
        </label>
        <Use id={id} base={base} />
        {task && <Goal task={task} met={met} />}
        <Moved view={view} />
        <Switches groups={view.groups} free={task?.free ?? []} change={change} />
      </div>
      <Verdicts sections={sections} models={models} />
    </>
  );
}

function Base({ base, fixed }: { readonly base: string; readonly fixed: boolean }): ReactNode {
  const { eras, proposals } = useKernels();
  if (fixed)
    return (
      <p>
        On <b className="mono">{base}</b>, with other switches
      </p>
    );
  return (
    <label className="rules-base">
      <span className="small faint">Begin with</span>
      <select className="button mono" value={base} onChange={(event) => change('base', event.target.value)}>
        <optgroup label="Released">
          {eras.map((id) => (
            <option key={id}>{id}</option>
          ))}
        </optgroup>
        <optgroup label="Proposed in the mails">
          {proposals.map((id) => (
            <option key={id}>{id}</option>
          ))}
        </optgroup>
        {!eras.includes(base) && !proposals.includes(base) && <option>{base}</option>}
      </select>
    </label>
  );
}

function Use({ id, base }: { readonly id: string; readonly base: string }): ReactNode {
  const shown = useSession((state) => state.model === id);
  const use = (): void => {
    void session.setModel(id);
    session.show(null);
  };
  return (
    <div className="panel-do">
      <button
        type="button"
        className="button button-main"
        aria-disabled={shown}
        onClick={() => shown || use()}
      >
        {shown ? 'It is on the screen' : 'Use it'}
      </button>
      <button
        type="button"
        className="button"
        aria-disabled={id === base}
        onClick={() => id !== base && startFrom(base)}
      >
        All as {base}
      </button>
    </div>
  );
}

function Goal({ task, met }: { readonly task: Task; readonly met: boolean }): ReactNode {
  return (
    <section className="beat-box" aria-label="What the lesson asks for">
      <p className="small quiet">{task.title}</p>
      <p>Find switches with which each of the first rows holds, in every order of the steps.</p>
      <output className="strong">{met && 'Solved: all of it holds.'}</output>
      <div className="panel-do">
        <button type="button" className="button" onClick={leaveTask}>
          Compose without the task
        </button>
      </div>
    </section>
  );
}

/** What followed the last choice is said: nobody looks at all switches. */
function Moved({ view }: { readonly view: RulesView }): ReactNode {
  const all = view.groups.flatMap((group) => group.switches);
  const moved = view.moved.flatMap((id) => all.filter((one) => one.id === id));
  const words = moved.map(
    ({ name, at, positions }) => `${name}: ${positions.find((one) => one.id === at)?.says ?? ''}`,
  );
  return (
    <output className="rules-moved">
      {words.length > 0 && `That cannot stand alone, so this came along. ${words.join('. ')}.`}
    </output>
  );
}
