import { entry } from './entry.ts';

export const swapUnderPin = entry(
  'swap-under-pin',
  'v5.9',
  `
scenario A pinned page is swapped out
about Reclaim cannot free a page that is pinned for a device, but before 5.11
  it gave it a slot and took it out of the page table. A load brings it back
  read-only; then 5.9 counts references, finds the swap cache and the pin, and
  copies: device and process part. Where page tables are counted the page is
  found to be private, and later kernels leave pinned pages alone.
source commit feb889fb40fa (2021); mail of 5 January 2021

process parent
region a anon 1 page

parent: store a.0 "old"
parent: pin a.0 write as mr
parent: reclaim a.0
parent: load a.0
parent: store a.0 "new"
parent: release mr "device"
parent: load a.0 -> seen

always parent.seen = "device"
expect v4.8..v5.8 v5.11.. holds
expect v5.9 breaks pins-stay-coherent
`,
);
