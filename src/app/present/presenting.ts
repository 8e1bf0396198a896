/**
 * Presenting: beats and steps by a remote, hands counted at questions, a blank screen, and a second window
 * for the speaker. A store beside the session's; whatever moves the picture goes through the session.
 */
import type { StoreApi } from 'zustand/vanilla';
import { createStore } from 'zustand/vanilla';
import type { Quiz } from '../../lessons/quiz.ts';
import type { Session } from '../session.ts';
import { createFollow, type Follow, type Wire } from './follow.ts';
import { HANDS_MAX, readShown, shownOf, type Shown, type Stagecraft } from './shown.ts';

export interface Craft extends Stagecraft {
  /** The question of the beat on the screen, once the model has made it. */
  readonly quiz: Quiz | null;
  /** Beats of the lesson that is open; 0 = none is. */
  readonly beats: number;
  /** The list of beats and bookmarks is open. */
  readonly listed: boolean;
  /** Other windows of this presentation. */
  readonly others: number;
}

export interface Presenting {
  readonly store: StoreApi<Craft>;
  /** Joins the windows of that presentation, until the returned function is called. */
  join(name: string): () => void;
  /** What the lesson on the screen is like; the page finds out. */
  know(known: Partial<Pick<Craft, 'quiz' | 'beats'>>): void;
  next(): void;
  back(): void;
  blank(): void;
  reveal(): void;
  list(open: boolean): void;
  /** A hand more, or less, for an answer. False: nothing is asked. */
  hand(answer: number, by: 1 | -1): boolean;
  beat(place: number): void;
  restart(): void;
  /** Opens the speaker's window, or brings it to the front. */
  speaker(): void;
}

/** What of the browser is used, so that tests can stand in for it. */
export interface Around {
  readonly wire: (name: string) => Wire;
  readonly me: () => string;
  readonly now: () => number;
  /** Calls back every few seconds until the returned function is called. */
  readonly every: (call: () => void) => () => void;
  /** How often somebody has pressed a key or a button. */
  readonly inputs: () => number;
  readonly openSpeaker: () => void;
}

/** A beat that cannot be opened must not keep the rest from being followed. */
const BEAT_MS = 8000;

export function createPresenting(session: Session, around: Around): Presenting {
  const fresh = { quiz: null, hands: [], revealed: false };
  const store = createStore<Craft>(() => ({
    ...fresh,
    blank: false,
    began: around.now(),
    beats: 0,
    listed: false,
    others: 0,
  }));
  const get = store.getState;
  const walkOf = (): ReturnType<typeof session.store.getState>['walkthrough'] =>
    session.store.getState().walkthrough;

  let follow: Follow<Shown> | null = null;
  /** What the others know: what was told last, or heard last. */
  let known = '';
  let applying: Promise<void> | null = null;
  let waiting: Shown | null = null;

  const here = (): Shown | null => shownOf(session.store.getState(), get());

  function changed(): void {
    if (follow === null || applying !== null) return;
    const shown = here();
    if (shown === null) return;
    const key = JSON.stringify(shown);
    if (key === known) return follow.ready();
    known = key;
    follow.tell(shown);
  }

  /** Only the newest counts, whatever came in while the one before was brought onto the screen. */
  function take(shown: Shown): void {
    waiting = shown;
    applying ??= applyAll().finally(() => {
      applying = null;
      changed();
    });
  }

  async function applyAll(): Promise<void> {
    while (waiting !== null) {
      const shown: Shown = waiting;
      waiting = null;
      const inputs = around.inputs();
      await apply(shown);
      // What this window could not show as it was told is not told back; what somebody did here is.
      const now = here();
      known = JSON.stringify(now !== null && around.inputs() === inputs ? now : shown);
    }
  }

  async function apply({ lesson, picture, ...craft }: Shown): Promise<void> {
    const walk = walkOf();
    if (lesson === null) {
      if (walk !== null) session.walk(null);
    } else if (walk?.id !== lesson.id || walk.text !== lesson.text || walk.beat !== lesson.beat) {
      session.walk(lesson.id, lesson.beat, lesson.text);
    } else if (picture === null && walk.stand !== null) {
      // Somebody has come back to the beat.
      if (walk.stand.run === session.store.getState().run) await session.goto(walk.stand.at);
      else session.walk(lesson.id, lesson.beat, lesson.text);
    }
    await landed();
    store.setState(craft);
    if (picture === null) return;
    const { openText, model, run, without, at } = session.store.getState();
    const same =
      openText === picture.text &&
      model === picture.model &&
      run?.schedule === picture.schedule &&
      without.join() === picture.without.join();
    if (!same) await session.open({ ...picture, position: String(picture.at), turn: false, tell: true });
    else if (at !== picture.at) await session.goto(picture.at);
  }

  function landed(): Promise<void> {
    const done = (): boolean => {
      const walk = walkOf();
      return walk === null || walk.stand !== null;
    };
    if (done()) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(end, BEAT_MS);
      const stop = session.store.subscribe(() => done() && end());
      function end(): void {
        clearTimeout(timer);
        stop();
        resolve();
      }
    });
  }

  function beat(place: number): void {
    const walk = walkOf();
    if (walk !== null) session.walk(walk.id, place);
  }

  function reveal(): void {
    const { quiz, revealed } = get();
    if (quiz === null) return;
    store.setState({ revealed: !revealed });
    // The picture shows it, too.
    if (!revealed) void session.goto(quiz.until);
  }

  // Another beat asks something else.
  session.store.subscribe(
    (state) => `${state.walkthrough?.id} ${state.walkthrough?.beat} ${state.walkthrough?.text}`,
    () => store.setState({ ...fresh }),
  );

  return {
    store,
    join(name) {
      known = JSON.stringify(here());
      const joined = createFollow<Shown>({
        wire: around.wire(name),
        me: around.me(),
        read: readShown,
        shown: here,
        take,
        others: (others) => store.setState({ others }),
      });
      follow = joined;
      const stops = [
        session.store.subscribe(changed),
        store.subscribe(changed),
        around.every(() => joined.tick()),
      ];
      return () => {
        for (const stop of stops) stop();
        joined.close();
        if (follow === joined) follow = null;
        store.setState({ others: 0 });
      };
    },
    know: (found) => store.setState(found),
    next() {
      const { quiz, revealed, beats } = get();
      const walk = walkOf();
      if (walk === null) void session.step(1);
      else if (quiz !== null && !revealed) reveal();
      else if (walk.beat + 1 < beats) beat(walk.beat + 1);
    },
    back() {
      const walk = walkOf();
      if (walk === null) void session.step(-1);
      else if (walk.beat > 0) beat(walk.beat - 1);
    },
    blank: () => store.setState(({ blank }) => ({ blank: !blank })),
    reveal,
    list: (listed) => store.setState({ listed }),
    hand(answer, by) {
      const { quiz, hands } = get();
      if (quiz === null || answer >= quiz.options.length) return quiz !== null;
      const next = quiz.options.map((_, i) => (hands[i] ?? 0) + (i === answer ? by : 0));
      store.setState({ hands: next.map((one) => Math.max(0, Math.min(HANDS_MAX, one))) });
      return true;
    },
    beat,
    restart: () => store.setState({ began: around.now() }),
    speaker: around.openSpeaker,
  };
}
