/**
 * From tables to dense arrays: every row of every routine that a scenario can reach on a model gets a
 * number, its pc. 0 = finished.
 */
import { InternalError } from './errors.ts';
import { folioCells, placeLocals } from './frame.ts';
import type { Frame } from './frame.ts';
import { isCall, isStep, isTail } from './steps.ts';
import type { Hook, Lock, Routine, Row } from './steps.ts';
import { HEADER } from './world.ts';
import type { Counts } from './world.ts';

/** How an operation may end; the thread's result cell holds the index. */
export const RESULTS = [
  'end',
  'EFAULT',
  'SIGSEGV',
  'ENOMEM',
  'EEXIST',
  'EAGAIN',
  'EINVAL',
  'ENXIO',
  'EIO',
  'ESRCH',
  'ENOENT',
  'EBUSY',
  'ETIMEDOUT',
  'SIGBUS',
] as const;
export type Result = (typeof RESULTS)[number];
export const EXITS_MAX = 24;

export interface CompiledRow {
  readonly routine: Routine;
  readonly label: string;
  readonly row: Row<string>;
}

export interface Program {
  /** Index = pc; entry 0 is a stand-in for "finished". */
  readonly rows: readonly CompiledRow[];
  /** label or exit that row `pc` may name -> where to go: a pc, or ~exit. */
  readonly to: readonly ReadonlyMap<string, number>[];
  /** Where a row without `run` goes. */
  readonly next: Int32Array;
  /** For a call row: the callee's entry; else 0. */
  readonly enters: Int32Array;
  /** For a call row: first cell of the callee's frame, where the row to return to is kept. */
  readonly calleeAt: Int32Array;
  /**
   * Frame of the row's routine: first cell, size, and whether its first two cells are the row to return to.
   */
  readonly frameAt: Int32Array;
  readonly frameSize: Int32Array;
  readonly called: Uint8Array;
  /** Cells of the row's locals that name folios, relative to the thread's. */
  readonly folioCells: readonly (readonly number[])[];
  /** then[callRow * EXITS_MAX + exit]: a pc, or ~exit. */
  readonly then: Int32Array;
  readonly exits: readonly string[];
  readonly entries: ReadonlyMap<Routine, number>;
  readonly takes: readonly (Lock | null)[];
  /** Cells of one thread. */
  readonly frame: number;
}
const UNSET = -9999;

/**
 * Compiles the roots and what they reach. Throws InternalError on a table that does not hold together
 * (recursion, unknown row).
 */
export function compile(
  roots: readonly Routine[],
  hooks: Readonly<Record<string, Routine>>,
  counts: Counts,
): Program {
  const fill = (r: Routine | Hook): Routine => {
    if (!('hook' in r)) return r;
    const filled = hooks[r.hook];
    if (filled === undefined) throw new InternalError(`the model fills no hook ${r.hook}`);
    return filled;
  };
  const rowsOf = compiledRows(counts);
  const routines = reachable(roots, fill, rowsOf);
  const rows: CompiledRow[] = [
    { routine: roots[0]!, label: 'finished', row: { says: 'Finished.', next: 'end' } },
  ];
  for (const r of routines) for (const [label, row] of rowsOf(r)) rows.push({ routine: r, label, row });
  const pcOf = new Map<Routine, Map<string, number>>(routines.map((r) => [r, new Map()]));
  rows.forEach((x, pc) => {
    if (pc > 0) pcOf.get(x.routine)!.set(x.label, pc);
  });
  const exits = [...new Set([...RESULTS, ...routines.flatMap((r) => r.exits)])];
  if (exits.length > EXITS_MAX) throw new InternalError(`${exits.length} exits; ${EXITS_MAX} are the most`);

  const entry = (r: Routine): number => {
    return resolve(r, Object.entries(r.rows).find(([, row]) => row.where === undefined)![0]);
  };
  const resolve = (r: Routine, label: string, from?: Row<string>): number => {
    const door = from?.where === undefined ? rowsOf(r).find(([, row]) => row.before === label) : undefined;
    if (door !== undefined) return pcOf.get(r)!.get(door[0])!;
    const row = r.rows[label];
    if (row !== undefined) {
      const pc = isTail(row) ? entry(fill(row.tail)) : pcOf.get(r)!.get(label);
      if (pc === undefined) throw new InternalError(`${r.name}.${label} is not of this scenario`);
      return pc;
    }
    const x = exits.indexOf(label);
    if (x < 0 || !r.exits.includes(label)) throw new InternalError(`${r.name} has no row or exit ${label}`);
    return ~x;
  };
  const { frames, frameOf, size } = place(roots, fill, rowsOf, counts);
  const n = rows.length,
    p = {
      next: new Int32Array(n).fill(UNSET),
      enters: new Int32Array(n),
      calleeAt: new Int32Array(n),
      frameAt: new Int32Array(n),
      frameSize: new Int32Array(n),
      called: new Uint8Array(n),
      then: new Int32Array(n * EXITS_MAX).fill(UNSET),
    };
  const to = rows.map(
    ({ routine: r, row }, pc) =>
      new Map(pc === 0 ? [] : [...rowsOf(r).map(([l]) => l), ...r.exits].map((l) => [l, resolve(r, l, row)])),
  );
  rows.forEach(({ routine: r, row }, pc) => {
    if (pc === 0) return;
    const f = frames.get(r)!;
    p.frameAt[pc] = f.at;
    p.frameSize[pc] = f.size;
    p.called[pc] = f.called ? 1 : 0;
    if ('next' in row) p.next[pc] = resolve(r, row.next, row);
    if (isCall(row)) {
      p.enters[pc] = entry(fill(row.call));
      p.calleeAt[pc] = frames.get(fill(row.call))!.at;
      // An exit for which this model, or scenario, has no row is never taken; if it is, that leads nowhere,
      // and throws.
      for (const [x, l] of Object.entries(row.then))
        if (r.rows[l] === undefined || isPart(r.rows[l], counts))
          p.then[pc * EXITS_MAX + exits.indexOf(x)] = resolve(r, l, row);
    }
  });
  const folios = rows.map(({ routine: r }, pc) => {
    const frame = pc === 0 ? null : (frameOf.get(r) ?? null);
    return frame === null ? [] : folioCells(frame, counts);
  });
  const takes = rows.map(({ row }) => (isStep(row) ? (row.takes ?? null) : null));
  return {
    rows,
    to,
    ...p,
    folioCells: folios,
    exits,
    entries: new Map(roots.map((r) => [r, entry(r)])),
    takes,
    frame: size,
  };
}

