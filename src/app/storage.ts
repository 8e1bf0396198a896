/** What the browser remembers for us, if it remembers anything. */
import type { Shelf } from './session/keep.ts';

/** Reloaded, or come back to: not opened anew. */
export const isReload = (): boolean =>
  performance.getEntriesByType('navigation').some((one) => 'type' in one && one.type !== 'navigate');

const TAB = 'folioscope.tab';

let named = '';

/** A reload keeps the name of the tab; a tab that was copied or newly opened gets its own. */
export const tabName = (): string => (named ||= findName());

function findName(): string {
  const fresh = newName();
  try {
    const known = sessionStorage.getItem(TAB);
    const name = known !== null && isReload() ? known : fresh;
    sessionStorage.setItem(TAB, name);
    return name;
  } catch {
    return fresh;
  }
}

/** `randomUUID` is missing where a page came over plain http, as in many class rooms. */
const newName = (): string =>
  [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(36)).join('');

/** Storage may be switched off; then nothing is kept, and nothing breaks. */
export function localShelf(): Shelf {
  try {
    localStorage.getItem(TAB);
    return localStorage;
  } catch {
    return NOTHING;
  }
}

const NOTHING: Shelf = {
  length: 0,
  key: () => null,
  getItem: () => null,
  setItem: () => {
    throw new Error('This browser keeps nothing.');
  },
  removeItem: () => undefined,
};
