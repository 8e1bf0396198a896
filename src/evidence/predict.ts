/**
 * What a model says a recorder would print: a plan is run, and after each operation every page that an
 * actor has is looked at, as recorder/snapshot.c does. The looking itself is left out: the recorder loads
 * each present page, which sets accessed bits and never faults, and no rule asks for accessed bits.
 */
import { goTo, newRun, statuses } from '../debugger/run.ts';
import type { Run, StepRecord } from '../debugger/run.ts';
import { follow } from '../debugger/schedule.ts';
import { RESULTS } from '../kernel/compile.ts';
import { boot } from '../kernel/machine.ts';
import type { Op, Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import { observationAt } from '../kernel/view.ts';
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

/** A `nodrain` of the text: no plan has it, the recorder prints it. It stands before that operation. */
export interface Nodrain {
  readonly before: number;
  readonly actor: string;
}

export function nodrainsOf({ statements }: Scenario): Nodrain[] {
  const found: Nodrain[] = [];
  let ops = 0;
  for (const s of statements) {
    if (s.kind !== 'op') continue;
    if (s.op.verb === 'nodrain') found.push({ before: ops, actor: s.actor.name.text });
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
      steps.push({ op: `${said.actor} nodrain`, ret: 0, procs: watch.look(), ...inside() });
    }
  };
  let lastEnd = 0,
    done = 0;
  for (const step of run.steps) {
    for (const e of step.effects) if (e.name === 'freed') watch.freed(e.a);
    const end = step.effects.find((e) => e.name === 'end'),
      op = plan.ops[step.op];
    if (end === undefined || op === undefined) continue;
    silent(done);
    goTo(run, step.at);
    watch.did(op);
    const faults = faultsOf(run, step);
    steps.push({
      op: operationOf(plan, op),
      ...outcomeOf(end.a),
      ...valueOf(plan, op),
      ...(faults > 0 ? { flt: [faults, 0] } : {}),
      procs: watch.look(),
      ...inside(),
    });
    lastEnd = step.at;
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

/** A pipe that is read while it is empty reports nothing, and sets no errno. */
const SILENT = new Set(['EAGAIN']);

function outcomeOf(exit: number): { ret: number; err?: string } {
  const result = RESULTS[exit] ?? 'end';
  if (result === 'end') return { ret: 0 };
  return SILENT.has(result) ? { ret: -1 } : { ret: -1, err: result };
}

function valueOf(plan: Plan, op: Op): { val?: string } {
  if (op.observed < 0) return {};
  const { seen, stored } = observationAt(op.observed);
  return seen ? { val: plan.stored[stored]!.text } : {};
}

/** Faults of a load or store, as getrusage() counts them: those that a VMA permitted. */
function faultsOf(run: Run, end: StepRecord): number {
  const { syscall } = run.machine.plan.ops[end.op]!;
  if (syscall !== 'load' && syscall !== 'store') return 0;
  return run.steps.filter((s) => s.op === end.op && s.went === 'fault').length;
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
