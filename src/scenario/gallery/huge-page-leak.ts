import { entry } from './entry.ts';

export const hugePageLeak = entry(
  'huge-page-leak',
  'v7.2',
  `
scenario A huge page leaks in every kernel
about The old leak, on a page of 2 MB. Whether a huge page is written in place
  is still decided by its mappings alone, since a copy for the sake of some
  passing reference could kill a process when the pool is empty. The kernel's
  own test of this case is marked as expected to fail.
source CVE-2020-29374; mail of 8 January 2021; hugetlb_wp() of 2026

process parent
region a huge 1 page

parent: store a.0 "old"
parent: fork child
child:  vmsplice a.0 -> p
child:  munmap a
parent: store a.0 "secret"
child:  read p -> got

never child.got = "secret"
expect v4.8..v5.7 v5.9..v7.2 breaks private-writes-stay-private
expect v5.8 holds
expect v5.4-gup-breaks-cow count-strict-skip unshare-mapcount holds
`,
);
