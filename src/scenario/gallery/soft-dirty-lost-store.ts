import { entry } from './entry.ts';

export const softDirtyLostStore = entry(
  'soft-dirty-lost-store',
  'v5.9',
  `
scenario A store that clear_refs lost
about Soft-dirty tracking takes the write permission away and, from about
  4.13 until 5.11, never told the other CPUs. That was harmless as long as a
  page of one process was never copied. With 5.9 any reference makes it a
  copy, and a store through an old entry goes to the page left behind.
source mail of 5 January 2021; commits 29a951dfb3c3 and 912efa17e512

process parent
region a anon 1 page
lru batched

parent:   store a.0 "old"
parallel
  parent/2: clear_refs
  parent/3: store a.0 "other"
  parent:   store a.0 "mine"
  parent:   load a.0 -> seen
end

sometimes parent.seen = "mine"
expect v5.9..v5.11 breaks stores-are-not-lost
expect v5.6..v5.8 breaks soft-dirty-is-not-missed
expect v4.8 v5.12.. holds
expect copy-under-ptl range-lock breaks soft-dirty-is-not-missed
`,
);
