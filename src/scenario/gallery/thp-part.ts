import { entry } from './entry.ts';

export const thpPart = entry(
  'thp-part',
  'v5.9',
  `
scenario A pinned huge page, and mprotect of a part
about One page of 512 changes its permission, so the PMD entry is split:
  each page gets an entry of its own, and a reference of its own to the one
  count of the folio. From then on kernels that ask for a single reference
  never find it, pinned or not: the next store copies the page that a device
  holds.
source commit 09854ba94c6a; mm/huge_memory.c, __split_huge_pmd()

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: mprotect a.0 ro
parent: mprotect a.0 rw
parent: store a.0 "new"
parent: release dma "device"
parent: load a.0 -> seen

always parent.seen = "device"
expect v4.8..v5.8 holds
expect v5.9..v5.18 breaks pins-stay-coherent
expect v5.19..v7.2 holds
`,
);
