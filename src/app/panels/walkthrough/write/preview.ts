/** The beat at the cursor, in the picture, and what the model says against it. */
import { useEffect, useRef, useState } from 'react';
import type { Stage } from '../../../../lessons/syntax.ts';
import type { Diagnostic } from '../../../../scenario/diagnostic.ts';
import { engine, session } from '../../../live.ts';
import { placeOf } from '../find.ts';
import { openBeat } from '../openBeat.ts';

/** As long as somebody goes on typing, the picture waits. */
const TYPING_MS = 500;

/** What cannot be known without the model: where the beat stands, and what its question asks. */
async function judged(stage: Stage): Promise<Diagnostic[]> {
  const { said, title } = stage.beat;
  if (!(await openBeat(session, stage))) return [];
  const { at, run } = session.store.getState();
  if (run === null) return [];
  const found: Diagnostic[] = [];
  const { note } = await engine.seek(stage.at);
  const tell = (where: typeof title, message: string, hint: string): void => {
    found.push({ severity: 'warning', ...where.span, message, hint });
  };
  if (note !== '')
    tell(said.at ?? title, note.replace(/\.$/, ''), 'Take a name from the step on the screen.');
  else if (said.predict) {
    const ask = { at, until: said.until?.text ?? '', predict: said.predict.text };
    const { quiz, why } = await engine.debug('quiz', ask);
    if (quiz === null) tell(said.predict, `there is nothing to predict here: ${why}`, '');
  }
  return found;
}

/** `stage`: null while there are mistakes. */
export function usePreview(stage: Stage | null): readonly Diagnostic[] {
  const [found, setFound] = useState<readonly Diagnostic[]>([]);
  const shown = useRef('');
  useEffect(() => {
    if (stage === null) return;
    const { predict, until } = stage.beat.said;
    const place = placeOf(session.store.getState(), stage);
    const spans = [stage.beat.title, stage.beat.said.at, predict].map((one) => one?.span.line);
    const key = JSON.stringify([place, predict?.text, until?.text, spans]);
    if (key === shown.current) return;
    let current = true;
    const timer = setTimeout(() => {
      shown.current = key;
      judged(stage).then(
        (all) => current && setFound(all),
        () => undefined,
      );
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [stage]);
  return stage === null ? NONE : found;
}
const NONE: readonly Diagnostic[] = [];
