/**
 * The Engine of the app: one worker steps and always answers at once, others check, and any may be killed.
 * A stepping worker that died is restarted and gets the last `open` again, so the session goes on.
 */
import { createLine, LineDown, type Call, type Line, type WorkerLike } from './client/line.ts';
import type {
  CheckRequest,
  AblationView,
  AnswerOf,
  CheckView,
  ColumnView,
  CompareView,
  Engine,
  Exported,
  Frame,
  ImportView,
  Info,
  LensView,
  LessonView,
  LitmusView,
  Offer,
  Opened,
  OpenRequest,
  RulesView,
  ShrinkView,
  WindowView,
} from './protocol.ts';
import type { Progress } from './protocol.ts';
import type { DebugCalls } from './protocol/debug.ts';
import type { MapView } from './protocol/structure.ts';

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

export interface Client extends Engine {
  /** Starts a checking worker and lets it check something small: the first real check finds it hot. */
  warm(): void;
}
const WARM_UP: CheckRequest = {
  text: [
    'process p',
    'region a anon 1 page',
    'p: store a.0 "x"',
    'p: fork c',
    'parallel',
    'p: store a.0 "y"',
    'c: load a.0',
    'end',
  ].join('\n'),
  model: 'v6.18',
  invariant: null,
  without: [],
  budget: 2_000,
};

export function createClient({ spawn, checkers = 1, patience = 20_000, grace = 90 }: ClientOptions): Client {
  const stepper = createStepper(createLine(spawn), patience);
  const { search, warm } = createSearchers(spawn, checkers, grace);
  return {
    ...stepper,
    warm,
    check: (request, report, signal) => search<CheckView>({ call: 'check', request }, report, signal),
    survey: (request, report, signal) => search<ColumnView>({ call: 'survey', request }, report, signal),
    litmus: (request, report, signal) => search<LitmusView>({ call: 'litmus', request }, report, signal),
    map: (request, report, signal) => search<MapView>({ call: 'map', request }, report, signal),
    race: (request, report, signal) => search<WindowView | null>({ call: 'race', request }, report, signal),
    offers: (request, report, signal) =>
      search<readonly Offer[]>({ call: 'offers', request }, report, signal),
    shrink: (request, report, signal) => search<ShrinkView>({ call: 'shrink', request }, report, signal),
    ablate: (request, report, signal) =>
      search<readonly AblationView[]>({ call: 'ablate', request }, report, signal),
  };
}

type Searching = 'offers' | 'map' | 'race' | 'check' | 'survey' | 'litmus' | 'ablate' | 'shrink';

function createStepper(line: Line, patience: number): Omit<Engine, Searching> {
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
    async choose(at, thread, choice = 0) {
      const answer = await ask<Opened>({ call: 'choose', at, thread, choice });
      if (answer.run && opened) opened = { ...opened, schedule: answer.run.schedule };
      return answer;
    },
    frame: (at) => ask<Frame>({ call: 'frame', at }),
    ask: (at, about) => ask<AnswerOf | null>({ call: 'ask', at, about }),
    versus: (at) => ask<Frame>({ call: 'versus', at }),
    lens: (at, page) => ask<LensView | null>({ call: 'lens', at, page }),
    seek: (position) => ask<{ at: number; note: string }>({ call: 'seek', position }),
    rules: (model, change) => ask<RulesView>({ call: 'rules', model, change }),
    compare: (model) => ask<CompareView>({ call: 'compare', model }),
    async debug(kind, about) {
      const answer = await ask<DebugCalls<Opened>[typeof kind]['answer']>({
        call: 'debug',
        kind,
        ask: about,
      });
      // What replaces the run is opened again after the worker's death, as any other run.
      const run = answer !== null && 'run' in answer ? answer.run : null;
      if (run && opened) opened = { ...opened, schedule: run.schedule };
      return answer;
    },
    export: (request) => ask<Exported>({ call: 'export', request }),
    lesson: (request) => ask<LessonView>({ call: 'lesson', request }),
    import: (request) => ask<ImportView>({ call: 'import', request }),
  };
}

type Search = <T>(message: Call, report: Report, signal: AbortSignal) => Promise<T>;
interface Searchers {
  readonly search: Search;
  readonly warm: () => void;
}

function createSearchers(spawn: () => WorkerLike, count: number, grace: number): Searchers {
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

  async function on<T>(line: Line, message: Call, report: Report, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const { id, reply } = line.call(message, report);
    let hardStop: ReturnType<typeof setTimeout> | undefined;
    const stop = (): void => {
      line.cancel(id);
      hardStop = setTimeout(() => line.drop('The check was stopped.'), grace);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      return (await reply) as T;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(hardStop);
      signal.removeEventListener('abort', stop);
    }
  }

  const search = async <T>(message: Call, report: Report, signal: AbortSignal): Promise<T> => {
    signal.throwIfAborted();
    const line = await take(signal);
    try {
      return await on<T>(line, message, report, signal);
    } finally {
      giveBack(line);
    }
  };
  const nobody = (): void => undefined;
  return {
    search,
    // A worker that cannot be warmed up says why when it is really asked.
    warm: () =>
      void search({ call: 'check', request: WARM_UP }, nobody, new AbortController().signal).catch(nobody),
  };
}
