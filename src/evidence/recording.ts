/**
 * Reads what the recorder printed on a real kernel: one JSON object per line, one line per experiment.
 * A prediction of a model has the same shape, so that the two can be compared step by step.
 */

/** One watched page of one actor after an operation. Exactly one of `f`, `swap` and `none` is there. */
export interface RecordedPage {
  /** Frame name, `f0`, `f1`... or `z0` for a zero page; see canon.ts for what two equal names mean. */
  readonly f?: string;
  /** First byte as the actor reads it, two hex digits; `!` if it may not read. */
  readonly v?: string;
  /** Pagemap bit 56: mapped once. Not the kernel's anon-exclusive bit. */
  readonly x?: number;
  /** `/proc/kpagecount`: how often mapped. */
  readonly mc?: number;
  /** Words of `/proc/kpageflags`. */
  readonly fl?: string;
  readonly swap?: number;
  readonly none?: number;
  /** Write-protected by userfaultfd. */
  readonly wp?: number;
}

/** Actor (`A`) to page (`a0`) to what is there. */
export type RecordedProcs = Readonly<Record<string, Readonly<Record<string, RecordedPage>>>>;

export interface RecordedStep {
  /** The operation as written: `A st a.0 11`. */
  readonly op: string;
  /** Negative: failed. */
  readonly ret: number;
  /** An errno or signal name: `EFAULT`, `SIGSEGV`. */
  readonly err?: string;
  /** The byte that the operation reported, two hex digits. */
  readonly val?: string;
  /** Minor and major faults; meaningful for `ld` and `st` only. */
  readonly flt?: readonly [minor: number, major: number];
  readonly procs: RecordedProcs;
}

export interface RecordedExperiment {
  /** `uname -r`; may say less than the file's name. */
  readonly kernel: string;
  readonly name: string;
  readonly steps: readonly RecordedStep[];
  /** Why this kernel could not run the experiment to its end. */
  readonly skip?: string;
}

/** The `_env` line: what the recording was made on. */
export interface RecordedEnv {
  readonly kernel: string;
  readonly machine: string;
  readonly version: string;
  readonly zramswap: boolean;
}

export interface RecordingProblem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface Recording {
  readonly file: string;
  readonly env: RecordedEnv | null;
  readonly experiments: readonly RecordedExperiment[];
  /** Lines that could not be read; the others were. */
  readonly problems: readonly RecordingProblem[];
}

/** What is wrong with a value and where it stands, for the message of a problem. */
class Malformed extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function fields(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Malformed(`${where} is not an object`);
  return value as Fields;
}

function text(from: Fields, key: string, where: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw new Malformed(`${where}: "${key}" is not a text`);
  return value;
}

function number(from: Fields, key: string, where: string): number {
  const value = from[key];
  if (typeof value !== 'number') throw new Malformed(`${where}: "${key}" is not a number`);
  return value;
}

/** Keys that are absent stay absent: exact optional properties, and `JSON.stringify` gives the line back. */
function optional<T>(
  from: Fields,
  key: string,
  where: string,
  read: (from: Fields, key: string, where: string) => T,
): Record<string, T> {
  return from[key] === undefined ? {} : { [key]: read(from, key, where) };
}

function readPage(value: unknown, where: string): RecordedPage {
  const from = fields(value, where);
  const page: RecordedPage = {
    ...optional(from, 'f', where, text),
    ...optional(from, 'v', where, text),
    ...optional(from, 'x', where, number),
    ...optional(from, 'mc', where, number),
    ...optional(from, 'fl', where, text),
    ...optional(from, 'swap', where, number),
    ...optional(from, 'none', where, number),
    ...optional(from, 'wp', where, number),
  };
  if (page.f === undefined && page.swap === undefined && page.none === undefined)
    throw new Malformed(`${where} has none of "f", "swap" and "none"`);
  return page;
}

function readProcs(value: unknown, where: string): RecordedProcs {
  const procs: Record<string, Record<string, RecordedPage>> = {};
  for (const [actor, pages] of Object.entries(fields(value, where))) {
    if (!/^[A-E]$/.test(actor)) throw new Malformed(`${where}: no actor is called "${actor}"`);
    const seen: Record<string, RecordedPage> = {};
    for (const [name, page] of Object.entries(fields(pages, `${where}.${actor}`))) {
      if (!/^[a-d]\d{1,4}$/.test(name)) throw new Malformed(`${where}.${actor}: no page is called "${name}"`);
      seen[name] = readPage(page, `${where}.${actor}.${name}`);
    }
    procs[actor] = seen;
  }
  return procs;
}

function faults(from: Fields, key: string, where: string): readonly [number, number] {
  const [minor, major] = Array.isArray(from[key]) ? (from[key] as unknown[]) : [];
  if (typeof minor !== 'number' || typeof major !== 'number')
    throw new Malformed(`${where}: "${key}" is not a pair of numbers`);
  return [minor, major];
}

function readStep(value: unknown, where: string): RecordedStep {
  const from = fields(value, where);
  return {
    op: text(from, 'op', where),
    ret: number(from, 'ret', where),
    ...optional(from, 'err', where, text),
    ...optional(from, 'val', where, text),
    ...optional(from, 'flt', where, faults),
    procs: readProcs(from['procs'], `${where}.procs`),
  };
}

function readExperiment(from: Fields, name: string): RecordedExperiment {
  const steps = from['steps'];
  if (!Array.isArray(steps)) throw new Malformed(`${name}: "steps" is not a list`);
  return {
    kernel: text(from, 'kernel', name),
    name,
    steps: steps.map((step, i) => readStep(step, `${name}, step ${i}`)),
    ...optional(from, 'skip', name, text),
  };
}

function readEnv(from: Fields): RecordedEnv {
  return {
    kernel: text(from, 'kernel', '_env'),
    machine: text(from, 'machine', '_env'),
    version: text(from, 'version', '_env'),
    zramswap: number(from, 'zramswap', '_env') !== 0,
  };
}

/**
 * Reads the text of one recording. Never throws: a line that cannot be read becomes a problem with the
 * file's name and the line, and the rest counts. Empty lines and lines with `#` are passed over, and so is
 * what a serial console put before the object. Of two experiments with one name the later one counts.
 */
export function parseRecording(source: string, file: string): Recording {
  const problems: RecordingProblem[] = [];
  const found = new Map<string, RecordedExperiment>();
  let env: RecordedEnv | null = null;

  for (const [i, line] of source.split(/\r?\n/).entries()) {
    if (/^\s*(?:#.*)?$/.test(line)) continue;
    const problem = (message: string): void => void problems.push({ file, line: i + 1, message });
    try {
      const from = fields(parseLine(line), 'the line');
      const name = text(from, 'name', 'the line');
      if (name === '_env') {
        env = readEnv(from);
      } else {
        if (found.has(name)) problem(`${name} is there twice; the later one counts`);
        found.set(name, readExperiment(from, name));
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      problem(error.message);
    }
  }
  return { file, env, experiments: [...found.values()], problems };
}

function parseLine(line: string): unknown {
  const start = line.indexOf('{"kernel"');
  if (start < 0) throw new Malformed('not a line of a recording: it has no {"kernel"');
  try {
    return JSON.parse(line.slice(start)) as unknown;
  } catch (error) {
    throw new Malformed(`not JSON, perhaps cut off: ${error instanceof Error ? error.message : ''}`);
  }
}

/** `file:line: message`, for a terminal. */
export const describeProblem = ({ file, line, message }: RecordingProblem): string =>
  `${file}:${line}: ${message}`;
