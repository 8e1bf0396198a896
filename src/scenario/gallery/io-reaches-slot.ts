import { entry } from './entry.ts';

export const ioReachesSlot = entry(
  'io-reaches-slot',
  'v6.18',
  `
scenario Direct I/O begins as its page goes to swap
about A direct read looks its page up without a lock while reclaim unmaps it.
  Reclaim counts the references before it lets the page go: if the read was
  first, the page stays in the swap cache, and comes back with what the disk
  has written. If not, the look-up finds no entry, and faults.
source commit e286781d5f2e (2008), speculative page references

process parent
region a anon 1 page

parent:   store a.0 "old"
parallel
  parent:   dio a.0 "disk"
  parent/2: reclaim a.0
end
parent:   load a.0 -> seen

always parent.seen = "disk"
expect v4.8.. holds
`,
);
