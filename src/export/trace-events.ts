/**
 * A run in the Trace Event Format, which Perfetto and chrome://tracing open: a track for each thread with its
 * operations and their steps, one for each lock that a thread has held, and a counter for each folio. A
 * step lasts a microsecond, because a trace has to have some time; here only the order means something.
 */
import { lockSpans, opSpans } from '../debugger/lanes.ts';
import { goTo } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { actorName, changes, folioName, lockLabel, processName, sentence } from '../debugger/words.ts';
import { ZERO_PAGE } from '../kernel/verbs/folio.ts';
import { folioAt, isFree } from '../kernel/view.ts';
import { operationText } from './subject.ts';
import type { Subject } from './subject.ts';

type Args = Readonly<Record<string, string | number | readonly string[]>>;
/** Fields as the format names them; `ts` and `dur` in microseconds. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: 'X' | 'C' | 'M' | 'i';
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly cat?: string;
  /** Scope of an instant: global. */
  readonly s?: 'g';
  readonly args?: Args;
}

/** Tracks of no process of the scenario: behind all of them. */
const LOCKS_PID = 1000,
  FOLIOS_PID = 1001,
  OBSERVER_PID = 999;

export function traceEvents(subject: Subject): string {
  const { run, broken, name } = subject,
    { plan, model } = run.machine;
  const events = [
    ...threadEvents(run),
    ...lockEvents(run),
    ...folioEvents(run),
    ...broken.map(({ at, invariant, reason }): TraceEvent => ({
      name: `${invariant.id} is broken`,
      ph: 'i',
      s: 'g',
      cat: 'violation',
      pid: pidOf(run, run.steps[at - 1]?.thread ?? 0),
      tid: (run.steps[at - 1]?.thread ?? 0) + 1,
      ts: at,
      args: { reason },
    })),
  ];
  const otherData = { scenario: plan.title || name, model: model.id, unit: 'one step is 1 us' };
  // An event a line: for people, and for diff.
  const lines = events.map((e) => JSON.stringify(e)).join(',\n');
  return `{"displayTimeUnit":"ns","otherData":${JSON.stringify(otherData)},"traceEvents":[\n${lines}\n]}\n`;
}

const pidOf = ({ machine }: Run, thread: number): number => {
  const process = machine.plan.threads[thread]?.process ?? -1;
  return process < 0 ? OBSERVER_PID : process + 1;
};

function named(
  pid: number,
  tid: number,
  what: 'process' | 'thread',
  name: string,
  order: number,
): TraceEvent[] {
  const event = (key: string, args: Args): TraceEvent => ({ name: key, ph: 'M', pid, tid, ts: 0, args });
  return [event(`${what}_name`, { name }), event(`${what}_sort_index`, { sort_index: order })];
}

function threadEvents(run: Run): TraceEvent[] {
  const { plan, program } = run.machine;
  const tracks = plan.threads.flatMap((_, t) => named(pidOf(run, t), t + 1, 'thread', actorName(plan, t), t));
  const processes = [...new Set(plan.threads.map((_, t) => pidOf(run, t)))].flatMap((pid) =>
    named(pid, 0, 'process', pid === OBSERVER_PID ? 'observers' : processName(plan, pid - 1), pid),
  );
  const ops = opSpans(run).flatMap(({ first, last }, op): TraceEvent[] => {
    if (first === 0) return [];
    const { thread } = plan.ops[op]!,
      end = last === 0 ? run.steps.length : last;
    return [
      {
        name: operationText(run, op),
        ph: 'X',
        cat: 'operation',
        pid: pidOf(run, thread),
        tid: thread + 1,
        ts: first - 1,
        dur: end - first + 1,
        args: last === 0 ? { line: plan.ops[op]!.line, end: 'never' } : { line: plan.ops[op]!.line },
      },
    ];
  });
  const steps = run.steps.map((s): TraceEvent => {
    const { routine, label } = program.rows[s.pc]!;
    return {
      name: `${routine.name}.${label}`,
      ph: 'X',
      cat: 'step',
      pid: pidOf(run, s.thread),
      tid: s.thread + 1,
      ts: s.at - 1,
      dur: 1,
      args: { step: s.at, says: sentence(run, s), changes: changes(run, s) },
    };
  });
  return [...processes, ...tracks, ...ops, ...steps];
}

function lockEvents(run: Run): TraceEvent[] {
  const { plan, model } = run.machine,
    spans = lockSpans(run);
  if (spans.length === 0) return [];
  const keys = [
    ...new Set(spans.map((s) => `${lockLabel(s.lock, model)}: ${actorName(plan, s.thread)}`)),
  ].sort();
  return [
    ...named(LOCKS_PID, 0, 'process', 'locks', LOCKS_PID),
    ...keys.flatMap((key, i) => named(LOCKS_PID, i + 1, 'thread', key, i)),
    ...spans.map(({ thread, lock, first, last }): TraceEvent => {
      const holder = actorName(plan, thread);
      return {
        name: holder,
        ph: 'X',
        cat: 'lock',
        pid: LOCKS_PID,
        tid: keys.indexOf(`${lockLabel(lock, model)}: ${holder}`) + 1,
        // Taken by its first step, dropped by its last one.
        ts: first - 1,
        dur: last - first + 1,
        args: { lock: lockLabel(lock, model) },
      };
    }),
  ];
}

function folioEvents(run: Run): TraceEvent[] {
  const out: TraceEvent[] = [];
  const shown = new Map<number, string>();
  for (let at = 0; at <= run.steps.length; at++) {
    goTo(run, at);
    for (let f = 0; f < run.machine.counts.folios; f++) {
      if (f === ZERO_PAGE) continue;
      const { refs, maps, pins } = folioAt(f),
        free = isFree(f);
      const args = free ? { refs: 0, maps: 0, pins: 0 } : { refs, maps, pins },
        key = JSON.stringify(args);
      if (shown.get(f) === key || (free && !shown.has(f))) continue;
      shown.set(f, key);
      out.push({ name: folioName(f), ph: 'C', cat: 'folio', pid: FOLIOS_PID, tid: 0, ts: at, args });
    }
  }
  return out.length === 0 ? [] : [...named(FOLIOS_PID, 0, 'process', 'folios', FOLIOS_PID), ...out];
}
