/**
 * Threads of one process that run the same program may be swapped: what one of them can do, the other can.
 * Which threads are alike is read off the plan; which cells belong to a thread, and which numbers name one,
 * off the schema. Of worlds that differ by swaps a check keeps the one in which equal threads stand in order.
 */
import { ZERO_PAGE } from '../../kernel/verbs/folio.ts';
import { collectLocals, nameAt, nameBias, sharedNames } from '../../kernel/names.ts';
import type { Op, Plan } from '../../kernel/plan.ts';
import { cells, fields, now, write } from '../../kernel/world.ts';
import type { Names, Of } from '../../kernel/world.ts';

/** Threads that are alike. What belongs to each of them is in the same order for all. */
interface Twins {
  readonly threads: readonly number[];
  readonly observed: readonly (readonly number[])[];
  /** The cells of each thread: they correspond by place, and `names` says what is in each. */
  readonly cells: readonly Uint16Array[];
  readonly names: readonly Names[];
}
export interface Symmetry {
  readonly classes: readonly Twins[];
  /** Cells, of nobody in particular, that name threads or CPUs. */
  readonly naming: readonly { readonly at: number; readonly name: Names }[];
  readonly cpus: readonly number[];
}

/** Their slot is a pipe's, which belongs to nobody. */
const PIPES: ReadonlySet<string> = new Set(['vmsplice', 'pipe_read']);
/** It takes the fault of the first thread that waits, by number. */
const ASKS_FOR_ORDER: ReadonlySet<string> = new Set(['uffd_wait']);

const opsOf = (plan: Plan, t: number): Op[] => plan.threads[t]!.ops.map((o) => plan.ops[o]!);
const holdOf = (plan: Plan, o: Op): number =>
  PIPES.has(o.syscall) || isPick(o) || o.slot >= plan.holds.length ? -1 : o.slot;
/** It chooses what its thread does next. */
const isPick = (o: Op): boolean => o.syscall === 'pick';
/** The operation that takes the hold which this one speaks of. */
const taking = (plan: Plan, o: Op): Op | undefined => plan.ops[plan.holds[o.slot]?.op ?? -1];
/** Holds that thread `t` takes, in program order. */
const holdsOf = (plan: Plan, t: number): number[] =>
  plan.threads[t]!.ops.flatMap((o) => plan.holds.flatMap((h, i) => (h.op === o ? [i] : [])));

const picksOf = (plan: Plan, t: number): number[] =>
  (plan.picks ?? []).flatMap((p, i) => (p.thread === t ? [i] : []));

/** Nobody else speaks of this thread, of its holds or its observations, and no question asks for them. */
function isAnonymous(plan: Plan, t: number): boolean {
  if (plan.threads[t]!.process < 0) return false;
  const asks = plan.questions.flatMap((q) => q.terms);
  if (asks.some((q) => plan.observed[q.observed]!.thread === t)) return false;
  return plan.ops.every((o) => {
    if (o.thread === t) return o.child < 0 && o.joins === undefined && o.detached !== true;
    if (o.joins !== undefined && plan.ops[o.joins]!.thread === t) return false;
    return holdOf(plan, o) < 0 || taking(plan, o)?.thread !== t;
  });
}
const KEPT = ['syscall', 'phase', 'va', 'pages', 'region', 'stored', 'target', 'flags'] as const;
function alike(plan: Plan, t: number, u: number): boolean {
  const a = plan.threads[t]!,
    b = plan.threads[u]!,
    mine = opsOf(plan, t),
    yours = opsOf(plan, u);
  if (a.process !== b.process || mine.length !== yours.length) return false;
  const hasOwnCpu = (x: number): boolean =>
    plan.threads.every(({ cpu }, i) => i === x || cpu !== plan.threads[x]!.cpu);
  if (a.cpu !== b.cpu && !(hasOwnCpu(t) && hasOwnCpu(u))) return false;
  if (holdsOf(plan, t).length !== holdsOf(plan, u).length) return false;
  const chosen = (x: number): string =>
    JSON.stringify(picksOf(plan, x).map((p) => ({ ...plan.picks![p], thread: 0 })));
  if (chosen(t) !== chosen(u)) return false;
  return mine.every((o, i) => {
    const p = yours[i]!;
    if (KEPT.some((k) => o[k] !== p[k]) || o.observed < 0 !== p.observed < 0) return false;
    if (o.pick === undefined ? p.pick !== undefined : p.pick === undefined) return false;
    if (isPick(o)) return picksOf(plan, t).indexOf(o.slot) === picksOf(plan, u).indexOf(p.slot);
    if (holdOf(plan, o) < 0 || holdOf(plan, p) < 0) return o.slot === p.slot;
    // Holds of their own, taken by operations at the same place.
    const at = holdsOf(plan, t).indexOf(o.slot);
    return at >= 0 && at === holdsOf(plan, u).indexOf(p.slot);
  });
}
function classesOf(plan: Plan): number[][] {
  const classes: number[][] = [];
  if (plan.threads.some((t) => t.actor === true) || plan.ops.some((o) => ASKS_FOR_ORDER.has(o.syscall)))
    return classes;
  plan.threads.forEach((_, t) => {
    if (!isAnonymous(plan, t)) return;
    const same = classes.find((c) => alike(plan, c[0]!, t));
    if (same === undefined) classes.push([t]);
    else same.push(t);
  });
  return classes.filter((c) => c.length > 1);
}

