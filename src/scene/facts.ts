/**
 * What a run shows over all its steps: which cards ever appear, how full they get, which signs occur. Made
 * once for a run, so that every step is drawn at the same places.
 */
import { historyOf } from '../debugger/history.ts';
import type { Tenure } from '../debugger/history.ts';
import { goTo } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { folioName, pageName } from '../debugger/words.ts';
import type { Plan } from '../kernel/plan.ts';
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import { isStale } from '../debugger/stale.ts';
import { folio_test_large, headOf, pagesIn } from '../kernel/verbs/large.ts';
import {
  is_migration_entry,
  is_swap_entry,
  PTE_PRESENT,
  PTE_SPECIAL,
  PTE_WRITE,
} from '../kernel/verbs/pte.ts';
import { folioAt, hugePool, isFree, mmAt, pteAt, throughHold, tlbAt, vmaAt } from '../kernel/view.ts';
import type { Extent, Sign } from './scene.ts';
import { walksOf } from './tables.ts';

export interface Facts {
  readonly history: readonly Tenure[];
  /** Folios that ever appear, in the order of their cards; the zero page last. */
  readonly folios: readonly number[];
  /** For each folio: steps at which it appears first and is freed last, 0 = never. */
  readonly born: ReadonlyMap<number, number>;
  readonly freed: ReadonlyMap<number, number>;
  /** For each process: step of its birth (0 = there from the start, -1 = never). */
  readonly births: readonly number[];
  /** `mapped[process][region]`: step after which it is first mapped, -1 = never. */
  readonly mapped: readonly (readonly number[])[];
  readonly signs: ReadonlySet<Sign>;
  readonly extent: Extent;
  /** For each tenure the line of its token. */
  readonly lines: ReadonlyMap<Tenure, number>;
}

export const processId = (plan: Plan, m: number): string => `mm:${plan.processes[m]!.name}`;
/** The pool of huge pages: its card, and what each of its rows counts. */
export const POOL_ID = 'pool:huge';
export const POOL_ROWS = ['free', 'promised'] as const;
export const folioId = (f: number): string => `folio:${f === ZERO_PAGE ? 'zero' : folioName(f)}`;
export const pteId = (plan: Plan, m: number, va: number): string =>
  `pte:${plan.processes[m]!.name}:${pageName(plan, va)}`;
export const threadsOf = (plan: Plan, m: number): number[] =>
  plan.threads.flatMap((t, i) => (t.process === m ? [i] : []));
/**
 * Observations that belong to a process: what its threads load, read or release, and what the observer
 * reads for it.
 */
export function observationsOf(plan: Plan, m: number): number[] {
  return plan.observed.flatMap((o, i) =>
    ownerOf(plan, i) === m || plan.threads[o.thread]!.process === m ? [i] : [],
  );
}
/** Lines of a process card from which on what was loaded from one place shares a line: the newest shows. */
const MANY_VIEWS = 5;

/** The observations of a process, each group a line of its card. `shown`: its pages, a line each. */
export function resultLines(plan: Plan, m: number, shown: number): number[][] {
  const all = observationsOf(plan, m);
  if (shown + all.length <= MANY_VIEWS) return all.map((o) => [o]);
  const place = (o: number): string => {
    const { syscall, va, slot } = plan.ops[plan.observed[o]!.op]!;
    return `${syscall} ${va} ${slot}`;
  };
  return all.reduce<number[][]>((lines, o) => {
    const same = lines.find(([first]) => place(first!) === place(o));
    if (same === undefined) lines.push([o]);
    else same.push(o);
    return lines;
  }, []);
}
/** Pages of a process that ever had memory. */
export const pagesShown = (plan: Plan, mapped: readonly number[]): number =>
  plan.regions.reduce((n, r, i) => n + (mapped[i]! >= 0 ? r.pages : 0), 0);

/**
 * For a result that an outside observer gets: the process whose reference it was. -1 when that is not
 * fixed.
 */
