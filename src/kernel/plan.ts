/**
 * A plan is a scenario as the kernel sees it: who runs what, in which order, on how much memory.
 * Made once by `scenario/compile.ts`; never changes while a world runs. Plain data, so that it can be
 * posted and printed.
 */

/**
 * Kinds of memory a scenario may map. `anon` is private, `shanon` shared anonymous memory; `memfd` is a
 * shared and `pfile` a private mapping of a file in memory; `huge` is private memory of one 2 MB page out of
 * the machine's pool (hugetlbfs), which is one page slot; `thp` and `mthp` are private memory that may have
 * transparent huge pages, or large folios of 64 kB.
 */
export type RegionKind = 'anon' | 'shanon' | 'memfd' | 'pfile' | 'huge' | 'thp' | 'mthp';

/** Pages of a folio of 64 kB. */
export const MTHP_PAGES = 16;

/** A named range of virtual pages. All address spaces use the same page slots for it. */
export interface Region {
  readonly name: string;
  /** First page slot; page `i` of the region is slot `at + i`. */
  readonly at: number;
  /** Page slots, at least 1. */
  readonly pages: number;
  /**
   * Where not each page has a slot of its own: how many pages each slot stands for. Those that a scenario
   * names have one, the others of a run share one. Absent: one page each.
   */
  readonly sizes?: readonly number[];
  /** The region's kind where it is mapped first; each mmap operation says its own. */
  readonly kind: RegionKind;
  /** Index into `Plan.stored` of what its file has at the start, in each page. Absent: it has no file. */
  readonly file?: number;
}

/** First and last page of the region that slot `va` stands for. */
export function pagesOfSlot({ at, sizes }: Region, va: number): { first: number; last: number } {
  if (sizes === undefined) return { first: va - at, last: va - at };
  const first = sizes.slice(0, va - at).reduce((sum, n) => sum + n, 0);
  return { first, last: first + sizes[va - at]! - 1 };
}
/** `a.0`, or `a.2..510` for a slot of several pages. */
export function slotName(region: Region, va: number): string {
  const { first, last } = pagesOfSlot(region, va);
  return `${region.name}.${first}${last > first ? `..${last}` : ''}`;
}

/** A process is an address space (mm) with a name. Index in `Plan.processes` = index of its mm. */
export interface Process {
  readonly name: string;
  /** Index of the process that forks it, or null for the first ones. */
  readonly parent: number | null;
}

/** A thread runs its operations in order, on a CPU with a TLB of its own. */
export interface Thread {
  readonly name: string;
  /** Index of its process, or -1 for the outside observer that only reads pipes and releases holds. */
  readonly process: number;
  /** Number of its CPU. Threads of sequential recordings share CPU 0 (and its LRU batch). */
  readonly cpu: number;
  /** Indices into `Plan.ops`, in program order. */
  readonly ops: readonly number[];
  /** Nobody's: it acts by itself, at any time, and nothing waits for it. Such threads come last. */
  readonly actor?: boolean;
}

/** A byte string that some operation writes. Entry 0 is always the zeros of fresh memory. */
export interface Stored {
  /** As written in the scenario: `old`, or two hex digits. */
  readonly text: string;
  /** True for a recorder's byte (two hex digits), false for a quoted string. */
  readonly hex: boolean;
  /** Index of the process that writes it, -1 for the kernel's zeros. */
  readonly process: number;
}

/** What an operation that looks at memory is expected to fill in: one slot of the world's observations. */
export interface Observed {
  /**
   * Name of the result: `got` of `read p -> got`, else `load`, `read`, `release` with the operation's
   * number.
   */
  readonly name: string;
  /** Operation that fills it. */
  readonly op: number;
  /** Thread that looks. */
  readonly thread: number;
}

/**
 * One operation of a thread: the call of one entry of `kernel/syscalls`. Unused numbers are -1 (slots) or
 * 0.
 */
export interface Op {
  /** Key of the syscall registry: `store`, `fork`, `vmsplice`. */
  readonly syscall: string;
  readonly thread: number;
  /** Operations start when all operations of earlier phases have ended. */
  readonly phase: number;
  /** First page slot it works on, or -1. */
  readonly va: number;
  /** Page slots it works on. */
  readonly pages: number;
  /** Region index, or -1. */
  readonly region: number;
  /** Index into `Plan.stored` for an operation that writes, else 0. */
  readonly stored: number;
  /** Process index that fork creates, or -1. */
  readonly child: number;
  /** Pipe number (`vmsplice`, `pipe_read`) or hold number (`pin`, `release`), or -1. */
  readonly slot: number;
  /** Index into `Plan.observed`, or -1. */
  readonly observed: number;
  /** Process whose memory it works on; absent: its thread's own. */
  readonly target?: number | undefined;
  /** It may block: operations of later phases begin once it cannot go on. `&` in the text. */
  readonly detached?: boolean | undefined;
  /** Index into `Plan.ops` of the operation that `join` waits for; absent: none. */
  readonly joins?: number | undefined;
  /** Index into `Plan.picks`: it chooses from, or belongs to, a free choice. Absent: none. */
  readonly pick?: number | undefined;
  /** Bits that the syscall defines: FOLL_* for GUP, PROT_* for mmap and mprotect (`kernel/flags.ts`). */
  readonly flags: number;
  /** Name within its thread: the spelling, with `~2` for the second one of that spelling. */
  readonly name: string;
  /** The operation as the printer writes it, without the actor: `store a.0 "old"`. */
  readonly text: string;
  /** Line in the scenario text, from 1. */
  readonly line: number;
}

