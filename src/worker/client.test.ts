import { describe, expect, test, vi } from 'vitest';
import { createClient } from './client.ts';
import type { WorkerLike } from './client/line.ts';
import type { CheckView, Engine, Frame, Opened, Reply, Request, RunView } from './protocol.ts';
import { serve } from './serve.ts';

const run = { schedule: 'child@munmap.end' } as RunView;
const opened = (title: string): Opened => ({ title, about: '', diagnostics: [], run, notes: [] });
const request = { text: 'a', model: 'v5.7', schedule: '', without: [] };

/** Enough of an engine to see what arrives. */
function engineOf(parts: Partial<Engine>): Engine {
  const refuse = (): Promise<never> => Promise.reject(new Error('not asked for'));
  return {
    info: refuse,
    open: (asked) => Promise.resolve(opened(asked.text)),
    choose: refuse,
    frame: (at) => Promise.resolve({ at } as Frame),
    seek: refuse,
    check: refuse,
    survey: refuse,
    litmus: refuse,
    ablate: refuse,
    race: refuse,
    map: refuse,
    offers: refuse,
    rules: refuse,
    compare: refuse,
    debug: refuse,
    export: refuse,
    lesson: refuse,
    import: refuse,
    shrink: refuse,
    ask: refuse,
    versus: refuse,
    lens: refuse,
    ...parts,
  };
}

interface Stand {
  readonly worker: WorkerLike;
  readonly heard: Request[];
  dead: boolean;
}

/** A worker without a thread: messages are copied, as a real one would copy them, and arrive later. */
function standIn(engine: Engine): Stand {
  const heard: Request[] = [];
  const send = (reply: Reply): void => {
    const data = structuredClone(reply);
    queueMicrotask(() => !stand.dead && stand.worker.onmessage?.({ data } as MessageEvent));
  };
  const receive = serve(engine, send);
  const stand: Stand = {
    heard,
    dead: false,
    worker: {
      onmessage: null,
      onerror: null,
      onmessageerror: null,
      terminate: () => void (stand.dead = true),
      postMessage: (message) => {
        heard.push(structuredClone(message) as Request);
        queueMicrotask(() => !stand.dead && receive(message));
      },
    },
  };
  return stand;
}

const die = ({ worker }: Stand): void => worker.onerror?.({ message: 'out of memory' } as ErrorEvent);
const never = (): Promise<never> => new Promise(() => undefined);

describe('the stepping worker', () => {
  test('a reply finds its request, however many are under way', async () => {
    const client = createClient({ spawn: () => standIn(engineOf({})).worker });
    const frames = await Promise.all([3, 1, 2].map((at) => client.frame(at)));
    expect(frames.map(({ at }) => at)).toEqual([3, 1, 2]);
  });

  test('an error keeps its words, and a mistake of the program says that it is one', async () => {
    const broken = engineOf({
      frame: () => Promise.reject(new Error('There are only 32 steps.')),
      seek: () => Promise.reject(new TypeError('x is undefined')),
    });
    const client = createClient({ spawn: () => standIn(broken).worker });
    await expect(client.frame(99)).rejects.toThrow('There are only 32 steps.');
    await expect(client.seek('end')).rejects.toThrow('Folioscope made a mistake here: x is undefined');
  });

  test('after it died, the next one opens the same run again before it answers', async () => {
    const stands: Stand[] = [];
    const spawn = (): WorkerLike => {
      const stand = standIn(engineOf({}));
      stands.push(stand);
      return stand.worker;
    };
    const client = createClient({ spawn });
    await client.open(request);
    die(stands[0]!);
    expect(await client.frame(7)).toEqual({ at: 7 });
    expect(stands).toHaveLength(2);
    expect(stands[1]!.heard.map(({ call }) => call)).toEqual(['open', 'frame']);
    // The branch that was taken meanwhile is part of what was open.
    expect(stands[1]!.heard[0]).toMatchObject({ request: { ...request, schedule: run.schedule } });
  });

  test('a request that was lost with the worker is asked once more', async () => {
    const stands: Stand[] = [];
    const answers = [never, () => Promise.resolve({ at: 5 } as Frame)];
    const spawn = (): WorkerLike => {
      const stand = standIn(engineOf({ frame: answers[stands.length]! }));
      stands.push(stand);
      return stand.worker;
    };
    const client = createClient({ spawn });
    await client.open(request);
    const frame = client.frame(5);
    await vi.waitFor(() => expect(stands[0]!.heard).toHaveLength(2));
    die(stands[0]!);
    expect(await frame).toEqual({ at: 5 });
  });

  test('a text that kills the worker is not tried twice, and what was open before comes back', async () => {
    const stands: Stand[] = [];
    const spawn = (): WorkerLike => {
      const poison = stands.length === 0;
      const open = (asked: typeof request): Promise<Opened> =>
        poison && asked.text === 'bad' ? never() : Promise.resolve(opened(asked.text));
      const stand = standIn(engineOf({ open }));
      stands.push(stand);
      return stand.worker;
    };
    const client = createClient({ spawn });
    await client.open(request);
    const bad = client.open({ ...request, text: 'bad' });
    await vi.waitFor(() => expect(stands[0]!.heard).toHaveLength(2));
    die(stands[0]!);
    await expect(bad).rejects.toThrow('out of memory');
    await client.frame(1);
    expect(stands[1]!.heard[0]).toMatchObject({ call: 'open', request: { text: 'a' } });
  });

  test('one that does not answer is taken for hung', async () => {
    const client = createClient({ spawn: () => standIn(engineOf({ frame: never })).worker, patience: 10 });
    await expect(client.frame(1)).rejects.toThrow('did not answer');
  });
});

