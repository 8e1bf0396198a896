import { entry } from './entry.ts';

export const hugePagePoolEmpty = entry(
  'huge-page-pool-empty',
  'v6.12',
  `
scenario The owner of a huge page takes it back
about A mapping of huge pages is promised its pages by mmap, and its children
  are promised none. When the parent writes to the shared page and the pool
  has no other, the kernel takes the page out of the child's page table and
  notes it there: the child dies with SIGBUS at its next access, rather than
  find zeros.
source commit 04f2cbe35699 of 2.6.27, 2008: unmap_ref_private()

process parent
region a huge 1 page
hugepages 1

parent: store a.0 "old"
parent: fork child
parallel
  child:  load a.0 -> seen
  parent: store a.0 "new"
  child:  load a.0 -> again
end
parent: load a.0 -> mine

always parent.mine = "new"
never child.again = "new"
sometimes child.seen = "old"
sometimes child.again = none
expect ..v7.2 holds
`,
);
