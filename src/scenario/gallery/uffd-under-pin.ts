import { entry } from './entry.ts';

export const uffdUnderPin = entry(
  'uffd-under-pin',
  'v5.9',
  `
scenario A pinned page makes a userfaultfd round trip
about A device has the page pinned; a monitor protects the page and releases
  it again. The entry stays read-only, so the next store has to decide: by
  the reference count of 5.9 to 5.18 the pin makes it a copy, and the device
  and the process part. The map count and the exclusive mark keep the page.
source mail of 12 January 2021; commit 6c287605fd56

process parent
region a anon 1 page

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: uffd_register a wp
parent: uffd_writeprotect a.0 on
parent: uffd_writeprotect a.0 off
parent: store a.0 "new"
parent: release dma "device"
parent: load a.0 -> seen

sometimes parent.seen = "device"
expect v5.9..v5.18 breaks pins-stay-coherent
expect ..v5.8 v5.19.. holds
expect count-strict-copy breaks pins-stay-coherent
expect unshare-mapcount count-strict-skip count-strict-fail holds
`,
);
