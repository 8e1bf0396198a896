/** folioscope fuzz-kernel: random scripts on the kernel that runs here, against a model. */
import { release } from 'node:os';
import { join } from 'node:path';
import { fuzz, fuzzWords } from '../evidence/fuzz.ts';
import type { FuzzResult } from '../evidence/fuzz.ts';
import { modelForRelease } from '../evidence/kernels.ts';
import { InternalError } from '../kernel/errors.ts';
import { modelById } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { numberOf } from './command.ts';
import type { Command, Io } from './command.ts';
import { modelNamed } from './lookup.ts';
import { packageRoot } from './package-root.ts';
import { buildRecorder, recorderAvailable, runScripts } from './recorder.ts';

export const fuzzKernel: Command = {
  name: 'fuzz-kernel',
  operands: '',
  summary: 'random scripts on the running kernel, against a model',
  options: {
    seed: { value: 'N', says: 'of the random scripts (1)' },
    count: { value: 'N', says: 'scripts to compare (200)' },
    kinds: { value: 'K,...', says: "of memory, in the recorder's words: pfile,memfd (all)" },
    model: { value: 'ID', says: 'default: the one that stands for this kernel' },
  },
  run: (args, io) => {
    const seed = numberOf(args, 'seed', 1),
      count = numberOf(args, 'count', 200, 1);
    const named = args.text('model');
    const chosen = named === undefined ? null : modelNamed(named);
    const here = ready(chosen);
    if ('why' in here) return skip(here.why, args.flag('json'), io);
    const { binary, model, kernel } = here;
    const kinds = args.text('kinds')?.split(',');
    let result: FuzzResult;
    try {
      result = fuzz({ seed, count, ...(kinds && { kinds }) }, model, (scripts) =>
        runScripts(binary, scripts),
      );
    } catch (problem) {
      if (problem instanceof InternalError) throw problem;
      return skip(messageOf(problem), args.flag('json'), io);
    }
    if (args.flag('json')) {
      io.out(JSON.stringify({ kernel: kernel, ...result }));
      io.err(fuzzWords(result));
    } else print(kernel, result, io);
    return result.values > 0 ? 1 : 0;
  },
};

type Ready =
  { readonly kernel: string; readonly model: Model; readonly binary: string } | { readonly why: string };

/** What a run needs, or why it cannot be. A model that was asked for answers for any kernel. */
export function ready(chosen: Model | null): Ready {
  const kernel = release(),
    here = recorderAvailable();
  const onlyModelMissing = chosen !== null && modelForRelease(kernel) === null;
  if (!here.ok && !onlyModelMissing) return { why: here.why };
  const model = chosen ?? (here.ok ? modelById(here.model) : undefined);
  if (model === undefined)
    return { why: `there is no model for kernel ${kernel} yet; --model ID compares with another one` };
  try {
    return { kernel, model, binary: buildRecorder(recorderCache()) };
  } catch (problem) {
    return { why: messageOf(problem) };
  }
}
const messageOf = (problem: unknown): string =>
  problem instanceof Error ? problem.message : String(problem);

/** Not in a folder that others may write to: the binary runs as root. */
export const recorderCache = (): string => join(packageRoot(), 'node_modules', '.cache', 'folioscope');

function skip(why: string, json: boolean, io: Io): number {
  if (json) io.out(JSON.stringify({ skipped: why }));
  else io.out(`SKIPPED: ${why}`);
  return 0;
}

function print(kernel: string, result: FuzzResult, io: Io): void {
  io.out(`kernel ${kernel} against ${result.model}, seed ${result.seed}`);
  for (const { why, scripts } of result.notCompared) io.out(`  not compared, ${scripts}: ${why}`);
  for (const d of result.disagreements) {
    io.out('');
    io.out(`${d.name}: ${d.level} differ at ${d.op}`);
    io.out(`  ${d.smallest}`);
    io.out(`  kernel  ${d.recorded}`);
    io.out(`  model   ${d.predicted}`);
  }
  io.out(fuzzWords(result));
}
