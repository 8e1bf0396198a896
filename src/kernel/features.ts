/**
 * What a scenario needs beyond plain private memory. A field that nobody needs has no cells, so a small
 * scenario has a small
 * world: each feature is 0 or 1, and a factor in the size of its fields (`world.ts`).
 */
import { MAP_SHARED } from './flags.ts';
import type { Plan } from './plan.ts';
import type { Model } from './rules.ts';

export interface Features {
  /** Shared memory: a page cache. */
  readonly shared: number;
  /** The model's per-VMA locks. */
  readonly vmaLocks: number;
  /** VMA flags beyond the first eight. */
  readonly vmaMore: number;
}

/** Operations whose VMA flags do not fit into the first cell. One line for each group. */
const VMA_MORE: readonly string[] = [];

export function featuresOf(plan: Plan, model: Model): Features {
  const uses = (names: readonly string[]): number =>
    plan.ops.some((o) => names.includes(o.syscall)) ? 1 : 0;
  const shared =
    plan.mapped.some((m) => m.kind === 'shanon') ||
    plan.regions.some((r) => r.kind === 'shanon') ||
    plan.ops.some((o) => o.syscall === 'mmap' && (o.flags & MAP_SHARED) !== 0);
  return { shared: shared ? 1 : 0, vmaLocks: model.rules.hasVmaLocks ? 1 : 0, vmaMore: uses(VMA_MORE) };
}
