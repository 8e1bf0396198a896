/** The commands, in the order in which `folioscope --help` lists them. One line for each. */
import { ablate } from './ablate.ts';
import { check } from './check.ts';
import type { Command } from './command.ts';
import { compare } from './compare.ts';
import { evidence } from './evidence.ts';
import { exportTo } from './export.ts';
import { fuzzKernel } from './fuzz-kernel.ts';
import { guards } from './guards.ts';
import { importRace } from './import-race.ts';
import { importRecord } from './import-record.ts';
import { invariants } from './invariants.ts';
import { lesson } from './lesson.ts';
import { matrix } from './matrix.ts';
import { models } from './models.ts';
import { run } from './run.ts';
import { scenarios } from './scenarios.ts';
import { shrink } from './shrink.ts';
import { why } from './why.ts';

export const commands: readonly Command[] = [
  models,
  invariants,
  scenarios,
  guards,
  run,
  check,
  shrink,
  compare,
  why,
  lesson,
  exportTo,
  importRace,
  evidence,
  importRecord,
  fuzzKernel,
  matrix,
  ablate,
];
