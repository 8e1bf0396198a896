/** Whatever replaces the run: scenario, edit, model, branch. The last good picture stays meanwhile. */
import type { Diagnostic, Frame, Opened, OpenRequest } from '../../worker/protocol.ts';
import type { LinkNote } from '../../scenario/link.ts';
import type { Core } from './core.ts';
import { placed } from './pinning.ts';
import { EMPTY, type Carried, type State } from './state.ts';

export const LONGEST_TEXT = 256 * 1024;
const TYPING_MS = 350;

export interface Target {
  readonly scenario: string;
  readonly text: string;
  readonly model: string;
  readonly schedule: string;
  readonly without: readonly string[];
  /** A written position, or a step number. */
  readonly position: string;
  /** Something that the browser's Back should undo. */
  readonly turn: boolean;
  /** Say what of the position and schedule could not be had. */
  readonly tell: boolean;
  /** What is selected afterwards; absent: nothing. */
  readonly selection?: string | null;
  /** What a link brings besides; absent: not from a link. */
  readonly link?: Brought;
}

export interface Brought {
  readonly carried: Carried;
  readonly notes: readonly LinkNote[];
  /** Key of the run when the link was made, '' = not known. */
  readonly key: string;
  readonly versus: string;
}

export interface Opening {
  open(target: Target): Promise<void>;
  edit(text: string): void;
  /** A text that goes on where this one ends: with the same order of what was there before. */
  more(text: string): Promise<void>;
  model(id: string): Promise<void>;
  choose(thread: number, choice?: number): Promise<void>;
  /** Shows a run that the engine has made of the one that is open. False: it made none. */
  become(make: () => Promise<Opened>, position: string): Promise<boolean>;
  /** For tests and for the moment before a reload: opens what was typed without waiting. */
  settle(): Promise<void>;
}

