/** Proposal of 2021: keep the map count, and let GUP for reading unshare instead. */
import { reuse_by_mapcount } from '../mm/reuse.ts';
import type { Model } from '../rules.ts';
import { v5_11 } from './v5_11.ts';

export const unshare_mapcount: Model = {
  ...v5_11,
  id: 'unshare-mapcount',
  title: 'Proposal: the map count decides, read references unshare',
  rule:
    'A write fault reuses a page that one page table maps, as until v5.8. Any reference for reading to a ' +
    'page that several page tables map makes a private copy for its taker first.',
  since: 'Never merged. Trees of Arcangeli, January 2021; reviewed again as a series of December 2021.',
  replaces: 'v5.9 to v5.18: the reference count, which copies whenever somebody else looks at the page.',
  breaks:
    'Leaks stay for a plain reference taken before fork. The map count falls before other CPUs are ' +
    'flushed; and a page can be found unshared while a copy of it is being made.',
  notHere: 'Files on disks. FOLL_MM_SYNC and FOLL_NOUNSHARE of the trees.',
  looksAt: 'mapcount, after GUP has unshared',
  proposal: true,
  mailSays:
    'Torvalds, 8 Jan 2021: that the map count means nothing is what Arcangeli does not accept. The ' +
    'subject of the thread says the same of the reference count.',
  ours:
    'From the trees: unshare when the map count is above 1. Ours: the reuse test of v5.7 under the page ' +
    'lock, fork copies pinned pages as in v5.11, nothing special for plain references at fork.',
  rules: { ...v5_11.rules, unsharesReadPins: true, unsharesReadGets: true, sharedIf: 'mapped twice' },
  routines: { ...v5_11.routines, reuse_anon: reuse_by_mapcount },
};
