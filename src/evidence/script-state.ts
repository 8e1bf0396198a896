/** What a script has done so far, as far as that decides which operation may come next and succeeds. */

export type Protection = 'rw' | 'ro' | 'none';

/** A page of a region that an actor has: its protection, or `hole` after `unmap a.1`. */
export type PageState = Protection | 'hole';

export interface ActorState {
  /** Region letter to its pages; there until it is unmapped as a whole: what the recorder calls `has`. */
  readonly regions: Record<string, PageState[]>;
}

export interface Hold {
  readonly actor: string;
  readonly write: boolean;
}

export interface ScriptState {
  /** Living actors by letter. */
  readonly actors: Record<string, ActorState>;
  /** Letters that were ever used; none is used twice. */
  readonly letters: string[];
  /** Region letter to what it is everywhere: the recorder keeps one shape per letter. */
  readonly shapes: Record<string, { readonly kind: string; readonly pages: number }>;
  /** Pages waiting in each pipe. */
  readonly pipes: number[];
  /** The one pin that is held open, or null. */
  hold: Hold | null;
  /** Bytes used so far, so that every store can be told from every other. */
  bytes: number;
  ops: number;
}

export const actorLetters = ['A', 'B', 'C', 'D', 'E'] as const;
export const regionLetters = ['a', 'b', 'c', 'd'] as const;
const pipesMax = 4;
const bytesFrom = 0x10;

export function emptyState(): ScriptState {
  return {
    actors: { A: { regions: {} } },
    letters: ['A'],
    shapes: {},
    pipes: Array.from({ length: pipesMax }, () => 0),
    hold: null,
    bytes: 0,
    ops: 0,
  };
}

export function copyActor({ regions }: ActorState): ActorState {
  return {
    regions: Object.fromEntries(Object.entries(regions).map(([letter, pages]) => [letter, [...pages]])),
  };
}

export function copyState(state: ScriptState): ScriptState {
  return {
    ...state,
    actors: Object.fromEntries(
      Object.entries(state.actors).map(([letter, actor]) => [letter, copyActor(actor)]),
    ),
    letters: [...state.letters],
    shapes: { ...state.shapes },
    pipes: [...state.pipes],
  };
}

/** A byte that no operation of the script wrote before, two hex digits (they repeat after 240). */
export function freshByte(state: ScriptState): string {
  return (bytesFrom + (state.bytes % (0x100 - bytesFrom))).toString(16).padStart(2, '0');
}

/** An operand `a` or `a.1` of an actor: which pages it names, or null if the actor does not have them. */
export interface Operand {
  readonly region: string;
  readonly pages: PageState[];
  /** Index of the first page and of the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
}

export function operand(state: ScriptState, actor: string, word: string | undefined): Operand | null {
  const parts = /^([a-d])(?:\.(\d))?$/.exec(word ?? '');
  const region = parts?.[1];
  const pages = region === undefined ? undefined : state.actors[actor]?.regions[region];
  if (region === undefined || !pages) return null;
  if (parts?.[2] === undefined) return { region, pages, from: 0, to: pages.length, whole: true };
  const page = Number(parts[2]);
  return page < pages.length ? { region, pages, from: page, to: page + 1, whole: false } : null;
}

/** An operand that must be one page: its state, or null. */
export function onePage(state: ScriptState, actor: string, word: string | undefined): PageState | null {
  const found = operand(state, actor, word);
  return found && !found.whole ? (found.pages[found.from] ?? null) : null;
}

/** Everything that must still come before the script may end: pipes read, the hold released. */
export function openEnds(state: ScriptState): number {
  return state.pipes.reduce((sum, n) => sum + n, 0) + (state.hold ? 1 : 0);
}