describe('the checking workers', () => {
  const ask = { text: 'a', model: 'v5.7', invariant: null, without: [], budget: 10 };
  const nothing = (): void => undefined;

  test('progress comes through', async () => {
    const check: Engine['check'] = (_, progress) => {
      progress({ states: 5, depth: 2 });
      return Promise.resolve({ verdict: 'holds' } as CheckView);
    };
    const client = createClient({ spawn: () => standIn(engineOf({ check })).worker });
    const seen = vi.fn<(p: { states: number; depth: number }) => void>();
    const view = await client.check(ask, seen, new AbortController().signal);
    expect(view.verdict).toBe('holds');
    expect(seen).toHaveBeenCalledWith({ states: 5, depth: 2 });
  });

  test('a worker is warmed up with a check of its own, and then serves the first one', async () => {
    const stands: Stand[] = [];
    const check = (): Promise<CheckView> => Promise.resolve({ states: 1 } as CheckView);
    const spawn = (): WorkerLike => {
      stands.push(standIn(engineOf({ check })));
      return stands.at(-1)!.worker;
    };
    const client = createClient({ spawn, checkers: 2 });
    client.warm();
    await vi.waitFor(() => expect(stands[0]?.heard).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await client.check(ask, nothing, new AbortController().signal);
    expect(stands).toHaveLength(1);
    expect(stands[0]!.heard.map(({ call }) => call)).toEqual(['check', 'check']);
  });

  test('a cancel is heard by the engine', async () => {
    const check: Engine['check'] = (_, __, signal) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error)),
      );
    const client = createClient({ spawn: () => standIn(engineOf({ check })).worker, grace: 10_000 });
    const abort = new AbortController();
    const view = client.check(ask, nothing, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 5);
    await expect(view).rejects.toThrow('enough');
  });

  test('one that does not hear is killed, and the next check gets a new worker', async () => {
    let spawned = 0;
    const spawn = (): WorkerLike => {
      spawned += 1;
      const deaf = spawned === 1;
      const check = (): Promise<CheckView> => (deaf ? never() : Promise.resolve({ states: 1 } as CheckView));
      return standIn(engineOf({ check })).worker;
    };
    const client = createClient({ spawn, grace: 5 });
    const abort = new AbortController();
    const first = client.check(ask, nothing, abort.signal);
    setTimeout(() => abort.abort(new Error('enough')), 5);
    await expect(first).rejects.toThrow('enough');
    expect(await client.check(ask, nothing, new AbortController().signal)).toEqual({ states: 1 });
  });

  test('never two checks on one worker; who waits may give up', async () => {
    let running = 0;
    let most = 0;
    const check: Engine['check'] = async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return {} as CheckView;
    };
    const client = createClient({ spawn: () => standIn(engineOf({ check })).worker, checkers: 1 });
    const abort = new AbortController();
    const signals = [new AbortController().signal, abort.signal, new AbortController().signal];
    const all = signals.map((signal) => client.check(ask, nothing, signal));
    abort.abort(new Error('changed my mind'));
    const ends = await Promise.allSettled(all);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(most).toBe(1);
  });
});
