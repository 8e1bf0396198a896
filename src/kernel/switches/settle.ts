/** Rule sets while they are composed: what a choice brings along, and how the result is written. */
import type { Model } from '../rules.ts';
import { AT, PLUS, lackIn, positionOf, positionsOf } from './compose.ts';
import type { Chosen } from './compose.ts';
import { switches } from './switches.ts';

/** Switches in their order; those that are as in the base are left out. */
export function printId(base: Model, chosen: Chosen, models: readonly Model[]): string {
  const said = Object.keys(switches)
    .filter((name) => Object.hasOwn(chosen, name) && chosen[name] !== positionOf(base, name, models))
    .map((name) => `${name}${AT}${chosen[name]!}`);
  return [base.id, ...said].join(PLUS);
}

/**
 * Moves other switches until nothing lacks what it needs. `last` stays: what it needs comes along, and what
 * needs another position of it goes elsewhere. Returns all that was chosen, and which were moved.
 */
export function settle(
  base: Model,
  chosen: Chosen,
  last: string,
  models: readonly Model[],
): { readonly chosen: Chosen; readonly moved: readonly string[] } {
  const now: Record<string, string> = { ...chosen },
    settled = new Set([last]);
  for (;;) {
    const lack = lackIn(positionsOf(base, now, models));
    if (lack === null) break;
    const { name, needs, needed } = lack;
    // Every turn settles a switch, or brings one to where nothing is needed: so there is an end.
    const gives = settled.has(needs);
    now[gives ? name : needs] = gives ? switches[name]!.otherwise! : needed;
    settled.add(gives ? name : needs);
  }
  return { chosen: now, moved: Object.keys(now).filter((name) => now[name] !== chosen[name]) };
}
