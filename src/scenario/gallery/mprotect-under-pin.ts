import { entry } from './entry.ts';

export const mprotectUnderPin = entry(
  'mprotect-under-pin',
  'v5.9',
  `
scenario Read-only and back, under a pin
about No fork at all. A device has the page pinned for writing; the process
  makes its memory read-only and writable again, and stores. The entry has
  lost its write bit on the way, so the store faults, and v5.9 counts the
  pin as somebody else who may look at the page: it copies, and the device
  writes into the page that the process has left.
source mails of 8 and 12 January 2021; commit 6c287605fd56 (v5.19)

process parent
region a anon 1 page

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: mprotect a ro
parent: mprotect a rw
parent: store a.0 "new"
parent: release dma "device"
parent: load a.0 -> seen

always parent.seen = "device"
expect v5.9..v5.18 breaks pins-stay-coherent
expect v4.8..v5.8 v5.19..v7.2 holds
expect count-strict-copy breaks pins-stay-coherent
expect unshare-mapcount count-strict-skip count-strict-fail holds
`,
);
