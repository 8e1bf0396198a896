import { entry } from './entry.ts';

export const thpPartLostStore = entry(
  'thp-part-lost-store',
  'v5.9',
  `
scenario A page of a huge page, and the store that is lost
about The store that userfaultfd lost, on a huge page that PTEs map. Every
  entry has a reference to the one count of the folio, so that 5.9 finds more
  than one without any help: the fault copies, while another thread stores
  through an entry of its CPU that nobody has flushed yet. As one PMD entry
  the page is kept, for its mappings, until 5.17.
source commit 6ce64428d620; mail of 5 January 2021

process parent
region a thp 512 pages

parent:   store a.0 "old"
parent:   madvise a.1 dontneed
parent:   uffd_register a wp
parallel
  parent/2: uffd_writeprotect a.0 off
  parent/3: store a.0 "other"
  parent:   store a.0 "mine"
  parent:   load a.0 -> seen
end

sometimes parent.seen = "mine"
expect v4.8..v5.8 holds
expect v5.9..v5.11 breaks stores-are-not-lost
expect v5.12..v7.2 holds
`,
);
