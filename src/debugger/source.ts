/**
 * The kernel's own flow: a routine as a table of steps with every thread's place in it, and how the step that
 * was made differs in other kernels, and by which commit.
 */
import { citationOf } from '../kernel/citations.ts';
import { pcOf, stackOf, step } from '../kernel/engine.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Model, Rules } from '../kernel/rules.ts';
import { rules } from '../kernel/rules.ts';
import { isCall, isStep, isTail } from '../kernel/steps.ts';
import type { Lock, Routine, Row } from '../kernel/steps.ts';
import { ruleAnswer, ruleCommits, ruleWords } from './rule-words.ts';
import type { Run } from './run.ts';
import { goTo } from './run.ts';

export interface SourceRow {
  readonly label: string;
  /** A pattern with `{names}`, or '' for a call. */
  readonly says: string;
  /** Routine that it enters, by the era's name; '' for a step. */
  readonly calls: string;
  readonly takes: Lock | null;
  readonly drops: readonly Lock[];
  readonly holds: readonly Lock[];
  /** Where it may go on, as far as the table itself says so. */
  readonly to: readonly string[];
  readonly threads: readonly number[];
  /** The step that was made. */
  readonly current: boolean;
  readonly pc: number;
}
export interface SourceView {
  readonly routine: Routine;
  readonly rows: readonly SourceRow[];
  /** Functions that were entered to come here, outermost first. */
  readonly inside: readonly string[];
}

/** Of the step that led to `at`, or of where thread `thread` stands. null: it stands nowhere. */
export function sourceAt(run: Run, at: number, thread = -1): SourceView | null {
  const { program, model, plan } = run.machine;
  goTo(run, at);
  const made = run.steps[at - 1];
  const pc = thread >= 0 ? pcOf(thread) : (made?.pc ?? run.steps[0]?.pc ?? 0);
  if (pc === 0) return null;
  const { routine } = program.rows[pc]!;
  const standing = plan.threads.map((_, t) => stackOf(t));
  const rows = program.rows.flatMap(({ routine: r, label, row }, i): SourceRow[] => {
    if (i === 0 || r !== routine) return [];
    const filled = (of: { readonly name: string } | { readonly hook: string }): string => {
      const callee = 'hook' in of ? model.routines[of.hook] : (of as Routine);
      return callee === undefined ? '' : citationOf(callee, model).name;
    };
    const so = isStep(row) && 'run' in row ? Object.keys(row.so ?? {}) : [];
    return [
      {
        label,
        says: isStep(row) ? row.says : '',
        calls: isCall(row) ? filled(row.call) : isTail(row) ? filled(row.tail) : '',
        takes: isStep(row) ? (row.takes ?? null) : null,
        drops: isStep(row) ? (row.drops ?? []) : [],
        holds: isStep(row) ? (row.holds ?? []) : [],
        to:
          isStep(row) && 'next' in row
            ? [row.next]
            : isCall(row)
              ? [...new Set(Object.values(row.then))]
              : so,
        threads: standing.flatMap((stack, t) => (stack.includes(i) ? [t] : [])),
        current: thread < 0 && at > 0 && i === pc,
        pc: i,
      },
    ];
  });
  const stack = thread >= 0 ? standing[thread]!.slice(1) : [];
  return {
    routine,
    rows,
    inside: stack.map((i) => citationOf(program.rows[i]!.routine, model).name).toReversed(),
  };
}

// ---- the history of a step ----

export interface Era {
  /** Ids of the models, one behind the other. */
  readonly models: readonly string[];
  /** `same`: the very row; `other`: another routine in its place; `absent`: no such step. */
  readonly how: 'same' | 'other' | 'absent';
  readonly here: boolean;
  readonly function: string;
  readonly file: string;
  readonly commit: string;
  /** Rules that the step asks, with this era's answers. */
  readonly rules: readonly { readonly name: string; readonly says: string; readonly answer: string }[];
  /** Commits by which it came to differ from the era before, as far as they are known. */
  readonly by: readonly string[];
  /** What the model of the first of them says about itself. */
  readonly rule: string;
}

