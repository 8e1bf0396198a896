/** The address bar always links to what is on the screen; Back undoes a branch or a kernel, not a step. */
import { fragmentOf } from './address.ts';
import { arrive } from './arrive.ts';
import type { Session } from './session.ts';
import { FIRST, isEdited, type State } from './session/state.ts';

/** Browsers refuse more than about a hundred changes of the address in half a minute. */
const WRITE_MS = 150;

export interface AddressBar {
  open(fragment: string): Promise<void>;
  listen(): void;
}

export function createAddressBar(session: Session): AddressBar {
  const { store } = session;
  let shown = location.hash;
  let turn = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function open(fragment: string): Promise<void> {
    shown = fragment;
    await arrive(session, fragment);
    turn = store.getState().turn;
  }

  async function write(): Promise<void> {
    const state = store.getState();
    // A visitor who has done nothing keeps the short address.
    if (!state.run || (shown === '' && untouched(state))) return;
    const fragment = await fragmentOf(state).catch(() => null);
    if (fragment === null || fragment === shown) return;
    const now = store.getState();
    // Something else is on the screen by now, and has asked to be written.
    if (now.run !== state.run || now.frame !== state.frame) return;
    // In a frame, Back belongs to the page around it.
    const push = state.turn !== turn && !state.carried.embed;
    turn = state.turn;
    shown = fragment;
    try {
      if (push) history.pushState(null, '', fragment);
      else history.replaceState(null, '', fragment);
    } catch {
      // Too many changes in too short a time, says the browser. The next one will do.
    }
  }

  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void write(), WRITE_MS);
  };

  function moved(): void {
    if (location.hash === shown) return;
    clearTimeout(timer);
    void open(location.hash).then(soon);
  }

  return {
    open,
    listen() {
      window.addEventListener('popstate', moved);
      window.addEventListener('hashchange', moved);
      // What a link shows is not what it says if part of it could not be had; then the bar is mended.
      soon();
      store.subscribe((state) => state.frame, soon);
      store.subscribe((state) => state.pinned, soon);
      store.subscribe((state) => state.carried, soon);
      store.subscribe((state) => (state.panel === 'walkthrough' ? state.walkthrough : null), soon);
      store.subscribe((state) => (state.panel === 'compare' ? state.versus : ''), soon);
      store.subscribe(
        (state) => state.turn,
        () => void write(),
      );
    },
  };
}

const untouched = (state: State): boolean =>
  state.at === 0 &&
  state.turn === 0 &&
  state.walkthrough === null &&
  state.scenario === FIRST.scenario &&
  state.model === FIRST.model &&
  state.pinned.length === 0 &&
  !isEdited(state);
