/**
 * The world: one scratch memory per realm, a schema that lays fields out in it, and the thread that steps.
 *
 * A world is a block of bytes. Everything that a step may change is in it; everything that a scenario fixes
 * is in its plan. Pools of the stepper and the checker hold other worlds; `load` and `save` bring them here
 * and back. Cells are read through a byte view and moved, compared and hashed through an Int32 view.
 */
import type { Op, Plan } from './plan.ts';

const BYTES_MAX = 1 << 16;
const memory = new ArrayBuffer(BYTES_MAX);
export const cells = new Uint8Array(memory);
export const words = new Int32Array(memory);

/** How many of everything the scenario that is laid out has. */
export interface Counts {
  readonly folios: number;
  readonly mms: number;
  readonly pages: number;
  readonly regions: number;
  readonly threads: number;
  /** Cells of one thread: header and frames. */
  readonly frame: number;
  readonly pipes: number;
  readonly slots: number;
  readonly holds: number;
  readonly observed: number;
  readonly picks: number;
  /**
   * 1 if the plan has shared memory, the model per-VMA locks, ...; fields that nobody needs have no cells.
   */
  readonly shared: number;
  /** Files. */
  readonly files: number;
  readonly vmaLocks: number;
  readonly vmaMore: number;
  readonly remote: number;
  /** Operations that fault in one page of their range after the other. */
  readonly walks: number;
  /** Pages move between LRU lists. */
  readonly ages: number;
  /** Sequence counts of speculative faults, owners of pages at fork, range locks: proposals only. */
  readonly spf: number;
  readonly owners: number;
  readonly rangeLocks: number;
  /** userfaultfd, and soft-dirty tracking. */
  readonly uffd: number;
  readonly softDirty: number;
  /** Each region has a page table of its own. */
  readonly tables: number;
  /** Pages may be swapped out; and lazily freed. */
  readonly swap: number;
  readonly lazy: number;
  /** Kernel threads that go from one address space to the next; pages that KSM merges; pages that move. */
  readonly visits: number;
  readonly ksm: number;
  readonly migrate: number;
  /** Entries become migration entries: of pages that move, and of large folios that are split. */
  readonly moves: number;
  /** Large folios are split. */
  readonly splits: number;
  /** Large folios; those that a PMD entry maps; which processes map them. `verbs/large.ts`. */
  readonly large: number;
  readonly thp: number;
  readonly owned: number;
  /** 2 MB pages. */
  readonly huge: number;
}

/**
 * What the number in a cell is a name of, so that a check may rename: `folio+1` is a folio's number and one,
 * 0 = none; of a plain `folio` 0 is the page of zeros, or none. `-`: nothing.
 */
export type Names = '-' | 'folio' | 'folio+1' | 'thread' | 'thread+1' | 'cpu+1' | 'stored';
/** What a field has one entry for, as far as a check may rename it. */
export type Of = '-' | 'folio' | 'thread' | 'hold' | 'observed' | 'pick';
interface Shape {
  readonly of?: Of;
  /** For the cells of an entry, in order, again and again. */
  readonly names?: readonly Names[];
}
/** A field of the schema. `at` is its first cell once a scenario is laid out. */
export interface Field {
  readonly name: string;
  at: number;
  size: number;
  readonly count: (n: Counts) => number;
  readonly of: Of;
  readonly names: readonly Names[];
}
const schema: Field[] = [];
/** All fields, in the order of their cells. */
export const fields: readonly Field[] = schema;
function field(name: string, count: (n: Counts) => number, { of = '-', names = ['-'] }: Shape = {}): Field {
  const f = { name, at: 0, size: 0, count, of, names };
  schema.push(f);
  return f;
}
const perFolio = (n: Counts): number => n.folios;
const perMm = (n: Counts): number => n.mms;
const perPage = (n: Counts): number => n.mms * n.pages;