function ownerOf(plan: Plan, o: number): number {
  const op = plan.ops[plan.observed[o]!.op]!;
  if (plan.threads[op.thread]!.process >= 0) return -1;
  if (throughHold(op)) return plan.threads[plan.ops[plan.holds[op.slot]!.op]!.thread]!.process;
  const from = plan.ops.find((x) => x.syscall === 'vmsplice' && x.slot === op.slot);
  return from === undefined ? -1 : plan.threads[from.thread]!.process;
}

export function factsOf(run: Run): Facts {
  const { plan, model, counts } = run.machine;
  const history = historyOf(run);
  const births: number[] = plan.processes.map((p) => (p.parent === null ? 0 : -1));
  const mapped: number[][] = plan.processes.map(() => plan.regions.map(() => -1));
  const born = new Map<number, number>(),
    freed = new Map<number, number>();
  const signs = new Set<Sign>(['bits']);
  if (model.rules.hasExclusive) signs.add('exclusive');
  if (counts.owners !== 0) signs.add('owner');
  if (counts.owned !== 0) signs.add('mappers');
  const alone = new Set<number>(),
    large = new Map<number, number>();
  for (let at = 0; at <= run.steps.length; at++) {
    goTo(run, at);
    for (let m = 0; m < counts.mms; m++) {
      if (births[m]! < 0 && mmAt(m).state !== 'unborn') births[m] = at;
      plan.regions.forEach((r, i) => {
        for (let va = r.at; va < r.at + r.pages && mapped[m]![i]! < 0; va++)
          if (vmaAt(m, va) !== 0) mapped[m]![i] = at;
      });
      for (let va = 0; va < plan.pages; va++) noteEntry(plan, m, va, signs, born, at);
    }
    for (let f = 1; f < counts.folios; f++) {
      const free = isFree(f);
      if (!free) noteLarge(f, alone, large);
      if (!free && !born.has(f)) born.set(f, at);
      if (!free) freed.delete(f);
      else if (born.has(f) && !freed.has(f)) freed.set(f, at);
    }
  }
  for (const { holder, folio, from } of history) {
    if (holder.kind === 'pipe' || holder.kind === 'get') signs.add('reference');
    if (holder.kind === 'pin') signs.add('pin');
    if (folio === ZERO_PAGE && !born.has(ZERO_PAGE)) born.set(ZERO_PAGE, from);
  }
  if (plan.processes.some((p) => p.parent !== null)) for (const s of ['pale', 'solid'] as const) signs.add(s);
  // A page that only ever was one of a large folio has no card of its own.
  const folios = [...born.keys()].filter((f) => f !== ZERO_PAGE && alone.has(f)).sort((a, b) => a - b);
  // A run that never copies keeps a place where the copy would have gone.
  const spare = Array.from({ length: counts.folios }, (_, f) => f).find(
    (f) => f > 0 && !born.has(f) && folioAt(f).slot < 0,
  );
  if (folios.length === 1 && spare !== undefined) folios.push(spare);
  if (born.has(ZERO_PAGE)) folios.push(ZERO_PAGE);
  return {
    history,
    folios,
    born,
    freed,
    births,
    mapped,
    signs,
    lines: linesOf(history),
    extent: extentOf(plan, history, folios, mapped, { born, large, owned: counts.owned !== 0 }),
  };
}

/** Whether a page stands for itself, and of how many pages a large folio is. */
function noteLarge(f: number, alone: Set<number>, large: Map<number, number>): void {
  if (headOf(f) !== f) return;
  alone.add(f);
  const pages = folio_test_large(f) ? pagesIn(f).length : 0;
  if (pages > (large.get(f) ?? 0)) large.set(f, pages);
}