export function createOpening(core: Core, changed: () => void): Opening {
  let latest = 0;
  let typing: ReturnType<typeof setTimeout> | undefined;

  /** Runs `work` unless something newer was asked meanwhile. */
  async function newest(work: () => Promise<Partial<State> | null>): Promise<boolean> {
    const mine = ++latest;
    core.pause();
    core.set({ opening: true });
    try {
      const patch = await work();
      if (mine !== latest) return false;
      if (patch) core.set(patch);
      return patch !== null;
    } catch (error) {
      if (mine === latest) core.tell('trouble', 'The simulation could not do that.', [core.words(error)]);
      return false;
    } finally {
      if (mine === latest) core.set({ opening: false });
    }
  }

  async function land(
    opened: Opened,
    position: string,
  ): Promise<{ at: number; frame: Frame; notes: string[] }> {
    const last = opened.run?.steps.length ?? 0;
    const found = position === '' ? { at: 0, note: '' } : await core.engine.seek(position);
    const at = Math.max(0, Math.min(last, found.at));
    core.frames.clear();
    const frame = await core.frames.get(at);
    return { at, frame, notes: found.note === '' ? [] : [found.note] };
  }

  async function open(target: Target): Promise<void> {
    clearTimeout(typing);
    const { scenario, text, model, schedule, without, position, link } = target;
    const done = await newest(async () => {
      const before = core.get();
      const own = scenario === before.scenario;
      const noted = link?.notes ?? (own ? before.pinned : []);
      // Only the text of the link was not to be changed.
      const readonly = before.carried.readonly && text === before.openText;
      const others = own ? before.carried.others : [];
      const carried = link?.carried ?? { ...before.carried, readonly, others };
      const named: Partial<State> = { scenario, text, carried, versus: link?.versus ?? before.versus };
      if (text.length > LONGEST_TEXT) return { ...named, diagnostics: [tooLong(text)] };
      const request: OpenRequest = { text, model, schedule, without };
      const opened = await core.engine.open(request);
      const { diagnostics, notes } = opened;
      if (!opened.run) return { ...named, diagnostics, title: core.get().title || opened.title };
      const place = await land(opened, position);
      const { pinned, lost } = await placed(core, noted);
      if (target.tell) {
        const missing = [...notes, ...place.notes, ...lost];
        core.told('link', 'Not everything in this link could be opened.', missing);
        core.told('rules', RULES_CHANGED, link ? changedSince(link.key, opened.run.key, model) : []);
      }
      const { info } = core.get(),
        { made } = opened;
      const isNew = made !== undefined && info?.models.every((one) => one.id !== made.id);
      const turn = core.get().turn + (target.turn ? 1 : 0);
      return {
        ...named,
        ...(info && isNew ? { info: { ...info, models: [...info.models, made] } } : {}),
        diagnostics,
        model,
        without,
        turn,
        title: opened.title,
        about: opened.about,
        openText: text,
        pinned,
        run: opened.run,
        at: place.at,
        frame: place.frame,
        selection: target.selection ?? null,
        difference: null,
      };
    });
    if (done) changed();
  }

  /** The place is kept by its name, so that an edit elsewhere in the text does not move the picture. */
  const here = (): Pick<Target, 'schedule' | 'without' | 'position'> => {
    const { run, at, frame, without } = core.get();
    const end = run !== null && at === run.steps.length && at > 0;
    return {
      schedule: run?.schedule ?? '',
      without,
      position: end ? 'end' : at === 0 ? '' : (frame?.position ?? ''),
    };
  };

  function reopen(): Promise<void> {
    const { scenario, text, model } = core.get();
    return open({ scenario, text, model, ...here(), turn: false, tell: false });
  }

  async function become(make: () => Promise<Opened>, position: string, refused: string): Promise<boolean> {
    const done = await newest(async () => {
      const opened = await make();
      if (!opened.run) {
        core.tell('run', refused, opened.notes);
        return null;
      }
      const place = await land(opened, position);
      core.told('run', 'The run went another way.', opened.notes);
      return {
        run: opened.run,
        pinned: (await placed(core, core.get().pinned)).pinned,
        at: place.at,
        frame: place.frame,
        difference: null,
        turn: core.get().turn + 1,
      };
    });
    if (done) changed();
    return done;
  }

  /** A link can ask that its text is only read. */
  function locked(): boolean {
    const { readonly } = core.get().carried;
    if (readonly) core.tell('link', 'The link says that this text is only to be read.', [COPY]);
    return readonly;
  }

  return {
    open,
    become: (make, position) => become(make, position, 'There is no such run.'),
    edit(text) {
      if (locked()) return;
      core.set({ text });
      clearTimeout(typing);
      typing = setTimeout(() => void reopen(), TYPING_MS);
    },
    async more(text) {
      if (locked()) return;
      const { scenario, model, selection } = core.get();
      const goOn = { ...here(), position: '', turn: true, tell: false, selection };
      await open({ scenario, text, model, ...goOn });
    },
    async settle() {
      if (core.get().text !== core.get().openText) await reopen();
    },
    async model(id) {
      const { model: before, scenario, openText, text, run } = core.get();
      if (id === before && run) return;
      // An unfinished edit stays in the editor; the picture shows the new model on the last good text.
      await open({ scenario, text: openText, model: id, ...here(), turn: true, tell: false });
      if (text !== openText) core.set({ text });
      const difference = await core.engine.compare(before).catch(() => EMPTY.difference);
      if (core.get().model === id) core.set({ difference });
    },
    async choose(thread, choice = 0) {
      const { at, run } = core.get();
      const next = run?.steps[at];
      if (next?.thread === thread && next.choice === choice) return core.goto(at + 1);
      await become(
        () => core.engine.choose(at, thread, choice),
        String(at + 1),
        'This thread cannot move here.',
      );
    },
  };
}

const COPY = 'In the panel Source there is a copy for you to change.';

const RULES_CHANGED = 'The rules have changed since this link was made.';

function changedSince(then: string, now: string, model: string): readonly string[] {
  if (then === '' || then === now) return [];
  return [`What you see is the scenario by the rules of ${model} as they are today: its run is another one.`];
}

function tooLong(text: string): Diagnostic {
  const size = Math.ceil(text.length / 1024).toLocaleString('en');
  return {
    severity: 'error',
    line: 1,
    column: 1,
    length: 1,
    message: `This text is ${size} kB long. At most ${LONGEST_TEXT / 1024} kB can be opened.`,
    hint: 'Cut it down, or split it into several scenarios. The text itself is kept.',
  };
}
