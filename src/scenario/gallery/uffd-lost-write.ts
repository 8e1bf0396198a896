import { entry } from './entry.ts';

export const uffdLostWrite = entry(
  'uffd-lost-write',
  'v5.9',
  `
scenario The store that userfaultfd lost
about A monitor ends a write-protection: the entry changes, the flush comes
  later. In between another thread faults and copies the page, because some
  reference makes it look shared; and a third CPU, which still has the old
  entry, stores to the page that was just copied. Until 5.8 the map count
  hid this; from 5.12 on the fault flushes first.
source mail of 5 January 2021; commit 6ce64428d620

process parent
region a anon 1 page
lru batched

parent:   store a.0 "old"
parent:   uffd_register a wp
parallel
  parent/2: uffd_writeprotect a.0 off
  parent/3: store a.0 "other"
  parent:   store a.0 "mine"
  parent:   load a.0 -> seen
end

sometimes parent.seen = "mine"
expect v5.9..v5.11 breaks stores-are-not-lost
expect ..v5.8 v5.12.. holds
expect uffdwp-mmap-write uffdwp-flush-under-ptl copy-under-ptl holds
expect spf breaks stores-are-not-lost
expect spf-flush-under-ptl range-lock unshare-mapcount holds
`,
);