function noteEntry(
  plan: Plan,
  m: number,
  va: number,
  signs: Set<Sign>,
  born: Map<number, number>,
  at: number,
): void {
  const e = pteAt(m, va);
  if ((e & PTE_PRESENT) !== 0) signs.add((e & PTE_WRITE) !== 0 ? 'writable' : 'read-only');
  // The bit means something else in an entry that is not present.
  if (is_migration_entry(e) || is_swap_entry(e)) signs.add('away');
  if ((e & PTE_PRESENT) !== 0 && (e & PTE_SPECIAL) !== 0 && !born.has(ZERO_PAGE)) born.set(ZERO_PAGE, at);
  for (const t of threadsOf(plan, m)) if (isStale(tlbAt(t, va), e)) signs.add('stale');
}

function extentOf(
  plan: Plan,
  history: readonly Tenure[],
  folios: readonly number[],
  mapped: readonly (readonly number[])[],
  {
    born,
    large,
    owned,
  }: {
    readonly born: ReadonlyMap<number, number>;
    readonly large: ReadonlyMap<number, number>;
    readonly owned: boolean;
  },
): Extent {
  const most = (f: number, wanted: (t: Tenure) => boolean): number =>
    overlap(history.filter((t) => t.folio === f && wanted(t)));
  return {
    folios: folios.map((f) => ({
      id: folioId(f),
      mapped: most(f, (t) => isEntry(t)),
      held: most(f, (t) => !isEntry(t)),
      ...(large.has(f) ? { pages: large.get(f)!, mappers: owned } : {}),
      ...(born.has(f) ? {} : { never: true }),
    })),
    holders: [
      ...plan.pipes.map((p, i) => {
        const all = history.filter((t) => t.holder.kind === 'pipe' && t.holder.pipe === i);
        return {
          id: `pipe:${p.name}`,
          rows: Math.max(1, overlap(all)),
          folio: all[0] === undefined ? null : folioId(all[0].folio),
        };
      }),
      ...plan.holds.map((h, i) => {
        const first = history.find(
          (t) => (t.holder.kind === 'pin' || t.holder.kind === 'get') && t.holder.hold === i,
        );
        return { id: `hold:${h.name}`, rows: 1, folio: first === undefined ? null : folioId(first.folio) };
      }),
      ...(hugePool() === null ? [] : [{ id: POOL_ID, rows: POOL_ROWS.length, folio: null }]),
    ],
    processes: plan.processes.map((_, m) => {
      const regions = plan.regions.filter((_r, i) => mapped[m]![i]! >= 0);
      const pages = pagesShown(plan, mapped[m]!),
        threads = threadsOf(plan, m).length;
      return {
        id: processId(plan, m),
        threads,
        vmas: regions.length,
        views: pages + resultLines(plan, m, pages).length,
        ptes: pages,
        tlbs: threads,
        walks: walksOf(mapped[m]!, m),
      };
    }),
  };
}

/** Each gets the first line of its side that is free when it begins: no more lines than hold at one time. */
function linesOf(history: readonly Tenure[]): Map<Tenure, number> {
  const lines = new Map<Tenure, number>();
  /** For each folio and side, who had each line last. */
  const last = new Map<string, Tenure[]>();
  for (const tenure of history) {
    const side = `${tenure.folio} ${isEntry(tenure)}`;
    const had = last.get(side) ?? [];
    last.set(side, had);
    const free = had.findIndex(({ to }) => to !== 0 && to <= tenure.from);
    const line = free < 0 ? had.length : free;
    had[line] = tenure;
    lines.set(tenure, line);
  }
  return lines;
}

const isEntry = ({ holder }: Tenure): boolean => holder.kind === 'pte' || holder.kind === 'swap';

/** Most tenures that last at the same time. */
function overlap(tenures: readonly Tenure[]): number {
  const edges = tenures.flatMap(
    (t) => [[t.from, 1], ...(t.to === 0 ? [] : [[t.to, -1]])] as [number, number][],
  );
  edges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let n = 0,
    most = 0;
  for (const [, by] of edges) most = Math.max(most, (n += by));
  return most;
}