/** The row is of this scenario, and of this model. */
const isPart = (row: Row<string>, counts: Counts): boolean =>
  (row.where === undefined || counts[row.where] !== 0) && row.on?.() !== false;
type Rows = (r: Routine) => readonly (readonly [label: string, row: Row<string>])[];
/**
 * The rows of a routine without those of features that the scenario, or of rules that the model, does not
 * have.
 */
function compiledRows(counts: Counts): Rows {
  const known = new Map<Routine, ReturnType<Rows>>();
  return (r) => {
    let rows = known.get(r);
    if (rows === undefined) {
      rows = Object.entries(r.rows).filter(([, row]) => isPart(row, counts));
      known.set(r, rows);
    }
    return rows;
  };
}

function reachable(roots: readonly Routine[], fill: (r: Routine | Hook) => Routine, rowsOf: Rows): Routine[] {
  const seen: Routine[] = [];
  const visit = (r: Routine): void => {
    if (seen.includes(r)) return;
    seen.push(r);
    for (const [, row] of rowsOf(r)) {
      if (isCall(row)) visit(fill(row.call));
      if (isTail(row)) visit(fill(row.tail));
    }
  };
  roots.forEach(visit);
  return seen;
}

interface Placed {
  at: number;
  size: number;
  called: boolean;
}

/**
 * Places all frames: a routine lies behind the deepest of its callers. A tail-called routine shares the
 * frame of its caller.
 */
function place(
  roots: readonly Routine[],
  fill: (r: Routine | Hook) => Routine,
  rowsOf: Rows,
  counts: Counts,
) {
  const frames = new Map<Routine, Placed>();
  const frameOf = new Map<Routine, Frame | null>();
  const visit = (
    r: Routine,
    at: number,
    called: boolean,
    frame: Frame | null,
    path: readonly Routine[],
  ): void => {
    if (path.includes(r)) throw new InternalError(`${r.name} calls itself`);
    const own = r.frame ?? frame;
    if (frame !== null && r.frame !== null && r.frame !== frame)
      throw new InternalError(`${r.name}: a tail call keeps its caller's locals`);
    const had = frames.get(r);
    if (had !== undefined && had.called !== called)
      throw new InternalError(`${r.name} is both an operation and called`);
    if (had !== undefined && had.at >= at) return;
    const size = (called ? 2 : 0) + (own === null ? 0 : placeLocals(own, 0, counts));
    frames.set(r, { at, size, called });
    frameOf.set(r, own);
    for (const [, row] of rowsOf(r)) {
      if (isCall(row)) visit(fill(row.call), at + size, true, null, [...path, r]);
      if (isTail(row)) visit(fill(row.tail), at, called, own, path);
    }
  };
  for (const r of roots) visit(r, HEADER, false, null, []);
  // Routines that share locals must lie at one place: that of the deepest of them.
  const headOf = (f: Placed): number => (f.called ? 2 : 0);
  for (let moved = true; moved;) {
    moved = false;
    const deepest = new Map<Frame, number>();
    for (const [r, f] of frames) {
      const frame = frameOf.get(r) ?? null;
      if (frame !== null) deepest.set(frame, Math.max(deepest.get(frame) ?? 0, f.at + headOf(f)));
    }
    for (const [r, f] of frames) {
      const frame = frameOf.get(r) ?? null,
        at = frame === null ? 0 : deepest.get(frame)! - headOf(f);
      if (at <= f.at) continue;
      visit(r, at, f.called, frame, []);
      moved = true;
    }
  }
  let size = HEADER;
  const placed = new Map<Frame, number>();
  for (const [r, f] of frames) {
    const frame = frameOf.get(r) ?? null,
      at = f.at + (f.called ? 2 : 0);
    size = Math.max(size, f.at + f.size);
    if (frame === null) continue;
    if (placed.has(frame) && placed.get(frame) !== at)
      throw new InternalError(`${r.name}: its locals would lie in two places`);
    placed.set(frame, at);
    placeLocals(frame, at, counts);
  }
  return { frames, frameOf, size };
}
