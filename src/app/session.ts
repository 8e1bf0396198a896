/**
 * The session: one store for everything on the screen and the actions that change it. Panels select what they
 * need and call actions; nobody else talks to the engine.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { subscribeWithSelector } from 'zustand/middleware';
import type { Engine, Opened } from '../worker/protocol.ts';
import { createChecking } from './session/checking.ts';
import { wordsOf, type Core } from './session/core.ts';
import { createFrames } from './session/frames.ts';
import { byOperation, byStop, byStride, byThread, byViolation, stay } from './session/moves.ts';
import { createOpening, type Target } from './session/opening.ts';
import { EMPTY, SPEEDS, type DialogId, type PanelId, type Stand, type State } from './session/state.ts';
import { createRace } from './session/race.ts';
import { createPinning, type Pinning } from './session/pinning.ts';
import { createShrinking, type Shrinking } from './session/shrinking.ts';
import { createStrip } from './session/strip.ts';

/** The least that can be stepped through. */
const STARTER = `scenario New scenario

process parent
region a anon 1 page

parent: store a.0 "old"
`;

/** `steps`: where to open it. */
export interface FoundRun {
  readonly scenario: string;
  readonly text: string;
  readonly model: string;
  readonly without: readonly string[];
  readonly schedule: string;
  readonly steps: number;
}

export interface Session extends Pinning, Shrinking {
  readonly store: StoreApi<State> & { subscribe: SelectorSubscribe };
  /** Asks the engine what there is. Must come first. */
  start(): Promise<void>;
  open(target: Target): Promise<void>;
  openScenario(id: string): Promise<void>;
  setText(text: string): void;
  settle(): Promise<void>;
  /** Puts a kept text back into the editor, and into the picture if it has no mistakes. */
  resume(scenario: string, text: string): void;
  resetText(): void;
  /** Opens a text that is nobody's, as `begin` does a small one to begin with. */
  openText(text: string): Promise<void>;
  begin(): Promise<void>;
  /** Opens the text with one more line, where the operation of that line is over. */
  add(text: string, line: number): Promise<void>;
  /** Writes the order of this run into the text. */
  record(): Promise<void>;
  setModel(id: string): Promise<void>;
  /** Why there is no such rule set, '' = there is. */
  refused(model: string): Promise<string>;
  goto(at: number): Promise<void>;
  step(by: 1 | -1): Promise<void>;
  stepOperation(by: 1 | -1): Promise<void>;
  stepThread(by: 1 | -1): Promise<void>;
  stepViolation(by: 1 | -1): Promise<void>;
  /** On to the next stop, or back to the one before; without one, to the end or the start. */
  runOn(by: 1 | -1): Promise<void>;
  play(): void;
  pause(): void;
  faster(by: 1 | -1): void;
  choose(thread: number, choice?: number): Promise<void>;
  /** Shows a run that the engine has made of the one that is open. */
  become(make: () => Promise<Opened>, position: string): Promise<boolean>;
  /** What the debugger knows of this run. */
  mark(marks: Partial<Pick<State, 'stops' | 'bookmarks' | 'landing'>>): void;
  /** Opens a run that somebody found, at the step where it shows. */
  openRun(found: FoundRun): Promise<void>;
  check(): Promise<void>;
  stopCheck(): void;
  /** How many preemptions the runs of a check may have; null: any. */
  setWithin(most: number | null): void;
  /** Opens the shortest run that a check found: of the panel, or of a model in the strip. */
  jumpToViolation(model?: string): Promise<void>;
  startStrip(): void;
  setVersus(model: string): void;
  carry(patch: Partial<State['carried']>): void;
  /** Checks the gallery on every model in the background, until the returned function is called. */
  judgeGallery(): () => void;
  select(id: string | null): void;
  show(panel: PanelId | null): void;
  dialog(id: DialogId | null): void;
  /** Opens a lesson at a beat, or the list of lessons. `text`: of one that is not in the course. */
  walk(id: string | null, beat?: number, text?: string): void;
  /** The beat of that lesson stands where it wants to. */
  landed(stand: Stand): void;
  tell: Core['tell'];
  dismiss(notice: number): void;
  showTable(on: boolean): void;
  /** Opens a page-table walk, or folds it again. */
  unfold(id: string): void;
  setSingleKeys(on: boolean): void;
  /** `lent`: a link asks for that, for this visit. */
  adjust(settings: Partial<State['settings']>, lent?: boolean): void;
}