/** Index into `Plan.stored` of the bytes in the folio. */
export const folio_stored = field('folio.stored', perFolio, { of: 'folio', names: ['stored'] });
/** Ghost: forks that had ended when those bytes were written. */
export const folio_epoch = field('folio.epoch', perFolio, { of: 'folio' });
/** `_refcount` without pins. */
export const folio_refs = field('folio.refs', perFolio, { of: 'folio' });
/** FOLL_PIN references; each counts `PIN_BIAS` in what the kernel reads. */
export const folio_pins = field('folio.pins', perFolio, { of: 'folio' });
/** `_mapcount` + 1. */
export const folio_maps = field('folio.maps', perFolio, { of: 'folio' });
export const folio_flags = field('folio.flags', perFolio, { of: 'folio' });
/** CPU + 1 whose LRU batch holds a reference, 0 = on the LRU. */
export const folio_batch = field('folio.batch', perFolio, { of: 'folio', names: ['cpu+1'] });
/** Thread + 1 that holds the folio lock. */
export const folio_lock = field('folio.lock', perFolio, { of: 'folio', names: ['thread+1'] });
/** Process + 1 whose references fork left on the page: `gup_owner` of a proposal. */
export const folio_owner = field('folio.gup_owner', (n) => n.owners * n.folios, { of: 'folio' });

/** KSM_*: a page that stands for equal ones, and is never written. `verbs/ksm.ts`. */
export const folio_ksm = field('folio.ksm', (n) => n.ksm * n.folios, { of: 'folio' });
/** NUMA node of the folio. */
export const folio_node = field('folio.node', (n) => n.migrate * n.folios, { of: 'folio' });

/** Of each page of a large folio: its first page, as compound_head(); 0 = not of a large folio. */
export const folio_head = field('folio.head', (n) => n.large * n.folios, { of: 'folio', names: ['folio'] });
/** ... and its page slot, which says how many pages it stands for. */
export const folio_slot = field('folio.slot', (n) => n.large * n.folios, { of: 'folio' });
/** Upper cell of the references: those of large folios pass 255. */
export const folio_refs_more = field('folio.refs_more', (n) => n.large * n.folios, { of: 'folio' });
/** PMD entries that map the folio as a whole: `_entire_mapcount` + 1. */
export const folio_entire = field('folio.entire', (n) => n.thp * n.folios, { of: 'folio' });
/** `_mm_id`: two processes + 1 that map it, and how many mappings each has, in two cells. */
export const folio_mm_id0 = field('folio.mm_id0', (n) => n.owned * n.folios, { of: 'folio' });
export const folio_mm_id1 = field('folio.mm_id1', (n) => n.owned * n.folios, { of: 'folio' });
export const folio_mm_maps0 = field('folio.mm_maps0', (n) => n.owned * n.folios, { of: 'folio' });
export const folio_mm_more0 = field('folio.mm_more0', (n) => n.owned * n.folios, { of: 'folio' });
export const folio_mm_maps1 = field('folio.mm_maps1', (n) => n.owned * n.folios, { of: 'folio' });
export const folio_mm_more1 = field('folio.mm_more1', (n) => n.owned * n.folios, { of: 'folio' });
/** FOLIO_MM_IDS_SHARED: perhaps several processes map it. */
export const folio_mm_shared = field('folio.mm_shared', (n) => n.owned * n.folios, { of: 'folio' });
/**
 * The swap cache: of a folio in it, its slot; of a slot, its folio. 0 = none. Slots are numbered with the
 * folios, so that a check may rename both.
 */
export const swap_cache = field('swap.cache', (n) => n.swap * n.folios, { of: 'folio', names: ['folio'] });
/** SWAP_* of `verbs/swap.ts`. */
export const swap_state = field('swap.state', (n) => n.swap * n.folios, { of: 'folio' });
/** Of a slot that was taken with others for a large folio: the first of them, and its page slot + 1. */
export const swap_block = field('swap.block', (n) => n.swap * n.large * n.folios, {
  of: 'folio',
  names: ['folio'],
});
export const swap_place = field('swap.place', (n) => n.swap * n.large * n.folios, { of: 'folio' });
/** 1: a page of the pool of huge pages. `verbs/hugetlb.ts`. */
export const folio_hugetlb = field('folio.hugetlb', (n) => n.huge * n.folios, { of: 'folio' });
/** Free pages of that pool that are promised to mappings: `h->resv_huge_pages`. */
export const resv_huge_pages = field('hugetlb.resv_huge_pages', (n) => n.huge);
/** For each page slot, thread + 1: one fault at a time, in whichever process. */
export const fault_mutex = field('hugetlb.fault_mutex', (n) => n.huge * n.pages, { names: ['thread+1'] });

