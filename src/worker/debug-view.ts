/** Answers what the debugger asks about a run. Loaded apart from the engine, when first asked. */
import { conditionOf, watchOf } from '../debugger/ask/condition.ts';
import type { Breaks } from '../debugger/ask/condition.ts';
import { facts, subjects } from '../debugger/ask/facts.ts';
import { differences, hitsOf, spansOf } from '../debugger/ask/find.ts';
import { costsOn } from '../debugger/costs.ts';
import { landingsAt } from '../debugger/landing.ts';
import { passagesOf } from '../debugger/mails.ts';
import { statuses } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { scheduleText } from '../debugger/schedule.ts';
import { historyOfStep, sourceAt } from '../debugger/source.ts';
import type { SourceRow } from '../debugger/source.ts';
import type { Broken } from '../debugger/violations.ts';
import { guardsAt, replaced, stoodStill, wandered } from '../debugger/what-if.ts';
import { lockLabel } from '../debugger/words.ts';
import { citationOf } from '../kernel/citations.ts';
import { guards } from '../kernel/guards.ts';
import { models } from '../kernel/models/index.ts';
import type { Model } from '../kernel/rules.ts';
import { predictionOf } from '../lessons/predictions.ts';
import { quizOf } from '../lessons/quiz.ts';
import { blockedWords } from '../scene/build-processes.ts';
import type { Facts } from '../scene/facts.ts';
import { movesAt, plain } from './frame-view.ts';
import type { Opened } from './protocol.ts';
import type { CodeRowView, CodeView, DebugCalls, DebugKind, FactView, WhatIfView } from './protocol/debug.ts';
import { structureView } from './structure-view.ts';
import { runOf } from './witness.ts';

/** What is open, and how a changed run becomes what is open. */
export interface Opening {
  readonly run: Run;
  readonly facts: Facts;
  readonly broken: readonly Broken[];
  readonly keep: (run: Run, notes: readonly string[]) => Opened;
}
type Answers = {
  readonly [K in DebugKind]: (
    ask: DebugCalls<Opened>[K]['ask'],
    open: Opening,
  ) => DebugCalls<Opened>[K]['answer'];
};

const breaksOf = (open: Opening): Breaks[] => open.broken.map((b) => ({ at: b.at, id: b.invariant.id }));
const within = ({ run }: Opening, at: number): number => Math.min(Math.max(0, at), run.steps.length);

const answers: Answers = {
  find: (ask, open) =>
    ask.map((text) => {
      const { made, mistake } = conditionOf(open.run.machine, text, breaksOf(open));
      return { text, mistake, hits: made === null ? [] : hitsOf(open.run, made) };
    }),
  watch: (ask, open) =>
    ask.map((text) => {
      const { made, mistake } = watchOf(open.run.machine, text, breaksOf(open));
      return { text, mistake, spans: made === null ? [] : spansOf(open.run, made) };
    }),
  diff: ({ from, to }, open) => differences(open.run, within(open, from), within(open, to)),
  landing: (at, open) => {
    const { steps, blocked } = landingsAt(open.run, at);
    return {
      at,
      steps,
      blocked: blocked.map(({ thread, status }) => ({ thread, words: blockedWords(open, status) })),
    };
  },
  ways: (at, open) => waysOf(open, at),
  wander: ({ at, seed }, open) => open.keep(wandered(open.run, within(open, at), seed), []),
  replace: ({ at, thread, choice }, open) => {
    const { run, notes } = replaced(open.run, at, thread, choice);
    return open.keep(run, notes);
  },
  still: (at, open) => {
    const { run, notes } = stoodStill(open.run, at);
    return open.keep(run, notes);
  },
  code: ({ at, thread }, open) => codeOf(open, within(open, at), thread),
  history: (at, open) => historyOfStep(open.run, at, kernels),
  facts: (_, open) => vocabulary(open.run),
  quiz({ at, until, predict }, open) {
    const asked = predictionOf(predict);
    if (asked === null) return { quiz: null, why: 'This question is not understood.' };
    const { quiz, why } = quizOf(open.run, within(open, at), until, asked);
    return { quiz, why: why?.says ?? '' };
  },
  structure: (at, open) => structureView(open.run, open.facts, within(open, at)),
  follow: (moves, open) => open.keep(runOf(open.run.machine, moves), []),
  costs: (_, { run }) =>
    costsOn(
      run,
      [...new Set([...models, run.machine.model])].filter((m) => !m.composed || m === run.machine.model),
      scheduleText(run) || run.machine.plan.schedule,
    ),
};

export function answer<K extends DebugKind>(
  kind: K,
  ask: DebugCalls<Opened>[K]['ask'],
  open: Opening,
): DebugCalls<Opened>[K]['answer'] {
  return answers[kind](ask, open);
}

function waysOf(open: Opening, at: number): WhatIfView {
  const { run } = open,
    made = run.steps[at - 1];
  if (made === undefined) return { at, thread: '', instead: [], canWait: false, guards: [] };
  const moves = movesAt(run, at - 1).filter((m) => m.blocked === '');
  const ids = new Set(guardsAt(run, at));
  return {
    at,
    thread: run.machine.plan.threads[made.thread]!.name,
    instead: moves
      .filter((m) => m.thread !== made.thread || m.choice !== made.choice)
      .map(({ thread, choice, name, next }) => ({ thread, choice, name, next })),
    canWait: statuses(run, at - 1).some((s, t) => t !== made.thread && s.kind === 'enabled'),
    guards: guards.filter((g) => ids.has(g.id)).map(({ id, title, prevents }) => ({ id, title, prevents })),
  };
}

/** Ideas of the mails are no part of the kernel's history. */
const kernels = models.filter((m) => !m.composed && !m.proposal);

function codeOf({ run }: Opening, at: number, thread: number): CodeView | null {
  const { model } = run.machine,
    view = sourceAt(run, at, thread);
  if (view === null) return null;
  const { routine, rows, inside } = view;
  const current = rows.find((r) => r.current || (thread >= 0 && r.threads.includes(thread)));
  return {
    ...citationOf(routine, model),
    version: model.id,
    commit: routine.commit,
    inside,
    rows: rows.map((row) => rowView(row, model)),
    passages: current === undefined ? [] : passagesOf(routine.name, current.label),
  };
}

function rowView(
  { label, says, calls, takes, drops, holds, to, threads, current }: SourceRow,
  model: Model,
): CodeRowView {
  const name = (lock: Parameters<typeof lockLabel>[0]): string => lockLabel(lock, model);
  const under = holds.filter((lock) => !drops.includes(lock)).map(name);
  return {
    label,
    says: plain(says, model.rules.mmapLockName),
    calls,
    locks: [
      ...(takes === null ? [] : [`takes ${name(takes)}`]),
      ...(under.length === 0 ? [] : [`under ${under.join(', ')}`]),
      ...drops.map((lock) => `drops ${name(lock)}`),
    ],
    to,
    threads,
    current,
  };
}

/** Every fact with the name of somebody who is in this scenario. */
function vocabulary(run: Run): FactView[] {
  const all = subjects(run);
  return facts.flatMap((f) => {
    const names = f.of === 'step' ? ['step'] : all.filter((s) => s.of === f.of).map((s) => s.name);
    return names.map((name) => ({
      path: f.name === '' ? name : `${name}.${f.name}`,
      kind: f.kind,
      says: f.says,
    }));
  });
}
