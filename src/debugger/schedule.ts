/**
 * Schedules as text. A schedule lists only switches of threads: `child@vmsplice.gup_pte_range.grab#2` lets
 * the thread `child` run until it stands, for the second time in its operation `vmsplice`, before that row;
 * `child@vmsplice.end` until that operation is over. After the last one the declared order goes on. A
 * position has the same form. `child*5` (five steps) and plain numbers as positions are read, never
 * written.
 */
import { firstWay, isOpen, pcOf, program, status } from '../kernel/engine.ts';
import type { Machine } from '../kernel/machine.ts';
import { hasEnded } from '../kernel/view.ts';
import { OP, cells, taskOf } from '../kernel/world.ts';
import { extend, finish, goTo, natural, newRun } from './run.ts';
import type { Run, StepRecord } from './run.ts';

export interface Segment {
  readonly thread: string;
  /** Operation name; '' when `steps` counts. */
  readonly op: string;
  /** `routine.label`, or `end`. */
  readonly label: string;
  readonly visit: number;
  /** For `child*5`. */
  readonly steps: number;
}

/** Reads one segment, null if it is none. */
export function parseSegment(text: string): Segment | null {
  const counted = /^([^@*,\s]+)\*(\d{1,5})$/.exec(text);
  if (counted) return { thread: counted[1]!, op: '', label: '', visit: 1, steps: Number(counted[2]) };
  const m = /^([^@*,\s]+)@([^.,\s]+)\.([^#,\s]+)(?:#(\d{1,4}))?$/.exec(text);
  return m ? { thread: m[1]!, op: m[2]!, label: m[3]!, visit: Number(m[4] ?? 1), steps: 0 } : null;
}
const print = (thread: string, op: string, label: string, visit: number): string =>
  `${thread}@${op}.${label}${visit > 1 ? `#${visit}` : ''}`;

const rowName = (pc: number): string => `${program.rows[pc]!.routine.name}.${program.rows[pc]!.label}`;
const visitsBefore = (run: Run, op: number, pc: number, at: number): number => {
  let n = 0;
  for (let i = 0; i < at; i++) if (run.steps[i]!.op === op && run.steps[i]!.pc === pc) n++;
  return n;
};

/** It was chosen: its thread stands before its first row and need not have made a step of it. */
const isAlternative = ({ machine }: Run, op: number): boolean => {
  const { pick, syscall } = machine.plan.ops[op]!;
  return pick !== undefined && syscall !== 'pick';
};

/** Where thread `t` stands after step `at`: before its next row, or at the end of its last operation. */
function standing(run: Run, t: number, at: number): string {
  const { plan } = run.machine,
    thread = plan.threads[t]!;
  goTo(run, at);
  const pc = pcOf(t),
    i = cells[taskOf[t]! + OP]!,
    op = thread.ops[i];
  const started = op !== undefined && run.steps.slice(0, at).some((s) => s.op === op);
  if (op !== undefined && !started && isAlternative(run, op))
    return print(thread.name, plan.ops[op]!.name, rowName(pc), 1);
  if (pc === 0 || op === undefined || !started)
    return print(thread.name, plan.ops[thread.ops[i - 1]!]!.name, 'end', 1);
  return print(thread.name, plan.ops[op]!.name, rowName(pc), visitsBefore(run, op, pc, at) + 1);
}

/**
 * The schedule as links and results carry it: '' means what the scenario itself asks for. A run in plain
 * declared order says so by
 * naming one stop of it, where the scenario asks for another order.
 */
export function scheduleText(run: Run): string {
  const { machine, steps } = run,
    asked = machine.plan.schedule,
    text = printSchedule(run);
  if (asked === '') return text;
  const own = replay(machine, asked).run.steps;
  if (own.length === steps.length && own.every((s, i) => isSameMove(s, steps[i]!))) return '';
  if (text !== '' || steps.length === 0) return text;
  const end = steps.find((s) => s.effects.some((e) => e.name === 'end'))?.at ?? 1;
  return standing(run, steps[end - 1]!.thread, end);
}

/** The switches that lead to the run's steps. Those that the declared order makes by itself are left out. */
export function printSchedule(run: Run): string {
  const n = run.steps.length;
  const ends: number[] = [];
  for (let i = 0; i < n; i++)
    if (i + 1 === n || run.steps[i + 1]!.thread !== run.steps[i]!.thread || chooses(run, i)) ends.push(i + 1);
  // The last block that the declared order would not have made is the last one that has to be named.
  let last = -1;
  for (let b = 0, i = 0; b < ends.length; b++) {
    for (; i < ends[b]!; i++) {
      goTo(run, i);
      const { thread, choice } = run.steps[i]!;
      if (natural(i === 0 ? -1 : run.steps[i - 1]!.thread) !== thread || firstWay(thread) !== choice)
        last = b;
    }
  }
  if (last < 0) return '';
  // The block before a deviation ends early or late: it is named too, and so is everything before it that
  // matters.
  let parts = ends.slice(0, last + 1).map((end) => standing(run, run.steps[end - 1]!.thread, end));
  // Each attempt to leave one out is a whole run.
  if (parts.length * n > 20_000) return parts.join(',');
  for (let k = 0; k < parts.length;) {
    const fewer = parts.filter((_, i) => i !== k);
    if (sameMoves(run, fewer.join(','))) parts = fewer;
    else k++;
  }
  return parts.join(',');
}
function sameMoves(run: Run, text: string): boolean {
  const other = replay(run.machine, text);
  const same =
    other.notes.length === 0 &&
    other.run.steps.length >= run.steps.length &&
    run.steps.every((s, i) => isSameMove(other.run.steps[i]!, s));
  return same;
}
const isSameMove = (a: StepRecord, b: StepRecord): boolean => a.thread === b.thread && a.choice === b.choice;
/** Step `i` (from 0) was one of several that the thread could choose from. */
const chooses = ({ machine, steps }: Run, i: number): boolean =>
  machine.plan.ops[steps[i]!.op]?.syscall === 'pick';

/** The run of a machine that a schedule describes, to its end, and what could not be followed. */
export function replay(machine: Machine, text: string): { run: Run; notes: string[] } {
  const run = newRun(machine);
  return { run, notes: follow(run, text) };
}

/**
 * Continues a run as the text says, then in declared order. Goes as far as it is legal: notes say what is
 * not.
 */
export function follow(run: Run, text: string): string[] {
  const notes: string[] = [];
  for (const part of text
    .split(',')
    .map((p) => p.trim())
    .filter((p) => p !== '')) {
    const segment = parseSegment(part);
    const t = segment === null ? -1 : run.machine.plan.threads.findIndex((x) => x.name === segment.thread);
    const shown = part.length > 60 ? `${part.slice(0, 60)}…` : part;
    if (segment === null) notes.push(`The schedule has a part that cannot be read: "${shown}".`);
    else if (t < 0)
      notes.push(`The schedule names a thread "${segment.thread}" that this scenario does not have.`);
    else {
      const note = followOne(run, t, segment);
      if (note !== '') notes.push(note);
    }
    if (notes.length > 0) break;
  }
  finish(run, run.steps.at(-1)?.thread ?? -1);
  return notes;
}

/**
 * Lets thread `t` run until it stands where the segment says. Before its turn has come, the others go in
 * declared order.
 */
function followOne(run: Run, t: number, segment: Segment): string {
  const { plan } = run.machine,
    name = segment.thread;
  if (segment.steps > 0) {
    for (let i = 0; i < segment.steps; i++) {
      if (!extend(run, t)) return `${name} could make only ${i} of ${segment.steps} steps here.`;
    }
    return '';
  }
  const op = plan.threads[t]!.ops.find((o) => plan.ops[o]!.name === segment.op);
  if (op === undefined) return `${name} has no operation "${segment.op}".`;
  goTo(run, run.steps.length);
  const pc =
    segment.label === 'end' ? -1 : program.rows.findIndex((_, i) => i > 0 && rowName(i) === segment.label);
  if (segment.label !== 'end' && pc < 0) {
    return `No step of this model is called "${segment.label}"; the run goes on in declared order.`;
  }
  let visits = visitsBefore(run, op, pc, run.steps.length);
  for (;;) {
    const i = cells[taskOf[t]! + OP]!,
      here = plan.threads[t]!.ops[i];
    if (hasEnded(op)) {
      return pc === -1 ? '' : `${name} does not come to ${segment.op}.${segment.label} in this run.`;
    }
    if (here === op && pcOf(t) === pc && visits + 1 >= segment.visit) return '';
    if (extend(run, t, wayTowards(run, t, here, op))) {
      if (run.steps.at(-1)!.pc === pc && run.steps.at(-1)!.op === op) visits++;
      continue;
    }
    const s = status(t);
    const other = s.kind === 'later' || s.kind === 'absent' ? natural(run.steps.at(-1)?.thread ?? -1) : -1;
    if (other < 0 || !extend(run, other, firstWay(other))) {
      return `${name} cannot reach ${segment.op}.${segment.label} here: it is blocked.`;
    }
  }
}

/** Where a thread has to choose: the operation that it is to come to, if it may choose that now. */
function wayTowards({ machine }: Run, t: number, here: number | undefined, wanted: number): number {
  const { plan } = machine,
    { pick } = plan.ops[wanted]!;
  if (here === undefined || plan.ops[here]!.syscall !== 'pick') return 0;
  const way = plan.threads[t]!.ops.indexOf(wanted) - plan.threads[t]!.ops.indexOf(here) - 1;
  return pick === plan.ops[here]!.pick && way >= 0 && isOpen(t, way) ? way : firstWay(t);
}

/** How a link writes the position after step `at`: where the thread of the next step stands. */
export function printPosition(run: Run, at: number): string {
  if (at <= 0) return 'start';
  const next = run.steps[at];
  if (next === undefined) return 'end';
  goTo(run, at);
  const { plan } = run.machine;
  return print(
    plan.threads[next.thread]!.name,
    plan.ops[next.op]!.name,
    rowName(next.pc),
    visitsBefore(run, next.op, next.pc, at) + 1,
  );
}

/** Step number of a written position, and a note when it is not there. */
export function seekPosition(run: Run, text: string): { at: number; note: string } {
  const n = run.steps.length;
  if (text === '' || text === 'start') return { at: 0, note: '' };
  if (text === 'end') return { at: n, note: '' };
  if (/^\d{1,6}$/.test(text)) {
    const at = Number(text);
    return at <= n ? { at, note: '' } : { at: n, note: `This run has ${n} steps; there is no step ${at}.` };
  }
  const s = parseSegment(text);
  if (s === null || s.steps > 0)
    return { at: 0, note: `The position "${text.slice(0, 60)}" cannot be read.` };
  goTo(run, 0);
  const { plan } = run.machine;
  let visit = 0;
  for (const step of run.steps) {
    if (plan.threads[step.thread]!.name !== s.thread || plan.ops[step.op]?.name !== s.op) continue;
    if (s.label === 'end') {
      if (step.effects.some((e) => e.name === 'end')) return { at: step.at, note: '' };
    } else if (rowName(step.pc) === s.label && ++visit >= s.visit) return { at: step.at - 1, note: '' };
  }
  return { at: 0, note: `This run never comes to ${text.slice(0, 80)}; it opens at its start.` };
}