/** MM_UNBORN, MM_ALIVE, MM_EXITED. */
export const mm_state = field('mm.state', perMm);
/** Readers, or WRITER. */
export const mmap_lock = field('mm.mmap_lock', perMm);
/**
 * Thread + 1. All regions lie in one page table, whose lock this is; where they lie apart there is one for
 * each region, as the lock is in the table's own page: pte_lockptr().
 */
export const ptl = field('mm.ptl', (n) => n.mms * (n.tables === 0 ? 1 : n.regions), { names: ['thread+1'] });
/** For each region, the PMD entry: PMD_* of `verbs/table.ts`. */
export const pmd = field('pmd', (n) => n.tables * n.mms * n.regions);
/** Thread + 1. PMD entries of one process lie in one table, so that they share a lock. */
export const pmd_lock = field('mm.pmd_lock', (n) => n.tables * n.mms, { names: ['thread+1'] });
/** Thread + 1: the lock of the page table to which mremap moves a region. */
export const ptl_new = field('mm.ptl_new', (n) => n.tables * n.mms, { names: ['thread+1'] });
export const has_pinned = field('mm.has_pinned', perMm);
export const write_protect_seq = field('mm.write_protect_seq', perMm);
/** Operations of other processes that keep it alive. */
export const mm_users = field('mm.users', (n) => n.remote * n.mms);
/** Ghost: number of the fork that made it. */
export const mm_birth = field('mm.birth', perMm);
/** VM_* for each page slot. */
export const vm_flags = field('vma.flags', perPage);
/** VM_* from 256 on, where a scenario uses any. */
export const vm_flags_more = field('vma.more', (n) => n.vmaMore * perPage(n));
/** RESV_*: what a VMA of huge pages knows of its reservation. */
export const vma_resv = field('vma.resv', (n) => n.huge * perPage(n));
/** Readers of the VMA lock, or WRITER, for each region. */
export const vma_lock = field('vma.lock', (n) => (n.vmaLocks === 0 ? 0 : n.mms * n.regions));
/** Sequence count for each region, odd while a writer changes it: a proposal. */
export const vma_seq = field('vma.seq', (n) => n.spf * n.mms * n.regions);
/** Range locks, for each page slot: readers, or WRITER. A proposal. */
export const range_lock = field('mm.range_lock', (n) => n.rangeLocks * perPage(n));
/** Two cells each: PTE_* bits, then the folio. */
export const pte = field('pte', (n) => 2 * perPage(n), { names: ['-', 'folio'] });
/** Ghost: what a load of this process must return (index into `Plan.stored`). */
export const expected = field('expected', perPage, { names: ['stored'] });
/** Two cells each, as a PTE: what the CPU of each thread has cached. */
export const tlb = field('tlb', (n) => 2 * n.threads * n.pages, { of: 'thread', names: ['-', 'folio'] });
/**
 * Page cache of shared memory and files: folio of each page slot, 0 = none (the zero page is never cached).
 */
