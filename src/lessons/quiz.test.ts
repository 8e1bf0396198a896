// Each question has one right answer, which an independent replay gives; wrong ones are right elsewhere.
import { expect, test } from 'vitest';
import { fromTape, randomPlan } from '../checker/random-plans.ts';
import { conditionOf } from '../debugger/ask/condition.ts';
import { newRun, statuses } from '../debugger/run.ts';
import type { Run } from '../debugger/run.ts';
import { follow, seekPosition } from '../debugger/schedule.ts';
import { actorName } from '../debugger/words.ts';
import { seeded } from '../evidence/prng.ts';
import { boot } from '../kernel/machine.ts';
import { kernels, modelById } from '../kernel/models/index.ts';
import type { Plan } from '../kernel/plan.ts';
import { planOf } from '../checker/plan-of.ts';
import { entryById } from '../scenario/gallery/index.ts';
import type { Prediction } from './predictions.ts';
import { quizOf } from './quiz.ts';
import type { Option, Quiz } from './quiz.ts';

/** Runs made anew, of what options say of themselves. */
const remade = new Map<string, Run>();
function replayed(plan: Plan, { where }: Option): { run: Run; at: number } {
  const key = `${where.model} ${where.schedule}`;
  const run = remade.get(key) ?? newRun(boot(plan, modelById(where.model)!));
  if (!remade.has(key)) {
    expect(follow(run, where.schedule === '' ? plan.schedule : where.schedule)).toEqual([]);
    remade.set(key, run);
  }
  const { at, note } = seekPosition(run, where.at);
  expect([note, at]).toEqual(['', where.step]);
  return { run, at };
}
const isSo = (run: Run, at: number, condition: string): boolean => {
  const { made, mistake } = conditionOf(run.machine, condition);
  expect(mistake).toBeNull();
  return made!.test(run, at);
};
/** As conditions write it. */
const value = (text: string): string => text.replace(/^“(.*)”$/, '"$1"');
const names = (text: string): string[] => (text === 'nobody' ? [] : text.split(/, | and /));

/** Is the option the answer there? By the language of conditions, not by the quiz's own reading. */
function holds(plan: Plan, asked: Prediction, option: Option, first: number): boolean {
  const { run, at } = replayed(plan, option);
  const { text } = option;
  switch (asked.kind) {
    case 'count':
      return isSo(run, at, `${asked.folio}.${asked.count} = ${text}`);
    case 'movers':
      return (
        statuses(run, at)
          .flatMap((s, t) => (s.kind === 'enabled' ? [actorName(plan, t)] : []))
          .join() === names(text).join()
      );
    case 'seers': {
      const saw = plan.observed.filter((o) =>
        isSo(run, at, `${plan.threads[o.thread]!.name}.${o.name} = "${asked.value}"`),
      );
      return [...new Set(saw.map((o) => actorName(plan, o.thread)))].join() === names(text).join();
    }
    case 'result':
      // At other steps of its own run it is what the page held that was read.
      if (option.where.words.includes('held it')) {
        const folio = /when (f\d+)/.exec(option.where.words)![1]!;
        return isSo(run, at, `${folio}.bytes = ${value(text)}`);
      }
      return isSo(run, run.steps.length, `${asked.result} = ${text === 'zeros' ? '00' : value(text)}`);
    case 'decision': {
      const op = option.right || option.where.words.startsWith('on ') ? first : run.steps[at - 1]!.op;
      const copied = run.steps.some((s) => s.op === op && s.effects.some((e) => e.name === 'copy'));
      const said = run.steps.filter(
        (s) => s.op === op && ['copy', 'reuse'].includes(s.decided?.answer ?? ''),
      );
      return text === 'copy' ? copied || said.at(-1)?.decided?.answer === 'copy' : said.length > 0;
    }
  }
}

/** Three questions about a run. */
function predictionsAt(run: Run, pick: (n: number) => number): Prediction[] {
  const { plan, counts } = run.machine;
  const folio = `f${pick(Math.max(1, counts.folios - 1))}`;
  const results = plan.observed.map((o) => `${plan.threads[o.thread]!.name}.${o.name}`);
  const values = plan.stored.slice(1).map((s) => s.text);
  const result = results[pick(Math.max(1, results.length))],
    value = values[pick(Math.max(1, values.length))];
  const counted = (['refcount', 'mapcount', 'pins'] as const)[pick(3)]!;
  const all: Prediction[] = [
    { kind: 'count', count: counted, folio },
    { kind: 'decision' },
    { kind: 'movers' },
  ];
  if (result !== undefined) all.push({ kind: 'result', result });
  if (value !== undefined) all.push({ kind: 'seers', value });
  while (all.length > 3) all.splice(pick(all.length), 1);
  return all;
}

