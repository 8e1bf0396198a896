/** The one presentation of this window. */
import { useStore } from 'zustand';
import { linkToHere } from '../address.ts';
import { session } from '../live.ts';
import { tabName } from '../storage.ts';
import type { Wire } from './follow.ts';
import { createPresenting, type Craft } from './presenting.ts';

const TICK_MS = 2000;

/** Windows of the same presentation have the same name; nobody else listens to it. */
function wire(name: string): Wire {
  // A browser without channels, or one that forbids them: the presentation has one window.
  if (typeof BroadcastChannel === 'undefined')
    return { post: () => undefined, listen: () => () => undefined };
  const channel = new BroadcastChannel(`folioscope.present.${name}`);
  return {
    post: (message) => channel.postMessage(message),
    listen(hear) {
      channel.addEventListener('message', (event) => hear(event.data));
      return () => channel.close();
    },
  };
}

let inputs = 0;
for (const kind of ['keydown', 'pointerdown'] as const)
  document.addEventListener(kind, () => (inputs += 1), { capture: true });

/** The second window knows by its address which presentation it belongs to. */
export const nameHere = (): string => session.store.getState().carried.speaker || tabName();

async function openSpeaker(): Promise<void> {
  const name = nameHere();
  if (session.store.getState().carried.speaker !== '') return;
  // While the key is being pressed: later the browser would take it for an advertisement.
  const opened = window.open('', `folioscope-${name}`, 'popup,width=1080,height=760');
  session.carry({ present: true });
  const change = { present: true, speaker: name, notes: [] };
  // What is too long for an address comes through the channel.
  const short = location.href.replace(/#.*$/s, '') + `#/?present=1&speaker=${name}`;
  const link = await linkToHere(session.store.getState(), change).catch(() => short);
  if (opened === null) {
    const lines = ['Allow windows for this page, or open this address in one by hand:', link];
    session.tell('run', 'The browser did not open a second window.', lines);
    return;
  }
  if (isBlank(opened)) opened.location.href = link;
  opened.focus();
}

/** One that is there already only comes to the front. Of a page on a disk it does not tell where it is. */
function isBlank(opened: Window): boolean {
  try {
    return opened.location.href === 'about:blank';
  } catch {
    return false;
  }
}

export const present = createPresenting(session, {
  wire,
  // Of the window, not of the presentation: a reload is another one.
  me: () => [...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join(''),
  now: () => Date.now(),
  every(call) {
    const timer = setInterval(call, TICK_MS);
    return () => clearInterval(timer);
  },
  inputs: () => inputs,
  openSpeaker: () => void openSpeaker(),
});

export const useCraft = <T>(select: (craft: Craft) => T): T => useStore(present.store, select);
