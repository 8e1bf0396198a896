/**
 * What a check looks for, in the order in which a state is judged: what a person would see first, then what
 * the rules promise inside.
 */
import { exclusive_pages_have_one_owner } from './exclusive-pages-have-one-owner.ts';
import type { Invariant } from './invariant.ts';
import { no_deadlock } from './no-deadlock.ts';
import { no_use_after_free } from './no-use-after-free.ts';
import { pins_stay_coherent } from './pins-stay-coherent.ts';
import { private_writes_stay_private } from './private-writes-stay-private.ts';
import { references_are_counted } from './references-are-counted.ts';
import { stores_are_not_lost } from './stores-are-not-lost.ts';
import { stores_need_permission } from './stores-need-permission.ts';
import { writable_implies_exclusive } from './writable-implies-exclusive.ts';
import { zero_page_stays_zero } from './zero-page-stays-zero.ts';

export type { Broken, Invariant } from './invariant.ts';
export { questionsOf } from './questions.ts';
export type { Questions, Wish } from './questions.ts';

export const invariants: readonly Invariant[] = [
  private_writes_stay_private,
  stores_are_not_lost,
  pins_stay_coherent,
  no_use_after_free,
  stores_need_permission,
  exclusive_pages_have_one_owner,
  writable_implies_exclusive,
  zero_page_stays_zero,
  references_are_counted,
  no_deadlock,
];

/** By id or by one of its other names, in any case. */
export function invariantById(name: string): Invariant | undefined {
  const wanted = name.toLowerCase();
  return invariants.find((i) => i.id === wanted || i.alias.some((a) => a.toLowerCase() === wanted));
}
/** Every name that is accepted: ids first, then aliases. */
export const invariantNames: readonly string[] = [
  ...invariants.map((i) => i.id),
  ...invariants.flatMap((i) => i.alias),
];