/** Rules that step `at` asks: it is made once more, and the rules listen. */
export function rulesAsked(run: Run, at: number): (keyof Rules)[] {
  const made = run.steps[at - 1];
  if (made === undefined) return [];
  goTo(run, at - 1);
  const asked = new Set<keyof Rules>(),
    answers = { ...rules };
  const names = Object.keys(answers) as (keyof Rules)[];
  const common = { configurable: true, enumerable: true };
  for (const name of names) {
    const get = (): unknown => {
      asked.add(name);
      return answers[name];
    };
    Object.defineProperty(rules, name, { ...common, get });
  }
  try {
    step(made.thread, made.choice);
  } finally {
    for (const name of names)
      Object.defineProperty(rules, name, { ...common, writable: true, value: answers[name] });
  }
  return [...asked].filter((name) => name !== 'names' && name !== 'mmapLockName');
}

type Place = Pick<Era, 'how' | 'function' | 'file' | 'commit'> & { readonly routine: Routine | null };

/** How step `at` differs over the kernels, in their order. `at` counts from 1. */
export function historyOfStep(run: Run, at: number, kernels: readonly Model[]): Era[] {
  const made = run.steps[at - 1];
  if (made === undefined) return [];
  const { machine } = run;
  const { routine, label } = machine.program.rows[made.pc]!;
  const asked = rulesAsked(run, at);
  const eras: (Era & { models: string[] })[] = [];
  let before = '';
  for (const model of kernels) {
    const place = placeIn(machine, model, routine, label);
    const answers = asked.map((name) => ({
      name,
      says: ruleWords(name),
      answer: ruleAnswer(model.rules[name]),
    }));
    const key = JSON.stringify([place.how, place.function, place.commit, answers.map((r) => r.answer)]);
    const last = eras.at(-1);
    if (last !== undefined && before === key) {
      last.models.push(model.id);
      if (model === machine.model) Object.assign(last, { here: true });
      continue;
    }
    before = key;
    const { how, function: name, file, commit } = place;
    eras.push({
      models: [model.id],
      how,
      here: model === machine.model,
      function: name,
      file,
      commit,
      rules: answers,
      by: last === undefined ? [] : changedBy(last, place, answers),
      rule: model.rule,
    });
  }
  goTo(run, at);
  return eras;
}

function changedBy(before: Era, { commit }: Place, answers: Era['rules']): string[] {
  const differing = answers
    .filter((r, i) => before.rules[i]?.answer !== r.answer)
    .flatMap((r) => ruleCommits(r.name));
  return [...new Set([...(commit === '' || commit === before.commit ? [] : [commit]), ...differing])];
}

/** Where a kernel has the row: in the same table, in another routine that fills the same hook, or nowhere. */
function placeIn(machine: Machine, model: Model, routine: Routine, label: string): Place {
  const { program } = model === machine.model ? machine : boot(machine.plan, model, machine.without);
  const own = machine.program.rows.find((r) => r.routine === routine && r.label === label)?.row;
  const alike = (row: Row<string>): boolean =>
    own !== undefined && isStep(own) && isStep(row) && own.says === row.says;
  const found = program.rows.find(
    (r, i) =>
      i > 0 &&
      r.label === label &&
      (r.routine === routine ||
        (r.routine.name === routine.name && r.routine.commit === routine.commit && alike(r.row))),
  );
  const hook = Object.keys(machine.model.routines).find((h) => machine.model.routines[h] === routine);
  const other = hook === undefined ? undefined : model.routines[hook];
  const named = program.rows.find((r, i) => i > 0 && r.routine.name === routine.name)?.routine;
  const there = found?.routine ?? other ?? (named === routine ? null : (named ?? null));
  if (there === null) return { how: 'absent', function: '', file: '', commit: '', routine: null };
  const { name, file } = citationOf(there, model);
  const how = found === undefined ? 'other' : 'same';
  return { how, function: name, file, commit: there.commit, routine: there };
}
