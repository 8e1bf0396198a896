import { entry } from './entry.ts';

export const thpLastSharer = entry(
  'thp-last-sharer',
  'v6.18',
  `
scenario The last sharer of a large folio goes
about The child gives all but one page of a huge page back, and ends. The
  parent has all mappings of the folio that are left. Kernels that want a
  single reference copy the page that it writes to. Since 6.15 a folio
  remembers which processes map it: all references are mappings of the
  parent, so the page stays.
source commit 1da190f4d0a6; recorded: thp-child-partial-unmap

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: fork child
child:  munmap a.1 511
parent: store a.1 "one"
child:  exit
parent: store a.0 "new"
parent: load a.0 -> seen

always parent.seen = "new"
expect v4.8..v7.2 holds
`,
);
