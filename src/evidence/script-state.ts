/** What a script has done so far, as far as that decides which operation may come next and succeeds. */

export type Protection = 'rw' | 'ro' | 'none';

/** A page of a region that an actor has: its protection, or `hole` after `unmap a.1`. */
export type PageState = Protection | 'hole';

export interface ActorState {
  /** Region letter to its pages; there until it is unmapped as a whole: what the recorder calls `has`. */
  readonly regions: Record<string, PageState[]>;
  /** Pages that a fork leaves out: `a.1`. */
  readonly dontfork: Set<string>;
  /** The one ring: `shared` with the parent that had it at fork; only its first owner uses it. */
  ring: 'none' | 'own' | 'shared';
  /** The registered pages (`a.1`), none if registering failed; null: no buffer. */
  buffer: readonly string[] | null;
  /** Has a file open for direct I/O. */
  opened: boolean;
  /** Its second thread is in direct I/O that is in flight, or done and not yet joined. */
  io: 'none' | 'flying' | 'done';
  /** Its userfaultfd, at most one. */
  uffd: Uffd | null;
}

/** A userfaultfd. Pages as `a.1`. */
export interface Uffd {
  readonly mode: 'wp' | 'missing';
  readonly region: string;
  /** Pages at which a store (or, if missing, any access) may wait for the monitor; and surely does. */
  readonly may: ReadonlySet<string>;
  readonly sure: ReadonlySet<string>;
  /** Pages that were stored to since, and are there. */
  readonly written: ReadonlySet<string>;
  /** What the second thread waits for, or null. */
  readonly job: { readonly page: string; readonly read: boolean; readonly answered: boolean } | null;
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
  /** The one direct I/O that is in flight, or null. */
  io: Hold | null;
  /** Some memory was offered to KSM; ksmd has run; and was undone. */
  ksm: 'none' | 'offered' | 'merged' | 'over';
  /** Memory was locked. */
  locks: boolean;
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
    actors: {
      A: {
        regions: {},
        dontfork: new Set(),
        ring: 'none',
        buffer: null,
        opened: false,
        io: 'none',
        uffd: null,
      },
    },
    letters: ['A'],
    shapes: {},
    pipes: Array.from({ length: pipesMax }, () => 0),
    hold: null,
    io: null,
    ksm: 'none',
    locks: false,
    bytes: 0,
    ops: 0,
  };
}

/** The child of a fork: regions and open files, but no second thread; what the fork leaves out is a hole. */
export function forkedActor(parent: ActorState): ActorState {
  const ring = parent.ring === 'none' ? 'none' : 'shared';
  const { regions } = copyActor(parent);
  for (const page of parent.dontfork) {
    const [region = '', i] = page.split('.');
    const pages = regions[region];
    if (pages) pages[Number(i)] = 'hole';
  }
  return { ...parent, regions, dontfork: new Set(), ring, buffer: null, io: 'none', uffd: null };
}

export function copyActor({ regions, dontfork, ...rest }: ActorState): ActorState {
  return {
    ...rest,
    dontfork: new Set(dontfork),
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

/** A part of a huge page: what changes mappings is refused, or finds nothing to do. */
export const refusesPart = (state: ScriptState, { region, whole }: Operand): boolean =>
  !whole && state.shapes[region]?.kind === 'huge';

/** An operand that must be one page: its state, or null. */
export function onePage(state: ScriptState, actor: string, word: string | undefined): PageState | null {
  const found = operand(state, actor, word);
  return found && !found.whole ? (found.pages[found.from] ?? null) : null;
}

/** What must still come before the script may end: pipes read, holds released, buffers given back. */
export function openEnds(state: ScriptState): number {
  const waiting = state.pipes.reduce((sum, n) => sum + n, 0);
  const actors = Object.values(state.actors);
  const buffers = actors.filter((a) => a.buffer !== null).length;
  const flying = actors.reduce((sum, { io }) => sum + (io === 'flying' ? 2 : io === 'done' ? 1 : 0), 0);
  const jobs = actors.reduce((sum, { uffd }) => sum + (uffd?.job ? (uffd.job.answered ? 1 : 2) : 0), 0);
  return waiting + (state.hold ? 1 : 0) + buffers + flying + jobs;
}

/** An actor in the middle of something: it may not end now. */
export const isBusy = (state: ScriptState, actor: string): boolean => {
  const { buffer = null, io = 'none', uffd = null, opened = false } = state.actors[actor] ?? {};
  // Its exit closes the file, and would wait for the daemon that is answering nobody.
  if (opened && state.io !== null) return true;
  return state.hold?.actor === actor || buffer !== null || io !== 'none' || (uffd?.job ?? null) !== null;
};