export const page_cache = field('page_cache', (n) => (n.shared === 0 ? 0 : n.pages), { names: ['folio'] });
/** Operations that have changed entries and not flushed yet: `mm->tlb_flush_pending`. */
export const tlb_flush_pending = field('mm.tlb_flush_pending', (n) => (n.uffd + n.ksm === 0 ? 0 : n.mms));
/** For each thread, the fault that it waits for the userfaultfd monitor with: `verbs/uffd.ts`. */
export const userfault = field('userfault', (n) => n.uffd * n.threads, { of: 'thread' });
/** Ghost: the first store that somebody should have heard of and did not: MISSED_*, thread. */
export const missed = field('missed', (n) => (n.uffd + n.softDirty === 0 ? 0 : 2), {
  names: ['-', 'thread'],
});
/** For each pipe, its buffers in order: folio + 1, then the process that spliced it + 1. */
export const pipe_slot = field('pipe.slots', (n) => 2 * n.slots, { names: ['folio+1', '-'] });
/** For each hold: folio + 1, HOLD_* bits. */
export const hold = field('hold', (n) => 2 * n.holds, { of: 'hold', names: ['folio+1', '-'] });
/** For each free choice: what was chosen so far (bits), and what was chosen last. */
export const picked = field('picked', (n) => 2 * n.picks, { of: 'pick' });
/** For each observation: SEEN_* bits, bytes seen. */
export const observation = field('observed', (n) => 2 * n.observed, {
  of: 'observed',
  names: ['-', 'stored'],
});
/** First illegal access: BROKE_* and the folio. */
export const broke = field('broke', () => 2, { names: ['-', 'folio'] });
/** Operations of later phases wait. */
export const phase = field('phase', () => 1);
/** Ghost: forks that have ended. */
export const epoch = field('epoch', () => 1);
export const thread = field('thread', (n) => n.threads * n.frame, { of: 'thread' });
/** For each thread: the region + 1 whose page table a walk over many has come to, 0 = its operation's own. */
export const table_at = field('thread.table', (n) => n.tables * n.threads, { of: 'thread' });
/** For each thread: a page of the folio that it takes apart, or moves. */
export const splits = field('thread.splits', (n) => (n.thp + n.moves === 0 ? 0 : n.threads), {
  of: 'thread',
  names: ['folio'],
});
/** For each thread: how far into its range its operation has gone, in pages. */
export const page_turned = field('thread.page', (n) => n.walks * n.threads, { of: 'thread' });

/** For each thread: the process + 1 and page slot + 1 that it visits, 0 = where its operation is. */
export const visited = field('thread.visited', (n) => 2 * n.visits * n.threads, { of: 'thread' });

export const MM_UNBORN = 0,
  MM_ALIVE = 1,
  MM_EXITED = 2;
export const WRITER = 255;

/** Counts of the scenario that is laid out now, and the size of its world in words. */
export const now: { counts: Counts; words: number; plan: Plan | null } = {
  counts: {
    folios: 0,
    mms: 0,
    pages: 0,
    regions: 0,
    threads: 0,
    frame: 0,
    pipes: 0,
    slots: 0,
    holds: 0,
    observed: 0,
    picks: 0,
    shared: 0,
    files: 0,
    vmaLocks: 0,
    vmaMore: 0,
    remote: 0,
    walks: 0,
    ages: 0,
    spf: 0,
    owners: 0,
    rangeLocks: 0,
    uffd: 0,
    softDirty: 0,
    tables: 0,
    swap: 0,
    lazy: 0,
    visits: 0,
    ksm: 0,
    migrate: 0,
    moves: 0,
    splits: 0,
    large: 0,
    thp: 0,
    owned: 0,
    huge: 0,
  },
  words: 0,
  plan: null,
};
export let pages = 0;
const SLOTS_MAX = 256;
/** Pages that each slot stands for. */
export const slotPages = new Uint16Array(SLOTS_MAX).fill(1);
/** Threads that do the scenario's operations; those behind them act by themselves. */
export let workers = 0;

export const THREADS_MAX = 64;
export const taskOf = new Int32Array(THREADS_MAX),
  mmOf = new Int32Array(THREADS_MAX),
  cpuOf = new Int32Array(THREADS_MAX);
