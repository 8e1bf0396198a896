import { entry } from './entry.ts';

export const mergeUnderPin = entry(
  'merge-under-pin',
  'v6.18',
  `
scenario A fast pin while ksmd merges
about A device takes hold of a page without any lock, while ksmd is about to
  replace it by an equal one. ksmd clears the entry and flushes before it
  counts references, so that no look-up can come behind its back; and a page
  with one reference too many stays. No kernel gets this wrong: switch the
  guard ksm-flushes-first off to see what it prevents.
source commit b3a81d0841a9; write_protect_page in mm/ksm.c

process parent
region a anon 2 pages

parent: store a.0 "same"
parent: store a.1 "same"
parent: madvise a mergeable
parallel
  parent: pin a.0 write fast as dma
  -:      ksm
end
parent: release dma "device"
parent: load a.0 -> seen

always parent.seen = "device"
expect v4.8..v7.2 holds
`,
);
