/**
 * Runs scripts on the kernel that is running here: builds the recorder (recorder/*.c) once, feeds it scripts,
 * reads what it prints. The recorder restores what it changes; most scripts need nothing changed.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modelForRelease } from '../evidence/kernels.ts';
import { describeProblem, parseRecording } from '../evidence/recording.ts';
import type { RecordedExperiment } from '../evidence/recording.ts';
import type { SourceFile } from '../export/c-program.ts';

export type RecorderAvailable =
  | { readonly ok: true; readonly kernel: string; readonly model: string }
  | { readonly ok: false; readonly why: string };

export interface RecorderScript {
  /** One word. */
  readonly name: string;
  /** Operations, separated by `;` or line ends. */
  readonly text: string;
}

/** As recorder/Makefile builds it. */
const compiler = 'gcc';
const flags = ['-static', '-O1', '-pthread'] as const;

/** What a run may print; one experiment is about 3 kB. */
const outputMax = 1 << 29;

/** Whether scripts can be run here, and which model answers for this kernel; else why not. */
export function recorderAvailable(): RecorderAvailable {
  const no = (why: string): RecorderAvailable => ({ ok: false, why });
  if (process.platform !== 'linux') return no('the recorder runs on Linux only');
  if (process.geteuid?.() !== 0)
    return no('the recorder must run as root: frame numbers are hidden from others');
  if (spawnSync(compiler, ['--version']).status !== 0)
    return no('the recorder is built with gcc, which is not here');
  const kernel = release();
  const model = modelForRelease(kernel);
  return model === null ? no(`there is no model of kernel ${kernel}`) : { ok: true, kernel, model };
}

/** The folder `recorder/` of this checkout, seen from the source as well as from a bundle of it. */
function recorderFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'recorder', 'litmus.h'))) {
    if (dirname(folder) === folder) throw new Error('the folder recorder/ is not in this checkout');
    folder = dirname(folder);
  }
  return join(folder, 'recorder');
}

/** Its sources, and what a program that is exported from a scenario has besides. */
export function recorderSources(): SourceFile[] {
  const folder = recorderFolder();
  const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const own = readdirSync(folder).filter((name) => /\.[ch]$/.test(name));
  return [
    ...own.sort().map((name) => ({ name, text: read(name) })),
    { name: 'expect.c', text: read('export/expect.c') },
  ];
}

/**
 * The recorder's binary in `cacheDir`; compiled (about 2 s) if there is none of these sources yet. Throws an
 * `Error` with the compiler's message if that fails.
 */
export function buildRecorder(cacheDir: string): string {
  const folder = recorderFolder();
  const names = readdirSync(folder).filter((name) => /\.[ch]$/.test(name));
  const hash = createHash('sha256').update(flags.join());
  for (const name of names.sort()) hash.update(name).update(readFileSync(join(folder, name)));
  const binary = join(cacheDir, `litmus-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(binary)) return binary;

  mkdirSync(cacheDir, { recursive: true });
  const sources = names.filter((name) => name.endsWith('.c')).map((name) => join(folder, name));
  // Into a name of our own, then renamed: two builds at a time do not see each other's half.
  const made = `${binary}.${process.pid}`;
  const built = spawnSync(compiler, [...flags, '-o', made, ...sources], { encoding: 'utf8' });
  if (built.status !== 0) {
    rmSync(made, { force: true });
    throw new Error(`the recorder does not compile: ${built.error?.message ?? built.stderr}`);
  }
  renameSync(made, binary);
  return binary;
}

/**
 * Runs scripts one after the other and returns an experiment for each, in their order; one that this kernel
 * cannot run has a `skip`. About 1.5 ms a script. Scripts go in and outcomes come out by pipes: no file is
 * left behind, however the run ends. Throws an `Error` if the recorder cannot run at all or loses a script.
 */
export function runScripts(binary: string, scripts: readonly RecorderScript[]): RecordedExperiment[] {
  for (const { name, text } of scripts) {
    if (!/^\S+$/.test(name) || /^\s*[@#]/m.test(text))
      throw new Error(`not a script for the recorder: ${name}`);
  }
  const run = spawnSync(binary, ['-f', '-'], {
    input: scripts.map(({ name, text }) => `@${name}\n${text}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: outputMax,
    // O_DIRECT needs a file for a moment, in the folder where it runs.
    cwd: tmpdir(),
  });
  if (run.error) throw run.error;
  if (run.status !== 0)
    throw new Error(`the recorder ended with ${run.signal ?? run.status}: ${run.stderr.trim()}`);
  const { experiments, problems } = parseRecording(run.stdout, 'recorder');
  if (problems[0]) throw new Error(describeProblem(problems[0]));
  const found = new Map(experiments.map((experiment) => [experiment.name, experiment]));
  return scripts.map(({ name }) => {
    const experiment = found.get(name);
    if (!experiment) throw new Error(`the recorder printed nothing for ${name}`);
    return experiment;
  });
}
