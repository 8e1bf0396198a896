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

  test('is the only one that is listened to', async () => {
    const { said, ask, session } = await framed();
    expect(await ask({ folioscope: 1, id: 9, call: 'step' }, { other: 'window' })).toBeUndefined();
    expect(said.filter(({ message }) => 'id' in message)).toEqual([]);
    expect(session.store.getState().at).toBe(0);
  });

  test('is told what it said wrongly', async () => {
    const { ask } = await framed();
    const calls = [{ call: 'eval' }, { call: 'step', by: 1e9 }, { call: 'load', link: 5 }, { call: 'goto' }];
    for (const [i, call] of calls.entries())
      expect(await ask({ folioscope: 1, id: i + 1, ...call })).toMatchObject({
        error: expect.stringContaining('call'),
      });
  });
});

test('messages of others are nothing to us, and none throws', () => {
  for (const data of [null, 1, 'x', [], {}, { call: 'step' }, { folioscope: 2, call: 'step' }])
    expect(readMessage(data)).toBeNull();
  fc.assert(
    fc.property(fc.anything(), fc.anything(), fc.anything(), (call, at, link) => {
      const heard = readMessage({ folioscope: 1, call, at, link, by: at, id: link });
      expect(heard === null || typeof heard.id === 'number').toBe(true);
    }),
    { numRuns: 300, seed: 5 },
  );
});
