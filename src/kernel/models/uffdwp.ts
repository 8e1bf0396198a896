/** Two repairs of userfaultfd write-protect that the mails of January 2021 discuss. */
import type { Model } from '../rules.ts';
import { v5_11 } from './v5_11.ts';

export const uffdwp_mmap_write: Model = {
  ...v5_11,
  id: 'uffdwp-mmap-write',
  title: 'Proposal: whoever changes entries takes mmap_lock',
  rule: 'As v5.11, but UFFDIO_WRITEPROTECT takes mmap_lock for writing, as mprotect does.',
  since: 'Never merged. Mail of 21 Dec 2020, quoted on 5 Jan 2021.',
  replaces: 'v5.11: write-protect runs beside faults, and its flush comes late.',
  breaks: 'As v5.11, but for stores that are lost between the protection and its flush.',
  looksAt: 'refcount',
  proposal: true,
  mailSays:
    'Torvalds, quoted on 5 Jan 2021: anybody who changes the mappings or the permission of a range should ' +
    'hold mmap_sem for writing; faults, copy-on-write among them, are look-ups, and hold it for reading.',
  ours: 'Nothing: one lock is another one.',
  rules: { ...v5_11.rules, uffdWpLock: 'write' },
};

export const uffdwp_flush_under_ptl: Model = {
  ...v5_11,
  id: 'uffdwp-flush-under-ptl',
  title: 'Proposal: write-protect flushes under the page-table lock',
  rule: 'As v5.11, but UFFDIO_WRITEPROTECT flushes before it lets go of the page table.',
  since: 'Never merged. Mail of 5 Jan 2021.',
  replaces: 'v5.11: the flush comes once all entries are changed and the page table is let go.',
  breaks: 'As v5.11, but for stores that are lost between the protection and its flush.',
  looksAt: 'refcount',
  proposal: true,
  mailSays: 'Zijlstra, 5 Jan 2021: the flush has to come under the page-table lock if this is to change.',
  ours: 'One flush for the range, before the lock is dropped.',
  rules: { ...v5_11.rules, uffdWpFlush: 'under ptl' },
};
