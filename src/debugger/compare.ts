/**
 * Two models, one scenario, one clock: the operation. Where do they part, and which rule decided it?
 */
import { boot } from '../kernel/machine.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import { elsewhere, outcomesOf } from './outcomes.ts';
import { newRun } from './run.ts';
import type { Run } from './run.ts';
import { follow } from './schedule.ts';
import { folioName, sentence } from './words.ts';

export interface OpComparison {
  /** Index into `Plan.ops`. */
  readonly op: number;
  /** `parent: store a.0 "secret"` */
  readonly text: string;
  /** What it did on each side, a phrase each; '' = it did not end. */
  readonly left: string;
  readonly right: string;
  readonly same: boolean;
}

/** A rule that answered, and where. */
export interface DecidingStep {
  readonly model: string;
  /** Step number, 0 = no rule of this model answered anything there. */
  readonly at: number;
  /** `mapcount 1?` */
  readonly asks: string;
  readonly sees: number;
  /** `reuse` */
  readonly answer: string;
  readonly folio: string;
  /** The step's sentence. */
  readonly says: string;
}

export interface Comparison {
  readonly model: string;
  readonly versus: string;
  /** Index into `ops` (and `Plan.ops`) of the first operation that differs, or -1. */
  readonly op: number;
  readonly left: DecidingStep;
  readonly right: DecidingStep;
  /** One sentence. */
  readonly says: string;
  /** In the order of the text. */
  readonly ops: readonly OpComparison[];
}

/** Runs a plan on both models with the same schedule, as far as each can follow it. */
export function compareModels(
  plan: Plan,
  left: Model,
  right: Model,
  schedule = plan.schedule,
): { comparison: Comparison; left: Run; right: Run } {
  const runOn = (model: Model): Run => {
    const run = newRun(boot(plan, model));
    follow(run, schedule);
    return run;
  };
  const runs = { left: runOn(left), right: runOn(right) };
  return { comparison: compareRuns(runs.left, runs.right), ...runs };
}

/** Two runs of one plan. */
export function compareRuns(left: Run, right: Run): Comparison {
  const { plan, model } = left.machine,
    versus = right.machine.model;
  const mine = outcomesOf(left),
    theirs = outcomesOf(right);
  const ops = plan.ops.map((op, i): OpComparison => {
    const a = mine[i]!,
      b = theirs[i]!,
      same = a.signature === b.signature;
    const [l, r] = same || a.phrase !== b.phrase ? [a.phrase, b.phrase] : elsewhere(a, b);
    return { op: i, text: `${plan.threads[op.thread]!.name}: ${op.text}`, left: l, right: r, same };
  });
  const parted = ops.filter((o) => !o.same).map((o) => o.op);
  // In a block, what ends first counts first; what never ends counts last.
  const when = (i: number): number => mine[i]!.last || theirs[i]!.last || Infinity;
  const op = parted.reduce((best, i) => (best < 0 || when(i) < when(best) ? i : best), -1);
  const sides = { left: decidingStep(left, op), right: decidingStep(right, op) };
  return {
    model: model.id,
    versus: versus.id,
    op,
    ...sides,
    says: sentenceOf(ops[op], sides.left, sides.right),
    ops,
  };
}

function sentenceOf(op: OpComparison | undefined, left: DecidingStep, right: DecidingStep): string {
  if (op === undefined) return `${left.model} and ${right.model} do the same, operation by operation.`;
  const side = (said: string, by: DecidingStep): string => {
    const rule = by.at === 0 ? '' : ` (${by.asks} It sees ${by.sees}: ${by.answer}.)`;
    return `On ${by.model}: ${said === '' ? 'it does not end' : said}.${rule}`;
  };
  return `They part at ${op.text}. ${side(op.left, left)} ${side(op.right, right)}`;
}

/** The last answer of a rule within an operation. */
function decidingStep(run: Run, op: number): DecidingStep {
  const { id } = run.machine.model;
  const step = op < 0 ? undefined : run.steps.findLast((s) => s.op === op && s.decided !== null);
  if (step === undefined || step.decided === null)
    return { model: id, at: 0, asks: '', sees: 0, answer: '', folio: '', says: '' };
  const { asks, sees, answer, folio } = step.decided;
  return { model: id, at: step.at, asks, sees, answer, folio: folioName(folio), says: sentence(run, step) };
}
