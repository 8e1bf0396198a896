/** Linux v5.18: the reference count, but only those references that matter. */
import { reuse_by_late_refcount } from '../mm/reuse.ts';
import type { Model } from '../rules.ts';
import { v5_12 } from './v5_12.ts';

export const v5_18: Model = {
  ...v5_12,
  id: 'v5.18',
  title: 'Linux 5.18: the reference count, fewer needless copies',
  rule:
    'A page with more than 3 references is copied; one that an LRU batch of this CPU still holds is ' +
    'taken out of it first; then one reference decides. So it does for huge pages from here on.',
  since: '53a05ad9f21d, d4c470970d45, 84d60fdd3733, c145e0b47c77 and their series.',
  replaces: 'v5.12 to v5.17: a fresh page in an LRU batch was copied although nobody shared it.',
  notHere: 'Files on disks.',
  rules: {
    ...v5_12.rules,
    forkAsksChildUffdWp: true,
    hasUffdContinue: true,
    adviceMissing: [],
    numaSkips: 'refcount',
    hugeReuse: 'refcount',
    splitLocksFolio: false,
    swapinReuses: 'refcount',
    lazyFreeAsksRefs: true,
    copyFreesSwapCache: true,
    dontneedHugetlb: 'rounds up',
    mremapMovesHugetlb: true,
  },
  routines: { ...v5_12.routines, reuse_anon: reuse_by_late_refcount },
};