/** What the schema has for thread `t`: cells, and what is in them. */
function ownCells(
  t: number,
  holds: readonly number[],
  observed: readonly number[],
  picks: readonly number[],
): [number[], Names[]] {
  const { threads, holds: allHolds, observed: allObserved, picks: allPicks } = now.counts;
  const entries: Readonly<Record<Of, { readonly mine: readonly number[]; readonly all: number }>> = {
    '-': { mine: [], all: 1 },
    folio: { mine: [], all: 1 },
    thread: { mine: [t], all: threads },
    hold: { mine: holds, all: allHolds },
    observed: { mine: observed, all: allObserved },
    pick: { mine: picks, all: allPicks },
  };
  const at: number[] = [],
    names: Names[] = [];
  for (const f of fields) {
    const { mine, all } = entries[f.of],
      width = all === 0 ? 0 : f.size / all;
    for (const e of mine)
      for (let k = 0; k < width; k++) {
        at.push(f.at + e * width + k);
        names.push(f.names[(e * width + k) % f.names.length]!);
      }
  }
  return [at, names];
}

/** Of the machine that is active. */
export function symmetryOf(plan: Plan): Symmetry {
  const classes = classesOf(plan).map((threads): Twins => {
    const observed = threads.map((t) =>
      opsOf(plan, t)
        .map((o) => o.observed)
        .filter((o) => o >= 0),
    );
    const own = threads.map((t, i) => ownCells(t, holdsOf(plan, t), observed[i]!, picksOf(plan, t)));
    return { threads, observed, cells: own.map(([at]) => Uint16Array.from(at)), names: own[0]![1] };
  });
  const naming = fields.flatMap(({ at, size, names }) =>
    Array.from({ length: size }, (_, i) => ({ at: at + i, name: names[i % names.length]! })).filter(
      ({ name }) => name === 'thread' || name === 'thread+1' || name === 'cpu+1',
    ),
  );
  return { classes, naming, cpus: plan.threads.map((t) => t.cpu) };
}

const THREADS_MAX = 64,
  FOLIOS_MAX = 256;
/** Place among the folios that something other than a thread names; 0 = nothing does. */
const rank = new Uint8Array(FOLIOS_MAX),
  isName = new Uint8Array(1 << 16),
  order = new Int32Array(THREADS_MAX);
const kept: Uint8Array[] = Array.from({ length: THREADS_MAX }, () => new Uint8Array(1 << 12));
/** What the last call has made of the numbers of threads. */
export const newThread = new Uint8Array(THREADS_MAX);

/** Puts equal threads of the scratch world in order; true if any moved. What it writes is in the journal. */
export function canonicalThreads(symmetry: Symmetry): boolean {
  const { classes } = symmetry;
  let moved = false;
  for (let c = 0; c < classes.length; c++) {
    const twins = classes[c]!;
    if (c === 0) rankFolios();
    if (!sort(twins)) continue;
    if (!moved) for (let t = 0; t < now.counts.threads; t++) newThread[t] = t;
    moved = true;
    place(twins);
  }
  if (moved) renameThreads(symmetry);
  return moved;
}
function rankFolios(): void {
  let next = 1;
  rank.fill(0, 0, now.counts.folios);
  for (let i = 0, n = sharedNames(); i < n; i++) {
    const f = cells[nameAt[i]!]! - nameBias[i]!;
    if (f > ZERO_PAGE && rank[f] === 0) rank[f] = next++;
  }
}
/** By insertion: few threads, nearly always in order. */
function sort(twins: Twins): boolean {
  const n = twins.threads.length;
  let moved = false;
  for (let i = 0; i < n; i++) {
    let k = i;
    for (; k > 0 && compare(twins, i, order[k - 1]!) < 0; k--) {
      order[k] = order[k - 1]!;
      moved = true;
    }
    order[k] = i;
  }
  return moved;
}
const LOCALS = 1 << 13;
function mark(t: number, as: number): void {
  for (let i = LOCALS, end = collectLocals(t, LOCALS); i < end; i++) isName[nameAt[i]!] = as;
}
/**
 * Any order will do that does not ask for the numbers of threads and folios. Threads that it cannot tell
 * apart stay as they are: then fewer worlds are taken for one.
 */
