/** Linux v6.12: the rule of 5.19 under finer locks. */
import type { Model } from '../rules.ts';
import { names6_12 } from './names.ts';
import { v6_1 } from './v6_1.ts';

export const v6_12: Model = {
  ...v6_1,
  id: 'v6.12',
  title: 'Linux 6.12: exclusive pages, per-VMA locks',
  rule:
    'As in 5.19. Faults run under the lock of their VMA, and fork locks every VMA; mprotect makes ' +
    'exclusive pages writable itself.',
  since:
    'Per-VMA locks 6.4, fb49c455323f (6.4.3); pins of the page of zeros are not counted c8070b787519 (6.5).',
  replaces: 'v5.19 to v6.3: mmap_lock for every fault.',
  notHere: 'Files on disks.',
  rules: {
    ...v6_1.rules,
    names: names6_12,
    hasVmaLocks: true,
    mprotectWantsDirty: false,
    numaSkips: 'pinned or mapped',
    numaKeepsWriteBit: false,
    gupHonoursNumaHints: false,
    dropsMappingRefLate: true,
    unsharesNonAnonLongterm: true,
    ksmUnshares: true,
    directIoPins: true,
    swapinMapsWrite: true,
    rdmaAlwaysWrites: false,
    uffdResolveSetsWrite: true,
    uffdWpSpansVmas: true,
    largeReuse: 'never',
    hasMthp: true,
    pagemapTellsEachPage: true,
    adviceSplits: 'batch',
    freeSplits: 'batch',
    reclaimSplits: 'partial',
    splitUsesZeroPage: true,
    swapinLarge: 'alone',
    hugetlbUnderVmaLock: true,
  },
};
