/**
 * The canonical form of an outcome, per operation, and the first difference between two outcomes.
 *
 * `values` is what programs can see: errors, what operations reported, the bytes at present pages.
 * `frames` adds whether a page is absent, swapped or present, and which pages are one frame: copy or reuse.
 * What else a recording holds (mapping counts, flags, fault counts) informs, but is not compared.
 */
import { parseOp } from './ops.ts';
import type { RecordedExperiment, RecordedPage, RecordedProcs, RecordedStep } from './recording.ts';

export type Level = 'values' | 'frames';

export interface StepDifference {
  /** Index of the operation in the recording, from 0. */
  readonly index: number;
  /** The operation as recorded: `B st a.0 22`. */
  readonly op: string;
  /** Canonical outcomes, see `canonSteps`; `no such step` if one side has fewer operations. */
  readonly recorded: string;
  readonly predicted: string;
}

/** Verbs whose reported value says something about the machine: event flags, a node number. */
export const valueIgnored: ReadonlySet<string> = new Set(['uwait', 'move']);

/** Watched pages in one order for all: actors, then regions, then page numbers. */
function scan(procs: RecordedProcs): { readonly at: string; readonly page: RecordedPage }[] {
  return Object.entries(procs)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([actor, pages]) =>
      Object.entries(pages)
        .sort(([a], [b]) => (a.charAt(0) === b.charAt(0) ? pageNumber(a) - pageNumber(b) : a < b ? -1 : 1))
        .map(([name, page]) => ({ at: `${actor}${name}`, page })),
    );
}

const pageNumber = (name: string): number => Number(name.slice(1));

/**
 * Renames frames by first appearance, `f0 f1...` and `z0 z1...` (zero pages) counted apart, and **ends a name
 * in the first step in which no watched page shows the frame**.
 *
 * Why apart: the recorder takes both from one counter, a model need not.
 *
 * Why names end: the recorder knows frames by number only, and cannot see when one is freed. If no reference
 * is out (pipes, pins, I/O), it forgets every frame that nobody maps: a page that comes back from the swap
 * cache or the page cache gets a new name although it may be the same frame. If some reference is out, it
 * keeps all names: a new page that got the number of a freed frame gets that frame's old name. So across a
 * gap neither an equal nor a new name says anything, and what a model knows there cannot be held against it.
 * Within a step and between two steps that both show a frame, names are exact: only one page has a number at
 * a time, and no single operation frees a watched small page before it allocates.
 */
function frameNamer(): (procs: RecordedProcs) => ReadonlyMap<string, string> {
  const next = { f: 0, z: 0 };
  let shown: ReadonlyMap<string, string> = new Map();
  return (procs) => {
    const names = new Map<string, string>();
    for (const { page } of scan(procs)) {
      if (page.f === undefined || names.has(page.f)) continue;
      const kind = page.f.startsWith('z') ? 'z' : 'f';
      names.set(page.f, shown.get(page.f) ?? `${kind}${next[kind]++}`);
    }
    shown = names;
    return names;
  };
}

function cell(page: RecordedPage, names: ReadonlyMap<string, string>): string {
  if (page.none !== undefined) return '-';
  if (page.swap !== undefined) return 'swap';
  return `${names.get(page.f ?? '') ?? '?'}:${page.v ?? '?'}`;
}

/** `names` null: level values. `verb` is the recorded one: a prediction may spell its operation otherwise. */
function outcome(step: RecordedStep, verb: string, names: ReadonlyMap<string, string> | null): string {
  const error = step.ret < 0 ? (step.err ?? 'fail') : '';
  const value = valueIgnored.has(verb) ? '' : (step.val ?? '');
  const cells = scan(step.procs).flatMap(({ at, page }) => {
    if (names) return [`${at}=${cell(page, names)}`];
    return page.v === undefined ? [] : [`${at}=${page.v}`];
  });
  return `${error}${value} [${cells.join(' ')}]`.trim();
}

const verbOf = (op: string): string => parseOp(op).verb.replace(/^&/, '');

/**
 * The outcome of every operation: error name or reported byte, then the pages, as in `11 [Aa0=f0:11 Ba0=-]`
 * (frames) or `11 [Aa0=11]` (values). `ops` are the operations whose spelling counts, by default its own.
 */
export function canonSteps(
  experiment: RecordedExperiment,
  level: Level,
  ops: readonly RecordedStep[] = experiment.steps,
): string[] {
  const name = frameNamer();
  return experiment.steps.map((step, i) =>
    outcome(step, verbOf((ops[i] ?? step).op), level === 'frames' ? name(step.procs) : null),
  );
}

/**
 * The first operation whose outcomes differ at a level, or null. Operations are matched by position; how
 * they are spelled does not matter. An experiment that the recording skipped should not come here: its steps
 * end where the kernel could not go on, and that would count as a difference.
 */
export function compareSteps(
  recorded: RecordedExperiment,
  predicted: RecordedExperiment,
  level: Level,
): StepDifference | null {
  const left = canonSteps(recorded, level);
  const right = canonSteps(predicted, level, recorded.steps);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    if (left[index] === right[index]) continue;
    return {
      index,
      op: (recorded.steps[index] ?? predicted.steps[index])?.op ?? '',
      recorded: left[index] ?? 'no such step',
      predicted: right[index] ?? 'no such step',
    };
  }
  return null;
}
