import { entry } from './entry.ts';

export const thpSoftDirtyPinned = entry(
  'thp-soft-dirty-pinned',
  'v5.18',
  `
scenario Soft-dirty tracking and a pinned huge page
about Since 5.11 clear_refs leaves pinned pages writable, as a fault on one
  would copy it. It asks that of small entries only: the PMD entry of a huge
  page is made read-only, pinned or not. When references came to decide
  about huge pages in 5.18, the next store parted the device from its
  process. The exclusive mark of 5.19 puts them together again.
source commit 9348b73c2e1b; fs/proc/task_mmu.c, clear_soft_dirty_pmd()

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: clear_refs
parent: store a.0 "new"
parent: release dma "device"
parent: load a.0 -> seen

always parent.seen = "device"
expect v4.8..v5.12 holds
expect v5.18 breaks pins-stay-coherent
expect v5.19..v7.2 holds
`,
);
