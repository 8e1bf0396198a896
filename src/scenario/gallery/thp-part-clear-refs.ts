import { entry } from './entry.ts';

export const thpPartClearRefs = entry(
  'thp-part-clear-refs',
  'v5.11',
  `
scenario What clear_refs loses of a huge page
about The write permission goes from a page of a huge page that PTEs map, and
  until 5.11 no CPU was told. The folio has as many references as
  entries, so where references decide the next fault copies, and a store
  through an old entry goes to the page left behind. Where mappings decide
  the store stays, and only its mark is missed.
source mail of 5 January 2021; commits 29a951dfb3c3 and 912efa17e512

process parent
region a thp 512 pages

parent:   store a.0 "old"
parent:   madvise a.1 dontneed
parallel
  parent/2: clear_refs
  parent/3: store a.0 "other"
  parent:   store a.0 "mine"
  parent:   load a.0 -> seen
end

sometimes parent.seen = "mine"
expect v4.8 holds
expect v5.6..v5.8 breaks soft-dirty-is-not-missed
expect v5.9..v5.11 breaks stores-are-not-lost
expect v5.12..v7.2 holds
`,
);
