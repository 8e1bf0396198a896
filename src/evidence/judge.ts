/**
 * A recording against a model: for every experiment whether the model has all it needs, and whether it says
 * what the kernel did. The scripts are those that the recording itself carries, so that any file of the
 * format can be judged. Nothing here knows one experiment from another.
 */
import type { Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import { compile } from '../scenario/compile.ts';
import type { Diagnostic } from '../scenario/diagnostic.ts';
import { isNotModelled } from '../scenario/diagnostic.ts';
import { parse } from '../scenario/parser.ts';
import { compareSteps } from './canon.ts';
import type { Level, StepDifference } from './canon.ts';
import { buildForStem } from './kernels.ts';
import type { Build } from './kernels.ts';
import { nodrainsOf, predict } from './predict.ts';
import type { Prediction } from './predict.ts';
import type { RecordedExperiment, Recording } from './recording.ts';

export type Judgement =
  | { readonly name: string; readonly covered: false; readonly why: string }
  | {
      readonly name: string;
      readonly covered: true;
      readonly prediction: Prediction;
      /** First difference at each level; null: confirmed. */
      readonly values: StepDifference | null;
      readonly frames: StepDifference | null;
    };

/** One line of the evidence table, as `folioscope evidence --json` prints it. */
export interface Evidence {
  readonly file: string;
  readonly kernel: string;
  /** null: no model answers for this kernel. */
  readonly model: string | null;
  readonly covered: number;
  readonly valuesConfirmed: number;
  readonly framesConfirmed: number;
  readonly contradicted: readonly Contradiction[];
  readonly notModelled: readonly { readonly name: string; readonly why: string }[];
}

export interface Contradiction {
  readonly name: string;
  readonly level: Level;
  readonly op: string;
  readonly recorded: string;
  readonly predicted: string;
}

/** A script in the recorder's language as a prediction can use it, or why no model can be asked about it. */
export type Script =
  | { readonly plan: Plan; readonly nodrains: ReturnType<typeof nodrainsOf> }
  | { readonly plan: null; readonly why: string };

export function readScript(text: string): Script {
  const { scenario, diagnostics } = parse(text);
  const broken = diagnostics.filter((d) => d.severity === 'error');
  if (broken.length > 0) return { plan: null, why: whyNot(broken) };
  const compiled = compile(scenario, { models: [] });
  if (compiled.plan === null) return { plan: null, why: whyNot(compiled.diagnostics) };
  return { plan: compiled.plan, nodrains: nodrainsOf(scenario) };
}

/** The first operation that no model has; else the first mistake. */
function whyNot(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter((d) => d.severity === 'error');
  return (errors.find(isNotModelled) ?? errors[0])?.message ?? 'the script has no operations';
}

export const scriptOf = (experiment: RecordedExperiment): string =>
  experiment.steps.map((step) => `${step.op}\n`).join('');

/** `build`: what the kernel's build decided. */
export function judge(experiment: RecordedExperiment, model: Model, build: Build = {}): Judgement {
  const { name } = experiment,
    script = readScript(scriptOf(experiment));
  if (script.plan === null) return { name, covered: false, why: script.why };
  const plan: Plan = { ...script.plan, switches: { ...script.plan.switches, ...build } };
  const prediction = predict(plan, model, { name, nodrains: script.nodrains });
  return {
    name,
    covered: true,
    prediction,
    values: compareSteps(experiment, prediction, 'values'),
    frames: compareSteps(experiment, prediction, 'frames'),
  };
}

/**
 * The whole file; `id` is the model that answers for its kernel, `model` that model if there is one already.
 * What the kernel itself could not run to its end is not counted. `each` hears of every judgement.
 */
export function judgeRecording(
  recording: Recording,
  kernel: string,
  id: string | null,
  model: Model | undefined,
  each: (experiment: RecordedExperiment, judged: Judgement) => void = () => undefined,
): Evidence {
  const ran = recording.experiments.filter((e) => e.skip === undefined);
  const none = {
    file: recording.file,
    kernel,
    model: model?.id ?? null,
    covered: 0,
    valuesConfirmed: 0,
    framesConfirmed: 0,
  };
  if (model === undefined) {
    const why = id === null ? `no model answers for ${kernel}` : `there is no model ${id} yet`;
    return { ...none, contradicted: [], notModelled: ran.map(({ name }) => ({ name, why })) };
  }
  const build = buildForStem(kernel);
  const judged = ran.map((e) => {
      const j = judge(e, model, build);
      each(e, j);
      return j;
    }),
    covered = judged.filter((j) => j.covered);
  const contradicted = covered.flatMap((j) => {
    const level: Level = j.values !== null ? 'values' : 'frames',
      difference = j[level];
    if (difference === null) return [];
    const { op, recorded, predicted } = difference;
    return [{ name: j.name, level, op, recorded, predicted }];
  });
  return {
    ...none,
    covered: covered.length,
    valuesConfirmed: covered.filter((j) => j.values === null).length,
    framesConfirmed: covered.filter((j) => j.values === null && j.frames === null).length,
    contradicted,
    notModelled: judged.flatMap((j) => (j.covered ? [] : [{ name: j.name, why: j.why }])),
  };
}
