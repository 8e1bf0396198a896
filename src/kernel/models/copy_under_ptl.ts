/** An idea of the mail of 5 Jan 2021: make the copy under the page-table lock, after the flush. */
import type { Model } from '../rules.ts';
import { v5_11 } from './v5_11.ts';

export const copy_under_ptl: Model = {
  ...v5_11,
  id: 'copy-under-ptl',
  title: 'Proposal: copy and flush under the page-table lock',
  rule: 'As v5.11, but wp_page_copy clears the entry, flushes, and only then copies, all under one lock.',
  since: 'Never merged. Mail of 5 Jan 2021.',
  replaces: 'v5.11: the bytes are copied without the lock, and stores through stale entries may be missed.',
  breaks: 'As v5.11, but for stores that a stale TLB entry lets through during a copy.',
  looksAt: 'refcount',
  proposal: true,
  mailSays:
    'Zijlstra, 5 Jan 2021, on the mail before: the copy would have to hold the page-table lock, and the ' +
    'flush come under it, for mmap_sem not to be needed for writing.',
  ours: 'Flush first, then copy: the other order would still miss stores.',
  rules: { ...v5_11.rules, copiesUnderPtl: true },
};
