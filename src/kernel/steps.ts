/** What a routine is: a table of labelled rows. No engine here. */
import type { Frame } from './frame.ts';

/** Locks a row may take, name, or drop. `:child` is the address space that fork is making. */
export type Lock =
  | 'mmap_lock:read'
  | 'mmap_lock:write'
  | 'mmap_lock:child'
  | 'vma_lock:read'
  | 'vma_lock:write'
  /** Of huge pages: hugetlb_fault_mutex_table, one for each page of a file. */
  | 'hugetlb_fault_mutex'
  | 'folio_lock'
  | 'ptl:child'
  | 'ptl'
  /** The page-table lock of the process in `vmf.around`: one at a time, never together with the own. */
  | 'ptl:other'
  /** The lock of the table that PMD entries are in, where regions have page tables of their own. */
  | 'pmd_lock'
  | 'pmd_lock:child'
  /** The page table at the address to which mremap moves a region. */
  | 'ptl:new'
  /** Inside the read side of the VMAs' SRCU: nothing waits for it, and it keeps nothing from changing. */
  | 'vma_srcu'
  | 'irqs_off';

/**
 * A folio reference that a thread holds while it stands on a row: a name for people, and the folios (-1:
 * none). The refcount of every folio is the sum of page tables, caches, holds and these; a property test
 * checks it after every micro-step.
 */
export interface Ref {
  readonly label: string;
  /** The other way round: a holder that still shows, and no longer counts. */
  readonly owed?: true;
  /** What an entry had: of a large folio one reference for each page that the entry's slot stands for. */
  readonly mapped?: true;
  readonly folios: () => readonly number[];
}

/** Ways that one step may go, at most. */
export const CHOICES_MAX = 16;

/**
 * A row that only some scenarios have: those with the feature, and elsewhere it is left out. With `before`
 * it stands at the door of another row: every way of the routine to that one leads to it first, except from
 * rows of the same feature.
 */
interface Sometimes<To extends string> {
  /** Asked of the rules and the guards that are switched on: a model without it does not have the row. */
  readonly on?: () => boolean;
  readonly where?:
    'tables' | 'files' | 'ksm' | 'migrate' | 'moves' | 'splits' | 'swap' | 'lazy' | 'huge' | 'large' | 'thp';
  readonly before?: To;
}
/** Common to all rows that are micro-steps. */
interface About<To extends string> extends Sometimes<To> {
  /** One sentence. `{me}`, `{page}`, `{folio}`, `{child}`, `{model}` are filled in. */
  readonly says: string;
  /** Taken before the step; the step is no move until it is free. At most one for each row. */
  readonly takes?: Lock;
  /** Held at least, checked before the step. */
  readonly holds?: readonly Lock[];
  /** Released after the step. */
  readonly drops?: readonly Lock[];
  /** References held while standing here. */
  readonly keeps?: readonly Ref[];
  /** The step is no move until this is true, of a row with `choices` for each of them. Pure. */
  readonly when?: (choice: number) => boolean;
  /** What it waits for when `when` is false: `waits until ...`. */
  readonly awaits?: string;
  readonly mark?: 'fault' | 'copy' | 'flush';
}
/**
 * How far a row reaches, for checks that leave out orders of steps which nobody can tell apart
 * (`checker/reduce`). `own`: its locals, its thread's place and locks that it drops. `vma`: it also reads VMA
 * flags (but not whether there is an anon_vma). `mm`: it also reads entries and locks of its address space.
 * Absent: it may do more. What a guard and the choices of the row look at counts as well.
 */
export type Touches = 'own' | 'vma' | 'mm';

/** A micro-step. `run` does it and names the next row of this routine, or one of its exits. */
export interface Step<To extends string> extends About<To> {
  /**
   * Ways in which the step may go, each a move of its own: `run` is told which, from 0. At most CHOICES_MAX,
   * at least 1. Pure. Absent: one.
   */
  readonly choices?: () => number;
  readonly run: (choice: number) => To;
  /** A function where it depends on the features of the scenario. */
  readonly touches?: Touches | (() => Touches | 'more');
  /** The sentence to show instead of `says` when the step went to that row or exit. */
  readonly so?: { readonly [K in To]?: string };
}
/** A micro-step that only takes or drops locks. */
export interface LockStep<To extends string> extends About<To> {
  readonly next: To;
}
/**
 * Not a step: going here enters the callee at once; each of its exits goes on at the row named in `then`.
 * Made by call().
 */
export interface CallRow<To extends string> extends Sometimes<To> {
  readonly call: Routine | Hook;
  readonly then: Readonly<Record<string, To>>;
  /** Runs when the callee returns, while its locals are still there: the place to fetch results. */
  readonly back?: () => void;
  /** References that the caller holds while the callee runs, beyond what the callee's rows name. */
  readonly keeps?: readonly Ref[];
}
/** Not a step: going here goes on in another routine, which returns to our caller. */
export interface TailRow extends Sometimes<never> {
  readonly tail: Routine | Hook;
}
export type Row<To extends string> = Step<To> | LockStep<To> | CallRow<To> | TailRow;

export interface Routine<Exit extends string = string> {
  /** The Linux function. */
  readonly name: string;
  /** Where Linux keeps it. */
  readonly file: string;
  /** Commit that made this rule, where one did. */
  readonly commit: string;
  readonly rows: Readonly<Record<string, Row<string>>>;
  readonly exits: readonly Exit[];
  readonly frame: Frame | null;
}
/** A place that each model fills with a routine of its own. */
export interface Hook<Exit extends string = string> {
  readonly hook: string;
  readonly exits: readonly Exit[];
}

/**
 * Declares a routine. The first row is the entry. A row or exit that does not exist is a compile error at
 * the place that names it. (The mapped type is written out: through `Readonly<Record<...>>` the compiler
 * widens single labels to string.)
 */
export function routine<L extends string, const X extends string>(
  name: string,
  about: {
    readonly file: string;
    readonly exits: readonly X[];
    readonly locals?: { readonly $frame: Frame };
    readonly commit?: string;
  },
  rows: { readonly [K in L]: Row<NoInfer<L | X>> },
): Routine<X> {
  return {
    name,
    file: about.file,
    commit: about.commit ?? '',
    rows,
    exits: about.exits,
    frame: about.locals?.$frame ?? null,
  };
}
/** A call row. Every exit of the callee must say where it leads. */
export function call<X extends string, To extends string>(
  callee: Routine<X> | Hook<X>,
  then: Readonly<Record<X, To>>,
  back?: () => void,
): CallRow<To> {
  return back === undefined ? { call: callee, then } : { call: callee, then, back };
}
/** A hook that models fill. */
export function hook<const X extends string>(name: string, exits: readonly X[]): Hook<X> {
  return { hook: name, exits };
}

export const isCall = (r: Row<string>): r is CallRow<string> => 'call' in r;
export const isTail = (r: Row<string>): r is TailRow => 'tail' in r;
export const isStep = (r: Row<string>): r is Step<string> | LockStep<string> => 'says' in r;
