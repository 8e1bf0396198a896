/**
 * What a check looks for, in the order in which a state is judged: what a person would see first, then what
 * the rules promise inside.
 */
import { direct_io_survives_fork } from './direct-io-survives-fork.ts';
import { exclusive_pages_are_anonymous } from './exclusive-pages-are-anonymous.ts';
import { exclusive_pages_have_one_owner } from './exclusive-pages-have-one-owner.ts';
import { gets_stay_coherent } from './gets-stay-coherent.ts';
import { files_keep_their_bytes } from './files-keep-their-bytes.ts';
import { fork_announces_itself } from './fork-announces-itself.ts';
import type { Invariant } from './invariant.ts';
import type { Plan } from '../kernel/plan.ts';
import { large_folios_know_their_owners } from './large-folios-know-their-owners.ts';
import { merged_pages_stay_equal } from './merged-pages-stay-equal.ts';
import { moving_pages_have_one_owner } from './moving-pages-have-one-owner.ts';
import { no_deadlock } from './no-deadlock.ts';
import { no_store_through_stale_tlb } from './no-store-through-stale-tlb.ts';
import { no_use_after_free } from './no-use-after-free.ts';
import { pinned_pages_are_exclusive } from './pinned-pages-are-exclusive.ts';
import { pins_stay_coherent } from './pins-stay-coherent.ts';
import { private_writes_stay_private } from './private-writes-stay-private.ts';
import { references_are_counted } from './references-are-counted.ts';
import { soft_dirty_is_not_missed } from './soft-dirty-is-not-missed.ts';
import { stores_are_not_lost } from './stores-are-not-lost.ts';
import { stores_need_permission } from './stores-need-permission.ts';
import { swapped_pages_have_one_owner } from './swapped-pages-have-one-owner.ts';
import { writable_implies_exclusive } from './writable-implies-exclusive.ts';
import { writes_are_reported } from './writes-are-reported.ts';
import { zero_page_stays_zero } from './zero-page-stays-zero.ts';

export type { Broken, Invariant } from './invariant.ts';
export { questionsOf, questionWords } from './questions.ts';
export type { Questions, Wish } from './questions.ts';

export const invariants: readonly Invariant[] = [
  private_writes_stay_private,
  stores_are_not_lost,
  pins_stay_coherent,
  gets_stay_coherent,
  direct_io_survives_fork,
  no_use_after_free,
  stores_need_permission,
  writes_are_reported,
  soft_dirty_is_not_missed,
  no_store_through_stale_tlb,
  exclusive_pages_have_one_owner,
  writable_implies_exclusive,
  pinned_pages_are_exclusive,
  exclusive_pages_are_anonymous,
  zero_page_stays_zero,
  merged_pages_stay_equal,
  moving_pages_have_one_owner,
  swapped_pages_have_one_owner,
  large_folios_know_their_owners,
  files_keep_their_bytes,
  fork_announces_itself,
  references_are_counted,
  no_deadlock,
];

/** What a check of this scenario looks for: all but those on request, and of these the ones that it names. */
export function invariantsFor(plan: Plan): Invariant[] {
  const named = new Set(plan.expectations.map((e) => e.invariant));
  return invariants.filter((i) => i.onRequest !== true || [i.id, ...i.alias].some((a) => named.has(a)));
}

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
