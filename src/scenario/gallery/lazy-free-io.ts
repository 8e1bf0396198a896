import { entry } from './entry.ts';

export const lazyFreeIo = entry(
  'lazy-free-io',
  'v5.12',
  `
scenario A lazily freed page under direct I/O
about MADV_FREE says that a page may go, unless somebody writes to it first.
  A direct read does: but until its end neither the page table entry nor the
  page is dirty, and reclaim throws the page away while the disk still writes
  to it. 5.18 counts the references before it does.
source commit 6c8e2a256915 (2022)

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   madvise a free
parallel
  parent:   dio a.0 "disk"
  parent/2: reclaim a.0
end
parent:   load a.0 -> seen

always parent.seen = "disk"
expect v4.8..v5.12 breaks stores-are-not-lost
expect v5.18.. holds
`,
);
