import { entry } from './entry.ts';

export const storeBesideReclaim = entry(
  'store-beside-reclaim',
  'v6.18',
  `
scenario A page is stored to as it goes to swap
about Reclaim takes a page that a CPU can still write to by its TLB. It clears
  the entry, flushes, and only then writes the page to its slot: a store comes
  before the flush, and is in the slot, or it faults, and brings the page
  back. No store is lost, on any kernel.
source commit 72b252aed506 (2015)

process parent
region a anon 1 page

parent/2: store a.0 "old"
parallel
  parent:   reclaim a.0
  parent/2: store a.0 "one"
  parent/2: store a.0 "two"
end
parent:   load a.0 -> seen

always parent.seen = "two"
expect v4.8.. holds
`,
);
