// Scripts that fuzz-kernel has found a model wrong about, shrunk; each with what the kernel did.
import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { modelById } from '../kernel/models/index.ts';
import { judge } from './judge.ts';
import { modelForRelease } from './kernels.ts';
import { parseRecording } from './recording.ts';

const folder = new URL('../../fixtures/found/', import.meta.url);
const cases = readdirSync(folder).flatMap((file) => {
  const { experiments } = parseRecording(readFileSync(new URL(file, folder), 'utf8'), file);
  return experiments.map((experiment) => [experiment.name, file.replace('.jsonl', ''), experiment] as const);
});

test.each(cases)('%s on %s', (_, release, experiment) => {
  const model = modelById(modelForRelease(release) ?? '')!;
  expect(judge(experiment, model)).toMatchObject({ covered: true, values: null, frames: null });
});
