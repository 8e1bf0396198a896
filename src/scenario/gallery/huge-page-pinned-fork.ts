import { entry } from './entry.ts';

export const hugePagePinnedFork = entry(
  'huge-page-pinned-fork',
  'v5.11',
  `
scenario A fork forgets pinned huge pages
about When fork learnt to copy pinned pages for the child, in 5.9, it did so
  for small pages. A pinned huge page was shared as before until 5.12, and
  the parent's next store moved it to a copy of its own: what the device
  writes then lands in a page that only the child has.
source commit 4eae4efa2c29 of 5.12; R4 for huge pages

process parent
region a huge 1 page

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: fork child
parent: store a.0 "new"
-:      release dma "data"
parent: load a.0 -> seen

always parent.seen = "data"
expect v5.7..v5.11 breaks pins-stay-coherent
expect v4.8 v5.6 breaks
expect v5.12..v7.2 holds
`,
);
