/** Speculative page faults, as the mail of 5 Jan 2021 mentions them. */
import type { Model } from '../rules.ts';
import { v5_11 } from './v5_11.ts';

export const spf: Model = {
  ...v5_11,
  id: 'spf',
  title: 'Proposal: speculative page faults',
  rule:
    'As v5.11, but faults on private memory run without mmap_lock: a sequence count of the VMA, odd while ' +
    'a writer changes it, is compared under the page-table lock.',
  since: 'Never merged. Series of 2017 to 2021.',
  replaces: 'v5.11: a fault holds mmap_lock for reading.',
  breaks:
    'fork defers its flush and relies on nobody faulting meanwhile. A copy that a speculative fault makes ' +
    'then misses stores that go through TLB entries not flushed yet.',
  notHere:
    'Files on disks. The series tried the page-table lock with interrupts off and ' +
    'gave up at once, and gave up where a monitor had to be told: here the fault waits, which makes more ' +
    'orders possible.',
  looksAt: 'refcount',
  proposal: true,
  mailSays:
    'Zijlstra, 5 Jan 2021: speculative faults avoid mmap_sem and rely on the page-table lock alone, which ' +
    'opens them to exactly the races of the thread.',
  ours:
    'The order of the steps; that mprotect and munmap make the count odd, and that fork and ' +
    'UFFDIO_WRITEPROTECT do not (what each series did was not read).',
  rules: { ...v5_11.rules, speculatesFaults: true },
};

export const spf_flush_under_ptl: Model = {
  ...spf,
  id: 'spf-flush-under-ptl',
  title: 'Proposal: speculative faults that copy under the lock',
  rule: 'As spf, but a copy is made under the page-table lock, after its flush.',
  breaks: 'As v5.11: the stale stores of spf land before the copy, and are in it.',
  mailSays:
    'Zijlstra, 5 Jan 2021: the copy needs the page-table lock, and the flush comes under it, if mmap_sem ' +
    'is to be avoided.',
  ours: 'As spf, and flush first, then copy.',
  rules: { ...spf.rules, copiesUnderPtl: true },
};
