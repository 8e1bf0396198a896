/**
 * What a model says a recorder would print: a plan is run, and after each operation every page that an
 * actor has is looked at, as recorder/snapshot.c does. The looking itself is left out: the recorder loads
 * each present page, which sets accessed bits and never faults, and no rule asks for accessed bits.
 */
import { goTo, newRun, statuses } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { follow } from '../debugger/schedule.ts';
import { RESULTS } from '../kernel/compile.ts';
import { boot } from '../kernel/machine.ts';
import type { Op, Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import { observationAt } from '../kernel/view.ts';
import { operationText } from '../scenario/printer.ts';
import type { Scenario } from '../scenario/syntax.ts';
import type { Inside } from './inside.ts';
import type { RecordedExperiment, RecordedStep } from './recording.ts';
import { operationOf } from './spelling.ts';
import { Watch } from './watch.ts';

/** A recorder's step, and what no kernel shows. */
export interface PredictedStep extends RecordedStep {
  /** Where it was asked for. */
  readonly model?: Inside;
}

export interface Prediction extends RecordedExperiment {
  readonly steps: readonly PredictedStep[];
  /** Operations that never end in this run, and why: the recorder has no such step. */
  readonly unfinished: readonly { readonly op: string; readonly why: string }[];
  /** What of the schedule could not be followed. */
  readonly notes: readonly string[];
}

/**
 * A `nodrain` or `fopen` of the text: no plan has it, the recorder prints it. It stands before that
 * operation.
 */
export interface Nodrain {
  readonly before: number;
  readonly actor: string;
  readonly text: string;
}

export function nodrainsOf({ statements }: Scenario): Nodrain[] {
  const found: Nodrain[] = [];
  let ops = 0;
  for (const s of statements) {
    if (s.kind !== 'op') continue;
    if (s.op.verb === 'nodrain' || s.op.verb === 'fopen')
      found.push({ before: ops, actor: s.actor.name.text, text: operationText(s.op) });
    else ops += 1;
  }
  return found;
}

export interface Wanted {
  readonly name?: string;
  /** Switches of threads, as in a link; '' = declared order. */
  readonly schedule?: string;
  readonly without?: readonly string[];
  readonly nodrains?: readonly Nodrain[];
  /** With what no kernel shows. */
  readonly inside?: boolean;
}

/** Runs a plan on a model to its end. */
export function predict(plan: Plan, model: Model, wanted: Wanted = {}): Prediction {
  const machine = boot(plan, model, wanted.without ?? []);
  const run = newRun(machine);
  const notes = follow(run, wanted.schedule ?? plan.schedule);
  return predictRun(run, wanted, notes);
}

/** As the recorder would have watched this run. */
export function predictRun(run: Run, wanted: Wanted = {}, notes: readonly string[] = []): Prediction {
  const { machine } = run,
    { plan } = machine;
  const watch = new Watch(plan);
  const inside = (): { model?: Inside } => (wanted.inside === true ? { model: watch.inside() } : {});
  const steps: PredictedStep[] = [];
  const silent = (before: number): void => {
    for (const said of wanted.nodrains ?? []) {
      if (said.before !== before) continue;
      goTo(run, lastEnd);
      steps.push({ op: `${said.actor} ${said.text}`, ret: 0, procs: watch.look(), ...inside() });
    }
  };
  let lastEnd = 0,
    done = 0,
    followed = 0;
  for (const { op: i, shown, at, outcome } of reportsOf(run)) {
    silent(done);
    for (; followed < at; followed++)
      for (const e of run.steps[followed]!.effects) if (e.name === 'freed') watch.freed(e.a);
    goTo(run, at);
    watch.did(plan.ops[i]!);
    steps.push({
      op: operationOf(plan, plan.ops[i]!),
      ...(outcome === null ? { ret: 0 } : outcomeOf(outcome, plan.ops[shown]!)),
      ...(outcome === null ? {} : valueOf(plan, plan.ops[shown]!)),
      ...(outcome === null ? {} : faultsOf(run, shown)),
      procs: watch.look(),
      ...inside(),
    });
    lastEnd = at;
    done += 1;
  }
  silent(done);
  return {
    kernel: machine.model.id,
    name: wanted.name ?? plan.title,
    steps,
    unfinished: unfinishedOf(run),
    notes,
  };
}

/** What the recorder does itself and finds nothing to do has no errno: an empty pipe; ksmd without memory. */
const SILENT: ReadonlySet<string> = new Set(['pipe_read', 'ksm']);

function outcomeOf(exit: number, { syscall }: Op): { ret: number; err?: string } {
  const result = RESULTS[exit] ?? 'end';
  if (result === 'end') return { ret: 0 };
  return result === 'EAGAIN' && SILENT.has(syscall) ? { ret: -1 } : { ret: -1, err: result };
}

function valueOf(plan: Plan, op: Op): { val?: string } {
  if (op.observed < 0) return {};
  const { seen, stored } = observationAt(op.observed);
  if (seen) return { val: plan.stored[stored]!.text };
  // The recorder reports the byte that it gave process_vm_readv, whatever came of it.
  return op.syscall === 'process_vm_readv' ? { val: '00' } : {};
}

/** Faults of a load or store, as getrusage() counts them: those that a VMA permitted. */
function faultsOf(run: Run, op: number): { flt?: [number, number] } {
  const { syscall } = run.machine.plan.ops[op]!;
  if (syscall !== 'load' && syscall !== 'store') return {};
  const n = run.steps.filter((s) => s.op === op && s.went === 'fault').length;
  return n > 0 ? { flt: [n, 0] } : {};
}

/** A line of the recorder: an operation, when the pages are looked at, and how it ended. */
interface Report {
  readonly op: number;
  /** The operation whose result it shows: `join` shows that of the one it waited for. */
  readonly shown: number;
  readonly at: number;
  /** Index into RESULTS; null: only begun. */
  readonly outcome: number | null;
}

/**
 * In the order of the run. What was started on a second thread is reported when it is over or blocked; from
 * then on the recorder waits a moment before it looks, so that a thread that was woken is done.
 */
function reportsOf(run: Run): Report[] {
  const { plan } = run.machine;
  const begun = new Map<number, number>(),
    ends = new Map<number, { readonly at: number; readonly outcome: number }>();
  for (const step of run.steps) {
    if (!begun.has(step.op)) begun.set(step.op, step.at);
    const end = step.effects.find((e) => e.name === 'end');
    if (end !== undefined && plan.ops[step.op] !== undefined)
      ends.set(step.op, { at: step.at, outcome: end.a });
  }
  if (!plan.ops.some((op) => op.detached === true))
    return [...ends].map(([op, { at, outcome }]) => ({ op, shown: op, at, outcome }));
  const settled = (i: number): number => {
    const later = [...begun].filter(([o]) => plan.ops[o]!.phase > plan.ops[i]!.phase).map(([, at]) => at - 1);
    return Math.min(run.steps.length, ...later);
  };
  const alone = (i: number): boolean => plan.ops.every((o, j) => j === i || o.phase !== plan.ops[i]!.phase);
  return plan.ops
    .flatMap((op, i): Report[] => {
      const end = ends.get(i);
      if (op.detached === true)
        return begun.has(i) ? [{ op: i, shown: i, at: settled(i), outcome: null }] : [];
      if (end === undefined) return [];
      const job = op.joins === undefined ? undefined : ends.get(op.joins);
      const at = alone(i) ? settled(i) : end.at;
      return [{ op: i, shown: job === undefined ? i : op.joins!, at, outcome: (job ?? end).outcome }];
    })
    .toSorted((a, b) => a.at - b.at);
}

function unfinishedOf(run: Run): { op: string; why: string }[] {
  const { plan } = run.machine;
  const ended = new Set(run.steps.filter((s) => s.effects.some((e) => e.name === 'end')).map((s) => s.op));
  const status = statuses(run, run.steps.length);
  return plan.ops.flatMap((op, i) => {
    if (ended.has(i)) return [];
    const s = status[op.thread]!;
    const why = s.kind === 'waits' ? s.until : s.kind === 'locked' ? `waits for ${s.lock}` : 'is not begun';
    return [{ op: operationOf(plan, op), why }];
  });
}
