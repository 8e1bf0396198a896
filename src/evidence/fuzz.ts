/** Random scripts on a kernel against a model. Who runs them on the kernel is the caller's. */
import { InternalError } from '../kernel/errors.ts';
import type { Model } from '../kernel/rules.ts';
import type { Level } from './canon.ts';
import { judge, readScript } from './judge.ts';
import { randomScripts } from './random-scripts.ts';
import { randomVerbs } from './random-verbs.ts';
import type { RandomScript } from './random-scripts.ts';
import type { RecordedExperiment } from './recording.ts';
import { shrinkScript } from './shrink-script.ts';

/** Runs scripts on a kernel and returns an outcome for each, in their order. */
export type RunOnKernel = (
  scripts: readonly { readonly name: string; readonly text: string }[],
) => RecordedExperiment[];

export interface Disagreement {
  readonly name: string;
  readonly level: Level;
  readonly script: string;
  /** The smallest part of it that still differs, and where that differs. */
  readonly smallest: string;
  readonly op: string;
  readonly recorded: string;
  readonly predicted: string;
}

export interface FuzzResult {
  readonly model: string;
  readonly seed: number;
  /** Scripts that were compared. */
  readonly scripts: number;
  readonly values: number;
  /** Of those whose values agree. */
  readonly frames: number;
  readonly disagreements: readonly Disagreement[];
  /** Scripts that the generator made and nobody compared, by reason. */
  readonly notCompared: readonly { readonly why: string; readonly scripts: number }[];
}

/** Scripts of which some may ask for what no model has. */
const spare = (count: number): number => Math.ceil(count / 8) + 20;

/**
 * Compares `count` scripts. Each disagreement is shrunk, which takes some hundred runs on the kernel, so only
 * the first `shrunkMax` are. `kinds`: of memory, as the recorder calls them; absent: all.
 */
export function fuzz(
  {
    seed,
    count,
    shrunkMax = 20,
    kinds,
  }: {
    readonly seed: number;
    readonly count: number;
    readonly shrunkMax?: number;
    readonly kinds?: readonly string[];
  },
  model: Model,
  record: RunOnKernel,
): FuzzResult {
  const skipped = new Map<string, number>();
  const leaveOut = (why: string): void => void skipped.set(why, (skipped.get(why) ?? 0) + 1);
  const drawn: RandomScript[] = [];
  for (const script of randomScripts({ seed, count: count + spare(count), ...verbsFor(kinds) })) {
    if (drawn.length === count) break;
    const read = readScript(script.text);
    if (read.plan === null) leaveOut(read.why.replace(/(?: since line)? \d+$/, ''));
    else drawn.push(script);
  }
  const totals = { scripts: 0, values: 0, frames: 0 };
  const disagreements: Disagreement[] = [];
  for (const [i, recorded] of record(drawn).entries()) {
    const script = drawn[i]!,
      found = differenceOf(recorded, model);
    if (recorded.skip !== undefined) {
      leaveOut(recorded.skip);
      continue;
    }
    totals.scripts += 1;
    if (found === null) continue;
    totals[found.level] += 1;
    if (disagreements.length < shrunkMax) disagreements.push(shrunk(script, found.level, model, record));
  }
  const notCompared = [...skipped].map(([why, scripts]) => ({ why, scripts }));
  return { model: model.id, seed, ...totals, disagreements, notCompared };
}

/** All verbs, but of the maps only those of these kinds. */
const verbsFor = (kinds: readonly string[] | undefined): { verbs?: readonly string[] } =>
  kinds === undefined
    ? {}
    : {
        verbs: Object.keys(randomVerbs).filter((v) => !v.startsWith('map ') || kinds.includes(v.slice(4))),
      };

type Difference = Pick<Disagreement, 'level' | 'op' | 'recorded' | 'predicted'>;

/**
 * The first difference, of values before frames; null: none, or nothing to compare. A mistake inside the
 * model is one, too, so that its script is shrunk and shown and the run goes on.
 */
function differenceOf(recorded: RecordedExperiment, model: Model): Difference | null {
  if (recorded.skip !== undefined) return null;
  let judged: ReturnType<typeof judge>;
  try {
    judged = judge(recorded, model);
  } catch (problem) {
    if (!(problem instanceof InternalError)) throw problem;
    return { level: 'values', op: 'any', recorded: 'runs it', predicted: `stops: ${problem.message}` };
  }
  if (!judged.covered) return null;
  const level: Level = judged.values !== null ? 'values' : 'frames',
    found = judged[level];
  return found === null
    ? null
    : { level, op: found.op, recorded: found.recorded, predicted: found.predicted };
}

function shrunk(script: RandomScript, level: Level, model: Model, record: RunOnKernel): Disagreement {
  const again = (ops: readonly string[]): Difference | null => {
    const [recorded] = record([{ name: script.name, text: ops.join('; ') }]);
    return recorded === undefined ? null : differenceOf(recorded, model);
  };
  const smallest = shrinkScript(script.ops, (ops) => again(ops)?.level === level);
  const { op = '', recorded = '', predicted = '' } = again(smallest) ?? {};
  return {
    name: script.name,
    level,
    script: script.text,
    smallest: smallest.join('; '),
    op,
    recorded,
    predicted,
  };
}

/** `2000 scripts, 0 values differ, 3 frames differ` */
export const fuzzWords = ({ scripts, values, frames }: FuzzResult): string =>
  `${scripts} scripts, ${values} values differ, ${frames} frames differ`;
