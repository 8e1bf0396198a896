/** The question of a beat in a room: answers with their keys, hands counted, and what is right when shown. */
import type { ReactNode } from 'react';
import { IconTick } from '../icons.tsx';
import { pretty } from '../words.ts';
import { present, useCraft } from './start.ts';

/** `told`: the speaker knows the right one all the time. */
export function Asked({ told = false }: { readonly told?: boolean }): ReactNode {
  const quiz = useCraft((craft) => craft.quiz);
  const hands = useCraft((craft) => craft.hands);
  const revealed = useCraft((craft) => craft.revealed);
  if (quiz === null) return null;
  const most = Math.max(1, ...hands);
  return (
    <section className="asked" aria-label="Predict" data-revealed={revealed}>
      <h2>{pretty(quiz.asks)}</h2>
      <ol className="asked-options">
        {quiz.options.map(({ text, right }, i) => {
          const raised = hands[i] ?? 0;
          const shown = right && (revealed || told);
          return (
            <li key={text} data-right={revealed ? right : undefined}>
              <span className="asked-key" aria-hidden="true">
                {i + 1}
              </span>
              <span className="asked-text grow">
                {shown && <IconTick size={told ? 16 : 28} />}
                {text}
                {shown && <span className="unseen">: the right answer</span>}
              </span>
              <Hand answer={i} by={-1} text={text} />
              <output className="asked-hands" aria-label={`Hands for ${text}`}>
                {raised}
              </output>
              <Hand answer={i} by={1} text={text} />
              {revealed && (
                <meter
                  className="asked-bar"
                  min={0}
                  max={most}
                  value={raised}
                  aria-label={`Hands for ${text}, of ${most}`}
                />
              )}
            </li>
          );
        })}
      </ol>
      <p className="asked-because" aria-live="polite">
        {revealed ? quiz.because : ''}
      </p>
    </section>
  );
}

interface HandProps {
  readonly answer: number;
  readonly by: 1 | -1;
  readonly text: string;
}

function Hand({ answer, by, text }: HandProps): ReactNode {
  return (
    <button
      type="button"
      className="asked-hand"
      aria-label={by === 1 ? `A hand for ${text}` : `A hand less for ${text}`}
      onClick={() => present.hand(answer, by)}
    >
      {by === 1 ? '+' : '−'}
    </button>
  );
}
