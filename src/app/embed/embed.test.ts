// A page around the frame steers it; whatever else is said to it does no harm.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEngine } from '../../worker/local.ts';
import { createSession } from '../session.ts';
import { listenToParent, type Around } from './listen.ts';
import { readMessage, type EmbedSaid } from './messages.ts';

async function framed() {
  const engine = createEngine();
  const session = createSession({ ...engine, check: () => new Promise(() => undefined) });
  await session.start();
  await session.openScenario('vmsplice-leak');
  const said: { message: EmbedSaid; origin: string }[] = [];
  let hear: (event: MessageEvent) => void = () => undefined;
  const parent = { postMessage: (message: EmbedSaid, origin: string) => void said.push({ message, origin }) };
  const around: Around = {
    parent,
    addEventListener: (_, listener) => (hear = listener),
    removeEventListener: () => (hear = () => undefined),
  };
  const stop = listenToParent(session, engine, around);
  /** Sends it, and waits for its answer. */
  const ask = async (data: unknown, source: unknown = parent): Promise<EmbedSaid | undefined> => {
    const id = (data as { id?: number }).id ?? 0;
    hear({ data, source, origin: 'https://example.org' } as MessageEvent);
    for (let i = 0; i < 50; i++) {
      const found = said.find(({ message }) => 'id' in message && message.id === id);
      if (found) return found.message;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return undefined;
  };
  return { session, said, ask, stop, parent };
}

describe('the page around', () => {
  test('loads, steps, goes to a position, and hears of every step', async () => {
    const { session, said, ask } = await framed();
    expect(
      await ask({ folioscope: 1, id: 1, call: 'load', link: '#/s/leak-any-order?model=v5.7' }),
    ).toMatchObject({
      state: { title: 'The leak, in any order', model: 'v5.7', at: 0, broken: '' },
    });
    expect(session.store.getState().carried.embed).toBe(true);
    expect(await ask({ folioscope: 1, id: 2, call: 'step', by: 3 })).toMatchObject({ state: { at: 3 } });
    expect(await ask({ folioscope: 1, id: 3, call: 'goto', at: 'end' })).toMatchObject({
      state: {
        position: 'end',
        broken: 'private-writes-stay-private',
        link: expect.stringMatching(/^#\/s\//),
      },
    });
    expect(await ask({ folioscope: 1, id: 4, call: 'goto', at: 'nobody@x.end' })).toMatchObject({
      error: expect.stringContaining('nobody'),
    });
    const events = said.flatMap(({ message }) =>
      'event' in message ? [`${message.event} ${message.state.at}`] : [],
    );
    expect(events[0]).toBe('ready 0');
    expect(events).toContain('step 3');
    expect(new Set(said.slice(-4).map((one) => one.origin))).toEqual(new Set(['https://example.org']));
  });

  test('shows a lesson beat by beat, in version 2; whoever speaks version 1 hears of none', async () => {
    const { ask, said } = await framed();
    expect(await ask({ folioscope: 2, id: 1, call: 'beat', to: 1 })).toMatchObject({
      folioscope: 2,
      error: expect.stringContaining('No lesson is open.'),
    });
    expect(await ask({ folioscope: 2, id: 2, call: 'load', link: '#/l/vmsplice-leak?beat=2' })).toMatchObject(
      {
        state: {
          at: 34,
          lesson: { beat: 2, beats: 9, heading: 'The pipe takes a reference', prose: [expect.any(String)] },
        },
      },
    );
    expect(await ask({ folioscope: 2, id: 3, call: 'beat', to: 3 })).toMatchObject({
      state: { lesson: { beat: 3 }, link: '#/l/vmsplice-leak?beat=3' },
    });
    expect(await ask({ folioscope: 2, id: 4, call: 'beat', to: 10 })).toMatchObject({
      error: 'The lesson has 9 beats, and no beat 10.',
    });
    const old = await ask({ folioscope: 1, id: 5, call: 'state' });
    expect(old).toMatchObject({ folioscope: 1, state: { model: 'v5.7', broken: '' } });
    expect(Object.keys((old as { state: object }).state)).not.toContain('lesson');
    expect(await ask({ folioscope: 1, id: 6, call: 'beat', to: 1 })).toMatchObject({
      error: expect.stringContaining('does not know this call'),
    });
    expect(
      await ask({ folioscope: 2, id: 7, call: 'load', link: '#/s/vmsplice-leak?model=v5.9' }),
    ).toMatchObject({ state: { model: 'v5.9', lesson: null } });
    // Before anybody spoke: in both.
    expect(said.slice(0, 2).map(({ message }) => message.folioscope)).toEqual([1, 2]);
  });

  test('is the only one that is listened to', async () => {
    const { said, ask, session } = await framed();
    expect(await ask({ folioscope: 1, id: 9, call: 'step' }, { other: 'window' })).toBeUndefined();
    expect(said.filter(({ message }) => 'id' in message)).toEqual([]);
    expect(session.store.getState().at).toBe(0);
  });

  test('is told what it said wrongly', async () => {
    const { ask } = await framed();
    const calls = [
      { call: 'eval' },
      { call: 'beat', to: 0 },
      { call: 'step', by: 1e9 },
      { call: 'load', link: 5 },
      { call: 'goto' },
    ];
    for (const [i, call] of calls.entries())
      expect(await ask({ folioscope: 1, id: i + 1, ...call })).toMatchObject({
        error: expect.stringContaining('call'),
      });
  });
});

test('messages of others are nothing to us, and none throws', () => {
  for (const data of [null, 1, 'x', [], {}, { call: 'step' }, { folioscope: 3, call: 'step' }])
    expect(readMessage(data)).toBeNull();
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), (call, at, link) => {
      const heard = readMessage({ folioscope: 1, call, at, link, by: at, id: link });
      expect(heard === null || typeof heard.id === 'number').toBe(true);
    }),
    { numRuns: 300, seed: 5 },
  );
});