function compare({ threads, cells: own, names }: Twins, i: number, k: number): number {
  const a = own[i]!,
    b = own[k]!;
  mark(threads[i]!, 1);
  mark(threads[k]!, 1);
  let d = 0;
  for (let c = 0; c < a.length && d === 0; c++) {
    const x = cells[a[c]!]!,
      y = cells[b[c]!]!,
      name = names[c]!;
    if (name === 'folio+1') d = x === 0 || y === 0 ? x - y : compareFolios(x - 1, y - 1);
    else if (name === 'folio' || isName[a[c]!] !== 0) d = compareFolios(x, y);
    else d = x - y;
  }
  mark(threads[i]!, 0);
  mark(threads[k]!, 0);
  return d;
}
function compareFolios(f: number, g: number): number {
  if (f === g) return 0;
  if (f === ZERO_PAGE || g === ZERO_PAGE) return f - g;
  if (rank[f] !== rank[g]) return rank[f]! - rank[g]!;
  for (let i = 0; i < fields.length; i++) {
    const { at, of, names } = fields[i]!;
    if (of !== 'folio' || fields[i]!.size === 0 || names[0] === 'thread+1' || names[0] === 'cpu+1') continue;
    if (cells[at + f] !== cells[at + g]) return cells[at + f]! - cells[at + g]!;
  }
  return 0;
}
/** Thread `threads[order[i]]` becomes thread `threads[i]`. */
function place({ threads, cells: own }: Twins): void {
  for (let i = 0; i < threads.length; i++) {
    newThread[threads[order[i]!]!] = threads[i]!;
    const from = own[order[i]!]!;
    for (let k = 0; k < from.length; k++) kept[i]![k] = cells[from[k]!]!;
  }
  for (let i = 0; i < threads.length; i++) {
    const to = own[i]!;
    for (let k = 0; k < to.length; k++) write(to[k]!, kept[i]![k]!);
  }
}
function renameThreads({ naming, cpus }: Symmetry): void {
  for (let i = 0; i < naming.length; i++) {
    const { at, name } = naming[i]!,
      v = cells[at]!;
    // A plain number counts only where the cell before it says that it is one.
    if (name === 'thread' ? cells[at - 1] === 0 : v === 0) continue;
    if (name === 'thread') write(at, newThread[v]!);
    else if (name === 'thread+1') write(at, newThread[v - 1]! + 1);
    else {
      const t = cpus.indexOf(v - 1);
      // Equal threads share one CPU, or have one each.
      write(at, cpus[newThread[t]!]! + 1);
    }
  }
}

/** Swaps for tests: thread `t` of the scratch world becomes thread `to[t]`, of the same class. */
export function renameThreadsTo(symmetry: Symmetry, to: readonly number[]): void {
  to.forEach((n, t) => (newThread[t] = n));
  for (const twins of symmetry.classes) {
    twins.threads.forEach((t, i) => (order[twins.threads.indexOf(to[t]!)] = i));
    place(twins);
  }
  renameThreads(symmetry);
}
/** All results of swapping threads for one row of observations. */
export function swapsOf({ classes }: Symmetry, seen: readonly number[]): number[][] {
  let all = [[...seen]];
  for (const { observed } of classes)
    all = all.flatMap((s) =>
      ordersOf(observed.length).map((o) => {
        const next = [...s];
        o.forEach((from, i) => observed[i]!.forEach((at, k) => (next[at] = s[observed[from]![k]!]!)));
        return next;
      }),
    );
  return all;
}
function ordersOf(n: number): number[][] {
  if (n === 0) return [[]];
  return ordersOf(n - 1).flatMap((o) =>
    Array.from({ length: n }, (_, i) => [...o.slice(0, i), n - 1, ...o.slice(i)]),
  );
}
