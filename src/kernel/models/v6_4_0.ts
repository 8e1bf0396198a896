/** Linux v6.4.0, before fork learnt of the new locks. */
import type { Model } from '../rules.ts';
import { names6_4 } from './names.ts';
import { v6_12 } from './v6_12.ts';

export const v6_4_0: Model = {
  ...v6_12,
  id: 'v6.4.0',
  title: 'Linux 6.4.0: fork without VMA locks',
  rule:
    'As v6.12, but fork takes mmap_lock only: a fault under a VMA lock may run while it copies. Neither ' +
    'does clear_refs lock VMAs (49b0638502da).',
  since: '6.4.0 to 6.4.2, the first kernels with per-VMA locks.',
  replaces: 'v6.1: a fault held mmap_lock, and so had fork to itself.',
  breaks:
    'A store through a TLB entry that fork has not flushed yet is lost when another thread copies the ' +
    'page meanwhile. A swap slot that two threads read at once may bring back old bytes. And what v6.12 ' +
    'breaks.',
  notHere:
    'Files on disks. What else 6.12 changed is as there: pins for direct I/O, ' +
    'the last step of a userfaultfd protection, long-term pins of the page of zeros.',
  rules: {
    ...v6_12.rules,
    pagemapTellsEachPage: false,
    names: names6_4,
    hugetlbUnderVmaLock: false,
    forkLocksVmas: false,
    clearRefsLocksVmas: false,
    swapinPinsSlot: false,
    numaSkips: 'refcount',
    gupHonoursNumaHints: true,
    largeReuse: 'count',
    hasMthp: false,
    adviceSplits: 'folio',
    freeSplits: 'folio',
    reclaimSplits: 'no pmd',
    splitUsesZeroPage: false,
    swapinLarge: 'never',
  },
};
