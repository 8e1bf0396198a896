/** Linux v5.11: 5.9, and pins that notice a fork. */
import type { Model } from '../rules.ts';
import { v5_9 } from './v5_9.ts';

export const v5_11: Model = {
  ...v5_9,
  id: 'v5.11',
  title: 'Linux 5.11: the reference count decides, pins notice a fork',
  rule: 'As v5.9. A lockless pin that overlaps a fork is dropped and taken again under mmap_lock.',
  since: '57efa1fe5957 (write_protect_seq), 29a951dfb3c3 (clear_refs under the write lock).',
  replaces: 'v5.9, v5.10.0: a pin could slip past a fork that had looked for it.',
  breaks:
    'Whatever write-protects a pinned page parts it from its process: mprotect, a read pin of a ' +
    'read-only entry. What was swapped out still leaks, as in v5.7. A copy beside userfaultfd or ' +
    'clear_refs, which flush late or not at all, loses stores.',
  notHere: 'Files on disks.',
  rules: {
    ...v5_9.rules,
    hasWriteProtectSeq: true,
    clearRefsLock: 'write',
    clearRefsSkipsPinned: true,
    reclaimSkipsPinned: true,
  },
};
