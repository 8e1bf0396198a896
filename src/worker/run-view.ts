/** A run as the app shows it: steps in words, operations, lanes, locks, and the rules it breaks. */
import type { Run, StepRecord } from '../debugger/run.ts';
import { lockSpans, opSpans, staleSpans, waitSpans } from '../debugger/lanes.ts';
import { runKey } from '../debugger/run-key.ts';
import { scheduleText, seekPosition } from '../debugger/schedule.ts';
import type { Broken } from '../debugger/violations.ts';
import {
  actorName,
  changes,
  folioName,
  isExclusive,
  lockLabel,
  pageName,
  pteWords,
  sentence,
} from '../debugger/words.ts';
import { citationOf } from '../kernel/citations.ts';
import { RESULTS } from '../kernel/compile.ts';
import { isStep } from '../kernel/steps.ts';
import { blockedWords } from '../scene/build-processes.ts';
import type { Facts } from '../scene/facts.ts';
import type {
  Decision,
  LaneView,
  LockBar,
  NoteView,
  OpView,
  RunView,
  StaleBar,
  StepView,
  ViolationView,
  WaitBar,
} from './protocol.ts';

export function runView(run: Run, facts: Facts, broken: readonly Broken[], ending: string): RunView {
  const { plan, model } = run.machine,
    locks = lockSpans(run);
  // Under each thread's operations: its locks, and in rows that are free what it waits for and what is stale.
  const rows: Barred[] = [...locks];
  const waits = inFreeRows(waitSpans(run), rows).map(({ thread, row, first, last, status }): WaitBar => ({
    thread,
    row,
    first,
    last,
    words: blockedWords({ run }, status),
  }));
  const stale = inFreeRows(staleSpans(run), rows).map(
    ({ thread, row, va, first, last, entry }): StaleBar => ({
      thread,
      row,
      first,
      last,
      words: `CPU ${plan.threads[thread]!.cpu} still has ${pageName(plan, va)}: ${pteWords(entry)}`,
    }),
  );
  return {
    model: model.id,
    steps: run.steps.map((s) => stepView(run, s)),
    ops: opSpans(run).map((span, i): OpView => {
      const op = plan.ops[i]!,
        result = RESULTS[span.exit]!;
      return {
        thread: op.thread,
        text: op.text,
        line: op.line,
        first: span.first,
        last: span.last,
        error: result === 'end' ? '' : result,
      };
    }),
    lanes: plan.threads.map((t, i): LaneView => ({
      name: actorName(plan, i),
      who: t.process,
      // A device has no CPU, and what reads a pipe from outside may be on any.
      cpu: t.process < 0 ? -1 : t.cpu,
      lockRows: Math.max(0, ...rows.filter((l) => l.thread === i).map((l) => l.row + 1)),
    })),
    locks: locks.map((l): LockBar => ({
      thread: l.thread,
      row: l.row,
      first: l.first,
      last: l.last,
      label: lockLabel(l.lock, model),
      exclusive: isExclusive(l.lock),
    })),
    waits,
    stale,
    violations: violationViews(run, broken),
    ending,
    notes: notesOf(run),
    schedule: scheduleText(run),
    key: runKey(run),
    extent: facts.extent,
  };
}

interface Barred {
  readonly thread: number;
  readonly row: number;
  readonly first: number;
  readonly last: number;
}
/** Gives each bar the first row of its thread in which nothing else is at the time. `taken` grows. */
function inFreeRows<B extends Omit<Barred, 'row'>>(bars: readonly B[], taken: Barred[]): (B & Barred)[] {
  return bars.map((bar) => {
    const inTheWay = new Set(
      taken
        .filter((b) => b.thread === bar.thread && b.first <= bar.last && bar.first <= b.last)
        .map((b) => b.row),
    );
    let row = 0;
    while (inTheWay.has(row)) row++;
    const placed = { ...bar, row };
    taken.push(placed);
    return placed;
  });
}

/** Where the run does not come to, there is nothing to be said. */
function notesOf(run: Run): NoteView[] {
  const placed = (run.machine.plan.notes ?? []).map(({ at, text }) => ({ ...seekPosition(run, at), text }));
  return placed
    .flatMap(({ at, text, note }) => (note === '' ? { at, text } : []))
    .sort((a, b) => a.at - b.at);
}

/** One for each step at which rules break. */
export function violationViews(run: Run, broken: readonly Broken[]): ViolationView[] {
  const names = run.machine.plan.holds.map(({ name }) => name);
  return broken.filter((b, i) => i === 0 || broken[i - 1]!.at !== b.at).map((b) => violationView(b, names));
}

function stepView(run: Run, s: StepRecord): StepView {
  const { program, model } = run.machine,
    { routine, label, row } = program.rows[s.pc]!,
    cited = citationOf(routine, model);
  const decision: Decision | null =
    s.decided === null
      ? null
      : {
          asks: s.decided.asks,
          sees: String(s.decided.sees),
          answer: s.decided.answer,
          folio: folioName(s.decided.folio),
        };
  return {
    at: s.at,
    thread: s.thread,
    choice: s.choice,
    op: s.op,
    routine: cited.name,
    label,
    says: sentence(run, s),
    changes: changes(run, s),
    decision,
    source: `${cited.file}, ${model.id}`,
    mark: isStep(row) ? (row.mark ?? null) : null,
  };
}

const capital = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);
/** `own`: names that the text gave, which keep their small letter. */
function violationView(b: Broken, own: readonly string[]): ViolationView {
  return {
    at: b.at,
    invariant: b.invariant.id,
    alias: b.invariant.alias[0] ?? '',
    word: b.invariant.word,
    title: own.some((name) => b.reason.startsWith(`${name} `)) ? b.reason : capital(b.reason),
    reason: b.invariant.says,
    decidedAt: b.decidedAt,
    card: b.cards[0] ?? '',
  };
}
