import { entry } from './entry.ts';

export const numaHintUnderPin = entry(
  'numa-hint-under-pin',
  'v5.9',
  `
scenario A NUMA hint under a pin
about The kernel takes the access to a page away to learn which CPU uses it.
  It need not write-protect for that, and gives back what was there: the
  next fault restores the write permission instead of asking who shares the
  page, so that a device that has it pinned is not left behind.
source mm/mempolicy.c, change_prot_numa(); mail of 12 January 2021

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   pin a.0 write as dma
parallel
  parent:   numa_hint a
  parent/2: store a.0 "new"
end
parent:   release dma "device"
parent:   load a.0 -> seen

always parent.seen = "device"
expect v4.8.. holds
expect count-strict-skip gup-owner-min holds
`,
);
