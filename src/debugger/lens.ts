/**
 * The decision lens: what every rule set answers when it is asked with the same numbers, "may this page be
 * written in place?". Each is asked by its own step tables: a store to a page that is supposed to be so.
 */
import { step } from '../kernel/engine.ts';
import { activate, boot } from '../kernel/machine.ts';
import type { Machine } from '../kernel/machine.ts';
import type { Model } from '../kernel/rules.ts';
import { suppose } from '../kernel/suppose.ts';
import type { Supposed } from '../kernel/suppose.ts';
import { pte_folio } from '../kernel/verbs/pte.ts';
import { folioAt, pteAt } from '../kernel/view.ts';
import { cells, load, OP, taskOf } from '../kernel/world.ts';
import { compileText } from '../scenario/compile.ts';
import { recording } from './record.ts';
import type { Decided } from './record.ts';
import { goTo } from './run.ts';
import type { Run } from './run.ts';

export type { Supposed } from '../kernel/suppose.ts';

export interface LensRow {
  readonly model: string;
  /** What was asked, in order; the last question decided. Empty: no rule was asked. */
  readonly asked: readonly Omit<Decided, 'folio'>[];
  readonly answer: 'reuse' | 'copy';
}

/** Answers of the rules that say whether a page may be written in place. */
const ANSWERS: ReadonlySet<string> = new Set(['reuse', 'copy', 'ask the refcount']);

/** The numbers of a decision between reuse and copy of a small page, null if the step made none. */
export function supposedAt(run: Run, at: number): Supposed | null {
  const made = run.steps[at - 1];
  if (made === undefined || made.decided === null || !ANSWERS.has(made.decided.answer)) return null;
  goTo(run, at);
  const { maps, refs, pins, batch, exclusive, anon, ksm, huge, swap, page } = folioAt(made.decided.folio);
  // Huge pages, and pages with a slot in swap, are asked about in other words.
  if (!anon || ksm || huge || page >= 0 || swap !== 0 || maps === 0) return null;
  const batched = batch >= 0 && batch === run.machine.plan.threads[made.thread]!.cpu;
  return {
    mapcount: maps,
    others: Math.max(0, refs - maps - (batched ? 1 : 0)),
    pins,
    batched,
    exclusive,
  };
}

const TEXT = ['process p', 'region a anon 1 page', 'p: store a.0 "old"', 'p: store a.0 "new"'].join('\n');
const machines = new Map<string, Machine>();

function machineOf(model: Model): Machine {
  const known = machines.get(model.id);
  if (known !== undefined) return known;
  const { plan } = compileText(TEXT, { models: [], apart: [] });
  if (plan === null) throw new Error('the scenario of the lens has mistakes');
  const made = boot(plan, model);
  machines.set(model.id, made);
  return made;
}

/** A store ends after far fewer steps, whatever the rules are. */
const STEPS_MOST = 400;

export function lens(models: readonly Model[], page: Supposed): LensRow[] {
  return models.map((model) => {
    activate(machineOf(model));
    load(machineOf(model).start, 0);
    const opNow = (): number => cells[taskOf[0]! + OP]!;
    while (opNow() === 0 && step(0));
    suppose(0, 0, pte_folio(pteAt(0, 0)), page);
    const asked: Omit<Decided, 'folio'>[] = [];
    let copied = false;
    for (let i = 0; i < STEPS_MOST && opNow() === 1; i++) {
      const { moved, effects, decided } = recording(() => step(0));
      if (!moved) break;
      if (decided !== null && ANSWERS.has(decided.answer))
        asked.push({ asks: decided.asks, sees: decided.sees, answer: decided.answer });
      copied ||= effects.some(({ name }) => name === 'copy');
    }
    return { model: model.id, asked, answer: copied ? 'copy' : 'reuse' };
  });
}
