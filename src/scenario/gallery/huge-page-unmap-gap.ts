import { entry } from './entry.ts';

export const hugePageUnmapGap = entry(
  'huge-page-unmap-gap',
  'v6.18',
  `
scenario A huge page is unmapped, not yet flushed
about The child unmaps a huge page that it shares with its parent. The map
  count falls at once, the flush comes later. In between the parent's store
  finds itself alone with the page and writes in place, and another CPU of
  the child, which still has the translation, loads the parent's new bytes.
  Small pages are safe since 5.9: their references wait for the flush.
source R12, derived; the order of __unmap_hugepage_range(), commit 2008

process parent
region a huge 1 page

parent:  store a.0 "old"
parent:  fork child
child/2: load a.0
parallel
  child:   munmap a
  child/2: load a.0 -> seen
  parent:  store a.0 "secret"
end

never child/2.seen = "secret"
expect ..v7.2 breaks private-writes-stay-private
`,
);
