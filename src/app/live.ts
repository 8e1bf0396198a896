/** The one session of the page, on real workers, and the hook to read it. */
import { useStore } from 'zustand';
import { createClient } from '../worker/client.ts';
import { spawn } from '../worker/client/spawn.ts';
import { createSession } from './session.ts';
import type { State } from './session/state.ts';

/** One core is left to the page itself; more than eight searches at once only fight for memory. */
const checkers = Math.max(1, Math.min(8, (navigator.hardwareConcurrency || 2) - 1));

export const engine = createClient({ spawn, checkers });
export const session = createSession(engine);
// Behind the first picture, so that a check that is asked for does not wait for its worker.
setTimeout(() => {
  if (!session.store.getState().carried.embed) engine.warm();
}, 300);

export const useSession = <T>(select: (state: State) => T): T => useStore(session.store, select);
