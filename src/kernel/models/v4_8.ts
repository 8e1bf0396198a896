/** Linux v4.8, before the fix of Dirty COW. */
import type { Model } from '../rules.ts';
import { names4_8 } from './names.ts';
import { v5_6 } from './v5_6.ts';

export const v4_8: Model = {
  ...v5_6,
  id: 'v4.8',
  title: 'Linux 4.8: forced writes forget that they write',
  rule:
    'The map count decides. A forced write that has broken copy-on-write looks the page up again as ' +
    'for a read.',
  since: 'The kernels from 2.6.2x to 4.8.2 (and their stable series of the time).',
  replaces: 'Nothing: the oldest rules here.',
  breaks:
    'Dirty COW, CVE-2016-5195: MADV_DONTNEED between the two looks hands out a page that is shared by ' +
    'all, of a file or of zeros. A counter that somebody fills wraps around (CVE-2019-11487). And what ' +
    'v5.6 breaks, but for lost soft-dirty marks: clear_refs flushes.',
  notHere: 'Files on disks. KSM pages are always copied.',
  rules: {
    ...v5_6.rules,
    names: names4_8,
    gupFastRechecksPte: false,
    adviceMissing: ['wipeonfork', 'cold', 'populate'],
    forcedWrites: 'forgets-write',
    refusesOverflow: false,
    clearRefsFlushes: true,
    clearRefsFlushesHuge: false,
    uffdOnFiles: false,
    ksmReuses: false,
    swapinSkipsCache: false,
    ksmChecksFlushPending: false,
    hugeReuseLocks: false,
    reclaimSplits: 'all',
  },
};
