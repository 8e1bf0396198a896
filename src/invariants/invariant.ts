/**
 * What an invariant is, and how its reasons name things. Invariants look at the active world between two
 * steps.
 */
import { slotName } from '../kernel/plan.ts';
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import { slotNumber } from '../kernel/verbs/swap.ts';
import { now } from '../kernel/world.ts';
import type { Field } from '../kernel/world.ts';

/** Why an invariant does not hold. */
export interface Broken {
  /** One sentence that names the objects. */
  readonly reason: string;
  /** Cards of the picture on which it shows, the most telling one first. */
  readonly cards: readonly string[];
  /** Index of the process at which it shows, or null. */
  readonly process: number | null;
  /** The folio it is about, or -1. */
  readonly folio: number;
}

/** A field; of the threads what their rows keep, the locks they hold, or how far each has come. */
export type Reads = Field | 'keeps' | 'locks' | 'ops';

export interface Invariant {
  /** A sentence in kebab-case. */
  readonly id: string;
  /** Other names that are accepted for it. */
  readonly alias: readonly string[];
  readonly says: string;
  /** For the timeline. */
  readonly word:
    | 'leak'
    | 'lost'
    | 'stale'
    | 'freed'
    | 'miscounted'
    | 'shared'
    | 'writable'
    | 'zeros'
    | 'permitted'
    | 'stuck'
    | 'missed'
    | 'file'
    | 'unexpected';
  /** Where the rule comes from. */
  readonly cite: string;
  /** Can only be broken where nobody can move; elsewhere a check does not ask. */
  readonly whenStill?: true;
  /** Known to be broken by design of some kernels: looked for only where a scenario names it. */
  readonly onRequest?: true;
  /**
   * It makes an allowance for who holds a lock: that thread `t` takes one of `locks` (a mask) could end a
   * breach without mending it. Asked before a step is moved ahead of others (`checker/reduce`); absent:
   * never.
   */
  readonly hides?: (t: number, locks: number) => boolean;
  /**
   * All that `broken` and `applies` look at to say whether it is broken and applies (not to say why). A check
   * asks again only where one of these was written. Absent: it is asked in every state.
   */
  readonly reads?: readonly Reads[];
  /**
   * null: it holds. Called in every state of a check: no work beyond a look at the cells unless it is
   * broken.
   */
  readonly broken: () => Broken | null;
  /**
   * Its subject is there: a state in which it could be broken. A check in which this is never true has
   * shown nothing. Asked until it is true for the first time.
   */
  readonly applies: () => boolean;
}

/** `f0` is the first page that is ever allocated. */
export function folioName(f: number): string {
  if (f === ZERO_PAGE) return 'the page of zeros';
  const slot = slotNumber(f);
  return slot < 0 ? `f${f - 1}` : `slot ${slot}`;
}
export const processName = (m: number): string => (m < 0 ? 'the observer' : now.plan!.processes[m]!.name);
export const threadName = (t: number): string => now.plan!.threads[t]!.name;
export function pageName(va: number): string {
  const r = now.plan!.regions.find((x) => va >= x.at && va < x.at + x.pages);
  return r === undefined ? '?' : slotName(r, va);
}
/** Bytes as people read them. */
export function bytesName(stored: number): string {
  const { text, hex } = now.plan!.stored[stored]!;
  return stored === 0 ? 'zeros' : hex ? text : `“${text}”`;
}

export const processCard = (m: number): string => `mm:${processName(m)}`;
export const folioCard = (f: number): string => `folio:${f === ZERO_PAGE ? 'zero' : folioName(f)}`;
export const pipeCard = (p: number): string => `pipe:${now.plan!.pipes[p]!.name}`;
export const holdCard = (h: number): string => `hold:${now.plan!.holds[h]!.name}`;
