// Two windows with a session each, on one engine each: what one does, the other shows.
import { beforeEach, expect, test } from 'vitest';
import { createEngine } from '../../worker/local.ts';
import { arrive } from '../arrive.ts';
import { loadLesson } from '../panels/walkthrough/find.ts';
import { landBeat } from '../panels/walkthrough/openBeat.ts';
import { createSession, type Session } from '../session.ts';
import type { State } from '../session/state.ts';
import { clockWords } from './clock.ts';
import type { Wire } from './follow.ts';
import { createPresenting, type Presenting } from './presenting.ts';
import { readShown, shownOf } from './shown.ts';

const ears = new Map<string, Map<object, (message: unknown) => void>>();
const wire = (name: string): Wire => {
  const me = {};
  const all = ears.get(name) ?? new Map<object, (message: unknown) => void>();
  ears.set(name, all);
  return {
    // As a channel does: later, and a copy.
    post(message) {
      const copy = structuredClone(message);
      for (const [owner, hear] of all) if (owner !== me) queueMicrotask(() => hear(copy));
    },
    listen(hear) {
      all.set(me, hear);
      return () => all.delete(me);
    },
  };
};

interface Window {
  readonly session: Session;
  readonly present: Presenting;
  press(act: (present: Presenting) => void): void;
}

async function open(me: string, link: string): Promise<Window> {
  const engine = createEngine();
  const session = createSession({
    ...engine,
    check: () => new Promise(() => undefined),
    race: () => Promise.resolve(null),
  });
  await session.start();
  await arrive(session, link);
  let inputs = 0;
  const present = createPresenting(session, {
    wire,
    me: () => me,
    now: () => 0,
    every: () => () => undefined,
    inputs: () => inputs,
    openSpeaker: () => undefined,
  });
  // What useLesson and useTalk do in the page.
  async function walked(walk: State['walkthrough']): Promise<void> {
    if (walk === null) return present.know({ beats: 0, quiz: null });
    const loaded = await loadLesson(walk);
    const stage = loaded?.stages[walk.beat];
    present.know({ beats: loaded?.stages.length ?? 0 });
    if (walk.stand === null && stage && session.store.getState().walkthrough === walk)
      await landBeat(session, stage);
  }
  session.store.subscribe(
    (state) => state.walkthrough,
    (walk) => void walked(walk),
  );
  const press = (act: (p: Presenting) => void): void => {
    inputs += 1;
    act(present);
  };
  return { session, present, press };
}

const shown = ({ session, present }: Window): unknown =>
  shownOf(session.store.getState(), present.store.getState());
const beatOf = ({ session }: Window): number | undefined => session.store.getState().walkthrough?.beat;
const atOf = ({ session }: Window): number => session.store.getState().at;

let audience: Window, speaker: Window;
const agree = async (): Promise<void> => {
  const both = (): readonly string[] => [audience, speaker].map((one) => JSON.stringify(shown(one)));
  await expect.poll(() => both()[0] !== 'null' && both()[0] === both()[1], { timeout: 4000 }).toBe(true);
};

beforeEach(async () => {
  ears.clear();
  audience = await open('a', '#/l/vmsplice-leak?beat=2');
  speaker = await open('s', '#/l/vmsplice-leak?beat=1');
  audience.present.join('talk');
  speaker.present.join('talk');
  audience.session.walk('vmsplice-leak', 1);
  await agree();
});

test('beats and steps, led by either', async () => {
  expect(beatOf(speaker)).toBe(1);
  speaker.press((p) => p.next());
  await expect.poll(() => beatOf(audience)).toBe(2);
  await agree();
  audience.press((p) => p.back());
  await expect.poll(() => beatOf(speaker)).toBe(1);
  await agree();
  const at = atOf(audience);
  speaker.press(() => void speaker.session.step(1));
  await expect.poll(() => atOf(audience)).toBe(at + 1);
  // Another picture altogether, and back to the beat.
  audience.press(() => void audience.session.openScenario('zero-page'));
  await expect.poll(() => speaker.session.store.getState().scenario).toBe('zero-page');
  await agree();
  audience.press((p) => p.beat(1));
  await expect.poll(() => speaker.session.store.getState().scenario).toBe('vmsplice-leak');
  await agree();
  expect(atOf(speaker)).toBe(at);
});

test('a blank screen, hands and the answer are the same in both; another beat begins anew', async () => {
  const quiz = {
    asks: 'Copy?',
    because: 'So.',
    until: 30,
    options: ['copy', 'reuse'].map((text, i) => {
      return {
        text,
        right: i === 1,
        where: { model: 'v5.7', schedule: '', at: 'end', step: 1, words: 'there' },
      };
    }),
  };
  for (const one of [audience, speaker]) one.present.know({ quiz });
  speaker.press((p) => p.blank());
  audience.press((p) => p.hand(0, 1));
  speaker.press((p) => p.hand(1, 1));
  speaker.press((p) => p.hand(1, 1));
  speaker.press((p) => p.hand(0, -1));
  await expect.poll(() => audience.present.store.getState().hands).toEqual([0, 2]);
  expect(audience.present.store.getState().blank).toBe(true);
  // Nobody has less than no hand, and a third answer there is not.
  expect([speaker.present.hand(0, -1), speaker.present.hand(4, 1)]).toEqual([true, true]);
  await agree();
  // The remote has one key: first the answer, then the next beat.
  audience.press((p) => p.next());
  await expect.poll(() => speaker.present.store.getState().revealed).toBe(true);
  await expect.poll(() => atOf(speaker)).toBe(30);
  audience.press((p) => p.next());
  await expect.poll(() => beatOf(speaker)).toBe(2);
  await agree();
  expect(speaker.present.store.getState()).toMatchObject({ hands: [], revealed: false, quiz: null });
  // Where nothing is asked, a digit is somebody else's.
  expect(speaker.present.hand(0, 1)).toBe(false);
});

test('without a lesson, next and back are steps', async () => {
  audience.session.walk(null);
  await expect.poll(() => beatOf(speaker)).toBe(undefined);
  await agree();
  const at = atOf(audience);
  audience.press((p) => p.next());
  audience.press((p) => p.next());
  audience.press((p) => p.back());
  await expect.poll(() => atOf(speaker)).toBe(at + 1);
});

test('what another window says is looked at before it is shown', () => {
  const good = shown(audience) as Record<string, unknown>;
  expect(readShown(structuredClone(good))).toEqual(good);
  const lesson = good['lesson'] as Record<string, unknown>;
  for (const bad of [
    null,
    { ...good, blank: 1 },
    { ...good, hands: ['<b>'] },
    { ...good, hands: Array(10).fill(0) },
    { ...good, hands: [-1] },
    { ...good, lesson: { ...lesson, text: 'x'.repeat(300_000) } },
    { ...good, lesson: { ...lesson, beat: 0.5 } },
    { ...good, lesson: null },
    { ...good, picture: { text: 'process p\n' } },
  ])
    expect(readShown(bad)).toBeNull();
});

test('the clock says how long, and whether it is too long', () => {
  expect(clockWords(0, 0)).toEqual({ elapsed: '0:00', planned: '', over: false });
  expect(clockWords(61_900, 1)).toEqual({ elapsed: '1:01', planned: 'of 1 min', over: true });
  expect(clockWords(3_725_000, 90)).toMatchObject({ elapsed: '1:02:05', over: false });
});
