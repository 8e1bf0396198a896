/** Brings the picture to where a beat wants it. */
import { lookId } from '../../../lessons/look.ts';
import { textOf } from '../../../lessons/parser.ts';
import type { Stage } from '../../../lessons/syntax.ts';
import type { Session } from '../../session.ts';

/** What a beat runs: a gallery scenario goes by its name. */
export function sourceOf(session: Session, { scene }: Stage): { scenario: string; text: string } | null {
  if (scene.lines !== null) return { scenario: '', text: textOf(scene) };
  const found = session.store.getState().info?.scenarios.find((one) => one.id === scene.name.text);
  return found ? { scenario: found.id, text: found.text } : null;
}

/** False: it could not be opened, which was said. */
export async function openBeat(session: Session, stage: Stage): Promise<boolean> {
  const source = sourceOf(session, stage);
  if (source === null) {
    session.tell('link', `This beat needs the scenario ${stage.scene.name.text}, which is not here.`, []);
    return false;
  }
  const { look } = stage.beat.said;
  const place = { position: stage.at, turn: false, tell: true, without: [] };
  const selection = look === undefined ? null : lookId(look.text);
  await session.open({ ...source, model: stage.model.text, schedule: stage.schedule, selection, ...place });
  const { openText, model } = session.store.getState();
  return openText === source.text && model === stage.model.text;
}
