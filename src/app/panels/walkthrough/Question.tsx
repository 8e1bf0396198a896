/** Predict, then see: the right answer is what the run shows, each wrong one opens where it is right. */
import { useEffect, useState, type ReactNode } from 'react';
import type { Option, Quiz } from '../../../lessons/quiz.ts';
import type { Stage } from '../../../lessons/syntax.ts';
import { IconBroken, IconNext, IconTick } from '../../icons.tsx';
import { engine, session, useSession } from '../../live.ts';
import { wordsOf } from '../../session/core.ts';
import { pretty } from '../../words.ts';
import { sourceOf } from './find.ts';
import { answered, useProgress } from './progress.ts';

interface Props {
  readonly lesson: string;
  readonly place: number;
  readonly stage: Stage;
  /** The picture stands where the question is asked. */
  readonly ready: boolean;
}

export function Question({ lesson, place, stage, ready }: Props): ReactNode {
  const { predict, until } = stage.beat.said;
  const [asked, setAsked] = useState<{ quiz: Quiz | null; why: string } | null>(null);
  const [chosen, choose] = useState<Option | null>(null);
  const earlier = useProgress(lesson).answers[place];
  useEffect(() => {
    if (!ready || asked !== null || predict === undefined) return;
    const ask = { at: session.store.getState().at, until: until?.text ?? '', predict: predict.text };
    engine
      .debug('quiz', ask)
      .then(setAsked, (error: unknown) => setAsked({ quiz: null, why: wordsOf(error) }));
  }, [ready, asked, predict, until]);
  if (predict === undefined) return null;
  if (asked === null) return <p className="quiet small beat-box">Asking the model.</p>;
  const { quiz, why } = asked;
  if (quiz === null) return <p className="quiet small beat-box">There is nothing to predict here: {why}.</p>;
  const pick = (option: Option): void => {
    choose(option);
    answered(lesson, place, option.right);
  };
  return (
    <section className="beat-box" aria-label="Predict">
      <p className="small quiet">
        Predict{earlier === undefined ? '' : earlier ? ', answered right' : ', answered'}
      </p>
      <p className="strong">{pretty(quiz.asks)}</p>
      <div className="beat-options">
        {quiz.options.map((option) => (
          <button
            key={option.text}
            type="button"
            className="button beat-option"
            aria-pressed={chosen === option}
            data-right={chosen === null ? undefined : option.right}
            onClick={() => pick(option)}
          >
            {chosen !== null && option.right && <IconTick />}
            {chosen === option && !option.right && <IconBroken />}
            {option.text}
          </button>
        ))}
      </div>
      <div aria-live="polite">{chosen !== null && <Answer chosen={chosen} quiz={quiz} stage={stage} />}</div>
    </section>
  );
}

function Answer({ chosen, quiz, stage }: { chosen: Option; quiz: Quiz; stage: Stage }): ReactNode {
  const right = quiz.options.find((one) => one.right);
  const opened = useSession((state) => state.model);
  const source = sourceOf(session.store.getState(), stage);
  const show = (option: Option): void => {
    if (source === null) return;
    const { model, schedule, at } = option.where;
    const place = { position: at, turn: false, tell: true, without: [] };
    void session.open({ ...source, model, schedule, ...place });
  };
  return (
    <>
      <p className="beat-verdict">
        <span className="strong">{chosen.right ? 'Right.' : `No: ${right?.text ?? ''}.`}</span> {quiz.because}
      </p>
      {!chosen.right && (
        <p>
          It is {chosen.text} {chosen.where.words}.
        </p>
      )}
      <div className="panel-do">
        {right && (
          <button type="button" className="button" onClick={() => show(right)}>
            <IconNext />
            Show it{opened === right.where.model ? '' : ` on ${right.where.model}`}
          </button>
        )}
        {!chosen.right && (
          <button type="button" className="button" onClick={() => show(chosen)}>
            Show where {chosen.text} is right
          </button>
        )}
      </div>
    </>
  );
}
