/**
 * Persistent singletons: a thread whose next step no other thread can get in the way of, whatever the others
 * do before it, is moved alone. What a row touches it declares (`touches` in `kernel/steps.ts`); a row that
 * only takes or drops locks says all by that. Who else may touch the same follows from the plan: the
 * operations that are still to come.
 *
 * A step is left to the full search when it could be seen: when it takes a lock that would hide a breach
 * (`Invariant.hides`), has a guard or choices, or writes more than its row declares.
 */
import { pcOf, program } from '../../kernel/engine.ts';
import { FOLIO_LOCK, LOCKS, MMAP_READ, MMAP_WRITE, VMA_WRITE, VMA_SRCU, heldBy } from '../../kernel/locks.ts';
import type { Machine } from '../../kernel/machine.ts';
import type { Plan } from '../../kernel/plan.ts';
import { isCall, isStep } from '../../kernel/steps.ts';
import type { Lock, LockStep, Step, Touches } from '../../kernel/steps.ts';
import {
  OP,
  cells,
  fields,
  journal,
  missed,
  mmNow,
  now,
  phase,
  taskOf,
  written,
} from '../../kernel/world.ts';
import type { Field } from '../../kernel/world.ts';
import type { Invariant } from '../../invariants/index.ts';

/** How far a step reaches: its own cells; what a lock for its mappings keeps still; all of its tables. */
const NEVER = 0,
  OWN = 1,
  VMA = 2,
  MM = 3;
/** Somebody looks at these without waiting for them, so that dropping one is seen. */
const TRIED = VMA_WRITE | FOLIO_LOCK;
/** Whoever holds one of these keeps the mappings from changing. */
const STILL = MMAP_READ | MMAP_WRITE;

export interface Persistent {
  readonly machine: Machine;
  /** For each pc: how far its step reaches. */
  readonly reach: Uint8Array;
  /**
   * For each pc: 1 if its step does nothing but take a lock. What another thread can do after it, it can do
   * before it (Lipton: it moves right), so that nobody needs to come between it and the next step.
   */
  readonly onlyTakes: Uint8Array;
  /** For each pc: locks that it takes, as a mask. */
  readonly takes: Int32Array;
  /** For each thread and each of its operations: the processes that it and later ones work on, as a mask. */
  readonly uses: readonly Int32Array[];
  /** ... those whose mappings they may change. */
  readonly changes: readonly Int32Array[];
  /** For each thread: nobody else shares its CPU's batch. */
  readonly ownCpu: readonly boolean[];
  readonly hides: readonly Invariant[];
  /** For each cell: thread + 1 that it belongs to; LOCK for the cells of locks; 0 for all others. */
  readonly owner: Uint8Array;
}
const LOCK = 255,
  EVERYBODY = -1;

/** Of the machine that is active. null: nothing can be moved alone in this scenario. */
export function persistentOf(machine: Machine, judged: readonly Invariant[]): Persistent | null {
  const { plan } = machine;
  // Who may begin while an earlier operation is blocked asks for the locks and rows of others; masks are
  // words.
  if (plan.ops.some((o) => o.detached === true) || plan.processes.length > 30) return null;
  // Another process may be in the middle of our page tables.
  const visits = program.takes.some((l) => l === 'ptl:other') || now.counts.visits !== 0;
  const reach = Uint8Array.from(program.rows, (_, pc) => (pc === 0 ? NEVER : reachOf(pc)));
  const opsOf = plan.threads.map((t) => t.ops.map((o) => plan.ops[o]!));
  const writers = new Map([...machine.entries].map(([name, pc]) => [name, mayTake(pc, 'mmap_lock:write')]));
  const suffixes = (each: (t: number, o: (typeof plan.ops)[number]) => number): Int32Array[] =>
    opsOf.map((ops, t) => {
      const masks = new Int32Array(ops.length + 1);
      for (let i = ops.length - 1; i >= 0; i--) masks[i] = masks[i + 1]! | each(t, ops[i]!);
      // From one alternative of a free choice the thread may come to all the others.
      ops.forEach(({ pick }, i) => {
        if (pick !== undefined) masks[i] = masks[plan.picks![pick]!.at]!;
      });
      return masks;
    });
  const bit = (m: number): number => (m < 0 ? 0 : 1 << m);
  const worksOn = (t: number, o: (typeof plan.ops)[number]): number =>
    visits || plan.threads[t]!.actor === true
      ? EVERYBODY
      : bit(plan.threads[t]!.process) | bit(o.target ?? -1) | bit(o.child);
  return {
    machine,
    reach,
    onlyTakes: Uint8Array.from(program.rows, (_, pc) => (pc !== 0 && doesOnlyTake(pc) ? 1 : 0)),
    takes: Int32Array.from(program.takes, (l) => (l === null ? 0 : LOCKS[l].bit)),
    uses: suffixes(worksOn),
    changes: suffixes((t, o) => (writers.get(o.syscall) === true ? worksOn(t, o) : 0)),
    ownCpu: plan.threads.map(({ cpu }, t) => plan.threads.every((u, i) => i === t || u.cpu !== cpu)),
    hides: judged.filter((i) => i.hides !== undefined),
    owner: ownersOf(plan),
  };
}

