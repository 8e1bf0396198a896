import { entry } from './entry.ts';

export const collapseUnderPin = entry(
  'collapse-under-pin',
  'v6.18',
  `
scenario Collapse, and a lockless pin of a page
about MADV_COLLAPSE moves small pages into a huge one. It empties the PMD
  entry and flushes first, so that no lockless look-up comes in any more;
  only then it counts: a page with a reference that is no mapping stays
  where it is, and the caller may try again. A device that pinned it before
  goes on with the page of its process.
source commit 7d8faaf15545; mm/khugepaged.c, collapse_huge_page()

process parent
region a thp 512 pages

parent:   store a.0 "old"
parent:   madvise a.1 dontneed
parallel
  parent:   madvise a collapse
  parent/2: pin a.0 write fast as dma
end
parent:   store a.0 "new"
parent/2: release dma "device"
parent:   load a.0 -> seen

always parent.seen = "device"
expect v4.8..v7.2 holds
`,
);