type SelectorSubscribe = {
  (listener: (state: State, before: State) => void): () => void;
  <T>(select: (state: State) => T, listener: (now: T, before: T) => void): () => void;
};

/** Steps. Whoever moves as little as this looks at one step after the other. */
const NEAR = 2;

export function createSession(engine: Engine): Session {
  const store = createStore<State>()(subscribeWithSelector(() => EMPTY));
  const frames = createFrames(engine);
  let wanted = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let noticeId = 0;

  const core: Core = {
    engine,
    frames,
    get: store.getState,
    set: (patch) => store.setState(patch),
    goto,
    pause,
    tell,
    told(kind, title, lines) {
      if (lines.length > 0) tell(kind, title, lines);
      else store.setState((state) => ({ notices: state.notices.filter((one) => one.kind !== kind) }));
    },
    words: wordsOf,
  };
  const strip = createStrip(core);
  const race = createRace(core);
  const checking = createChecking(core, strip.learn);
  const opening = createOpening(core, () => {
    wanted = store.getState().at;
    frames.ahead(wanted, lastStep());
    void race.look();
    strip.start();
  });

  function lastStep(): number {
    return store.getState().run?.steps.length ?? 0;
  }

  /** Steps are counted from where we are going, not from what is drawn: keys may be faster than frames. */
  async function goto(to: number): Promise<void> {
    const { run, opening: replaced } = store.getState();
    // The engine may already be on the next run; a frame of that one would not fit this picture.
    if (!run || replaced) return;
    const at = Math.max(0, Math.min(run.steps.length, Math.round(to)));
    wanted = at;
    try {
      const frame = await frames.get(at);
      const { at: from, run: now } = store.getState();
      if (wanted !== at || now !== run) return;
      store.setState({ at, frame });
      // A jump is often one of many, of somebody who scrubs: nobody wants to see what is beside each.
      if (Math.abs(at - from) <= NEAR) frames.ahead(at, run.steps.length);
    } catch (error) {
      if (store.getState().run === run) tell('trouble', 'This step could not be shown.', [wordsOf(error)]);
    }
  }

  /** A step by hand stops playing: two hands on one wheel confuse. */
  function by(move: (at: number) => number): Promise<void> {
    pause();
    return goto(move(wanted));
  }

  /** As far as one step goes, but not over a stop. */
  function beat(run: NonNullable<State['run']>): number {
    const { settings, stops } = store.getState();
    const to = byStride(run, wanted, 1, settings.stride);
    return Math.min(to, stops.find((one) => one > wanted) ?? to);
  }

  function tick(): void {
    const { run, speed } = store.getState();
    if (!run) return;
    timer = setTimeout(
      () => {
        void goto(beat(run)).then(() => {
          if (!store.getState().playing) return;
          if (wanted >= lastStep() || store.getState().stops.includes(wanted)) pause();
          else tick();
        });
      },
      wanted === 0 ? 200 : stay(run.steps[wanted - 1], speed),
    );
  }

  function play(): void {
    if (store.getState().playing || lastStep() === 0) return;
    store.setState({ playing: true });
    const from = wanted >= lastStep() ? goto(0) : Promise.resolve();
    void from.then(tick);
  }

  function pause(): void {
    clearTimeout(timer);
    if (store.getState().playing) store.setState({ playing: false });
  }

  function tell(
    kind: State['notices'][number]['kind'],
    title: string,
    lines: readonly string[],
    action: State['notices'][number]['action'] = null,
  ): void {
    const notice = { id: ++noticeId, kind, title, lines, action };
    store.setState((state) => ({ notices: [...state.notices.filter((one) => one.kind !== kind), notice] }));
  }

  function onRun(move: (run: NonNullable<State['run']>, at: number) => number): Promise<void> {
    const { run } = store.getState();
    return run ? by((at) => move(run, at)) : Promise.resolve();
  }

  function openText(text: string): Promise<void> {
    const fresh = { schedule: '', without: [], position: '', turn: true, tell: false };
    return opening.open({ scenario: '', text, model: store.getState().model, ...fresh });
  }

  return {
    ...createPinning(core),
    ...createShrinking(core, opening.open),
    store,
    async start() {
      try {
        store.setState({ info: await engine.info(), trouble: '' });
      } catch (error) {
        store.setState({ trouble: wordsOf(error) });
      }
    },
    open: opening.open,
    async openScenario(id) {
      const { info, model } = store.getState();
      const found = info?.scenarios.find((one) => one.id === id);
      if (!found) return tell('link', `There is no scenario named ${id}.`, []);
      const fresh = { schedule: '', without: [], position: '', turn: true, tell: false };
      await opening.open({ scenario: id, text: found.text, model, ...fresh });
    },
    setText: opening.edit,
    settle: opening.settle,
    resume(scenario, text) {
      // A text that somebody wrote is theirs, whatever the link says that was open.
      store.setState(({ carried }) => ({ scenario, carried: { ...carried, readonly: false } }));
      if (text === store.getState().text) return;
      opening.edit(text);
    },
    resetText() {
      const { info, scenario } = store.getState();
      const origin = info?.scenarios.find((one) => one.id === scenario);
      if (origin) opening.edit(origin.text);
    },
    openText,
    begin: () => openText(STARTER),
    async add(text, line) {
      await opening.more(text);
      const op = store.getState().run?.ops.findLast((one) => one.line === line);
      if (op && op.first > 0) await goto(op.last || lastStep());
    },
    async record() {
      const { scheduled } = await import('../scenario/offers.ts');
      const { run, text, openText } = store.getState();
      if (!run || text !== openText) return;
      const kept = scheduled(text, run.schedule);
      if (run.schedule !== '' && kept !== text) opening.edit(kept);
    },
    setModel: opening.model,
    refused: (model) => engine.rules(model, null).then(() => '', wordsOf),
    goto(at) {
      pause();
      return goto(at);
    },
    step: (way) => onRun((run, at) => byStride(run, at, way, store.getState().settings.stride)),
    stepOperation: (way) => onRun((run, at) => byOperation(run, at, way)),
    stepThread: (way) => onRun((run, at) => byThread(run, at, way)),
    stepViolation: (way) => onRun((run, at) => byViolation(run, at, way)),
    runOn: (way) => onRun((run, at) => byStop(store.getState().stops, run.steps.length, at, way)),
    play,
    pause,
    faster(way) {
      const place = SPEEDS.indexOf(store.getState().speed as (typeof SPEEDS)[number]);
      store.setState({ speed: SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, place + way))] ?? 1 });
    },
    choose(thread, choice) {
      pause();
      return opening.choose(thread, choice);
    },
    become: opening.become,
    mark: (marks) => store.setState(marks),
    async openRun({ scenario, text, model, without, schedule, steps }) {
      const place = { schedule, position: String(steps), turn: true, tell: false };
      await opening.open({ scenario, text, model, without, ...place });
    },
    async check() {
      strip.stop();
      await checking.start();
      strip.start();
    },
    stopCheck: checking.stop,
    setWithin: (within) => store.setState({ within }),
    async jumpToViolation(model) {
      const state = store.getState();
      const view = model === undefined ? state.check.view : (state.verdicts[model]?.view ?? null);
      if (!view || view.verdict !== 'violated') return;
      const text = model === undefined ? state.check.text : state.openText;
      const place = { schedule: view.schedule, position: String(view.steps), turn: true, tell: false };
      await opening.open({
        scenario: state.scenario,
        text,
        model: view.model,
        without: state.without,
        ...place,
      });
      const broke = store.getState().run?.violations[0];
      if (broke) await goto(broke.at);
    },
    startStrip: strip.start,
    setVersus: (versus) => store.setState({ versus }),
    carry(patch) {
      const { present } = store.getState().carried;
      store.setState(({ carried }) => ({ carried: { ...carried, ...patch } }));
      if (present && patch.present === false) strip.start();
    },
    judgeGallery: strip.gallery,
    select: (selection) => store.setState({ selection }),
    show: (panel) => store.setState({ panel }),
    dialog: (dialog) => store.setState({ dialog }),
    walk: (id, beat = 0, text) =>
      store.setState(({ walkthrough: before }) => {
        const same = before !== null && before.id === id ? before.text : '';
        return { walkthrough: id === null ? null : { id, beat, text: text ?? same, stand: null } };
      }),
    landed: (stand) =>
      store.setState(({ walkthrough: at }) => ({ walkthrough: at === null ? null : { ...at, stand } })),
    tell,
    dismiss: (notice) =>
      store.setState((state) => ({ notices: state.notices.filter((one) => one.id !== notice) })),
    showTable: (asTable) => store.setState({ asTable }),
    unfold: (id) =>
      store.setState(({ unfolded }) => ({
        unfolded: unfolded.includes(id) ? unfolded.filter((one) => one !== id) : [...unfolded, id],
      })),
    adjust: (settings, lent = false) =>
      store.setState((state) => ({ lent, settings: { ...state.settings, ...settings } })),
    setSingleKeys: (singleKeys) => store.setState({ singleKeys }),
  };
}
