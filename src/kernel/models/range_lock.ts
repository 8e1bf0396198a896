/** Range locks instead of mmap_lock, as the mail of 5 Jan 2021 mentions them. */
import type { Model } from '../rules.ts';
import { v5_11 } from './v5_11.ts';

export const range_lock: Model = {
  ...v5_11,
  id: 'range-lock',
  title: 'Proposal: locks of address ranges',
  rule:
    'As v5.11, but a fault or look-up locks its own page for reading; mprotect, munmap, mmap and ' +
    'UFFDIO_WRITEPROTECT lock their range for writing, and fork and exit lock everything.',
  since: 'Never merged. Range locks for mmap_sem were posted from 2013 to 2019.',
  replaces: 'v5.11: one lock for the whole address space.',
  breaks: 'What v5.11 breaks with pins, and with soft-dirty bits, which it does not flush.',
  looksAt: 'refcount',
  proposal: true,
  mailSays:
    'Zijlstra, 5 Jan 2021: the range lock does not suffer from the races of speculative faults; its ' +
    'performance worries him.',
  ours:
    'Who locks which range and how; a range is taken as a whole; VMAs are found without a lock of ' +
    'their own.',
  rules: { ...v5_11.rules, mmapLockName: 'range lock', locksRanges: true, uffdWpLock: 'write' },
};
