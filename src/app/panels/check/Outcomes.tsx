/** What can be observed at the end, in every order: how often, what it answers, and one shortest run. */
import { useEffect, useState, type ReactNode } from 'react';
import type { AnswerView, EndingView, LitmusView } from '../../../worker/protocol.ts';
import { IconBroken, IconDots, IconTick } from '../../icons.tsx';
import { engine, session, useSession } from '../../live.ts';
import { Swatch } from '../../parts/Swatch.tsx';
import { count } from '../../words.ts';

const BUDGET = 1_000_000;

export function Outcomes(): ReactNode {
  const state = useSession((all) => all.check.state),
    text = useSession((all) => all.check.text),
    model = useSession((all) => all.check.model),
    without = useSession((all) => all.without);
  const [last, setLast] = useState<{ readonly of: string; readonly view: LitmusView } | null>(null);
  const of = [model, ...without, text].join('\n');
  useEffect(() => {
    if (state !== 'done') return undefined;
    const mine = new AbortController();
    const request = { text, model, without, budget: BUDGET };
    void engine
      .litmus(request, () => undefined, mine.signal)
      .then((view) => setLast({ of, view }))
      .catch(() => undefined);
    return () => mine.abort(new Error('Another check was started.'));
  }, [state, of, text, model, without]);
  const found = last?.of === of && state === 'done' ? last.view : null;
  if (found === null || found.endings.every((e) => e.seen.length === 0)) return null;
  const most = Math.max(...found.endings.map((e) => e.states));
  return (
    <section className="check-outcomes" aria-label="Outcomes">
      <h3>What can be observed?</h3>
      <p className="small quiet">
        {found.bound === ''
          ? `Every order on ${found.model}: ${count(found.states, 'state')}.`
          : `After ${found.bound}; there may be more.`}{' '}
        Choose one to open a shortest run to it.
      </p>
      <ul className="outcome-list">
        {found.endings.map((ending, i) => (
          <Ending
            key={ending.witness.schedule + String(i)}
            ending={ending}
            answers={found.answers}
            share={ending.states / most}
            onOpen={() => open(ending, { text, model, without })}
          />
        ))}
      </ul>
      {found.answers.length > 0 && (
        <ul className="outcome-answers small">
          {found.answers.map((a) => (
            <li key={a.line}>
              <Sign holds={a.holds} /> <span className="mono">{a.says}</span>{' '}
              <span className="quiet">{a.holds === null ? 'not decided' : a.holds ? 'yes' : 'no'}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function open(
  { witness }: EndingView,
  from: { readonly text: string; readonly model: string; readonly without: readonly string[] },
): void {
  const { scenario } = session.store.getState();
  void session.openRun({ scenario, ...from, schedule: witness.schedule, steps: witness.steps });
}

function Sign({ holds }: { readonly holds: boolean | null }): ReactNode {
  if (holds === null) return <IconDots />;
  return holds ? <IconTick /> : <IconBroken />;
}

function Ending({
  ending,
  answers,
  share,
  onOpen,
}: {
  readonly ending: EndingView;
  readonly answers: readonly AnswerView[];
  readonly share: number;
  readonly onOpen: () => void;
}): ReactNode {
  const asked = ending.answers.map((a) => answers[a]!),
    against = asked.some((a) => a.kind === 'never');
  return (
    <li>
      <button type="button" className="outcome" data-against={against} onClick={onOpen}>
        <span className="outcome-seen">
          {ending.seen.map((s) => (
            <span key={s.result} className="outcome-one">
              <span className="small faint">{s.result}</span> {s.by >= 0 && <Swatch who={s.by} />}
              <b className="mono">{s.words}</b>
            </span>
          ))}
        </span>
        <span className="outcome-bar" aria-hidden="true">
          <i style={{ width: `${Math.max(3, share * 100)}%` }} />
        </span>
        <span className="small quiet">
          {count(ending.states, 'end state')}, {count(ending.witness.steps, 'step')}
          {asked.length > 0 && (
            <>
              {' · '}
              <b className={against ? 'bad' : 'strong'}>{asked.map((a) => a.kind).join(', ')}</b>
            </>
          )}
        </span>
      </button>
    </li>
  );
}
