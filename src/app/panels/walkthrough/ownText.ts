/** A lesson of one's own: one text, kept in this browser, and the one before it. */
import { createStore, useStore } from 'zustand';
import { localShelf } from '../../storage.ts';

const KEY = 'folioscope.own-lesson';
const BEFORE = 'folioscope.own-lesson.before';

/** What one finds who has written nothing yet. */
export const BEGUN = `lesson: My lesson
about: What it shows.
minutes: 5
scenario: vmsplice-leak

## A first beat
model: v5.7
at: parent@fork.end
look: f0

One or two paragraphs, which are true for this kernel at this step.

## What comes next?
at: child@munmap.end
predict: copy or reuse
notes: Ask for a show of hands before you go on.

The parent is going to store.
`;

interface Own {
  readonly text: string;
  /** What `replace` took the place of; '' = nothing. */
  readonly before: string;
  readonly writing: boolean;
}

function kept(key: string): string | null {
  try {
    return localShelf().getItem(key);
  } catch {
    return null;
  }
}

/** A browser that keeps nothing shows the text as long as the page is open. */
function keep(key: string, text: string): void {
  try {
    localShelf().setItem(key, text);
  } catch {
    // It can be saved as a file all the same.
  }
}

const store = createStore<Own>(() => ({
  text: kept(KEY) ?? BEGUN,
  before: kept(BEFORE) ?? '',
  writing: false,
}));

// What is typed in another tab is the same text: neither tab writes an older one over it.
if (typeof window !== 'undefined')
  window.addEventListener('storage', ({ key, newValue }) => {
    if (key === KEY && newValue !== null) store.setState({ text: newValue });
  });

export const useOwn = (): Own => useStore(store);
export const useWriting = (): boolean => useStore(store, (own) => own.writing);
export const write = (writing: boolean): void => store.setState({ writing });

export function setOwn(text: string): void {
  store.setState({ text });
  keep(KEY, text);
}

/** Another text takes its place, and the one that was there can be had back. */
export function replaceOwn(text: string): void {
  const { text: before } = store.getState();
  if (before === text) return;
  if (before !== BEGUN) {
    store.setState({ before });
    keep(BEFORE, before);
  }
  setOwn(text);
}

export function swapOwn(): void {
  const { before } = store.getState();
  if (before !== '') replaceOwn(before);
}
