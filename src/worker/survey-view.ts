/** What the app asks about a scenario besides one verdict: everything at once, endings, guards. */
import { baselineOf, withoutOne } from '../checker/ablate.ts';
import { beginSurvey, columnOf } from '../checker/matrix.ts';
import { beginLitmus, litmusOf } from '../checker/outcomes.ts';
import type { Litmus } from '../checker/outcomes.ts';
import { NOT_ENDED, SAW_NOTHING } from '../checker/check.ts';
import { invariantById } from '../invariants/index.ts';
import { guards } from '../kernel/guards.ts';
import { boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Plan } from '../kernel/plan.ts';
import type { Model } from '../kernel/rules.ts';
import type { AblationView, ColumnView, LitmusView, Progress, SearchRequest, SeenView } from './protocol.ts';
import { breathe, sliced, slicesOf } from './sliced.ts';
import { witnessOf } from './witness.ts';

type Told = (p: Progress) => void;

/** Every invariant and every question on one model. */
export async function surveyView(
  machine: Machine,
  request: SearchRequest,
  progress: Told,
  signal: AbortSignal,
): Promise<ColumnView> {
  const search = beginSurvey(machine, { states: request.budget });
  const ms = await sliced(slicesOf(search), progress, signal);
  return columnView(machine, columnOf(search), ms);
}

export function columnView(
  machine: Machine,
  { cells, states, bound }: ReturnType<typeof columnOf>,
  ms: number,
): ColumnView {
  return {
    model: machine.model.id,
    states,
    bound,
    ms,
    cells: cells.map(({ kind, row, verdict, moves, vacuous }) => ({
      kind,
      row,
      word:
        kind === 'invariant' ? (invariantById(row)?.word ?? '') : verdict === 'violated' ? 'unexpected' : '',
      verdict,
      vacuous,
      witness: moves === null ? null : witnessOf(machine, moves),
    })),
  };
}

/** All endings. */
export async function litmusView(
  machine: Machine,
  request: SearchRequest,
  progress: Told,
  signal: AbortSignal,
): Promise<LitmusView> {
  const search = beginLitmus(machine, { states: request.budget });
  const ms = await sliced(slicesOf(search), progress, signal);
  return { ...endingsView(machine, litmusOf(search)), ms };
}

export function endingsView(machine: Machine, litmus: Litmus): Omit<LitmusView, 'ms'> {
  const { plan } = machine,
    { bound, endings, answers, states } = litmus;
  return {
    model: machine.model.id,
    bound,
    states,
    answers,
    endings: endings.map((e) => ({
      seen: e.seen.map((s, i) => seenView(plan, i, s)),
      states: e.states,
      answers: e.answers,
      witness: witnessOf(machine, e.moves),
    })),
  };
}

function seenView(plan: Plan, i: number, saw: number): SeenView {
  const { name, thread } = plan.observed[i]!,
    stored = plan.stored[saw];
  return {
    result: `${plan.threads[thread]!.name}.${name}`,
    value: stored?.text ?? null,
    words:
      stored === undefined
        ? unseen(saw)
        : saw === 0
          ? 'zeros'
          : stored.hex
            ? stored.text
            : `"${stored.text}"`,
    by: stored === undefined ? -1 : stored.process,
  };
}
const unseen = (saw: number): string =>
  saw === SAW_NOTHING ? 'none' : saw === NOT_ENDED ? 'did not end' : '?';

/** Each guard switched off in turn. Nothing is sliced but between guards: small scenarios only. */
export async function ablationView(
  plan: Plan,
  model: Model,
  request: SearchRequest,
  signal: AbortSignal,
): Promise<readonly AblationView[]> {
  const options = { states: request.budget, besides: request.without };
  const baseline = baselineOf(plan, model, options);
  const out: AblationView[] = [];
  for (const { id } of guards) {
    if (request.without.includes(id)) continue;
    await breathe();
    signal.throwIfAborted();
    const { verdict, prevents } = withoutOne(plan, model, id, baseline, options);
    out.push({
      guard: id,
      verdict,
      breaks:
        prevents === null
          ? null
          : {
              invariant: prevents.invariant,
              word: prevents.word,
              reason: prevents.reason,
              witness: witnessOf(boot(plan, model, [...request.without, id]), prevents.moves),
            },
    });
  }
  return out;
}
