/** A plan in the making: what the compiler knows while it walks the statements in order. */
import { MTHP_PAGES } from '../kernel/plan.ts';
import type { Hold, Observed, Op, Pick as FreeChoice, RegionKind, Stored } from '../kernel/plan.ts';
import { problems } from './diagnostic.ts';
import type { Problems, Span } from './diagnostic.ts';
import type { ActorKind, Operation, Scenario, Statement } from './syntax.ts';
import { isLargeKind } from './words.ts';

/** What the compiler cannot know by itself. */
export interface Known {
  /** Ids of models, in the order that ranges such as `v5.7..v5.9` go through. */
  readonly models: readonly string[];
  /** Ids that may be named one by one and are no part of a range. */
  readonly apart?: readonly string[];
  /** Ids and aliases of invariants; absent = every name is accepted. */
  readonly invariants?: readonly string[];
  /** Ids of guards, and of extra ones with `+` before them; absent = every name is accepted. */
  readonly guards?: readonly string[];
  /** Of the id of a rule set that is made by hand: what is wrong with it. Absent = every one is accepted. */
  readonly whyNotMade?: (id: string) => { readonly message: string; readonly hint: string } | null;
}

/** A process. In `Draft.members` from its birth on. */
export interface Member {
  readonly name: string;
  readonly index: number;
  readonly parent: number | null;
  /** Phase of its fork, -1 for the first ones. */
  readonly born: number;
  exit: { readonly phase: number; readonly thread: number; readonly line: number } | null;
  /** Regions mapped now, by name, with their pages; a guess where threads of a block race. */
  readonly maps: Map<string, number>;
  /** Regions that it ever had. */
  readonly ever: Set<string>;
}

/** A thread. */
export interface Strand {
  readonly name: string;
  readonly index: number;
  /** Index of its process, -1 for the observer. */
  readonly process: number;
  readonly ops: number[];
  /** Operations so far, by keyword. */
  readonly counts: Map<string, number>;
  readonly results: Set<string>;
  lastPhase: number;
}

export interface Area {
  readonly name: string;
  readonly index: number;
  /** Where it is named first. */
  readonly span: Span;
  /** First page slot. */
  at: number;
  /** Page slots: the most pages that any mapping of it has, where each page has one. */
  pages: number;
  /** Of large folios: the first page of each slot. Empty: each page has a slot. */
  starts: readonly number[];
  /** Pages of the memory itself. */
  length: number;
  /** Kind where it is mapped first. */
  readonly kind: RegionKind;
  /** Memory that is not modelled; what happens to it is not judged further. */
  foreign: boolean;
  /** The mapping that made it shared memory. */
  shared: Span | null;
  /** Some mapping of it is private. */
  private: boolean;
  /** Index into `stored` of what its file has at the start, -1 = no mapping of it is of a file. */
  file: number;
}

/** Who took a hold: `named` by a pin or get of the text, or a user that Linux has. */
export type HoldUser = 'named' | 'dio' | 'uring' | 'rdma';

export interface HoldDraft extends Hold {
  readonly user: HoldUser;
  /** Page slot. */
  readonly va: number;
  readonly access: 'read' | 'write';
  readonly flags: number;
  readonly process: number;
  readonly thread: number;
  readonly phase: number;
  readonly line: number;
  /** The text gives it its name. */
  readonly named: boolean;
  /** Of the first of several pages that are taken at once: how many. Else 1. */
  readonly pages: number;
  /** Line in which it is given back, 0 = not yet; and where that stands. */
  released: number;
  releasedIn: { readonly phase: number; readonly thread: number } | null;
}

export interface PipeDraft {
  readonly name: string;
  readonly index: number;
  slots: number;
  /** First phase in which something is spliced into it. */
  filled: number;
  readonly reads: { readonly at: Span; readonly phase: number }[];
}

export interface Draft {
  readonly problems: Problems;
  readonly known: Known;
  readonly members: Map<string, Member>;
  readonly strands: Map<string, Strand>;
  readonly areas: Map<string, Area>;
  readonly pipes: Map<string, PipeDraft>;
  readonly holds: HoldDraft[];
  readonly stored: Stored[];
  readonly observed: Observed[];
  readonly ops: Op[];
  readonly picks: FreeChoice[];
  /** Where processes are forked, by name. */
  readonly forks: ReadonlyMap<string, Span>;
  /** Processes that exist before the first step. */
  readonly first: readonly { readonly text: string; readonly span: Span }[];
  /** No `process` line and no block: a recording, which runs on one CPU. */
  readonly recorded: boolean;
  /** Unknown processes that were reported. */
  readonly reported: Set<string>;
  phase: number;
  /** The open `parallel` block: who mapped or unmapped what in it, by process and region. */
  block: {
    readonly at: Span;
    ops: number;
    readonly maps: Map<string, { readonly thread: number; readonly mmap: boolean }>;
  } | null;
  batched: boolean;
  /** Bits of the reference counter, 0 = as many as are needed. */
  counter: number;
  /** Flushes are carried by the hardware. */
  broadcast: boolean;
  /** Each region has a page table of its own. */
  apart: boolean;
  /** Huge pages in the pool, 0 = as the recorder has it. */
  hugepages: number;
  readonly actors: Set<ActorKind>;
  /** Guards switched off. */
  readonly without: Set<string>;
}

