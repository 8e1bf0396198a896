/** "Why is this refcount 3?": who holds a folio after a step, since when, and who did before. */
import { GUP_PIN_COUNTING_BIAS } from '../kernel/verbs/folio.ts';
import { folioAt, isFree } from '../kernel/view.ts';
import type { Holder } from '../kernel/view.ts';
import type { Plan } from '../kernel/plan.ts';
import { historyOf, holdingAt } from './history.ts';
import type { Tenure } from './history.ts';
import { goTo } from './run.ts';
import type { Run } from './run.ts';
import { folioName, pageName, processName } from './words.ts';

export interface WhyHolder {
  readonly kind: Holder['kind'];
  readonly key: string;
  readonly label: string;
  /** What it adds to the counter that the kernel reads. */
  readonly counts: number;
  /** Step after which it holds, 0 = from the start. */
  readonly since: number;
  /** `step 4, parent: store a.0 "old"` */
  readonly sinceWords: string;
}

export interface Why {
  readonly folio: string;
  readonly at: number;
  readonly free: boolean;
  readonly refcount: number;
  readonly pins: number;
  readonly mapcount: number;
  readonly exclusive: boolean;
  readonly holders: readonly WhyHolder[];
  /** Those that held it before, the latest last: held after steps `from` to `to` - 1. */
  readonly gone: readonly {
    readonly label: string;
    readonly from: number;
    readonly to: number;
    readonly words: string;
  }[];
}

/** A holder in words, without the time: `parent's entry of a.0`. */
export function holderWords(plan: Plan, holder: Holder): string {
  switch (holder.kind) {
    case 'pte':
      return `${processName(plan, holder.mm)}'s entry of ${pageName(plan, holder.va)}`;
    case 'swap':
      return `${processName(plan, holder.mm)}'s swap entry of ${pageName(plan, holder.va)}`;
    case 'swap-cache':
      return `the swap cache, with ${folioName(holder.other)}`;
    case 'cache':
      return `the page cache, for ${pageName(plan, holder.va)}`;
    case 'batch':
      return `the LRU batch of CPU ${holder.cpu}`;
    case 'pipe':
      return `pipe ${plan.pipes[holder.pipe]!.name}, spliced by ${processName(plan, holder.mm)}`;
    case 'get':
    case 'pin': {
      const how = holder.kind === 'pin' ? 'pin' : 'reference';
      const page = `${processName(plan, holder.mm)}'s ${pageName(plan, holder.va)}`;
      return `${how} ${plan.holds[holder.hold]!.name} of ${page}`;
    }
    case 'kernel':
      return `${plan.threads[holder.thread]!.name}, in the kernel: ${holder.label}`;
  }
}

/** Steps and operations as people find them again. */
export function stepWords(run: Run, at: number): string {
  const step = run.steps[at - 1];
  if (step === undefined) return 'the start';
  const { plan } = run.machine,
    op = plan.ops[step.op];
  return `step ${at}, ${plan.threads[step.thread]!.name}: ${op?.text ?? ''}`.trimEnd();
}

/** Folios that are in use after step `at`, for whoever asks about all of them. */
export function foliosInUse(run: Run, at: number): number[] {
  goTo(run, at);
  const { folios } = run.machine.counts;
  return Array.from({ length: folios }, (_, f) => f).filter((f) => f > 0 && !isFree(f));
}

/** `folio` is a number of the world; `history` may be made once and handed in for many questions. */
export function why(run: Run, at: number, folio: number, history: readonly Tenure[] = historyOf(run)): Why {
  const { plan } = run.machine;
  const own = history.filter((t) => t.folio === folio);
  goTo(run, at);
  const { refcount, pins, maps, exclusive } = folioAt(folio);
  return {
    folio: folioName(folio),
    at,
    free: isFree(folio),
    refcount,
    pins,
    mapcount: maps,
    exclusive,
    holders: holdingAt(own, at).map(({ holder, from }) => ({
      kind: holder.kind,
      key: holder.key,
      label: holderWords(plan, holder),
      counts: holder.kind === 'pin' ? GUP_PIN_COUNTING_BIAS : 1,
      since: from,
      sinceWords: stepWords(run, from),
    })),
    gone: own
      .filter((t) => t.to > 0 && t.to <= at)
      .map((t) => ({
        label: holderWords(plan, t.holder),
        from: t.from,
        to: t.to,
        words: stepWords(run, t.to),
      })),
  };
}
