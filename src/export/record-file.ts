/**
 * A recording of another kernel on its way into the evidence table: what is in it, by which name it is kept,
 * and how it goes together with what is kept already. Experiments are kept as they were written.
 */
import { modelForStem } from '../evidence/kernels.ts';
import { describeProblem, parseRecording } from '../evidence/recording.ts';

export interface RecordFile {
  /** Name without `.jsonl`, which picks the model. */
  readonly stem: string;
  /** The model that answers for it, null: none does. */
  readonly model: string | null;
  /** Lines, the `_env` one first. */
  readonly lines: readonly string[];
  /** New ones, and those that took the place of one with their name. */
  readonly added: number;
  readonly replaced: number;
}
export type ReadRecord = RecordFile | { readonly why: string; readonly problems: readonly string[] };

const STEM = /^\d+\.\d+(?:\.\d+)?(?:-[\w+]{1,30})?$/;

/**
 * `name`: the file's, for the stem and messages; `as`: a stem to keep it under, or ''; `kept`: what is kept
 * under a stem already, or ''.
 */
export function readRecord(
  source: string,
  name: string,
  as: string,
  kept: (stem: string) => string,
): ReadRecord {
  const recording = parseRecording(source, name);
  const refuse = (why: string): ReadRecord => ({ why, problems: recording.problems.map(describeProblem) });
  if (recording.problems.length > 0) return refuse('not every line can be read, so nothing was added');
  if (recording.experiments.length === 0)
    return refuse('there is no experiment in it: it should be what the recorder prints');
  const releases = new Set([
    ...recording.experiments.map((e) => e.kernel),
    ...(recording.env === null ? [] : [recording.env.kernel]),
  ]);
  if (releases.size > 1) return refuse(`it is from several kernels: ${[...releases].slice(0, 4).join(', ')}`);
  const stem = as || stemOf(name, [...releases][0]!);
  if (stem === null || !STEM.test(stem))
    return refuse(
      `"${(stem ?? [...releases][0]!).slice(0, 60)}" is no kernel’s name as the table has it, ` +
        'such as 6.19.3 or 5.10.262-mapcount: say it with --as',
    );
  const old = rowsOf(kept(stem)),
    fresh = rowsOf(source);
  const replaced = [...fresh.keys()].filter((k) => k !== '_env' && old.has(k)).length;
  const all = new Map([...old, ...fresh]);
  const env = all.get('_env');
  const lines = [
    ...(env === undefined ? [] : [env]),
    ...[...all].flatMap(([k, row]) => (k === '_env' ? [] : [row])),
  ];
  const added = recording.experiments.length - replaced;
  return { stem, model: modelForStem(stem) ?? null, lines, added, replaced };
}

/** A file's name if it is one of the table's, else the numbers of the release: `6.19.3-arch1-1` is 6.19.3. */
function stemOf(name: string, release: string): string | null {
  const own = name.replace(/\.\w+$/, '');
  if (STEM.test(own)) return own;
  const numbers = /^\d+\.\d+(?:\.\d+)?/.exec(release)?.[0] ?? null;
  return numbers;
}

/** Name to row, as it stands in the text; what a serial console put before it is left out. */
function rowsOf(source: string): Map<string, string> {
  const rows = new Map<string, string>();
  for (const line of source.split(/\r?\n/)) {
    const from = line.indexOf('{"kernel"');
    if (from < 0) continue;
    const row = line.slice(from).trimEnd();
    const { name } = JSON.parse(row) as { name: string };
    rows.set(name, row);
  }
  return rows;
}
