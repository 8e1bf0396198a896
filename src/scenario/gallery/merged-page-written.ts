import { entry } from './entry.ts';

export const mergedPageWritten = entry(
  'merged-page-written',
  'v6.18',
  `
scenario Two threads store to one merged page
about The kernel thread ksmd finds two equal pages and lets both entries name
  one of them. Then two threads store, each to an address of its own. Nobody
  may write to the page that is left: the first store copies. The second is
  its only user by now: from 5.1 to 5.8 it took the page over, since 5.9 it
  copies as well.
source commit 1a0cf26323c8; reuse_ksm_page in mm/ksm.c

process parent
region a anon 2 pages

parent:   store a.0 "same"
parent:   store a.1 "same"
parent:   madvise a mergeable
-:        ksm
parallel
  parent:   store a.0 "one"
  parent/2: store a.1 "two"
end
parent:   load a.0 -> first
parent:   load a.1 -> second

always parent.first = "one" and parent.second = "two"
expect v4.8..v7.2 holds
`,
);
