/** folioscope evidence: every model against what real kernels did. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { judgeRecording } from '../evidence/judge.ts';
import { countOf, overviewOf } from '../evidence/overview.ts';
import type { Overview } from '../evidence/overview.ts';
import type { Evidence } from '../evidence/judge.ts';
import { modelForStem } from '../evidence/kernels.ts';
import { describeProblem, parseRecording } from '../evidence/recording.ts';
import type { Recording } from '../evidence/recording.ts';
import { modelById } from '../kernel/models/index.ts';
import { BadInput } from './command.ts';
import type { Command, Io } from './command.ts';
import { unknownExperiment } from './lookup.ts';
import { packageRoot } from './package-root.ts';
import { table } from './table.ts';

export const evidence: Command = {
  name: 'evidence',
  operands: '[NAME]',
  summary: 'the models against recordings of real kernels',
  options: {
    from: { value: 'DIR', says: 'a folder with more recordings (*.jsonl)' },
    families: { says: 'by what the experiments are about, and by kernel' },
  },
  run: (args, io) => {
    const more = args.text('from'),
      name = args.operands[0];
    const own = join(packageRoot(), 'fixtures', 'recordings');
    const files = [...recordingsIn(own), ...(more === undefined ? [] : recordingsIn(more))];
    const recordings = files.map((f) => read(f, io));
    if (name !== undefined && !recordings.some((r) => r.experiments.some((e) => e.name === name)))
      throw unknownExperiment(name, [
        ...new Set(recordings.flatMap((r) => r.experiments.map((e) => e.name))),
      ]);
    const asked = name === undefined ? recordings : recordings.flatMap((r) => only(r, name));
    const found = asked.map(judgeFile);
    if (args.flag('families')) {
      const overview = overviewOf(asked.map((recording, i) => ({ recording, evidence: found[i]! })));
      if (args.flag('json')) io.out(JSON.stringify(overview));
      else printFamilies(overview, io);
    } else if (args.flag('json')) io.out(JSON.stringify(found));
    else print(found, name !== undefined, io);
    return found.every((e) => e.valuesConfirmed === e.covered) ? 0 : 1;
  },
};

interface File {
  readonly path: string;
  /** As it is called in tables. */
  readonly name: string;
}

/** Sorted, with sub-folders. */
function recordingsIn(folder: string): File[] {
  if (!existsSync(folder)) throw new BadInput(`there is no folder ${folder}`);
  if (!statSync(folder).isDirectory()) throw new BadInput(`${folder} is not a folder`);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((n) => n.endsWith('.jsonl'))
    .sort();
  if (names.length === 0) throw new BadInput(`there is no *.jsonl in ${folder}`);
  return names.map((name) => ({ path: join(folder, name), name: name.replaceAll('\\', '/') }));
}

function read({ path, name }: File, io: Io): Recording {
  const recording = parseRecording(readFileSync(path, 'utf8'), name);
  for (const problem of recording.problems) io.err(describeProblem(problem));
  return recording;
}

/** Files that do not have it are left out. */
function only(recording: Recording, name: string): Recording[] {
  const experiments = recording.experiments.filter((e) => e.name === name);
  return experiments.length === 0 ? [] : [{ ...recording, experiments }];
}

function judgeFile(recording: Recording): Evidence {
  const stem = basename(recording.file, '.jsonl'),
    id = modelForStem(stem);
  return judgeRecording(recording, stem, id, id === null ? undefined : modelById(id));
}

/** A column for each kernel: how many are confirmed, and of how many where that is not all. */
function printFamilies({ kernels, families, experiments }: Overview, io: Io): void {
  const rows = families.map((f) => [f.name, ...f.counts.map((c) => c.text)]);
  for (const line of table([['CONFIRMED', ...kernels.map((k) => k.kernel)], ...rows])) io.out(line);
  const { confirmed, contradicted, notModelled } = countOf(experiments.flatMap((e) => [...e.signs]));
  io.out('');
  io.out(`${confirmed} confirmed, ${contradicted} contradicted, ${notModelled} not modelled`);
}

function print(found: readonly Evidence[], detailed: boolean, io: Io): void {
  const rows = found.map((e) => [
    e.file,
    e.model ?? 'not modelled',
    ...(e.model === null ? ['', '', ''] : [e.covered, e.valuesConfirmed, e.framesConfirmed].map(String)),
    e.notModelled.length === 0 ? '' : `${e.notModelled.length} not modelled`,
  ]);
  for (const line of table([['RECORDING', 'MODEL', 'COVERED', 'VALUES', 'FRAMES', ''], ...rows]))
    io.out(line);
  for (const e of found) {
    for (const c of e.contradicted) {
      io.out('');
      io.out(`${e.file}, ${c.name}: ${e.model} is contradicted at ${c.level} by ${c.op}`);
      io.out(`  recorded   ${c.recorded}`);
      io.out(`  predicted  ${c.predicted}`);
    }
    if (detailed && e.model !== null) for (const n of e.notModelled) io.out(`${e.file}, ${n.name}: ${n.why}`);
  }
}