function judge(plan: Plan, run: Run, asked: Prediction, quiz: Quiz): void {
  const right = quiz.options.filter((o) => o.right);
  expect(right.length).toBe(1);
  expect(quiz.options.length).toBeGreaterThan(1);
  expect(new Set(quiz.options.map((o) => o.text)).size).toBe(quiz.options.length);
  expect(quiz.asks).not.toBe('');
  expect(quiz.because).not.toBe('');
  expect(right[0]!.where.model).toBe(run.machine.model.id);
  const first = run.steps[quiz.until - 1]?.op ?? -1;
  for (const option of quiz.options)
    expect([asked, quiz.asks, option, holds(plan, asked, option, first)]).toEqual([
      asked,
      quiz.asks,
      option,
      true,
    ]);
}

test('two hundred random scenarios: one right answer, and the wrong ones are right elsewhere', () => {
  const { below } = seeded(20261121);
  const asked = new Map<string, number>();
  let plans = 0;
  while (plans < 200) {
    const tape = Uint8Array.from({ length: 64 }, () => below(256));
    const made = randomPlan(fromTape(tape));
    if (made === null) continue;
    plans++;
    remade.clear();
    const { plan } = made;
    const run = newRun(boot(plan, kernels[below(kernels.length)]!));
    follow(run, plan.schedule);
    const at = below(run.steps.length);
    for (const prediction of predictionsAt(run, below)) {
      // Most decisions come early.
      const { quiz } = quizOf(run, prediction.kind === 'decision' ? 0 : at, '', prediction);
      if (quiz === null) continue;
      asked.set(prediction.kind, (asked.get(prediction.kind) ?? 0) + 1);
      judge(plan, run, prediction, quiz);
    }
  }
  // Of each kind there were questions.
  for (const kind of ['count', 'decision', 'movers', 'result', 'seers'])
    expect([kind, (asked.get(kind) ?? 0) > 10]).toEqual([kind, true]);
}, 300_000);

function leakOn(model: string): { plan: Plan; run: Run } {
  const plan = planOf(entryById('vmsplice-leak')!.text);
  const run = newRun(boot(plan, modelById(model)!));
  follow(run, plan.schedule);
  return { plan, run };
}

test('the leak: who sees the secret depends on the kernel, and each wrong answer names one', () => {
  const { run } = leakOn('v5.7');
  const { quiz } = quizOf(run, 44, '', { kind: 'seers', value: 'secret' });
  expect(quiz!.options.map((o) => [o.text, o.right, o.where.words])).toEqual([
    ['child', true, 'here'],
    ['nobody', false, 'on v5.8'],
  ]);
  const decided = quizOf(run, 44, '', { kind: 'decision' }).quiz!;
  expect(decided.asks).toBe('parent: store a.0 "secret". Does v5.7 copy the page, or reuse it in place?');
  expect(decided.options.map((o) => [o.text, o.right, o.where.words])).toEqual([
    ['copy', false, 'on v5.9'],
    ['reuse', true, 'here'],
  ]);
  expect(decided.because).toBe('v5.7 asks “mapcount 1?” and finds 1: reuse.');
});

test('a count is asked where it changes, with its holders as the reason', () => {
  const { run } = leakOn('v5.7');
  const { quiz } = quizOf(run, 26, 'child@vmsplice.end', { kind: 'count', count: 'refcount', folio: 'f0' });
  expect(quiz!.asks).toBe('f0 has refcount 2. What will it be after child’s vmsplice a.0 -> p?');
  expect(quiz!.options.find((o) => o.right)!.text).toBe('3');
  expect(quiz!.because).toContain('pipe p, spliced by child');
});

test('what cannot be asked is said', () => {
  const { run } = leakOn('v5.7');
  const says = (asked: Prediction, at = 44, until = ''): string => quizOf(run, at, until, asked).why!.says;
  expect(says({ kind: 'count', count: 'refcount', folio: 'f9' })).toBe('there is no f9 here');
  expect(says({ kind: 'result', result: 'child.nothing' })).toBe('there is no result child.nothing here');
  expect(says({ kind: 'seers', value: 'never' })).toBe('nothing ever writes “never”');
  expect(says({ kind: 'decision' }, 58)).toBe('nothing is decided after this step');
  expect(says({ kind: 'decision' }, 44, 'child@fork.end')).toContain('never comes to child@fork.end');
  expect(says({ kind: 'decision' }, 44, 'parent@fork.end')).toBe('the answer shows before it is asked');
});
