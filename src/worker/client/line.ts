/** One worker at the other end: numbers the requests, pairs the replies, and survives the worker's death. */
import type { Progress, Reply, Request } from '../protocol.ts';

/** The part of Worker that is used, so that tests can pass a message channel. */
export interface WorkerLike {
  postMessage(message: unknown): void;
  terminate(): void;
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

/** The worker died or had to be killed; what was asked got no answer. */
export class LineDown extends Error {
  override name = 'LineDown';
}

/** Request without its number: the line gives it one. */
export type Call = Request extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly progress: ((p: Progress) => void) | undefined;
}

export interface Line {
  /** The next call will start a worker, which knows nothing yet. */
  readonly fresh: boolean;
  /** Sends, and resolves with the reply's value. The number lets a cancel name this request. */
  call(
    message: Call,
    progress?: (p: Progress) => void,
  ): { readonly id: number; readonly reply: Promise<unknown> };
  cancel(id: number): void;
  /** Kills the worker; everything that waits is rejected. The next call starts a new one. */
  drop(why: string): void;
}

export function createLine(spawn: () => WorkerLike): Line {
  let worker: WorkerLike | null = null;
  let next = 1;
  const waiting = new Map<number, Waiting>();

  function drop(why: string): void {
    worker?.terminate();
    worker = null;
    const lost = [...waiting.values()];
    waiting.clear();
    for (const one of lost) one.reject(new LineDown(why));
  }

  function receive(reply: Reply): void {
    const one = waiting.get(reply.id);
    if (!one) return;
    if (reply.kind === 'progress') return one.progress?.(reply.progress);
    waiting.delete(reply.id);
    if (reply.kind === 'value') one.resolve(reply.value);
    else
      one.reject(
        new Error(reply.internal ? `Folioscope made a mistake here: ${reply.message}` : reply.message),
      );
  }

  function connect(): WorkerLike {
    const fresh = spawn();
    fresh.onmessage = (event) => receive(event.data as Reply);
    fresh.onerror = (event) => {
      if (worker === fresh) drop(event.message || 'The simulation stopped.');
    };
    fresh.onmessageerror = () => {
      if (worker === fresh) drop('The simulation sent something unreadable.');
    };
    return fresh;
  }

  return {
    get fresh() {
      return worker === null;
    },
    call(message, progress) {
      worker ??= connect();
      const id = next++;
      const reply = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject, progress }));
      worker.postMessage({ ...message, id });
      return { id, reply };
    },
    cancel(id) {
      if (waiting.has(id)) worker?.postMessage({ id: next++, call: 'cancel', cancels: id } satisfies Request);
    },
    drop,
  };
}
