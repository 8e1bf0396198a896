/**
 * The debugger of the page: breakpoints, watches, bookmarks, branches. A store beside the session's; what
 * the timeline draws of it is put into the session.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Engine, RunView } from '../../worker/protocol.ts';
import type { FactView, FoundView, WatchView } from '../../worker/protocol/debug.ts';
import type { Session } from '../session.ts';
import type { Shelf } from '../session/keep.ts';
import { keep, keptOf, NOTHING_KEPT, type Breakpoint } from './shelf.ts';
import { grow, neighbour, NO_TREE, without, type Branch, type Tree } from './tree.ts';

export const TABS = ['stops', 'watch', 'find', 'diff', 'branches', 'whatif'] as const;
export type Tab = (typeof TABS)[number];

/** A bookmark; `at` is -1 where this run does not come to it. */
export interface Bookmark {
  readonly position: string;
  readonly at: number;
}

export interface DebugState {
  readonly tab: Tab;
  readonly breakpoints: readonly Breakpoint[];
  /** By text; only of breakpoints that are on. */
  readonly found: Readonly<Record<string, FoundView>>;
  readonly watches: readonly string[];
  readonly watched: Readonly<Record<string, WatchView>>;
  readonly bookmarks: readonly Bookmark[];
  readonly tree: Tree;
  /** The step that others are compared with, null: none was kept. */
  readonly diffFrom: number | null;
  readonly seed: number;
  readonly facts: readonly FactView[];
}

export interface Debugging {
  readonly store: StoreApi<DebugState>;
  show(tab: Tab): void;
  /** Turns the list's tab without opening the panel. */
  turn(tab: Tab): void;
  addBreakpoint(text: string): void;
  removeBreakpoint(text: string): void;
  switchBreakpoint(text: string, on: boolean): void;
  breakHere(): void;
  addWatch(text: string): void;
  removeWatch(text: string): void;
  watchSelected(): void;
  bookmarkHere(): void;
  removeBookmark(position: string): void;
  diffFromHere(): void;
  branch(by: 1 | -1): void;
  openBranch(branch: Branch, at?: number): void;
  dropBranch(id: number): void;
  landHere(): void;
  /** Asks what could land before a step and shows it; null takes it away. */
  land(at: number | null): void;
  wander(seed?: number): void;
  replace(thread: number, choice: number): void;
  stillHere(): void;
  leaveOut(guard: string): void;
  find(conditions: readonly string[]): Promise<readonly FoundView[]>;
  facts(): void;
}

const START: DebugState = {
  tab: 'stops',
  breakpoints: [],
  found: {},
  watches: [],
  watched: {},
  bookmarks: [],
  tree: NO_TREE,
  diffFrom: null,
  seed: 1,
  facts: [],
};

