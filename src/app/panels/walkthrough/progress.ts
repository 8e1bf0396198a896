/** What a learner has seen and solved. It stays in this browser, and nobody else hears of it. */
import { createStore, useStore } from 'zustand';
import { course } from '../../../lessons/course/index.ts';
import { localShelf } from '../../storage.ts';

const KEY = 'folioscope.lessons';

export interface Done {
  /** Beats that were shown, by place. */
  readonly seen: readonly number[];
  /** First answers to questions: by the beat's place, right or not. */
  readonly answers: Readonly<Record<string, boolean>>;
  /** Beats whose challenge was met. */
  readonly solved: readonly number[];
}
export type Progress = Readonly<Record<string, Done>>;

export const NOTHING: Done = { seen: [], answers: {}, solved: [] };

const isDone = (value: unknown): value is Done => {
  if (typeof value !== 'object' || value === null) return false;
  const { seen, answers, solved } = value as Partial<Done>;
  return Array.isArray(seen) && Array.isArray(solved) && typeof answers === 'object' && answers !== null;
};

/** What an older version, or another hand, wrote there must not stop anybody. */
export function readProgress(text: string | null): Progress {
  try {
    const kept = JSON.parse(text ?? '{}') as { version?: unknown; lessons?: Record<string, unknown> | null };
    if (kept.version !== 1 || typeof kept.lessons !== 'object' || kept.lessons === null) return {};
    return Object.fromEntries(
      Object.entries(kept.lessons).filter((one): one is [string, Done] => isDone(one[1])),
    );
  } catch {
    return {};
  }
}

const store = createStore<Progress>(() => readProgress(localShelf().getItem(KEY)));

export const useProgress = (id: string): Done => useStore(store, (all) => all[id] ?? NOTHING);

/** Lessons that somebody wrote change from day to day: of them nothing is kept. */
const textOf = (all: Progress): string => {
  const kept = Object.entries(all).filter(([id]) => course.some((one) => one.id === id));
  return JSON.stringify({ version: 1, lessons: Object.fromEntries(kept) });
};

function change(id: string, make: (done: Done) => Done): void {
  const before = store.getState()[id] ?? NOTHING;
  const after = make(before);
  if (after === before) return;
  store.setState({ [id]: after });
  try {
    localShelf().setItem(KEY, textOf(store.getState()));
  } catch {
    // A browser that keeps nothing shows the lessons all the same.
  }
}

const withOne = (all: readonly number[], one: number): readonly number[] =>
  all.includes(one) ? all : [...all, one].sort((a, b) => a - b);

export const saw = (id: string, beat: number): void =>
  change(id, (done) => (done.seen.includes(beat) ? done : { ...done, seen: withOne(done.seen, beat) }));
/** The first answer counts: whoever has seen the right one knows it. */
export const answered = (id: string, beat: number, right: boolean): void =>
  change(id, (done) =>
    String(beat) in done.answers ? done : { ...done, answers: { ...done.answers, [beat]: right } },
  );
export const solved = (id: string, beat: number): void =>
  change(id, (done) => (done.solved.includes(beat) ? done : { ...done, solved: withOne(done.solved, beat) }));

/** `3 of 9 beats`, `done`, `done, 2 of 3 questions right`; '' = not begun. */
export function wordsOf(done: Done, beats: number): string {
  if (done.seen.length === 0) return '';
  if (done.seen.length < beats) return `${done.seen.length} of ${beats} beats seen`;
  const answers = Object.values(done.answers);
  const right = answers.filter(Boolean).length;
  return answers.length === 0 ? 'done' : `done, ${right} of ${answers.length} right`;
}
