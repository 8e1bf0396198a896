/**
 * Proposal of 12 Jan 2021: the reference count alone, made strict. The mail gives rules (a), (b) and (c);
 * what happens to a page that (c) forbids to write-protect has three answers, a model each.
 */
import type { Model } from '../rules.ts';
import { v5_11 } from './v5_11.ts';

const COMMON =
  'Every reference counts like a pin; GUP acts as a write on private memory; fork copies for the child; ' +
  'the entry is cleared before the count is read.';

const strict: Model = {
  ...v5_11,
  id: 'count-strict-skip',
  title: 'Proposal: a referenced page stays writable',
  rule:
    'A page becomes writable only while its count is 1, and read-only only while its count is 1. GUP ' +
    'breaks copy-on-write first; fork copies a writable page that has other references, and mprotect ' +
    'leaves it writable.',
  since: 'Never merged. Mail of 12 Jan 2021.',
  replaces: 'v5.9 to v5.18: a second kind of count for pins, GUP_PIN_COUNTING_BIAS.',
  breaks:
    'After mprotect has taken the write permission, stores to a referenced page still succeed. Pages of ' +
    'read-only mappings are never writable, so their references part as before.',
  notHere: 'Files on disks, migration: there (c) would mean to refuse.',
  looksAt: 'refcount',
  proposal: true,
  mailSays:
    'Torvalds, as quoted on 12 Jan 2021: (a) a page is made writable only with a count of 1; (b) so a ' +
    'writable page starts out reachable from page tables only; (c) it is never made read-only unless its ' +
    'count is 1. No bias for pins. Glisse answers that mprotect must not be skipped.',
  ours: `${COMMON} mprotect, UFFDIO_WRITEPROTECT and clear_refs skip the page.`,
  rules: {
    ...v5_11.rules,
    gupBreaksCow: true,
    marksPinned: false,
    forkCopiesPinned: false,
    forkSplitsPinnedHuge: false,
    hasWriteProtectSeq: false,
    forkCopiesReferenced: true,
    protectsReferenced: 'skip',
    // Not the pins, every reference is asked for.
    clearRefsSkipsPinned: false,
    hugetlbReuses: 'refcount',
    forkCopiesPinnedHuge: false,
  },
};
export const count_strict_skip: Model = strict;

export const count_strict_copy: Model = {
  ...strict,
  id: 'count-strict-copy',
  title: 'Proposal: mprotect copies a referenced page',
  rule: 'As count-strict-skip, but mprotect gives the mapping a read-only copy of a page that others hold.',
  breaks: 'The reference names a page that its process does not map any more: devices and process part.',
  mailSays:
    'Glisse, 12 Jan 2021: perhaps mprotect could copy such pages; but short references, as of direct I/O, ' +
    'that race with mprotect make him uneasy.',
  ours: `${COMMON} mprotect, UFFDIO_WRITEPROTECT and clear_refs flush, and copy under the page-table lock.`,
  rules: { ...strict.rules, protectsReferenced: 'copy' },
};

export const count_strict_fail: Model = {
  ...strict,
  id: 'count-strict-fail',
  title: 'Proposal: mprotect fails on a referenced page',
  rule: 'As count-strict-skip, but mprotect ends with EAGAIN where a page has other references.',
  breaks:
    'Nothing that a check of states can see; but mprotect may fail for as long as a device holds a page.',
  mailSays: 'Nothing of this: the mails speak of skipping and of copying.',
  ours:
    `${COMMON} mprotect gives the VMA its permission back and fails, and so do UFFDIO_WRITEPROTECT and ` +
    'clear_refs; pages before stay read-only until the next store.',
  rules: { ...strict.rules, protectsReferenced: 'fail' },
};
