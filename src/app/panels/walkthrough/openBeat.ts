/** Brings the picture to where a beat wants it. */
import type { Walkthrough } from '../../../lessons/index.ts';
import type { Session } from '../../session.ts';

export async function openBeat(session: Session, beat: Walkthrough['beats'][number]): Promise<void> {
  const { info } = session.store.getState();
  const scenario = info?.scenarios.find((one) => one.id === beat.scenario);
  if (!scenario)
    return session.tell('link', `This beat needs the scenario ${beat.scenario}, which is not here.`, []);
  const { model, schedule } = beat;
  const place = { position: beat.at, turn: false, tell: false, without: [] };
  await session.open({ scenario: scenario.id, text: scenario.text, model, schedule, ...place });
}
