/** Linux v6.18, small pages: the rule of 5.19 under finer locks. */
import type { Model } from '../rules.ts';
import { names6_18 } from './names.ts';
import { v6_12 } from './v6_12.ts';

export const v6_18: Model = {
  ...v6_12,
  id: 'v6.18',
  title: 'Linux 6.18: exclusive pages, per-VMA locks',
  rule: 'As in 5.19. Faults run under the lock of their VMA; mprotect makes exclusive pages writable itself.',
  since:
    'Per-VMA locks 6.4; mprotect 64fe24a3e05e (6.1); pins of the page of zeros are not counted ' +
    'c8070b787519 (6.5); madvise under VMA locks 6.17.',
  replaces: 'v6.12: MADV_DONTNEED took mmap_lock.',
  breaks: 'Plain references (FOLL_GET) may still go stale; short pins of the page of zeros do.',
  rules: {
    ...v6_12.rules,
    names: names6_18,
    madviseUnderVmaLock: true,
    hugetlbForcedWrites: 'exclusive',
    mremapMovesManyVmas: true,
    largeReuse: 'owner',
    hugeZeroAllocates: true,
    pagemapTellsEachPage: false,
    dontneedFreesTables: true,
    lazyUnmapsTogether: true,
    collapsesReadOnly: true,
  },
};
