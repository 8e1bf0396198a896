/** What both windows of a presentation do: follow the lesson, ask its question, and join each other. */
import { useEffect } from 'react';
import { engine, session, useSession } from '../live.ts';
import { useLesson, type Open } from '../panels/walkthrough/useLesson.ts';
import { nameHere, present, useCraft } from './start.ts';

export function useTalk(): Open {
  const open = useLesson();
  const { loaded, stage, landed } = open;
  const ready = useSession((state) => state.run !== null);
  const walking = useSession((state) => state.walkthrough !== null);
  const { predict, until } = stage?.beat.said ?? {};
  useEffect(() => (ready ? joined() : undefined), [ready]);
  useEffect(() => {
    present.know({ beats: walking ? (loaded?.stages.length ?? 0) : 0 });
  }, [walking, loaded]);
  // A link may have led to where the picture had left the beat: the question is the beat's.
  const lost = useSession(({ walkthrough }) => walkthrough?.stand?.run === null);
  useEffect(() => {
    const { walkthrough } = session.store.getState();
    if (lost && walkthrough !== null) session.walk(walkthrough.id, walkthrough.beat);
  }, [lost]);
  const there = useSession(({ walkthrough, run }) => run !== null && walkthrough?.stand?.run === run);
  const asked = useCraft((craft) => craft.quiz !== null);
  useEffect(() => {
    const { walkthrough } = session.store.getState();
    if (!landed || !there || asked || predict === undefined) return;
    let current = true;
    const ask = { at: walkthrough?.stand?.at ?? 0, until: until?.text ?? '', predict: predict.text };
    engine.debug('quiz', ask).then(
      ({ quiz }) => current && present.know({ quiz }),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [landed, there, asked, predict, until]);
  return open;
}

/** A window that is closed says so; one that the browser kept aside and brings back is there again. */
function joined(): () => void {
  let leave = present.join(nameHere());
  const hide = (): void => leave();
  const show = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) leave = present.join(nameHere());
  };
  window.addEventListener('pagehide', hide);
  window.addEventListener('pageshow', show);
  return () => {
    window.removeEventListener('pagehide', hide);
    window.removeEventListener('pageshow', show);
    leave();
  };
}
