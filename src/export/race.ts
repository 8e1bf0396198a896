/**
 * A run as people write races in mails: a column for each thread, time downwards, 72 columns wide. An
 * operation that nobody comes in between is one line; of the others every step is shown with the locks and
 * counts that it changes. Below the table stands the scenario itself, so that a reader of the mail can open
 * exactly this run: `race-read.ts`.
 */
import { printPosition, scheduleText } from '../debugger/schedule.ts';
import type { Run, StepRecord } from '../debugger/run.ts';
import { linesOf } from '../scenario/lexer.ts';
import { notesOf, notesOfAll } from './notes.ts';
import { operationText, verdictOf } from './subject.ts';
import type { Subject } from './subject.ts';

export const WIDTH = 72;
const GUTTER = 2;

export interface RaceOptions {
  /** Every step of every operation, also where nobody comes in between. */
  readonly steps?: boolean;
}

export function raceText(subject: Subject, { steps = false }: RaceOptions = {}): string {
  const { run, at, link } = subject,
    { plan, model, without } = run.machine;
  const shown = run.steps.slice(0, at);
  const threads = [...new Set(shown.map((s) => s.thread))].sort((a, b) => a - b);
  const title = plan.title === '' ? subject.name : plan.title;
  const rows = rowsOf(run, shown, steps);
  const fields = [
    ...field('Model', model.id),
    ...(without.length === 0 ? [] : field('Without', without.join(', '))),
    ...field('Schedule', scheduleText(run)),
    ...(at === run.steps.length ? [] : field('At', printPosition(run, at))),
  ];
  return [
    ...wrapped(title, WIDTH),
    ...wrapped(asciiOf(verdictOf(subject)), WIDTH),
    '',
    ...tableOf(
      threads.map((t) => plan.threads[t]!.name),
      rows.map(({ thread, ...row }) => ({ ...row, column: threads.indexOf(thread) })),
    ),
    ...(shown.length < run.steps.length ? ['', `(after step ${at} of ${run.steps.length})`] : []),
    '',
    '+ takes a lock, - drops it; refs, maps, pins: counts of a page.',
    ...(link === '' ? [] : ['', link]),
    '',
    'Folioscope opens this mail as it is.',
    ...fields,
    'Scenario:',
    ...blockOf(subject.text),
    '',
  ].join('\n');
}

interface Row {
  readonly thread: number;
  readonly text: string;
  /** 0 for an operation, 1 for a step of it. */
  readonly depth: 0 | 1;
}

/** Consecutive steps of one operation. */
interface Stretch {
  readonly thread: number;
  readonly op: number;
  readonly steps: StepRecord[];
}

function rowsOf(run: Run, shown: readonly StepRecord[], all: boolean): Row[] {
  const stretches: Stretch[] = [];
  for (const step of shown) {
    const last = stretches.at(-1);
    if (last?.op === step.op && last.thread === step.thread) last.steps.push(step);
    else stretches.push({ thread: step.thread, op: step.op, steps: [step] });
  }
  return stretches.flatMap((stretch, i): Row[] => {
    const { thread, op, steps } = stretch;
    const text = operationText(run, op);
    const parts = stretches.filter((s) => s.op === op && s.thread === thread);
    if (parts.length === 1 && !all) {
      const notes = notesOfAll(run, steps);
      return [{ thread, depth: 0, text: notes.length === 0 ? text : `${text}: ${notes.join(', ')}` }];
    }
    const first = stretches.findIndex((s) => s.op === op && s.thread === thread) === i;
    const head: Row = { thread, depth: 0, text: first ? text : `(${text})` };
    return [head, ...steps.map((s): Row => ({ thread, depth: 1, text: stepText(run, s) }))];
  });
}

function stepText(run: Run, step: StepRecord): string {
  const { routine, label } = run.machine.program.rows[step.pc]!;
  const notes = notesOf(run, step);
  return `${routine.name}.${label}${notes.length === 0 ? '' : ` ${notes.join(', ')}`}`;
}

interface Placed {
  readonly column: number;
  readonly text: string;
  readonly depth: 0 | 1;
}

function tableOf(names: readonly string[], rows: readonly Placed[]): string[] {
  const n = Math.max(1, names.length);
  const width = Math.max(8, Math.floor((WIDTH - GUTTER * (n - 1)) / n));
  const gap = ' '.repeat(GUTTER);
  const line = (column: number, text: string): string =>
    (' '.repeat(column * (width + GUTTER)) + text).trimEnd();
  return [
    names
      .map((name) => clipped(name, width).padEnd(width))
      .join(gap)
      .trimEnd(),
    names.map(() => '-'.repeat(width)).join(gap),
    ...rows.flatMap(({ column, text, depth }) =>
      wrapped(asciiOf(text), width - 2 * depth, '  ').map((part) => line(column, '  '.repeat(depth) + part)),
    ),
  ];
}
const clipped = (text: string, width: number): string =>
  text.length <= width ? text : `${text.slice(0, width - 1)}~`;

/** Lines of at most `width`, broken at spaces, and in a longer word behind a dot or an underscore. */
function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  const room = (): number => width - (lines.length === 0 ? 0 : indent.length);
  for (const word of text.split(/\s+/).filter((w) => w !== '')) {
    if (line !== '' && line.length + 1 + word.length <= room()) {
      line += ` ${word}`;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (line.length > room()) {
      const most = room(),
        soft = Math.max(line.lastIndexOf('.', most - 1), line.lastIndexOf('_', most - 1)) + 1;
      const cut = soft > 1 ? soft : most;
      lines.push(line.slice(0, cut));
      line = line.slice(cut);
    }
  }
  if (line !== '') lines.push(line);
  return lines.map((one, i) => (i === 0 ? one : indent + one));
}

/** `Schedule: a,b,` and the rest below, indented. Nothing is written for an empty value. */
function field(name: string, value: string): string[] {
  if (value === '') return [];
  const head = `${name}: `.padEnd(10);
  const lines: string[] = [];
  let line = '';
  for (const part of value.split(/(?<=,)/).map((p) => p.trim())) {
    if (line !== '' && head.length + line.length + part.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line += part;
  }
  return [...lines, line].map((one, i) => (i === 0 ? head : ' '.repeat(head.length)) + one);
}

/** `  | a line`, and `  + its rest` where it is too long: mail programs break long lines anywhere. */
function blockOf(text: string): string[] {
  const room = WIDTH - 4;
  return linesOf(text.replace(/\s+$/, '')).flatMap((line) => {
    const out: string[] = [];
    let rest = [...line.trimEnd()];
    do {
      const cut = cutOf(rest, room);
      out.push(`  ${out.length === 0 ? '|' : '+'} ${rest.slice(0, cut).join('')}`.trimEnd());
      rest = rest.slice(cut);
    } while (rest.length > 0);
    return out;
  });
}

/** A line is cut before a space: one at its end would not survive a mail. */
function cutOf(letters: readonly string[], room: number): number {
  if (letters.length <= room) return letters.length;
  for (let at = room; at > 1; at--) if (/\s/.test(letters[at]!) && !/\s/.test(letters[at - 1]!)) return at;
  for (let at = room; at > 1; at--) if (!/\s/.test(letters[at - 1]!)) return at;
  return room;
}

/** Signs of print, as a mail from a terminal has them. */
const asciiOf = (text: string): string =>
  text.replace(/[“”]/g, '"').replaceAll('’', "'").replaceAll('→', '->').replaceAll('…', '...');
