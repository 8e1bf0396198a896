import { entry } from './entry.ts';

export const abaCopy = entry(
  'aba-copy',
  'v5.7',
  `
scenario The entry is the same, the page is not
about One thread decides to copy, and copies. Meanwhile the child goes, so
  that another thread may write in place; then clear_refs makes the entry
  what it was. Compared with what the first thread saw nothing has changed,
  and the old copy replaces the new store. By reference count the thread
  that copies keeps all others from writing in place.
source mail on wp_page_copy; commit 09854ba94c6a of 2020

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   clear_refs
parent:   fork child
parallel
  parent:   get a.0 write as h
  parent/2: store a.0 "new"
  parent/2: clear_refs
  child:    exit
end
parent:   load a.0 -> seen

sometimes parent.seen = "new"
expect ..v5.8 breaks stores-are-not-lost
expect v5.9.. holds
expect v5.4-gup-breaks-cow breaks stores-are-not-lost
`,
);
