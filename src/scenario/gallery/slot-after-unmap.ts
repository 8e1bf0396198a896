import { entry } from './entry.ts';

export const slotAfterUnmap = entry(
  'slot-after-unmap',
  'v6.18',
  `
scenario A slot that somebody still remembers
about A fault has read which slot it needs, and found its page in the swap
  cache. Before it has the page lock, another thread throws the page away,
  stores, and is swapped out to the same slot. The fault asks once more, under
  the lock, whether the page is still that of the slot. What breaks kernels
  before 6.8 is that the slot may also be read past the cache.
source commit 13ddaf26be32 (2024)

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   vmsplice a.0 -> p
parent:   reclaim a.0
parallel
  parent:   load a.0
  parent/2: madvise a dontneed
  parent/2: store a.0 "new"
  parent/2: reclaim a.0
end
parent:   load a.0 -> last

always parent.last = "new"
expect v4.8 v6.1 v6.12.. holds
expect v5.6..v5.19 v6.4.0 breaks stores-are-not-lost
`,
);
