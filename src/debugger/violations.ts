/** Rules that a run breaks: each with the first step at which it is broken, and the step that decided it. */
import type { Invariant } from '../invariants/invariant.ts';
import { goTo } from './run.ts';
import type { Run } from './run.ts';

/** A rule is broken after step `at`, for the first time in the run. */
export interface Broken {
  readonly at: number;
  readonly invariant: Invariant;
  /** Ids of the cards on which it shows, the most telling one first. */
  readonly cards: readonly string[];
  readonly reason: string;
  readonly folio: number;
  /** Step in which a rule answered what led here, 0 if none did. */
  readonly decidedAt: number;
}

/** Looks after every step. A rule that stays broken is reported once. */
export function violationsOf(run: Run, invariants: readonly Invariant[]): Broken[] {
  const out: Broken[] = [];
  const left = [...invariants];
  for (let at = 0; at <= run.steps.length && left.length > 0; at++) {
    goTo(run, at);
    for (let i = 0; i < left.length;) {
      const found = left[i]!.broken();
      if (found === null) {
        i++;
        continue;
      }
      out.push({
        at,
        invariant: left[i]!,
        cards: found.cards,
        reason: found.reason,
        folio: found.folio,
        decidedAt: decisionBefore(run, at, found.folio),
      });
      left.splice(i, 1);
    }
  }
  return out.sort((a, b) => a.at - b.at);
}

/**
 * The last step up to `at` in which a rule answered a question about the folio; any question if that is not
 * known.
 */
function decisionBefore(run: Run, at: number, folio: number): number {
  for (let i = at; i > 0; i--) {
    const d = run.steps[i - 1]!.decided;
    if (d !== null && (folio < 0 || d.folio === folio)) return i;
  }
  return folio < 0 ? 0 : decisionBefore(run, at, -1);
}
