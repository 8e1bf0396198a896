// The session on the real engine, in this realm.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createEngine } from '../worker/local.ts';
import type { CheckView, Engine } from '../worker/protocol.ts';
import { createSession, type Session } from './session.ts';
import { hasErrors, isEdited } from './session/state.ts';

const fresh = { schedule: '', without: [], position: '', turn: false, tell: false };

async function opened(engine: Engine = createEngine(), model = 'v5.7'): Promise<Session> {
  const session = createSession(engine);
  await session.start();
  const text = session.store.getState().info?.scenarios.find((one) => one.id === 'vmsplice-leak')?.text ?? '';
  await session.open({ scenario: 'vmsplice-leak', text, model, ...fresh });
  return session;
}

const state = (session: Session) => session.store.getState();
const last = (session: Session): number => state(session).run?.steps.length ?? 0;

/** Checks are not what is tested here, and cost time. */
function withoutChecks(engine: Engine = createEngine()): Engine {
  return { ...engine, check: () => new Promise(() => undefined) };
}

describe('stepping', () => {
  test('keys may be faster than frames: the last one wins, and all of them count', async () => {
    const session = await opened(withoutChecks());
    await Promise.all([session.step(1), session.step(1), session.step(1), session.step(-1)]);
    expect(state(session).at).toBe(2);
    expect(state(session).frame?.at).toBe(2);
  });

  test('what is drawn and what is said are always of one step', async () => {
    const session = await opened(withoutChecks());
    const odd: number[] = [];
    session.store.subscribe(({ at, frame }) => {
      if (frame && frame.at !== at) odd.push(at);
    });
    for (let i = 0; i < 10; i += 1) await session.step(1);
    await session.goto(3);
    expect(odd).toEqual([]);
  });

  test('beyond both ends there is nothing', async () => {
    const session = await opened(withoutChecks());
    await session.step(-1);
    expect(state(session).at).toBe(0);
    await session.goto(Infinity);
    expect(state(session).at).toBe(last(session));
    await session.step(1);
    expect(state(session).at).toBe(last(session));
  });

  test('a frame that cannot be had is said, and the picture stays', async () => {
    const engine = withoutChecks();
    const session = await opened({
      ...engine,
      frame: (at) => (at > 4 ? Promise.reject(new Error('out of memory')) : engine.frame(at)),
    });
    await session.goto(4);
    await session.goto(9);
    expect(state(session).at).toBe(4);
    expect(state(session).notices[0]).toMatchObject({ kind: 'trouble', lines: ['out of memory'] });
  });
});

describe('playing', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    return () => vi.useRealTimers();
  });

  test('goes to the end and stops there; again, it starts from the beginning', async () => {
    const session = await opened(withoutChecks());
    session.play();
    expect(state(session).playing).toBe(true);
    while (state(session).playing) await vi.advanceTimersByTimeAsync(600);
    expect(state(session).at).toBe(last(session));
    session.play();
    await vi.advanceTimersByTimeAsync(100);
    expect(state(session).at).toBe(0);
    session.pause();
  });

  test('a step by hand stops it', async () => {
    const session = await opened(withoutChecks());
    session.play();
    await vi.advanceTimersByTimeAsync(1000);
    await session.step(1);
    expect(state(session).playing).toBe(false);
    const { at } = state(session);
    await vi.advanceTimersByTimeAsync(5000);
    expect(state(session).at).toBe(at);
  });
});

