import { entry } from './entry.ts';

export const thpMprotect = entry(
  'thp-mprotect',
  'v5.18',
  `
scenario A pinned huge page, mprotect and back
about The permission to write goes and comes back; the entry stays read-only
  until the next store. While huge pages went by their mappings, that store
  kept the page, whoever had it pinned. Counting references closed the leaks
  of huge pages in 5.18, and parted this device from its process. The
  exclusive mark of 5.19 does neither.
source commit 3bff7e3f1f16; mail of 8 January 2021

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: mprotect a ro
parent: mprotect a rw
parent: store a.0 "new"
parent: release dma "device"
parent: load a.0 -> seen

always parent.seen = "device"
expect v4.8..v5.12 holds
expect v5.18 breaks pins-stay-coherent
expect v5.19..v7.2 holds
`,
);
