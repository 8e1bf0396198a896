import { entry } from './entry.ts';

export const swapUnderIo = entry(
  'swap-under-io',
  'v5.12',
  `
scenario A page is swapped out under direct I/O
about A direct read is in flight when memory is short. Its page is unmapped
  and stays in the swap cache, because the read has a plain reference, which
  reclaim does not take for a pin. A load maps it read-only, and the next
  store copies it: what the disk writes is lost. From 5.19 on the swap entry
  remembers that the page was exclusive.
source commit 1493a1913e34 (2022); mail of 12 January 2021

process parent
region a anon 1 page

parent: store a.0 "old"
parent: dio_read a.0 as io
parent: reclaim a.0
parent: load a.0
parent: store a.0 "new"
parent: complete io "disk"
parent: load a.0 -> seen

always parent.seen = "disk"
expect v4.8..v5.8 v5.19.. holds
expect v5.9..v5.18 breaks gets-stay-coherent
`,
);
