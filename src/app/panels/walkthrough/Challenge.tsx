/** Something to find or to mend. The model says whether it was done. */
import { useEffect, useState, type ReactNode } from 'react';
import { challengeIn } from '../../../lessons/challenges.ts';
import type { Stage } from '../../../lessons/syntax.ts';
import { engine, session, useSession } from '../../live.ts';
import { wordsOf } from '../../session/core.ts';
import { sourceOf } from './find.ts';
import { solved, useProgress } from './progress.ts';
import { Remove } from './Remove.tsx';
import { Solved } from './Solved.tsx';

interface Props {
  readonly lesson: string;
  readonly place: number;
  readonly stage: Stage;
}

export function Challenge({ lesson, place, stage }: Props): ReactNode {
  const { challenge, hint } = stage.beat.said;
  const made = challenge === undefined ? null : challengeIn(challenge.text);
  const done = useProgress(lesson).solved.includes(place);
  if (made === null) return null;
  return (
    <section className="beat-box" aria-label="Challenge">
      <p className="small quiet">Challenge</p>
      {made.kind === 'find' ? (
        <Find lesson={lesson} place={place} stage={stage} invariant={made.invariant} />
      ) : made.kind === 'remove' ? (
        <Remove lesson={lesson} place={place} stage={stage} guards={made.guards} />
      ) : (
        <Mend lesson={lesson} place={place} stage={stage} />
      )}
      <Solved done={done} hint={hint?.text ?? ''} />
    </section>
  );
}

/** Met as soon as the run on the screen breaks the rule: whoever finds the order has it. */
function Find({ lesson, place, stage, invariant }: Props & { readonly invariant: string }): ReactNode {
  const says = useSession(
    (state) => state.info?.invariants.find((one) => one.id === invariant)?.says ?? invariant,
  );
  const text = sourceOf(session.store.getState(), stage)?.text;
  const met = useSession(
    ({ run, openText, model, without }) =>
      openText === text &&
      model === stage.model.text &&
      without.length === 0 &&
      (run?.violations.some((one) => one.invariant === invariant) ?? false),
  );
  useEffect(() => {
    if (met) solved(lesson, place);
  }, [met, lesson, place]);
  return (
    <p>
      Find an order on <span className="mono">{stage.model.text}</span> that breaks the rule: {says}
    </p>
  );
}

/** Lines of `b` that `a` does not have, and the other way round. */
function changed(a: string, b: string): number {
  const lines = (text: string): string[] => text.split('\n').map((line) => line.trim().replace(/\s+/g, ' '));
  const [one, other] = [lines(a), lines(b)];
  const only = (these: string[], those: string[]): number => {
    const left = [...those];
    return these.filter((line) => {
      const at = left.indexOf(line);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    }).length;
  };
  return Math.max(only(one, other), only(other, one));
}

const BUDGET = 2_000_000;

function Mend({ lesson, place, stage }: Props): ReactNode {
  const origin = sourceOf(session.store.getState(), stage)?.text ?? '';
  const text = useSession((state) => state.openText);
  const [says, setSays] = useState('');
  const lines = changed(origin, text);
  const judge = async (): Promise<void> => {
    if (lines !== 1)
      return setSays(lines === 0 ? 'Nothing has changed yet.' : `${lines} lines differ: one may.`);
    setSays('Trying every order.');
    const request = { text, model: stage.model.text, invariant: null, without: [], budget: BUDGET };
    try {
      const { verdict, invariant } = await engine.check(
        request,
        () => undefined,
        new AbortController().signal,
      );
      if (verdict === 'holds') solved(lesson, place);
      setSays(
        verdict === 'holds' ? 'It holds in every order.' : `Still broken: ${invariant ?? 'not decided'}.`,
      );
    } catch (error) {
      setSays(wordsOf(error));
    }
  };
  return (
    <>
      <p>Change one line of the scenario, so that nothing is broken on {stage.model.text}.</p>
      <div className="panel-do">
        <button type="button" className="button" onClick={() => session.show('source')}>
          Edit the scenario
        </button>
        <button type="button" className="button" onClick={() => void judge()}>
          Judge it
        </button>
      </div>
      <p aria-live="polite">{says}</p>
    </>
  );
}
