/**
 * A machine: a plan on a model, compiled. `boot` makes one, `activate` makes it the one of this realm, and
 * the world at its start stands in the scratch memory afterwards. Several machines may take turns; each
 * keeps its own start.
 */
import { compile } from './compile.ts';
import type { Program } from './compile.ts';
import { entryAfter, install, step } from './engine.ts';
import { featuresOf } from './features.ts';
import { PROT_READ, PROT_WRITE } from './flags.ts';
import { switchOff } from './guards.ts';
import type { Plan } from './plan.ts';
import { setModel } from './rules.ts';
import type { Model } from './rules.ts';
import type { Routine } from './steps.ts';
import { hooks, syscalls } from './syscalls/index.ts';
import { fill_files } from './verbs/file.ts';
import { SWAP_SLOT } from './verbs/swap.ts';
import { hugetlb_reserve_pages } from './verbs/hugetlb.ts';
import { hugetlbTablesAreThere, tablesApart } from './verbs/table.ts';
import {
  VM_FILE,
  VM_HUGEPAGE,
  VM_MAPPED,
  VM_READ,
  VM_SHARED,
  VM_SOFTDIRTY,
  VM_WRITE,
  first_vma,
} from './verbs/vma.ts';
import {
  MM_ALIVE,
  PC,
  cells,
  layOut,
  load,
  mm_state,
  now,
  phase,
  save,
  swap_state,
  taskOf,
  wipe,
} from './world.ts';
import type { Counts } from './world.ts';

/** The routine that runs each operation a plan may name. */
export type Operations = Readonly<Record<string, Routine>>;

export interface Machine {
  readonly plan: Plan;
  readonly model: Model;
  /** Guards that are switched off. */
  readonly without: readonly string[];
  readonly program: Program;
  readonly counts: Counts;
  readonly entries: ReadonlyMap<string, number>;
  readonly operations: Operations;
  /** Words of one world. */
  readonly words: number;
  readonly start: Int32Array;
}

let active: Machine | null = null;

/**
 * Compiles a plan for a model. Throws RangeError for an unknown guard or a plan that is too large. `without`
 * is added to what the plan itself does without.
 * `operations`: those of the product, but for benches that bring a kernel of their own.
 */
export function boot(
  plan: Plan,
  model: Model,
  off: readonly string[] = [],
  operations: Operations = syscalls,
): Machine {
  const without = [...new Set([...(plan.without ?? []), ...off])];
  setModel(model);
  switchOff(without);
  const roots = new Map<string, Routine>();
  for (const o of plan.ops) {
    const root = Object.hasOwn(operations, o.syscall) ? operations[o.syscall] : undefined;
    if (root === undefined) throw new RangeError(`no operation is called ${o.syscall}`);
    roots.set(o.syscall, root);
  }
  if (roots.size === 0) roots.set('load', syscalls.load);
  const sizes = {
    folios: plan.folios + 1 + (plan.swapSlots ?? 0),
    mms: plan.processes.length,
    pages: plan.pages,
    regions: plan.regions.length,
    threads: plan.threads.length,
    pipes: plan.pipes.length,
    slots: plan.pipes.reduce((n, p) => n + p.slots, 0),
    holds: plan.holds.length,
    observed: plan.observed.length,
    picks: plan.picks?.length ?? 0,
    ...featuresOf(plan, model),
  };
  const program = compile([...roots.values()], { ...hooks, ...model.routines }, { ...sizes, frame: 0 });
  const counts: Counts = { ...sizes, frame: program.frame };
  const entries = new Map([...roots].map(([name, r]) => [name, program.entries.get(r)!]));
  layOut(plan, counts);
  install(program, entries);
  wipe();
  startWorld(plan);
  const machine: Machine = {
    plan,
    model,
    without,
    program,
    counts,
    entries,
    operations,
    words: now.words,
    start: new Int32Array(now.words),
  };
  save(machine.start, 0);
  active = machine;
  return machine;
}

function startWorld(plan: Plan): void {
  plan.processes.forEach((p, m) => {
    if (p.parent === null) cells[mm_state.at + m] = MM_ALIVE;
  });
  for (const { process, region, kind, flags } of plan.mapped) {
    const { at, pages: n } = plan.regions[region]!;
    const bits =
      VM_MAPPED |
      (now.counts.softDirty === 0 ? 0 : VM_SOFTDIRTY) |
      (kind === 'shanon' || kind === 'memfd' ? VM_SHARED : 0) |
      (kind === 'memfd' || kind === 'pfile' ? VM_FILE : 0) |
      (flags & PROT_READ ? VM_READ : 0) |
      (kind === 'thp' || kind === 'mthp' ? VM_HUGEPAGE : 0) |
      (flags & PROT_WRITE ? VM_READ | VM_WRITE : 0);
    for (let va = at; va < at + n; va++) first_vma(process, va, bits);
    if (kind === 'huge') hugetlb_reserve_pages(process, at);
  }
  if (tablesApart()) hugetlbTablesAreThere();
  if (now.counts.files !== 0) fill_files();
  // Slots have the numbers behind those of the folios.
  if (now.counts.swap !== 0)
    for (let s = plan.folios + 1; s < now.counts.folios; s++) cells[swap_state.at + s] = SWAP_SLOT;
  let first = 255;
  for (const o of plan.ops) first = Math.min(first, o.phase);
  cells[phase.at] = first === 255 ? 0 : first;
  plan.threads.forEach((_, t) => {
    const pc = entryAfter(t);
    cells[taskOf[t]! + PC] = pc & 255;
    cells[taskOf[t]! + PC + 1] = pc >> 8;
  });
}

/** Makes the machine the one that `step` and all views work on. Cheap when it already is. */
export function activate(machine: Machine): void {
  if (active === machine) return;
  setModel(machine.model);
  switchOff(machine.without);
  // Locals keep their places in shared tables, so the tables are compiled again for this plan.
  const operations: Operations = { load: syscalls.load, ...machine.operations };
  const roots = [...machine.entries.keys()].map((name) => operations[name]!);
  compile(roots, { ...hooks, ...machine.model.routines }, machine.counts);
  layOut(machine.plan, machine.counts);
  install(machine.program, machine.entries);
  load(machine.start, 0);
  active = machine;
}

/** Pure: the world after thread `t` has made its next step in that way, or null if it cannot. */
export function apply(machine: Machine, world: Int32Array, t: number, choice = 0): Int32Array | null {
  activate(machine);
  load(world, 0);
  if (!step(t, choice)) return null;
  const next = new Int32Array(machine.words);
  save(next, 0);
  return next;
}
