/** The session as the page around it sees it: answers its calls, and tells it about every step. */
import type { Engine } from '../../worker/protocol.ts';
import { fragmentOf } from '../address.ts';
import { arrive } from '../arrive.ts';
import type { Session } from '../session.ts';
import { wordsOf } from '../session/core.ts';
import { brokenBy } from '../session/moves.ts';
import {
  readMessage,
  VERSIONS,
  type EmbedCall,
  type EmbedLesson,
  type EmbedSaid,
  type EmbedState,
  type Heard,
  type Version,
} from './messages.ts';

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
  /** Of whoever spoke first; before that everything is said in each. */
  let versions: readonly Version[] = VERSIONS;
  let waiting = Promise.resolve();

  const say = (message: EmbedSaid): void => parent.postMessage(message, origin);

  async function told(event: 'ready' | 'step'): Promise<void> {
    for (const version of versions)
      say({ folioscope: version, event, state: await stateOf(session, version) });
  }

  async function answer({ version, id, call }: Heard): Promise<void> {
    try {
      if (call === null)
        throw new Error('Folioscope does not know this call, or what it says cannot be read.');
      await obey(session, engine, call);
      say({ folioscope: version, id, state: await stateOf(session, version) });
    } catch (error) {
      say({ folioscope: version, id, error: wordsOf(error) });
    }
  }

  function hear(event: MessageEvent): void {
    if (event.source !== parent) return;
    const heard = readMessage(event.data);
    if (!heard) return;
    // A page from a disk has no origin to speak of.
    origin = event.origin === '' || event.origin === 'null' ? '*' : event.origin;
    versions = [heard.version];
    // In the order in which they came: a step after a load belongs to what was loaded.
    waiting = waiting.then(() => answer(heard));
  }

  around.addEventListener('message', hear);
  const stops = [
    store.subscribe(
      (state) => state.frame,
      () => void told('step'),
    ),
    // A beat has come to where it stands, or the lesson has ended.
    store.subscribe(
      ({ walkthrough: walk }) => (walk === null ? 'none' : walk.stand),
      (stand) => stand !== null && void told('step'),
    ),
  ];
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
    for (const stop of stops) stop();
    around.removeEventListener('message', hear);
  };
}

async function obey(session: Session, engine: Pick<Engine, 'seek'>, call: EmbedCall): Promise<void> {
  switch (call.call) {
    case 'load': {
      await arrive(session, framed(call.link));
      // A lesson goes on with its words; nothing else opens beside the picture.
      if (session.store.getState().panel !== 'walkthrough') session.show(null);
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
    case 'beat':
      return toBeat(session, call.to);
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

async function toBeat(session: Session, to: number): Promise<void> {
  const walk = session.store.getState().walkthrough;
  const loaded = walk && (await (await lessons()).loadLesson(walk));
  if (walk === null || !loaded)
    throw new Error('No lesson is open. Load a link to one first, such as #/l/vmsplice-leak?beat=1.');
  const stage = loaded.stages[to - 1];
  if (stage === undefined)
    throw new Error(`The lesson has ${loaded.stages.length} beats, and no beat ${to}.`);
  session.walk(walk.id, to - 1, walk.text);
  const { landBeat } = await import('../panels/walkthrough/openBeat.ts');
  await landBeat(session, stage);
}

/** Lessons come when one is asked for. */
const lessons = () => import('../panels/walkthrough/find.ts');

async function lessonOf(session: Session): Promise<EmbedLesson | null> {
  const walk = session.store.getState().walkthrough;
  if (walk === null) return null;
  const loaded = await (await lessons()).loadLesson(walk).catch(() => null);
  const stage = loaded?.stages[walk.beat];
  if (!loaded || !stage) return null;
  const { lesson, stages } = loaded;
  const { beat } = stage;
  return {
    title: lesson.title.text,
    beat: walk.beat + 1,
    beats: stages.length,
    heading: beat.title.text,
    prose: beat.prose.map((lines) => lines.join(' ')),
  };
}

async function stateOf(session: Session, version: Version): Promise<EmbedState> {
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
    ...(version >= 2 ? { lesson: await lessonOf(session) } : {}),
  };
}
