import { entry } from './entry.ts';

export const slotReadTwice = entry(
  'slot-read-twice',
  'v5.19',
  `
scenario A swap slot is read twice
about Two threads fault on a page whose slot nobody else needs, so that each
  reads it past the swap cache. One of them stores, and its page is swapped
  out again, to the same slot: the entry looks as before, and the copy that
  the other one has read long ago is mapped. 6.8 marks a slot while it is
  read so; 4.8 and 7.0 go through the swap cache.
source commit 13ddaf26be32 (2024)

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   reclaim a.0
parallel
  parent:   load a.0
  parent/2: store a.0 "new"
  parent/2: reclaim a.0
end
parent:   load a.0 -> last

always parent.last = "new"
expect v4.8 v6.1 v6.12.. holds
expect v5.6..v5.19 v6.4.0 breaks stores-are-not-lost
`,
);
