import { entry } from './entry.ts';

export const thpPinnedFork = entry(
  'thp-pinned-fork',
  'v6.18',
  `
scenario One page of a huge page is pinned at fork
about A device writes to one page of 512. A huge page counts pins as a
  whole, so fork cannot tell which page it is: it splits the PMD entry of
  the parent, finds each of the pages pinned, and copies all of them for the
  child. Before 5.9 it shared the huge page, and the next store parted
  device and process.
source commit d042035eaf5f; recorded: thp-hold-rw-fork

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: fork child
parent: store a.0 "new"
parent: release dma "device"
parent: load a.0 -> seen

always parent.seen = "device"
expect v4.8..v5.6 breaks
expect v5.7..v5.8 breaks pins-stay-coherent
expect v5.9..v7.2 holds
`,
);
