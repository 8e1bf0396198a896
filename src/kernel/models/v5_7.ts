/** Linux v5.7.0. See the header block below: the app shows it. */
import { reuse_by_mapcount } from '../mm/reuse.ts';
import type { Model } from '../rules.ts';

export const v5_7: Model = {
  id: 'v5.7',
  title: 'Linux 5.7: the map count decides',
  rule:
    'A write fault reuses an anonymous page if only one page table maps it. References without a ' +
    'mapping do not count.',
  since: 'The rule is as old as 2.6; this is 5.7.0, with FOLL_PIN counting (3faa52c03f44).',
  replaces: 'Nothing: the starting point of the argument.',
  breaks:
    'A child that keeps a reference and unmaps reads what its parent writes later: CVE-2020-29374. ' +
    'Pins part from their process when fork shares the page.',
  notHere: 'Swap, KSM, huge pages, files. 5.7.3 and later have the rule of 5.8.',
  looksAt: 'mapcount',
  composed: false,
  rules: {
    mmapLockName: 'mmap_sem',
    hasExclusive: false,
    gupBreaksCow: false,
    marksPinned: false,
    forkCopiesPinned: false,
    unsharesReadPins: false,
    hasWriteProtectSeq: false,
    hasVmaLocks: false,
    mprotectMakesWritable: false,
    zeroPagePinsCounted: true,
    dropsMappingRefLate: false,
  },
  routines: { reuse_anon: reuse_by_mapcount },
};
