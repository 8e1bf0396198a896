import { entry } from './entry.ts';

export const hugePageGrandchild = entry(
  'huge-page-grandchild',
  'v6.18',
  `
scenario A grandchild finds zeros
about The child has lost its huge page to its parent, and its mapping says so:
  an access would be answered with SIGBUS. But fork does not hand that note
  on. A grandchild has the same mapping without it, and once the pool has a
  page again it loads zeros where its parent had stored bytes.
source derived from hugetlb_dup_vma_private() of 6.18; seen on 6.18.44, 2026

process parent
region a huge 1 page
hugepages 1

parent: store a.0 "old"
parent: fork child
parent: store a.0 "new"
child:  fork kid
parent: munmap a
kid:    load a.0 -> seen

never kid.seen = 00
expect ..v7.2 breaks stores-are-not-lost
`,
);