describe('the text', () => {
  test('a mistake leaves picture, place and link as they are; the text is the reader’s', async () => {
    const session = await opened(withoutChecks());
    await session.goto(12);
    const before = state(session);
    session.setText(`${before.text}\nnonsense here\n`);
    await session.settle();
    expect(hasErrors(state(session))).toBe(true);
    expect(state(session).text).toContain('nonsense');
    expect(state(session)).toMatchObject({
      run: before.run,
      frame: before.frame,
      at: 12,
      openText: before.openText,
    });
    // And the engine still has the frames of that picture.
    await session.step(1);
    expect(state(session).at).toBe(13);
    session.resetText();
    await session.settle();
    expect(isEdited(state(session))).toBe(false);
  });

  test('an edit elsewhere keeps the place', async () => {
    const session = await opened(withoutChecks());
    await session.goto(20);
    const { position } = state(session).frame ?? {};
    session.setText(state(session).text.replace('scenario ', 'scenario My '));
    await session.settle();
    expect(state(session).title).toMatch(/^My /);
    expect(state(session).frame?.position).toBe(position);
  });

  test('a change of kernel shows the last good text and keeps the unfinished one in the editor', async () => {
    const session = await opened(withoutChecks());
    const { openText } = state(session);
    session.setText(`${openText}\nnonsense here\n`);
    await session.settle();
    await session.setModel('v5.9');
    expect(state(session)).toMatchObject({ model: 'v5.9', openText });
    expect(state(session).text).toContain('nonsense');
  });

  test('of two that are opened at once, the later one stays', async () => {
    const session = await opened(withoutChecks());
    await Promise.all([session.setModel('v5.8'), session.setModel('v5.19'), session.setModel('v5.9')]);
    expect(state(session).model).toBe('v5.9');
    expect(state(session).run?.model).toBe('v5.9');
  });

  test('a text beyond all measure is not even sent', async () => {
    const engine = withoutChecks();
    const open = vi.fn<Engine['open']>(engine.open);
    const session = await opened({ ...engine, open });
    open.mockClear();
    session.setText('x'.repeat(2_000_000));
    await session.settle();
    expect(open).not.toHaveBeenCalled();
    expect(state(session).diagnostics[0]?.message).toContain('At most 256 kB');
  });
});

describe('branches and kernels', () => {
  test('the end stays the end when the kernel changes', async () => {
    const session = await opened(withoutChecks());
    await session.goto(Infinity);
    expect(state(session).run?.violations).not.toEqual([]);
    await session.setModel('v5.9');
    expect(state(session).at).toBe(last(session));
    expect(state(session).run?.violations).toEqual([]);
  });

  test('choosing the thread that is next anyway is a step, not a branch', async () => {
    const session = await opened(withoutChecks());
    const { turn, run } = state(session);
    await session.choose(0);
    expect(state(session)).toMatchObject({ at: 1, turn, run });
  });

  test('another thread is a branch, which Back undoes', async () => {
    const session = await opened(withoutChecks());
    await session.openScenario('leak-any-order');
    const { turn } = state(session);
    let able = 0;
    while (able < 2) {
      await session.step(1);
      able = state(session).frame?.moves.filter((one) => one.blocked === '').length ?? 0;
    }
    const { at, run, frame } = state(session);
    const next = run?.steps[at]?.thread;
    const other = frame?.moves.find((one) => one.thread !== next)?.thread ?? -1;
    await session.choose(other);
    expect(state(session)).toMatchObject({ at: at + 1, turn: turn + 1 });
    expect(state(session).run?.steps[at]?.thread).toBe(other);
  });
});

describe('the strip', () => {
  const verdict = (model: string): CheckView => ({ model, verdict: 'holds' }) as CheckView;

  test('asks once per text and kernel, the current one first, and remembers', async () => {
    const check = vi.fn<Engine['check']>((request) => Promise.resolve(verdict(request.model)));
    const session = await opened({ ...createEngine(), check }, 'v5.9');
    await vi.waitFor(() => {
      expect(Object.values(state(session).verdicts).every((one) => one.state === 'done')).toBe(true);
    });
    const asked = check.mock.calls.map(([request]) => request.model);
    expect(asked[0]).toBe('v5.9');
    expect(new Set(asked).size).toBe(asked.length);
    await session.setModel('v5.7');
    await session.goto(3);
    expect(check).toHaveBeenCalledTimes(asked.length);
  });

  test('a new text stops what is still asked about the old one', async () => {
    const signals: AbortSignal[] = [];
    const check: Engine['check'] = (_, __, signal) => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    const session = await opened({ ...createEngine(), check });
    await session.openScenario('leak-any-order');
    expect(signals.map((one) => one.aborted)).toEqual([true, false]);
  });
});

test('a check finds the leak, and opens the shortest run at the step that breaks the rule', async () => {
  const session = await opened(createEngine());
  await session.openScenario('leak-any-order');
  await session.check();
  expect(state(session).check).toMatchObject({ state: 'done', view: { verdict: 'violated' } });
  await session.jumpToViolation();
  const { run, at } = state(session);
  expect(run?.violations[0]?.at).toBe(at);
});
