/** Linux v5.12 to v5.17: 5.11, and copies that wait for flushes. */
import type { Model } from '../rules.ts';
import { names5_17 } from './names.ts';
import { v5_11 } from './v5_11.ts';

export const v5_12: Model = {
  ...v5_11,
  id: 'v5.12',
  title: 'Linux 5.12: the reference count decides, copies flush first',
  rule: 'As v5.11. Before it copies, a fault in a userfaultfd area flushes what others have not flushed yet.',
  since: '6ce64428d620 (flush before the copy), and a real flush in clear_refs.',
  replaces: 'v5.11: a copy could be made while other CPUs still wrote to the old page.',
  breaks:
    'Whatever write-protects a pinned page parts it from its process: mprotect, userfaultfd, a read pin of ' +
    'a read-only entry. What was swapped out still leaks, as in v5.7.',
  rules: {
    ...v5_11.rules,
    names: names5_17,
    wpFlushesIfPending: true,
    clearRefsFlushes: true,
    forkCopiesPinnedHuge: true,
  },
};
