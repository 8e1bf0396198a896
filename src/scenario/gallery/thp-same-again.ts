import { entry } from './entry.ts';

export const thpSameAgain = entry(
  'thp-same-again',
  'v5.7',
  `
scenario The same entry again, of a huge page
about One thread copies all of a huge page. Meanwhile the child goes, so that
  another thread may write in place, and clear_refs makes the PMD entry what
  it was: the old copy replaces the new store. From 5.8 on the PMD entry is
  split, and one small page is lost the same way. Where references decide,
  the thread that copies keeps all others from writing in place.
source mail on wp_page_copy; commits 17839856fd58 and 09854ba94c6a

process parent
region a thp 512 pages

parent:   store a.0 "old"
parent:   clear_refs
parent:   fork child
parallel
  parent:   store a.0 "one"
  parent/2: store a.0 "two"
  parent/2: clear_refs
  parent/2: load a.0 -> seen
  child:    exit
end

sometimes parent/2.seen = "two"
expect v4.8..v5.8 breaks stores-are-not-lost
expect v5.9..v5.11 breaks soft-dirty-is-not-missed
expect v5.12..v7.2 holds
`,
);
