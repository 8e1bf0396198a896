/** A beat that asks for a rule set: what must hold with it, and the way to the switches. */
import type { ReactNode } from 'react';
import { mustIn, sandboxIn } from '../../../lessons/challenges.ts';
import type { Lesson, Stage } from '../../../lessons/syntax.ts';
import { session } from '../../live.ts';
import { take, type Asked } from '../rules/store.ts';
import { sourceOf } from './find.ts';
import { useProgress } from './progress.ts';
import { Solved } from './Solved.tsx';

interface Props {
  readonly id: string;
  readonly place: number;
  readonly stage: Stage;
  readonly lesson: Lesson;
}

export function Sandbox({ id, place, stage, lesson }: Props): ReactNode {
  const { sandbox, hint } = stage.beat.said;
  const done = useProgress(id).solved.includes(place);
  if (sandbox === undefined) return null;
  const { base, switches: free } = sandboxIn(sandbox.text);
  const musts = mustsOf(stage, lesson);
  const compose = (): void => {
    take({ lesson: id, place, title: lesson.title.text, base, free, musts });
    session.show('rules');
  };
  return (
    <section className="beat-box" aria-label="Sandbox">
      <p className="small quiet">Sandbox</p>
      <p>
        Put rules together on <span className="mono">{base}</span> with which all of this holds:
      </p>
      <ul className="beat-musts">
        {musts.map((one) => (
          <li key={one.id}>{one.says}</li>
        ))}
      </ul>
      <div className="panel-do">
        <button type="button" className="button button-main" onClick={compose}>
          Compose a rule set
        </button>
      </div>
      <Solved done={done} hint={hint?.text ?? ''} />
    </section>
  );
}

/** What the beat asks for, with the texts that show it. One that is not here was said when it was opened. */
function mustsOf({ beat }: Stage, { scenes }: Lesson): Asked[] {
  return beat.musts.flatMap(({ text }, place): Asked[] => {
    const must = mustIn(text),
      scene = scenes.find((one) => one.name.text === must?.scenario),
      source = scene === undefined ? null : sourceOf(session.store.getState(), { scene });
    if (must === null || source === null) return [];
    const says = must.words === '' ? `${must.scenario} holds` : must.words;
    return [
      {
        id: `must-${place}`,
        says: says.charAt(0).toUpperCase() + says.slice(1),
        ...source,
        invariant: must.invariant === '' ? null : must.invariant,
      },
    ];
  });
}
