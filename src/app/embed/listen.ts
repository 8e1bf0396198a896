/** The session as the page around it sees it: answers its calls, and tells it about every step. */
import type { Engine } from '../../worker/protocol.ts';
import { fragmentOf } from '../address.ts';
import { arrive } from '../arrive.ts';
import type { Session } from '../session.ts';
import { wordsOf } from '../session/core.ts';
import { brokenBy } from '../session/moves.ts';
import { FOLIOSCOPE, readMessage, type EmbedCall, type EmbedSaid, type EmbedState } from './messages.ts';

/** The part of Window that is used, so that tests can stand in for it. */
export interface Around {
  readonly parent: { postMessage(message: EmbedSaid, targetOrigin: string): void };
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/** Until the returned function is called. */
export function listenToParent(
  session: Session,
  engine: Pick<Engine, 'seek'>,
  around: Around,
): (() => void) | undefined {
  const { parent } = around;
  // Opened by itself: there is nobody to talk to.
  if ((parent as unknown) === around) return undefined;
  const { store } = session;
  /**
   * Whoever spoke first is told the rest; before that, what is said is no secret: the page chose the link.
   */
  let origin = '*';
  let waiting = Promise.resolve();

  const say = (message: EmbedSaid): void => parent.postMessage(message, origin);

  async function told(event: 'ready' | 'step'): Promise<void> {
    say({ folioscope: FOLIOSCOPE, event, state: await stateOf(session) });
  }

  async function answer(id: number, call: EmbedCall | null): Promise<void> {
    try {
      if (call === null)
        throw new Error('Folioscope does not know this call, or what it says cannot be read.');
      await obey(session, engine, call);
      say({ folioscope: FOLIOSCOPE, id, state: await stateOf(session) });
    } catch (error) {
      say({ folioscope: FOLIOSCOPE, id, error: wordsOf(error) });
    }
  }

  function hear(event: MessageEvent): void {
    if (event.source !== parent) return;
    const heard = readMessage(event.data);
    if (!heard) return;
    // A page from a disk has no origin to speak of.
    origin = event.origin === '' || event.origin === 'null' ? '*' : event.origin;
    // In the order in which they came: a step after a load belongs to what was loaded.
    waiting = waiting.then(() => answer(heard.id, heard.call));
  }

  around.addEventListener('message', hear);
  const stop = store.subscribe(
    (state) => state.frame,
    () => void told('step'),
  );
  if (store.getState().run) void told('ready');
  else {
    const first = store.subscribe(
      (state) => state.run,
      () => {
        first();
        void told('ready');
      },
    );
  }
  return () => {
    stop();
    around.removeEventListener('message', hear);
  };
}

async function obey(session: Session, engine: Pick<Engine, 'seek'>, call: EmbedCall): Promise<void> {
  switch (call.call) {
    case 'load': {
      await arrive(session, framed(call.link));
      session.show(null);
      return;
    }
    case 'step': {
      const { at } = session.store.getState();
      return session.goto(at + call.by);
    }
    case 'goto': {
      if (typeof call.at === 'number') return session.goto(call.at);
      const { at, note } = await engine.seek(call.at);
      if (note !== '') throw new Error(note);
      return session.goto(at);
    }
    case 'play':
      return session.play();
    case 'pause':
      return session.pause();
    case 'state':
  }
}

/** A link for the whole page is fine, too; here it stays in its frame. */
function framed(link: string): string {
  const fragment = link.slice(link.indexOf('#')).replace(/([?&])embed=[^&]*(?:&|$)/g, '$1');
  return `${fragment}${fragment.includes('?') ? '&' : '?'}embed=1`;
}

async function stateOf(session: Session): Promise<EmbedState> {
  const state = session.store.getState();
  const { title, model, at, run, frame } = state;
  return {
    title,
    model,
    at,
    last: run?.steps.length ?? 0,
    position: frame?.position ?? '',
    says: run?.steps[at - 1]?.says ?? '',
    broken: (run && brokenBy(run, at)?.invariant) ?? '',
    link: run ? await fragmentOf(state, { embed: false }).catch(() => '') : '',
  };
}
