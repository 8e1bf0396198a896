/** The models, in the order of the verdict strip. One line for each. */
import type { Model } from '../rules.ts';
import { compose, isMade, isRefused } from '../switches/compose.ts';
import type { Refused } from '../switches/compose.ts';
import { copy_under_ptl } from './copy_under_ptl.ts';
import { count_strict_copy, count_strict_fail, count_strict_skip } from './count_strict.ts';
import { gup_break_cow_flag } from './gup_break_cow_flag.ts';
import { gup_owner_full, gup_owner_min } from './gup_owner.ts';
import { range_lock } from './range_lock.ts';
import { spf, spf_flush_under_ptl } from './spf.ts';
import { uffdwp_flush_under_ptl, uffdwp_mmap_write } from './uffdwp.ts';
import { unshare_mapcount } from './unshare_mapcount.ts';
import { v4_8 } from './v4_8.ts';
import { v5_10_lts, v5_10_lts_gup_breaks_cow, v5_10_lts_mapcount } from './v5_10_lts.ts';
import { v5_11 } from './v5_11.ts';
import { v5_12 } from './v5_12.ts';
import { v5_18 } from './v5_18.ts';
import { v5_19 } from './v5_19.ts';
import { v5_4_gup_breaks_cow } from './v5_4_gup_breaks_cow.ts';
import { v5_6 } from './v5_6.ts';
import { v5_7 } from './v5_7.ts';
import { v5_8 } from './v5_8.ts';
import { v5_9 } from './v5_9.ts';
import { v6_1 } from './v6_1.ts';
import { v6_12 } from './v6_12.ts';
import { v6_18 } from './v6_18.ts';
import { v6_4_0 } from './v6_4_0.ts';
import { v7_2 } from './v7_2.ts';

export const models: readonly Model[] = [
  v4_8,
  v5_6,
  v5_4_gup_breaks_cow,
  v5_7,
  v5_8,
  v5_9,
  v5_10_lts,
  v5_10_lts_mapcount,
  v5_10_lts_gup_breaks_cow,
  v5_11,
  v5_12,
  v5_18,
  v5_19,
  v6_1,
  v6_4_0,
  v6_12,
  v6_18,
  v7_2,
  gup_break_cow_flag,
  unshare_mapcount,
  count_strict_skip,
  count_strict_copy,
  count_strict_fail,
  gup_owner_min,
  gup_owner_full,
  uffdwp_mmap_write,
  uffdwp_flush_under_ptl,
  copy_under_ptl,
  spf,
  spf_flush_under_ptl,
  range_lock,
];
/** A registered model, or one that is put together by hand; or why there is none. */
export const modelOrWhy = (id: string): Model | Refused =>
  models.find((m) => m.id === id) ?? compose(id, models);
export function modelById(id: string): Model | undefined {
  const found = modelOrWhy(id);
  return isRefused(found) ? undefined : found;
}
/** Of an id with switches: what is wrong with it, or null. */
export function whyNotMade(id: string): Refused | null {
  const found = isMade(id) ? modelOrWhy(id) : null;
  return found !== null && isRefused(found) ? found : null;
}
/** Models that stand for a released kernel. */
export const kernels: readonly Model[] = models.filter((m) => !m.composed && !m.proposal);
export const proposals: readonly Model[] = models.filter((m) => m.proposal);
/** Ids in order, for ranges such as `v5.8..`; composed models and proposals are no part of a range. */
export const modelIds: readonly string[] = kernels.map((m) => m.id);
/** Ids that a scenario may name one by one. */
export const apartIds: readonly string[] = models.filter((m) => m.composed || m.proposal).map((m) => m.id);
