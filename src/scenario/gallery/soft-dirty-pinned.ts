import { entry } from './entry.ts';

export const softDirtyPinned = entry(
  'soft-dirty-pinned',
  'v5.12',
  `
scenario Soft-dirty tracking leaves pinned pages alone
about A page is pinned for a device that will write it. clear_refs takes the
  write permission away to notice the next store. Where a reference makes
  that store copy, the process moves away from the device's page; so since
  then clear_refs leaves pinned pages writable. The guard that does it is
  called clear-refs-skips-pinned.
source commit 9348b73c2e1b

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   pin a.0 write as dma
parent:   clear_refs
parent/2: store a.0 "one"
parent:   release dma "data"
parent:   load a.0 -> seen

sometimes parent.seen = "data"
expect v5.9 breaks pins-stay-coherent
expect v4.8..v5.8 v5.11..v7.2 holds
`,
);
