/** The lesson that is open: loaded, and its beat brought onto the screen when one comes to it. */
import { useEffect, useState } from 'react';
import type { Stage } from '../../../lessons/syntax.ts';
import { session, useSession } from '../../live.ts';
import { loadLesson, OWN, type Loaded } from './find.ts';
import { landBeat } from './openBeat.ts';
import { saw } from './progress.ts';

/** What is known of a learner's progress is kept by this: a lesson's name, or its text. */
export const keyOf = ({ id, text }: Pick<Loaded, 'id' | 'text'>): string => (id === OWN ? text : id);

export interface Open {
  /** null: it is on its way, or there is none. */
  readonly loaded: Loaded | null;
  readonly here: number;
  readonly stage: Stage | null;
  /** The picture has come to the beat. */
  readonly landed: boolean;
}

export function useLesson(): Open {
  const walk = useSession((state) => state.walkthrough);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const id = walk?.id ?? '',
    text = walk?.text ?? '';
  useEffect(() => {
    if (id === '') return;
    let current = true;
    loadLesson({ id, text }).then(
      (found) => {
        if (!current) return;
        if (found) setLoaded(found);
        else session.walk(null);
      },
      () =>
        session.tell('trouble', 'This lesson could not be loaded.', ['Look at the network, and try again.']),
    );
    return () => {
      current = false;
    };
  }, [id, text]);
  const mine = loaded !== null && loaded.id === id && loaded.text === text ? loaded : null;
  const here = Math.max(0, Math.min((mine?.stages.length ?? 1) - 1, walk?.beat ?? 0));
  const stage = mine?.stages[here] ?? null;
  const coming = walk !== null && walk.stand === null;
  const landed = (walk?.stand?.run ?? null) !== null;
  useEffect(() => {
    if (stage && coming) void landBeat(session, stage);
  }, [stage, coming]);
  useEffect(() => {
    // In another page nothing is kept.
    if (mine && landed && !session.store.getState().carried.embed) saw(keyOf(mine), here);
  }, [mine, landed, here]);
  return { loaded: mine, here, stage, landed };
}
