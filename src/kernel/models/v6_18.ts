/** Linux v6.18, small pages: the rule of 5.19 under finer locks. */
import type { Model } from '../rules.ts';
import { v5_19 } from './v5_19.ts';

export const v6_18: Model = {
  ...v5_19,
  id: 'v6.18',
  title: 'Linux 6.18: exclusive pages, per-VMA locks',
  rule: 'As in 5.19. Faults run under the lock of their VMA; mprotect makes exclusive pages writable itself.',
  since:
    'Per-VMA locks 6.4; mprotect 64fe24a3e05e (6.1); pins of the page of zeros are not counted ' +
    'c8070b787519 (6.5).',
  replaces: 'v5.19 to v6.1: mmap_lock for every fault.',
  breaks: 'Plain references (FOLL_GET) may still go stale; short pins of the page of zeros do.',
  notHere: 'Swap, KSM, large folios, files, userfaultfd.',
  rules: {
    ...v5_19.rules,
    hasVmaLocks: true,
    mprotectMakesWritable: true,
    zeroPagePinsCounted: false,
    dropsMappingRefLate: true,
  },
};