export function createDebugging(
  session: Session,
  engine: Pick<Engine, 'debug' | 'seek'>,
  shelf: Shelf,
): Debugging {
  const store = createStore<DebugState>()(() => START);
  const { getState: get, setState: set } = store;
  const app = session.store;
  let scenario = '';
  let grownFor = '';
  let landingFor: number | null = null;

  const keyOf = (): string => app.getState().scenario || 'own';
  const positionHere = (): string => app.getState().frame?.position ?? '';

  function save(): void {
    const { breakpoints, watches, bookmarks } = get();
    keep(shelf, scenario, { breakpoints, watches, bookmarks: bookmarks.map((b) => b.position) });
  }

  /** Answers of the engine are about the run that was open when it was asked. */
  async function ask<T>(work: () => Promise<T>, take: (answer: T) => void): Promise<void> {
    const { run } = app.getState();
    if (run === null) return;
    const answer = await work().catch(() => null);
    if (answer !== null && app.getState().run === run) take(answer);
  }

  const lookUp = (): Promise<void> => {
    const texts = get()
      .breakpoints.filter((b) => b.on)
      .map((b) => b.text);
    return ask(
      () => (texts.length === 0 ? Promise.resolve([]) : engine.debug('find', texts)),
      (found) => {
        set({ found: Object.fromEntries(found.map((f) => [f.text, f])) });
        const stops = [...new Set(found.flatMap((f) => f.hits))].sort((a, b) => a - b);
        session.mark({ stops: stops.filter((at) => at > 0) });
      },
    );
  };
  const look = (): Promise<void> =>
    ask(
      () => (get().watches.length === 0 ? Promise.resolve([]) : engine.debug('watch', get().watches)),
      (watched) => set({ watched: Object.fromEntries(watched.map((w) => [w.text, w])) }),
    );
  const place = (): Promise<void> =>
    ask(
      () =>
        Promise.all(
          get().bookmarks.map(async ({ position }) => {
            const { at, note } = await engine.seek(position);
            return { position, at: note === '' ? at : -1 };
          }),
        ),
      (bookmarks) => {
        set({ bookmarks });
        session.mark({ bookmarks: bookmarks.map((b) => b.at).filter((at) => at >= 0) });
      },
    );

  function changedRun(run: RunView | null): void {
    if (run === null) return;
    const { openText, model, without: off } = app.getState();
    if (keyOf() !== scenario) {
      scenario = keyOf();
      const { breakpoints, watches, bookmarks } = keptOf(shelf, scenario) ?? NOTHING_KEPT;
      set({
        breakpoints,
        watches,
        bookmarks: bookmarks.map((position) => ({ position, at: -1 })),
        facts: [],
      });
    }
    // Runs of other texts, kernels or guards are no branches of this one.
    const grown = JSON.stringify([openText, model, off]);
    set({
      tree: grow(grown === grownFor ? get().tree : NO_TREE, run),
      diffFrom: grown === grownFor ? get().diffFrom : null,
    });
    grownFor = grown;
    session.mark({ stops: [], bookmarks: [], landing: null });
    void lookUp();
    void look();
    void place();
  }
  app.subscribe((state) => state.run, changedRun);
  changedRun(app.getState().run);

  const setBreakpoints = (breakpoints: readonly Breakpoint[]): void => {
    set({ breakpoints });
    save();
    void lookUp();
  };
  const setWatches = (watches: readonly string[]): void => {
    set({ watches });
    save();
    void look();
  };
  function show(tab: Tab): void {
    set({ tab });
    session.show('debug');
  }
  const become = (work: Parameters<Session['become']>[0], position: string): void => {
    session.pause();
    void session.become(work, position);
  };

  const debug: Debugging = {
    store,
    show,
    turn: (tab) => set({ tab }),
    addBreakpoint(text) {
      const others = get().breakpoints.filter((b) => b.text !== text);
      setBreakpoints([...others, { text, on: true }]);
    },
    removeBreakpoint: (text) => setBreakpoints(get().breakpoints.filter((b) => b.text !== text)),
    switchBreakpoint: (text, on) =>
      setBreakpoints(get().breakpoints.map((b) => (b.text === text ? { text, on } : b))),
    breakHere() {
      const { run, at } = app.getState();
      const step = run?.steps[Math.max(0, at - 1)];
      if (!step) return;
      const text = `step.row = ${step.routine}.${step.label}`;
      if (get().breakpoints.some((b) => b.text === text)) debug.removeBreakpoint(text);
      else debug.addBreakpoint(text);
    },
    addWatch: (text) => setWatches([...get().watches.filter((w) => w !== text), text]),
    removeWatch: (text) => setWatches(get().watches.filter((w) => w !== text)),
    watchSelected() {
      for (const path of pathsOf(app.getState().selection)) debug.addWatch(path);
      show('watch');
    },
    bookmarkHere() {
      const position = positionHere();
      const { bookmarks } = get();
      const known = bookmarks.some((b) => b.position === position);
      set({
        bookmarks: known
          ? bookmarks.filter((b) => b.position !== position)
          : [...bookmarks, { position, at: app.getState().at }],
      });
      save();
      void place();
    },
    removeBookmark(position) {
      set({ bookmarks: get().bookmarks.filter((b) => b.position !== position) });
      save();
      void place();
    },
    diffFromHere() {
      set({ diffFrom: app.getState().at });
      show('diff');
    },
    branch(by) {
      const next = neighbour(get().tree, by);
      if (next && next.id !== get().tree.here) debug.openBranch(next);
    },
    openBranch(branch, at) {
      const { scenario: id, openText: text, model, without: off } = app.getState();
      const here = at ?? Math.min(app.getState().at, branch.moves.length);
      const found = { scenario: id, text, model, without: off, schedule: branch.schedule, steps: here };
      session.pause();
      void session.openRun(found);
    },
    dropBranch: (id) => set({ tree: without(get().tree, id) }),
    landHere() {
      const { at, landing } = app.getState();
      debug.land(landing?.at === at || at === 0 ? null : at);
    },
    land(at) {
      if (at === landingFor) return;
      landingFor = at;
      if (at === null) return session.mark({ landing: null });
      void ask(
        () => engine.debug('landing', at),
        (landing) => {
          if (landingFor === at) session.mark({ landing });
        },
      );
    },
    wander(seed = get().seed) {
      set({ seed: seed + 1 });
      const { at } = app.getState();
      become(() => engine.debug('wander', { at, seed }), String(at));
    },
    replace(thread, choice) {
      const { at } = app.getState();
      become(() => engine.debug('replace', { at, thread, choice }), String(at));
    },
    stillHere() {
      const { at } = app.getState();
      become(() => engine.debug('still', at), String(at));
    },
    leaveOut(guard) {
      const { scenario: id, openText: text, model, without: off, run, frame } = app.getState();
      void session.open({
        scenario: id,
        text,
        model,
        schedule: run?.schedule ?? '',
        without: [...off, guard],
        position: frame?.position ?? '',
        turn: true,
        tell: true,
      });
    },
    find: (conditions) => engine.debug('find', conditions),
    facts() {
      if (get().facts.length === 0)
        void ask(
          () => engine.debug('facts', null),
          (facts) => set({ facts }),
        );
    },
  };
  return debug;
}

/** What of an object of the picture is worth watching. */
export function pathsOf(selection: string | null): readonly string[] {
  const [kind, ...names] = (selection ?? '').split(':');
  switch (kind) {
    case 'folio':
      return names[0] === 'zero' ? [] : [`${names[0]}.refcount`, `${names[0]}.mapcount`, `${names[0]}.bytes`];
    case 'pte':
      return [names.join('.')];
    case 'mm':
      return [`${names[0]}.mmap_lock`];
    default:
      return [];
  }
}
