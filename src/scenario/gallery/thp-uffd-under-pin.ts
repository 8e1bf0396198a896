import { entry } from './entry.ts';

export const thpUffdUnderPin = entry(
  'thp-uffd-under-pin',
  'v5.18',
  `
scenario A pinned huge page and userfaultfd
about A monitor write-protects a whole huge page and lifts the protection
  again; the PMD entry stays read-only until the next store. As long as
  mappings decided about huge pages that was harmless for the device that
  has one of its pages. In 5.18 its reference makes the store a copy.
source commit 3bff7e3f1f16; mail of 5 January 2021

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: uffd_register a wp
parent: uffd_writeprotect a on
parent: uffd_writeprotect a off
parent: store a.0 "new"
parent: release dma "device"
parent: load a.0 -> seen

always parent.seen = "device"
expect v4.8..v5.12 holds
expect v5.18 breaks pins-stay-coherent
expect v5.19..v7.2 holds
`,
);