const opsOf: Op[][] = [];
/** Some thread may be elsewhere than where its operation is: at a later page, in another process. */
let roams = false;
/** With all fields, in the same order, whatever it has: what is of one form is read the fastest. */
const formed = (o: Op): Op => ({
  syscall: o.syscall,
  thread: o.thread,
  phase: o.phase,
  va: o.va,
  pages: o.pages,
  region: o.region,
  stored: o.stored,
  child: o.child,
  slot: o.slot,
  observed: o.observed,
  target: o.target,
  detached: o.detached,
  joins: o.joins,
  pick: o.pick,
  flags: o.flags,
  name: o.name,
  text: o.text,
  line: o.line,
});

/**
 * Places every field. Throws a RangeError when the scenario is too large for a world; `scenario/compile.ts`
 * has caps that keep every plan below it.
 */
export function layOut(plan: Plan, counts: Counts): void {
  let at = 0;
  for (const f of schema) {
    f.at = at;
    f.size = f.count(counts);
    at += f.size;
  }
  if (at > BYTES_MAX)
    throw new RangeError(`the scenario needs a world of ${at} bytes; ${BYTES_MAX} is the most`);
  // The same object for all of them: what has always one form is read the fastest.
  Object.assign(now.counts, counts);
  now.words = (at + 3) >> 2;
  now.plan = plan;
  pages = counts.pages;
  slotPages.fill(1);
  for (const { at: first, sizes } of plan.regions) sizes?.forEach((n, i) => (slotPages[first + i] = n));
  workers = plan.threads.filter((t) => t.actor !== true).length;
  for (let t = 0; t < counts.threads; t++) {
    const { process, cpu, ops } = plan.threads[t]!;
    taskOf[t] = thread.at + t * counts.frame;
    mmOf[t] = process;
    cpuOf[t] = cpu;
    opsOf[t] = ops.map((o) => formed(plan.ops[o]!));
  }
  roams = page_turned.size + visited.size !== 0;
  self = -1;
}

/** Sizes of the fields, for benches and docs. */
export function sizes(): Record<string, number> {
  return Object.fromEntries(schema.map((f) => [f.name, f.size]));
}

export function load(from: Int32Array, at: number): void {
  for (let i = 0, n = now.words; i < n; i++) words[i] = from[at + i]!;
}
export function save(into: Int32Array, at: number): void {
  for (let i = 0, n = now.words; i < n; i++) into[at + i] = words[i]!;
}
export function wipe(): void {
  words.fill(0, 0, now.words);
}

// Header of a thread: where it is (two cells), the index of its operation, the locks it holds (two cells),
// how its last operation ended.
export const PC = 0,
  OP = 2,
  HELD = 3,
  RESULT = 5,
  HEADER = 6;

/**
 * The thread that steps, as `current` in Linux: its number, its cells, the address space that it works on,
 * its operation.
 */
export let self = -1,
  task = 0,
  mm = 0;
export let op: Op;
export function enter(t: number): void {
  self = t;
  task = taskOf[t]!;
  mm = mmOf[t]!;
  const ops = opsOf[t]!,
    i = cells[task + OP]!;
  if (i >= ops.length) return;
  op = ops[i]!;
  if (op.target !== undefined) mm = op.target;
  if (roams) roam(t);
}
function roam(t: number): void {
  if (page_turned.size !== 0 && cells[page_turned.at + t] !== 0) op = further(op, cells[page_turned.at + t]!);
  if (visited.size !== 0 && cells[visited.at + 2 * t] !== 0)
    stand(cells[visited.at + 2 * t]! - 1, cells[visited.at + 2 * t + 1]! - 1);
}
/** The operation of the stepping thread, as it is at page slot `va` of process `m`. */
function stand(m: number, va: number): void {
  let there = elsewhere.get(op);
  if (there === undefined) elsewhere.set(op, (there = []));
  const { regions } = now.plan!,
    region = regions.findIndex((r) => va >= r.at && va < r.at + r.pages);
  op = there[m * pages + va] ??= formed({ ...op, va, pages: 1, region, target: m });
  mm = m;
}
const elsewhere = new WeakMap<Op, Op[]>();
/** A kernel thread goes on at another page, of whatever process. It leaves before its operation ends. */
export function visit(m: number, va: number): void {
  write(visited.at + 2 * self, m + 1);
  write(visited.at + 2 * self + 1, va + 1);
  op = opsOf[self]![cells[task + OP]!]!;
  stand(m, va);
}
/** The page slot that it visits, over all processes; -1 = none. */
export function visitedSlot(): number {
  const at = visited.at + 2 * self;
  return cells[at] === 0 ? -1 : (cells[at]! - 1) * pages + cells[at + 1]! - 1;
}
export function leave(): void {
  write(visited.at + 2 * self, 0);
  write(visited.at + 2 * self + 1, 0);
  op = opsOf[self]![cells[task + OP]!]!;
  mm = op.target ?? mmOf[self]!;
}
/**
 * The same operation at a later page of its range, for routines that work on one page: `op.va` is it, and
 * `op.slot` the hold of that page.
 */
