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

const isPlace = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value < 1000;
const isDone = (value: unknown): value is Done => {
  if (typeof value !== 'object' || value === null) return false;
  const { seen, answers, solved } = value as Partial<Done>;
  const arePlaces = (all: unknown): boolean => Array.isArray(all) && all.every(isPlace);
  if (!arePlaces(seen) || !arePlaces(solved) || typeof answers !== 'object' || answers === null) return false;
  const answered = Object.entries(answers);
  return answered.every(([at, right]) => isPlace(Number(at)) && typeof right === 'boolean');
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
const ofCourse = (all: Progress): Progress =>
  Object.fromEntries(Object.entries(all).filter(([id]) => course.some((one) => one.id === id)));
const textOf = (all: Progress): string => JSON.stringify({ version: 1, lessons: ofCourse(all) });

/** As a file, for another browser or for a teacher. */
export const progressText = (): string => `${textOf(store.getState())}\n`;

/** What both know: whatever was seen or solved anywhere. Of two first answers the one given here counts. */
export function joined(mine: Progress, theirs: Progress): Progress {
  const both = Object.entries(ofCourse(theirs)).map(([id, done]): [string, Done] => {
    const { seen, answers, solved } = mine[id] ?? NOTHING;
    const all = (one: readonly number[], other: readonly number[]): number[] =>
      [...new Set([...one, ...other])].sort((a, b) => a - b);
    return [
      id,
      {
        seen: all(seen, done.seen),
        answers: { ...done.answers, ...answers },
        solved: all(solved, done.solved),
      },
    ];
  });
  return { ...mine, ...Object.fromEntries(both) };
}

/** In how many lessons a file knows something; 0: it is no file of progress. */
export function takeProgress(text: string): number {
  const theirs = ofCourse(readProgress(text));
  store.setState(joined(store.getState(), theirs));
  keep();
  return Object.keys(theirs).length;
}

function keep(): void {
  try {
    localShelf().setItem(KEY, textOf(store.getState()));
  } catch {
    // A browser that keeps nothing shows the lessons all the same.
  }
}

function change(id: string, make: (done: Done) => Done): void {
  const before = store.getState()[id] ?? NOTHING;
  const after = make(before);
  if (after === before) return;
  store.setState({ [id]: after });
  keep();
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

/** Over the whole course. */
export interface Score {
  readonly seen: number;
  readonly asked: number;
  readonly right: number;
  readonly solved: number;
}
export function scoreOf(all: Progress): Score {
  const done = Object.values(ofCourse(all));
  const answers = done.flatMap((one) => Object.values(one.answers));
  return {
    seen: done.reduce((sum, one) => sum + one.seen.length, 0),
    asked: answers.length,
    right: answers.filter(Boolean).length,
    solved: done.reduce((sum, one) => sum + one.solved.length, 0),
  };
}
export const useAllProgress = (): Progress => useStore(store);
