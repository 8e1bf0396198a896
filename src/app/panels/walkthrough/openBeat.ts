/** Brings the picture to where a beat wants it. */
import type { Stage } from '../../../lessons/syntax.ts';
import type { Session } from '../../session.ts';
import { placeOf } from './find.ts';

/** False: it could not be opened, which was said. */
export async function openBeat(session: Session, stage: Stage): Promise<boolean> {
  const place = placeOf(session.store.getState(), stage);
  if (place === null) {
    session.tell('link', `This beat needs the scenario ${stage.scene.name.text}, which is not here.`, []);
    return false;
  }
  await session.open({ ...place, turn: false, tell: true, without: [] });
  const { openText, model } = session.store.getState();
  return openText === place.text && model === place.model;
}

/** The beat that is open, and the session is told that it stands there. */
export async function landBeat(session: Session, stage: Stage): Promise<boolean> {
  const { store } = session;
  const { walkthrough } = store.getState();
  if (!(await openBeat(session, stage))) return false;
  const { run, at, openText, walkthrough: now } = store.getState();
  // Somebody has gone on meanwhile.
  if (now?.id !== walkthrough?.id || now?.beat !== walkthrough?.beat || now?.text !== walkthrough?.text)
    return false;
  session.landed({ text: openText, run, at });
  return true;
}
