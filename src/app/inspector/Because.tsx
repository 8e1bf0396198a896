/**
 * "Why?" of what is selected, or of what is broken: the steps that made it so, the latest first. Each is a
 * jump in time, and keeps what was asked about, so that one can walk back through the causes.
 */
import { useEffect, useState, type ReactNode } from 'react';
import type { AnswerOf, Frame, LinkView, ViolationView } from '../../worker/protocol.ts';
import { engine, session, useSession } from '../live.ts';
import { Swatch } from '../parts/Swatch.tsx';
import { pretty } from '../words.ts';
import { Section } from './Section.tsx';

/** A question that stays while one walks through its causes. */
export interface Asked {
  readonly at: number;
  readonly about: string;
  readonly decidedAt: number;
  readonly steps: readonly number[];
}

interface Props {
  /** Asked about it as it was after this step. */
  readonly at: number;
  readonly about: string;
  readonly decidedAt?: number;
  /** Somebody goes to a cause: those are the steps at which the question stays. */
  readonly onGo: (asked: Asked) => void;
  /** What stands here while nothing is known to say. */
  readonly otherwise?: ReactNode;
}

export function Because({ at, about, decidedAt = 0, onGo, otherwise = null }: Props): ReactNode {
  const answer = useAnswer(at, about);
  const run = useSession((state) => state.run);
  const now = useSession((state) => state.at);
  if (!answer || !run) return otherwise;
  const go = (step: number): void => {
    onGo({ at, about, decidedAt, steps: [at, ...answer.links.map((link) => link.at)] });
    void session.goto(step);
  };
  const back = now !== at && answer.links.every((link) => link.at !== at);
  return (
    <Section title={pretty(answer.question)} tab="changed" explains>
      {answer.lead !== '' && <p className="because-lead">{pretty(answer.lead)}</p>}
      {back && (
        <p className="small">
          Asked{' '}
          <button type="button" className="link" onClick={() => go(at)}>
            after step {at}
          </button>
        </p>
      )}
      <ol className="story">
        {answer.links.map((link) => (
          <li key={link.at}>
            <button
              type="button"
              className="story-step"
              data-lit={`step:${link.at}`}
              data-decided={link.judged !== null && (decidedAt === 0 || decidedAt === link.at)}
              aria-current={link.at === now ? 'step' : undefined}
              onClick={() => go(link.at)}
            >
              <span className="mono faint">{link.at}</span>
              <Swatch who={run.lanes[link.thread]?.who ?? -1} size={10} />
              <span>
                <LinkWords link={link} />
              </span>
            </button>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function LinkWords({ link: { says, role, judged } }: { readonly link: LinkView }): ReactNode {
  return (
    <>
      {pretty(says)} <span className="because-role faint">{role}</span>
      {judged && (
        <span className="because-judged">
          {judged.folio} has <b>mapcount {judged.mapcount}</b> and <b>refcount {judged.refcount}</b>.
          {judged.ignored.length > 0
            ? pretty(` Not counted: ${judged.ignored.join('; ')}.`)
            : pretty(` Counted: ${judged.counted.join('; ')}.`)}
        </span>
      )}
    </>
  );
}

/** null: nothing to say, or not yet. The last answer stays until the next is there. */
function useAnswer(at: number, about: string): AnswerOf | null {
  const run = useSession((state) => state.run);
  const [answer, setAnswer] = useState<AnswerOf | null>(null);
  useEffect(() => {
    if (!run) return undefined;
    let wanted = true;
    const show = (next: AnswerOf | null): void => {
      if (wanted) setAnswer(next);
    };
    engine.ask(at, about).then(show, () => show(null));
    return () => {
      wanted = false;
    };
  }, [run, at, about]);
  return answer;
}

/** What is asked about a broken rule: the bytes where it shows, the hold that lost its page, who is stuck. */
export function aboutBroken(frame: Frame | null, { card }: ViolationView): string | null {
  if (card.startsWith('hold:')) return card;
  const process = frame?.scene.processes.find(({ id }) => id === card);
  const bad = process?.views.find((view) => view.bad) ?? null;
  return bad?.id ?? process?.threads.find(({ doing }) => doing.startsWith('waits'))?.id ?? null;
}