export function draftOf({ statements }: Scenario, known: Known): Draft {
  const declared = statements.flatMap((s) => (s.kind === 'process' ? s.names : []));
  const actors = statements.flatMap((s) =>
    (s.kind === 'op' || s.kind === 'any') && s.actor.name.text !== '-' ? [s.actor.name] : [],
  );
  const forks = new Map<string, Span>();
  for (const s of statements) {
    if (s.kind === 'op' && s.op.verb === 'fork' && !forks.has(s.op.child.text))
      forks.set(s.op.child.text, s.op.child.span);
  }
  const recorded = declared.length === 0 && !statements.some((s) => s.kind === 'parallel'),
    areas = areasOf(statements, recorded);
  return {
    problems: problems(),
    known,
    members: new Map(),
    strands: new Map(),
    areas,
    pipes: new Map(),
    holds: [],
    stored: [{ text: '00', hex: true, process: -1 }, ...fileBytes(areas)],
    observed: [],
    ops: [],
    picks: [],
    forks,
    first: declared.length > 0 ? declared : actors.slice(0, 1),
    recorded,
    reported: new Set(),
    phase: 0,
    block: null,
    batched: false,
    counter: 0,
    broadcast: false,
    apart: false,
    hugepages: 0,
    actors: new Set(),
    without: new Set(),
  };
}

export { isLargeKind } from './words.ts';

export const isFileKind = (kind: RegionKind): boolean => kind === 'memfd' || kind === 'pfile';
/** One page of 2 MB, whose first 4 kB are page 0 of the region. */
export const isHuge = (area: Area | undefined): boolean => area?.kind === 'huge';
/** All who map it have one memory. */
export const isSharedKind = (kind: RegionKind): boolean => kind === 'shanon' || kind === 'memfd';

/** The recorder's files have 0x50 in each page, and what the letter of the region counts from `a`. */
const FILE_BYTES = 0x50;
function fileBytes(areas: ReadonlyMap<string, Area>): Stored[] {
  const files = [...areas.values()].filter((area) => area.file === 0);
  return files.map((area, i) => {
    area.file = 1 + i;
    const letter = /^[a-z]$/.test(area.name) ? area.name.charCodeAt(0) - 'a'.charCodeAt(0) : area.index;
    return { text: (FILE_BYTES + letter).toString(16), hex: true, process: -1 };
  });
}

/** Regions in order of appearance, each with the most pages that it is ever mapped with. */
function areasOf(statements: readonly Statement[], recorded: boolean): Map<string, Area> {
  const areas = new Map<string, Area>();
  const add = (name: string, span: Span, kind: RegionKind, pages: number, foreign: boolean): void => {
    const area = areas.get(name) ?? {
      name,
      index: areas.size,
      span,
      at: 0,
      pages: 0,
      starts: [],
      length: 0,
      kind,
      foreign: false,
      shared: null,
      private: false,
      file: -1,
    };
    area.pages = Math.max(area.pages, pages);
    area.foreign ||= foreign;
    area.private ||= !isSharedKind(kind);
    area.file = Math.max(area.file, isFileKind(kind) ? 0 : -1);
    areas.set(name, area);
  };
  for (const s of statements) {
    if (s.kind === 'region') add(s.region.text, s.region.span, s.type, s.pages, false);
    else if (s.kind === 'op' && s.op.verb === 'mmap')
      add(s.op.region.text, s.op.region.span, s.op.kind, s.op.pages, false);
    else if (s.kind === 'op' && s.op.verb === 'foreign' && s.op.maps !== '')
      add(s.op.maps, s.span, 'anon', 1, true);
  }
  let at = 0;
  for (const area of areas.values()) {
    area.at = at;
    area.length = area.pages;
    if (isLargeKind(area.kind)) {
      area.starts = cutsOf(area, statements, recorded);
      area.pages = area.starts.length;
    }
    at += area.pages;
  }
  return areas;
}

/**
 * Pages that the text names have slots of their own, and so have the first, which counts for all, and
 * those at which a recorder looks; the others of each run between them share one. A range that is named
 * begins and ends with a slot.
 */
function cutsOf({ name, length }: Area, statements: readonly Statement[], recorded: boolean): number[] {
  const cuts = new Set(recorded ? [0, 1, 2, length - 1] : [0, 1]);
  const cut = (from: number, to: number): void => void cuts.add(from).add(to);
  const ops = statements.flatMap((s) => (s.kind === 'op' ? [s.op] : s.kind === 'any' ? s.ops : []));
  for (const op of ops) {
    if (!('place' in op) || op.place === null || op.place.region.text !== name) continue;
    const { page } = op.place;
    if (page !== null) cut(page, page + ('pages' in op ? (op.pages ?? 1) : 1));
  }
  // A part of it may be a folio of 64 kB: after a recorder's advice, or back from swap.
  if (length > MTHP_PAGES && (recorded || ops.some(swapsOut)))
    for (const page of cuts) {
      const group = Math.trunc(page / MTHP_PAGES) * MTHP_PAGES;
      cut(group, page === group ? page : group + MTHP_PAGES);
    }
  return [...cuts].filter((page) => page < length).sort((a, b) => a - b);
}
const swapsOut = (op: Operation): boolean =>
  op.verb === 'reclaim' || (op.verb === 'madvise' && op.advice === 'pageout');
/** How many pages each slot stands for. */
export const sizesOf = ({ starts, length }: Area): number[] =>
  starts.map((page, i) => (starts[i + 1] ?? length) - page);
/** Slot of a page of the region, from its first one; of its end, too. */
export const slotIn = ({ starts, length, pages }: Area, page: number): number =>
  starts.length === 0 ? page : page >= length ? pages : starts.indexOf(page);
