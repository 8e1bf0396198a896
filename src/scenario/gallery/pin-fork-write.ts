import { entry } from './entry.ts';

export const pinForkWrite = entry(
  'pin-fork-write',
  'v5.8',
  `
scenario A device writes across a fork
about A device has the page pinned for writing when the process forks. If
  the fork shares a pinned page like any other, the parent's next store
  moves the parent to a copy, and the data of the device lands in a page
  that only the child maps. From v5.9 on the fork copies a pinned page for
  the child at once.
source commit 70e806e4e645 (v5.9); mail of 12 January 2021

process parent
region a anon 1 page

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: fork child
parent: store a.0 "new"
parent: release dma "device"
parent: load a.0 -> seen

always parent.seen = "device"
expect v4.8 v5.6 breaks
expect v5.7 v5.8 breaks pins-stay-coherent
expect v5.9..v7.2 holds
expect gup-owner-min breaks pins-stay-coherent
expect unshare-mapcount count-strict-skip gup-owner-full holds
`,
);
