import { entry } from './entry.ts';

export const thpFastPin = entry(
  'thp-fast-pin',
  'v5.9',
  `
scenario A lockless pin of a huge page, and fork
about The lockless look-up pins a page of a huge page at the moment when
  fork has seen no pin and is about to share it. The sequence count tells
  the pin that fork was there, for a PMD entry as for others: since 5.11 it
  is given back, and taken anew when fork is over.
source commit 57efa1fe5957

process parent
region a thp 512 pages

parent:   store a.0 "old"
parallel
  parent:   fork child
  parent/2: pin a.0 write fast as dma
end
parent:   store a.0 "new"
parent/2: release dma "device"
parent:   load a.0 -> seen

always parent.seen = "device"
expect v4.8..v5.6 breaks
expect v5.7..v5.9 breaks pins-stay-coherent
expect v5.11..v7.2 holds
`,
);