function further(o: Op, by: number): Op {
  let there = laterPages.get(o);
  if (there === undefined) laterPages.set(o, (there = []));
  return (there[by] ??= formed({ ...o, va: o.va + by, slot: o.slot < 0 ? o.slot : o.slot + by }));
}
const laterPages = new WeakMap<Op, Op[]>();
/** How many pages from its first one the operation stands. */
export const turned = (): number => (page_turned.size === 0 ? 0 : cells[page_turned.at + self]!);
/** The operation goes on at page `n` of its range. It turns back to 0 before it ends. */
export function turn_to(n: number): void {
  if (n === turned()) return;
  write(page_turned.at + self, n);
  const first = opsOf[self]![cells[task + OP]!]!;
  op = n === 0 ? first : further(first, n);
}
/** The address space that thread `t` works on now: its own, or the one that its operation reaches into. */
export function mmNow(t: number): number {
  if (visited.size !== 0 && cells[visited.at + 2 * t] !== 0) return cells[visited.at + 2 * t]! - 1;
  return opsOf[t]![cells[taskOf[t]! + OP]!]?.target ?? mmOf[t]!;
}
/** Operations of thread `t`, in program order. */
export function opsOfThread(t: number): readonly Op[] {
  return opsOf[t]!;
}

/** Someone who watches: cells touched, and named effects with their operands. Null in the checker. */
export interface Observer {
  touched(at: number, wrote: boolean): void;
  effect(name: string, a: number, b: number, c: number): void;
  decided(asks: string, folio: number, sees: number, answer: string): void;
}
export let observer: Observer | null = null;
export function observe(o: Observer | null): void {
  observer = o;
}

export function read(at: number): number {
  if (observer !== null) observer.touched(at, false);
  return cells[at]!;
}
/**
 * Cells written since `forgetWrites`, some of them more than once: what the checker takes back, packs and
 * compares instead of whole worlds. Every change of a cell goes through here.
 */
export const journal = new Uint16Array(1 << 14);
/** Entries of the journal; more than fit is an error of whoever reads it, not a loss. */
export let written = 0;
export function forgetWrites(): void {
  written = 0;
}
/** Notes a cell that was written before the last forgetWrites(). */
export function noteWrite(at: number): void {
  journal[written++] = at;
}
function change(at: number, v: number): void {
  journal[written++] = at;
  cells[at] = v;
}
export function write(at: number, v: number): void {
  if (observer !== null) observer.touched(at, true);
  if (cells[at] !== v) change(at, v);
}
export function read16(at: number): number {
  return read(at) | (cells[at + 1]! << 8);
}
export function write16(at: number, v: number): void {
  write(at, v & 255);
  if (cells[at + 1] !== v >> 8) change(at + 1, v >> 8);
}
export function effect(name: string, a: number, b: number, c = 0): void {
  if (observer !== null) observer.effect(name, a, b, c);
}
/** A rule answered: what it asked, about which folio, the number it saw, what follows. */
export function decided(asks: string, folio: number, sees: number, answer: string): void {
  if (observer !== null) observer.decided(asks, folio, sees, answer);
}
