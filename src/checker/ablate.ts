/**
 * What is this line for? A scenario with one guard switched off (or one extra switched on) at a time: the
 * shortest schedule that then breaks something which holds otherwise.
 */
import { invariantsFor, questionsOf } from '../invariants/index.ts';
import type { Broken, Invariant } from '../invariants/index.ts';
import { guards } from '../kernel/guards.ts';
import { boot } from '../kernel/machine.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import { check } from './check.ts';
import { survey } from './matrix.ts';

/** What a guard prevents in one scenario on one model. */
export interface Prevented {
  readonly invariant: string;
  readonly word: Invariant['word'];
  readonly reason: string;
  readonly broken: Broken;
  readonly moves: readonly number[];
  readonly preemptions: number;
}
export interface Ablation {
  readonly guard: string;
  /** `never`: no step of any run comes to the guard. `incomplete`: a bound ended the search. */
  readonly verdict: 'breaks' | 'nothing' | 'never' | 'incomplete';
  readonly prevents: Prevented | null;
}

/** What holds with every guard on, and which guards some run comes to. */
export interface Baseline {
  readonly holds: readonly Invariant[];
  readonly asked: ReadonlySet<string>;
  readonly complete: boolean;
}

export interface AblateOptions {
  readonly states?: number;
  /** Switched off or on in every search; as `boot` takes them. */
  readonly besides?: readonly string[];
}

export function baselineOf(plan: Plan, model: Model, options: AblateOptions = {}): Baseline {
  const { besides = [], states } = options;
  const column = survey(boot(plan, model, besides), {
    fewest: false,
    ...(states === undefined ? {} : { states }),
  });
  const kept = new Set(column.cells.filter((c) => c.verdict === 'holds').map((c) => c.row));
  const all = [...invariantsFor(plan), ...questionsOf(plan).invariants];
  return {
    holds: all.filter((i) => kept.has(i.id)),
    asked: column.asked,
    complete: column.bound === '',
  };
}

/** One guard after the other. A guard that no run comes to changes nothing, so it costs no search. */
export function ablate(plan: Plan, model: Model, options: AblateOptions = {}): Ablation[] {
  const baseline = baselineOf(plan, model, options);
  return guards.map((g) => withoutOne(plan, model, g.id, baseline, options));
}

export function withoutOne(
  plan: Plan,
  model: Model,
  guard: string,
  baseline: Baseline,
  { besides = [], states }: AblateOptions = {},
): Ablation {
  if (!baseline.complete) return { guard, verdict: 'incomplete', prevents: null };
  if (!baseline.asked.has(guard)) return { guard, verdict: 'never', prevents: null };
  const invariants = baseline.holds,
    machine = boot(plan, model, [...besides, guard]);
  const r = check(machine, { invariants, ...(states === undefined ? {} : { states }) });
  if (r.verdict !== 'violated' || r.broken === null)
    return { guard, verdict: r.verdict === 'incomplete' ? 'incomplete' : 'nothing', prevents: null };
  const { word } = invariants.find((i) => i.id === r.invariant)!;
  const { broken, reason, moves, preemptions } = r;
  return {
    guard,
    verdict: 'breaks',
    prevents: { invariant: r.invariant!, word, reason, broken, moves, preemptions },
  };
}
