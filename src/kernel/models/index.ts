/** The models, in the order of the verdict strip. One line for each. */
import type { Model } from '../rules.ts';
import { v5_10_lts, v5_10_lts_gup_breaks_cow, v5_10_lts_mapcount } from './v5_10_lts.ts';
import { v5_19 } from './v5_19.ts';
import { v5_7 } from './v5_7.ts';
import { v5_8 } from './v5_8.ts';
import { v5_9 } from './v5_9.ts';
import { v6_18 } from './v6_18.ts';

export const models: readonly Model[] = [
  v5_7,
  v5_8,
  v5_9,
  v5_10_lts,
  v5_10_lts_mapcount,
  v5_10_lts_gup_breaks_cow,
  v5_19,
  v6_18,
];
export const modelById = (id: string): Model | undefined => models.find((m) => m.id === id);
/** Ids in order, for ranges such as `v5.8..`; composed models are no part of a range. */
export const modelIds: readonly string[] = models.filter((m) => !m.composed).map((m) => m.id);