/**
 * A free choice: the thread's operation at `at` chooses, the `ways` behind it are what it chooses from, and
 * `count` of them are done, each at most once, in any order.
 */
export interface Pick {
  readonly thread: number;
  readonly at: number;
  readonly count: number;
  readonly ways: number;
}

/** Named things that reach beyond the calls: pipes and holds. */
export interface Pipe {
  readonly name: string;
  /** Most buffers that it can hold at once. */ readonly slots: number;
}
export interface Hold {
  readonly name: string;
  /** Operation that takes it. */ readonly op: number;
  /** Of a hold of several pages, which are holds one behind the other: its page. Absent: the first. */
  readonly page?: number;
}

/** Scenario switches of hardware and kernel actors. */
export interface Switches {
  /**
   * `drained`: LRU batches are emptied at the end of every operation. `batched`: they keep their reference.
   */
  readonly lru: 'drained' | 'batched';
  /**
   * `unforced`: the kernel was built so that /proc/pid/mem has no FOLL_FORCE (proc_mem.force_override).
   * Absent: it has. No scenario says so; evidence runs do, for builds that were recorded.
   */
  readonly procMem?: 'unforced';
  /**
   * `broadcast`: the hardware carries flushes to all CPUs by itself (arm64). Absent: an interrupt does, which
   * a CPU with interrupts off does not take (x86).
   */
  readonly flush?: 'broadcast';
  /**
   * `apart`: each region lies in 2 MB of its own, and so has a page table of its own, with its own lock.
   * Absent: all lie in one, as neighbouring mappings do.
   */
  readonly tables?: 'apart';
  /** `absent`: built without CONFIG_MEM_SOFT_DIRTY, so that clear_refs changes no entry. As above. */
  readonly softDirty?: 'absent';
  /** 2 MB pages in the pool of the machine. Absent: `HUGEPAGES` of `verbs/hugetlb.ts`. */
  readonly hugepages?: number;
  /** Bits of the reference counter, 0: as many as are needed. */
  readonly counter: number;
}

/** A `region` line: mapped in a process before the first step. */
export interface Mapped {
  readonly process: number;
  readonly region: number;
  readonly kind: RegionKind;
  /** PROT_* */ readonly flags: number;
}

/** The observed result equals the text (or stays empty). */
export interface Term {
  /** Index into `Plan.observed`. */
  readonly observed: number;
  /** Text as in `Stored.text`; '' for `none`, an observation that stays empty. */
  readonly equals: string;
}
/**
 * A question in the style of litmus tests: all its terms together. `exists` asks whether, `sometimes` demands
 * that it be so.
 */
export interface Question {
  readonly kind: 'exists' | 'never' | 'always' | 'sometimes';
  readonly terms: readonly Term[];
  readonly line: number;
}

/**
 * `expect v5.7 breaks private-writes-stay-private`, `expect v5.8.. holds`: what a check must find on a
 * model.
 */
export interface Expectation {
  readonly models: readonly string[];
  readonly verdict: 'holds' | 'breaks';
  /** The invariant that breaks; '' for any. */
  readonly invariant: string;
  readonly line: number;
}

/** Words of the scenario that belong to a step. `at`: a position as a link has it. */
export interface Note {
  readonly at: string;
  readonly text: string;
  readonly line: number;
}

export interface Plan {
  readonly title: string;
  readonly mapped: readonly Mapped[];
  readonly questions: readonly Question[];
  readonly expectations: readonly Expectation[];
  /** Switches of threads to follow, '' = declared order (`debugger/schedule.ts`). */
  readonly schedule: string;
  readonly regions: readonly Region[];
  readonly processes: readonly Process[];
  readonly threads: readonly Thread[];
  readonly ops: readonly Op[];
  readonly stored: readonly Stored[];
  readonly observed: readonly Observed[];
  readonly pipes: readonly Pipe[];
  readonly holds: readonly Hold[];
  /** Free choices; absent: none. */
  readonly picks?: readonly Pick[];
  readonly switches: Switches;
  /** Guards that the scenario does without, and extra ones (`+...`) that it has. Absent: none. */
  readonly without?: readonly string[];
  /** Absent: none. */
  readonly notes?: readonly Note[];
  /** Virtual page slots of all regions together. */
  readonly pages: number;
  /** Folios besides the zero page that can be in use at once, at most. */
  readonly folios: number;
  /** Swap slots; absent: there is no swap. */
  readonly swapSlots?: number;
}
