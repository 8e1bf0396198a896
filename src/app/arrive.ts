/** A link is opened: what of it can be had is on the screen afterwards, and what could not be had is said. */
import { arrivalOf } from './address.ts';
import { openAt } from './glossary/opened.ts';
import { LAYOUT, layoutIn } from './layout-link.ts';
import type { Session } from './session.ts';
import { hasErrors, PANEL_IDS } from './session/state.ts';

export async function arrive(session: Session, fragment: string): Promise<void> {
  const { store } = session;
  const { target, notes, walk, away } = await arrivalOf(fragment, store.getState(), session.refused);
  const said = [...notes];
  await session.open(target);
  if (store.getState().run === null) {
    // Never an empty page: the first scenario stands under a text with mistakes.
    await session.open((await arrivalOf('', store.getState(), session.refused)).target);
    await session.open(target);
  }
  if (hasErrors(store.getState())) {
    said.push('Its text has mistakes: the editor shows where. The picture is of another text.');
    session.show('source');
    // Who sends a comparison wants it to be seen.
  } else if (target.link && target.link.versus !== '') session.show('compare');
  const engineSaid = store.getState().notices.find((one) => one.kind === 'link')?.lines ?? [];
  if (walk) {
    const { run, at, openText } = store.getState();
    session.walk(walk.id, walk.beat, walk.text);
    if (openText === target.text) session.landed({ text: openText, run: away ? null : run, at });
    session.show('walkthrough');
  } else if (store.getState().panel === 'walkthrough') session.walk(null);
  const layout = target.link?.carried.others.find(([name]) => name === LAYOUT)?.[1];
  if (layout !== undefined) {
    const { panel, settings, word } = layoutIn(layout);
    session.adjust(settings, true);
    // The address of what is seen from here on has it only when asked for again.
    const others = store.getState().carried.others.filter(([name]) => name !== LAYOUT);
    session.carry({ others });
    const known = PANEL_IDS.find((one) => one === panel);
    if (known) session.show(known);
    if (word !== '') {
      openAt(word);
      session.dialog('glossary');
    }
  }
  if (said.length > 0)
    session.tell('link', 'Not everything in this link could be opened.', [...said, ...engineSaid]);
}