function reachOf(pc: number): number {
  const { row } = program.rows[pc]!;
  if (!isStep(row)) return NEVER;
  // A guard or a choice is of no account if it asks for the thread's own cells only.
  const asks = row.when !== undefined || ('choices' in row && row.choices !== undefined);
  const touches = touchesOf(row);
  if (asks && !('run' in row && touches === 'own')) return NEVER;
  if ((row.drops ?? []).some((l) => (LOCKS[l].bit & TRIED) !== 0)) return NEVER;
  const declared = reaches[touches];
  if (declared === NEVER || row.takes === undefined) return declared;
  return Math.max(declared, locksReach(row.takes));
}
/** A row that only takes or drops locks touches nothing else. */
function touchesOf(row: Step<string> | LockStep<string>): Touches | 'more' {
  if (!('run' in row)) return 'own';
  const { touches = 'more' } = row;
  return typeof touches === 'function' ? touches() : touches;
}
function doesOnlyTake(pc: number): boolean {
  const { row } = program.rows[pc]!;
  if (!isStep(row) || row.takes === undefined || row.drops !== undefined || row.when !== undefined)
    return false;
  if (touchesOf(row) !== 'own') return false;
  const { bit } = LOCKS[row.takes];
  // A store is noted as missed while nobody is in the middle of protecting the page.
  return (bit & TRIED) === 0 && ((bit & STILL) === 0 || missed.size === 0);
}
const reaches = { own: OWN, vma: VMA, mm: MM, more: NEVER } as const;
/** How far taking a lock reaches: nobody must be able to have it, or to want it, meanwhile. */
function locksReach(lock: Lock): number {
  if (LOCKS[lock].bit === VMA_SRCU) return OWN;
  if (lock === 'mmap_lock:read') return VMA;
  if (lock === 'mmap_lock:write' || lock === 'ptl' || lock === 'irqs_off') return MM;
  return NEVER;
}
/** An operation that begins at row `entry` may come to a row that takes the lock. */
function mayTake(entry: number, lock: Lock): boolean {
  const seen = new Set<number>(),
    open = [entry];
  for (let pc = open.pop(); pc !== undefined; pc = open.pop()) {
    if (seen.has(pc)) continue;
    seen.add(pc);
    if (program.takes[pc] === lock) return true;
    for (const next of program.to[pc]!.values()) if (next >= 0) open.push(next);
    if (isCall(program.rows[pc]!.row)) open.push(program.enters[pc]!);
  }
  return false;
}
function ownersOf(plan: Plan): Uint8Array {
  const owner = new Uint8Array(4 * now.words);
  const picks = plan.picks ?? [];
  for (const { at, size, of } of fields) {
    if (of !== 'thread' && of !== 'pick') continue;
    const n = of === 'thread' ? now.counts.threads : picks.length;
    for (let i = 0; i < size; i++) {
      const entry = Math.floor((i * n) / size);
      owner[at + i] = 1 + (of === 'thread' ? entry : picks[entry]!.thread);
    }
  }
  for (const f of lockFields()) owner.fill(LOCK, f.at, f.at + f.size);
  owner[phase.at] = LOCK;
  return owner;
}
/** Fields that are locks, by their names in the schema. */
const LOCK_FIELDS: ReadonlySet<string> = new Set([
  'mm.mmap_lock',
  'mm.ptl',
  'mm.ptl_new',
  'mm.pmd_lock',
  'vma.lock',
  'mm.range_lock',
]);
const lockFields = (): readonly Field[] => fields.filter((f) => LOCK_FIELDS.has(f.name));

/** Thread to move alone in the scratch world, or -1. */
export function loner(p: Persistent): number {
  for (let t = 0, n = now.counts.threads; t < n; t++) if (mayGoAlone(p, t)) return t;
  return -1;
}
/** As far as can be told before the step: `keptToItself` tells the rest. */
export function mayGoAlone(p: Persistent, t: number): boolean {
  const pc = pcOf(t),
    reach = p.reach[pc]!;
  if (reach === NEVER) return false;
  const takes = p.takes[pc]!,
    mine = heldBy(t);
  if (reach >= VMA && !isUndisturbed(p, t, reach, (mine & ~takes & STILL) !== 0 && (takes & STILL) === 0))
    return false;
  if (takes === 0) return true;
  for (let i = 0; i < p.hides.length; i++) if (p.hides[i]!.hides!(t, takes)) return false;
  return true;
}
function isUndisturbed(p: Persistent, t: number, reach: number, still: boolean): boolean {
  if (reach === VMA && still) return true;
  const m = mmNow(t),
    masks = reach === MM ? p.uses : p.changes;
  if (m < 0) return false;
  for (let u = 0; u < masks.length; u++) {
    if (u === t) continue;
    const of = masks[u]!;
    if ((of[Math.min(cells[taskOf[u]! + OP]!, of.length - 1)]! & (1 << m)) !== 0) return false;
  }
  return true;
}
/**
 * The step that thread `t` has just made has written its own cells and locks, nothing else; `op` is the
 * operation it was in.
 */
export function keptToItself(p: Persistent, t: number, op: number, held: number): boolean {
  const { owner } = p;
  for (let j = 0; j < written; j++) {
    const of = owner[journal[j]!]!;
    if (of !== t + 1 && of !== LOCK) return false;
  }
  // The end of an operation drains the batch of the CPU, which others may be filling.
  if (cells[taskOf[t]! + OP] !== op && !p.ownCpu[t]!) return false;
  if ((held & ~heldBy(t) & TRIED) !== 0) return false;
  // A store is noted as missed once nobody is in the middle of protecting the page.
  return missed.size === 0 || (held & ~heldBy(t) & STILL) === 0;
}
