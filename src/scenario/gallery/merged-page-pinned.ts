import { entry } from './entry.ts';

export const mergedPagePinned = entry(
  'merged-page-pinned',
  'v5.18',
  `
scenario A read pin of a merged page
about A device pins a page for reading that ksmd has merged, and its owner
  stores to it. The store copies, as every store to a merged page does, and
  the device goes on reading the old bytes. 5.8 copies when the pin is taken,
  for it breaks copy-on-write for every reference; since 5.19 such a pin asks
  for a page of its own first. Before 5.7 a pin was no more than a reference.
source commit c89357e27f20; kernel selftest cow.c, "ksm"

process parent
region a anon 2 pages

parent: store a.0 "same"
parent: store a.1 "same"
parent: madvise a mergeable
-:      ksm
parent: pin a.0 read longterm as mr
parent: store a.0 "new"
parent: device_read mr -> seen

exists parent.seen = "same"
expect ..v5.6 holds
expect v5.7 breaks pins-stay-coherent
expect v5.8 holds
expect v5.9..v5.18 breaks pins-stay-coherent
expect v5.19.. holds
`,
);
