import { entry } from './entry.ts';

export const hugePageLeakMirror = entry(
  'huge-page-leak-mirror',
  'v6.18',
  `
scenario The parent keeps a huge page in a pipe
about Here the reference is older than the fork, so that no rule of GUP can
  help: the parent lends its huge page to a pipe, forks and unmaps it. One
  mapping is left, the child's, and so the child writes in place what its
  parent then reads from the pipe.
source CVE-2020-29374; hugetlb-vmsplice of the kernel's cow selftest, 2022

process parent
region a huge 1 page

parent: store a.0 "old"
parent: vmsplice a.0 -> p
parent: fork child
parent: munmap a
child:  store a.0 "secret"
parent: read p -> got

never parent.got = "secret"
expect ..v7.2 breaks private-writes-stay-private
expect count-strict-skip holds
`,
);
