/** Opening what came from elsewhere. Back leads to what was there before. */
import type { ImportEntry } from '../../worker/protocol.ts';
import { LINK_MAX } from '../../scenario/link.ts';
import { session } from '../live.ts';

const LINK = /^\s*(?:[a-z][a-z0-9+.-]*:\S*)?#\/[slx]\/\S+\s*$/i;

/** One address and nothing else. */
export const isLink = (text: string): boolean =>
  LINK.test(text.slice(0, 4096)) && !text.trim().includes('\n');

/** The first line of a lesson says its title. */
export const isLesson = (text: string): boolean => /^\s*lesson:(?:\s|$)/.test(text.slice(0, 4096));

export function openLink(text: string): void {
  session.dialog(null);
  const fragment = text.slice(text.indexOf('#')).trim();
  // A browser would drop a longer one without a word.
  if (fragment.length <= LINK_MAX) location.hash = fragment;
  else
    session.tell('link', 'This link is too long to be opened.', [`At most ${LINK_MAX / 1024} kB are read.`]);
}

export function openEntry({ text, model, schedule, at, without }: ImportEntry): void {
  const state = session.store.getState();
  session.dialog(null);
  session.show('source');
  void session.open({
    scenario: '',
    text,
    model: model === '' ? state.model : model,
    schedule,
    without,
    position: at,
    turn: true,
    tell: true,
  });
}
