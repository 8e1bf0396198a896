/** Breakpoints, watches and bookmarks of a scenario outlive the page: they are kept by its name. */
import type { Shelf } from '../session/keep.ts';

export interface Breakpoint {
  readonly text: string;
  readonly on: boolean;
}
export interface Kept {
  readonly breakpoints: readonly Breakpoint[];
  readonly watches: readonly string[];
  /** Positions as links write them, so that they survive an edit and another order. */
  readonly bookmarks: readonly string[];
}
export const NOTHING_KEPT: Kept = { breakpoints: [], watches: [], bookmarks: [] };

const KEY = 'folioscope.debug';
const SCENARIOS = 30;
const EACH = 50;

type All = Readonly<Record<string, Kept>>;

function all(shelf: Shelf): All {
  try {
    const found = JSON.parse(shelf.getItem(KEY) ?? '{}') as unknown;
    return typeof found === 'object' && found !== null ? (found as All) : {};
  } catch {
    return {};
  }
}
const list = <T>(of: unknown, is: (one: unknown) => one is T): readonly T[] =>
  Array.isArray(of) ? of.filter(is).slice(0, EACH) : [];
const isText = (one: unknown): one is string => typeof one === 'string' && one.length <= 500;
const isBreakpoint = (one: unknown): one is Breakpoint =>
  typeof one === 'object' &&
  one !== null &&
  'text' in one &&
  isText(one.text) &&
  'on' in one &&
  typeof one.on === 'boolean';

/** Whatever is in there, somebody else may have written it. */
export function keptOf(shelf: Shelf, scenario: string): Kept {
  const found = all(shelf)[scenario] as Partial<Record<keyof Kept, unknown>> | undefined;
  return {
    breakpoints: list(found?.breakpoints, isBreakpoint),
    watches: list(found?.watches, isText),
    bookmarks: list(found?.bookmarks, isText),
  };
}

export function keep(shelf: Shelf, scenario: string, kept: Kept): void {
  const { [scenario]: _, ...others } = all(shelf);
  const empty = kept.breakpoints.length + kept.watches.length + kept.bookmarks.length === 0;
  const next = Object.entries(others).slice(1 - SCENARIOS);
  try {
    shelf.setItem(KEY, JSON.stringify(Object.fromEntries(empty ? next : [...next, [scenario, kept]])));
  } catch {
    // A browser that keeps nothing: it lasts as long as the page.
  }
}
