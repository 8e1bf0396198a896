/**
 * The Engine of the app: one worker steps and always answers at once, others check, and any may be killed.
 * A stepping worker that died is restarted and gets the last `open` again, so the session goes on.
 */
import { createLine, LineDown, type Call, type Line, type WorkerLike } from './client/line.ts';
import type {
  CheckRequest,
  CheckView,
  CompareView,
  Engine,
  Frame,
  Info,
  Opened,
  OpenRequest,
} from './protocol.ts';
import type { Progress } from './protocol.ts';

type Report = (progress: Progress) => void;

export interface ClientOptions {
  readonly spawn: () => WorkerLike;
  /** How many checks may run side by side. */
  readonly checkers?: number;
  /** A step or an `open` that takes longer is taken for hung, ms. */
  readonly patience?: number;
  /** After a cancel, how long a checker may take to stop by itself, ms. */
  readonly grace?: number;
}

export function createClient({ spawn, checkers = 1, patience = 20_000, grace = 400 }: ClientOptions): Engine {
  const stepper = createStepper(createLine(spawn), patience);
  const check = createCheckers(spawn, checkers, grace);
  return { ...stepper, check };
}

function createStepper(line: Line, patience: number): Omit<Engine, 'check'> {
  let opened: OpenRequest | null = null;

  async function once<T>(message: Call): Promise<T> {
    const { reply } = line.call(message);
    const timer = setTimeout(() => line.drop('The simulation did not answer and was restarted.'), patience);
    try {
      return (await reply) as T;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A new worker does not know what was open. */
  async function revive(): Promise<void> {
    if (line.fresh && opened) await once<Opened>({ call: 'open', request: opened });
  }

  async function ask<T>(message: Call): Promise<T> {
    await revive();
    try {
      return await once<T>(message);
    } catch (error) {
      if (!(error instanceof LineDown)) throw error;
      await revive();
      return once<T>(message);
    }
  }

  return {
    info: () => ask<Info>({ call: 'info' }),
    async open(request) {
      // Not asked twice: a text that kills the simulation would kill the next one too.
      const answer = await once<Opened>({ call: 'open', request });
      if (answer.run) opened = { ...request, schedule: answer.run.schedule };
      return answer;
    },
    async choose(at, thread) {
      const answer = await ask<Opened>({ call: 'choose', at, thread });
      if (answer.run && opened) opened = { ...opened, schedule: answer.run.schedule };
      return answer;
    },
    frame: (at) => ask<Frame>({ call: 'frame', at }),
    seek: (position) => ask<{ at: number; note: string }>({ call: 'seek', position }),
    compare: (model) => ask<CompareView>({ call: 'compare', model }),
  };
}

function createCheckers(spawn: () => WorkerLike, count: number, grace: number): Engine['check'] {
  const free = Array.from({ length: count }, () => createLine(spawn));
  const queue: ((line: Line) => void)[] = [];

  /** A search has its worker's scratch world for itself, so a line is taken by one check at a time. */
  function take(signal: AbortSignal): Promise<Line> {
    const line = free.pop();
    if (line) return Promise.resolve(line);
    return new Promise((resolve, reject) => {
      queue.push(resolve);
      const leave = (): void => {
        const place = queue.indexOf(resolve);
        if (place >= 0) queue.splice(place, 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  function giveBack(line: Line): void {
    const next = queue.shift();
    if (next) next(line);
    else free.push(line);
  }

  async function on(
    line: Line,
    request: CheckRequest,
    report: Report,
    signal: AbortSignal,
  ): Promise<CheckView> {
    signal.throwIfAborted();
    const { id, reply } = line.call({ call: 'check', request }, report);
    let hardStop: ReturnType<typeof setTimeout> | undefined;
    const stop = (): void => {
      line.cancel(id);
      hardStop = setTimeout(() => line.drop('The check was stopped.'), grace);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      return (await reply) as CheckView;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(hardStop);
      signal.removeEventListener('abort', stop);
    }
  }

  return async (request, report, signal) => {
    signal.throwIfAborted();
    const line = await take(signal);
    try {
      return await on(line, request, report, signal);
    } finally {
      giveBack(line);
    }
  };
}
