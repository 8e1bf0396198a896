/** Linux v5.9: any other reference means copy. */
import { reuse_by_refcount } from '../mm/reuse.ts';
import type { Model } from '../rules.ts';
import { names5_8 } from './names.ts';
import { v5_7 } from './v5_7.ts';

export const v5_9: Model = {
  ...v5_7,
  id: 'v5.9',
  title: 'Linux 5.9: the reference count decides',
  rule:
    'A write fault reuses an anonymous page only if its mapping holds the one and only reference. ' +
    'fork copies pinned pages for the child. Huge pages keep the map count, until 5.17.',
  since: '09854ba94c6a; a308c71bf1e6 takes the 5.8 rule out again; 70e806e4e645 copies pinned pages at fork.',
  replaces: 'v5.8: the map count, and copy-on-write broken by GUP.',
  breaks:
    'Whatever write-protects a pinned page parts it from its process: mprotect, a read pin of a ' +
    'read-only entry, swap. GUP-fast races with fork. What was swapped out still leaks, as in v5.7. And a ' +
    'copy beside userfaultfd or clear_refs, which flush late or not at all, loses stores.',
  notHere: 'Files on disks.',
  looksAt: 'refcount',
  rules: {
    ...v5_7.rules,
    names: names5_8,
    mmapLockName: 'mmap_lock',
    marksPinned: true,
    forkCopiesPinned: true,
    forkSplitsPinnedHuge: true,
    ksmReuses: false,
    hugeCopies: false,
    hugeZeroAllocates: false,
    splitLocksFolio: true,
  },
  routines: { ...v5_7.routines, reuse_anon: reuse_by_refcount },
};
