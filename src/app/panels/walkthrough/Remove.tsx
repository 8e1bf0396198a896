/** "Which guard can be removed safely?" The checker tries all orders without the one that was chosen. */
import { useId, useRef, useState, type ReactNode } from 'react';
import type { Stage } from '../../../lessons/syntax.ts';
import type { CheckView } from '../../../worker/protocol.ts';
import { engine, session, useSession } from '../../live.ts';
import { wordsOf } from '../../session/core.ts';
import { sourceOf } from './find.ts';
import { solved } from './progress.ts';

const BUDGET = 2_000_000;

interface Props {
  readonly lesson: string;
  readonly place: number;
  readonly stage: Stage;
  readonly guards: readonly string[];
}

export function Remove({ lesson, place, stage, guards }: Props): ReactNode {
  const all = useSession((state) => state.info?.guards) ?? [];
  const [chosen, choose] = useState<string | null>(null);
  const [says, setSays] = useState('');
  const [broken, setBroken] = useState<CheckView | null>(null);
  const asked = useRef<AbortController | null>(null);
  const group = useId();
  const model = stage.model.text;
  const source = sourceOf(session.store.getState(), stage) ?? { scenario: '', text: '' };
  const pick = (id: string): void => {
    asked.current?.abort(new Error('Another guard was chosen.'));
    choose(id);
    setSays('');
    setBroken(null);
  };
  const judge = async (): Promise<void> => {
    if (chosen === null) return setSays('Choose one of them.');
    asked.current?.abort(new Error('It is judged again.'));
    const mine = (asked.current = new AbortController());
    setSays('Trying every order without it.');
    const request = { text: source.text, model, invariant: null, without: [chosen], budget: BUDGET };
    try {
      const view = await engine.check(request, () => undefined, mine.signal);
      if (mine.signal.aborted) return;
      if (view.verdict === 'holds') solved(lesson, place);
      setBroken(view.verdict === 'violated' ? view : null);
      setSays(
        view.verdict === 'holds'
          ? 'Nothing breaks without it, in any order.'
          : view.verdict === 'violated'
            ? `It is needed. ${view.reason}`
            : 'Too large to try every order.',
      );
    } catch (error) {
      if (!mine.signal.aborted) setSays(wordsOf(error));
    }
  };
  const open = (view: CheckView): void => {
    const { schedule, steps } = view;
    void session.openRun({ ...source, model, without: chosen === null ? [] : [chosen], schedule, steps });
  };
  return (
    <>
      <fieldset className="beat-guards">
        <legend>
          Which of these guards can be removed safely here, on <span className="mono">{model}</span>?
        </legend>
        {guards.map((id) => (
          <label key={id}>
            <input type="radio" name={group} checked={chosen === id} onChange={() => pick(id)} />
            <span>{all.find((one) => one.id === id)?.title ?? id}</span>
            <span className="small quiet mono">{all.find((one) => one.id === id)?.where ?? ''}</span>
          </label>
        ))}
      </fieldset>
      <div className="panel-do">
        <button type="button" className="button" onClick={() => void judge()}>
          Judge it
        </button>
        {broken && (
          <button type="button" className="button" onClick={() => open(broken)}>
            Open the shortest run without it
          </button>
        )}
      </div>
      <p aria-live="polite">{says}</p>
    </>
  );
}
