import { entry } from './entry.ts';

export const fixedBuffer = entry(
  'fixed-buffer',
  'v5.9',
  `
scenario A fixed buffer, a fork, and mprotect
about A ring (io_uring) looks a buffer up once and uses its page for as long
  as it is registered. A fork that shares the page (until v5.8) or a detour
  over read-only memory (v5.9 to v5.18, whose rule counts the pin as
  somebody else) makes the next store copy, and the ring goes on sending
  the page that nobody maps. The exclusive bit of v5.19 survives both.
source mail of 12 January 2021; commit 6c287605fd56 (v5.19)

process parent
region a anon 1 page

parent: store a.0 "old"
parent: uring_register a.0 as b
parent: fork child
parent: mprotect a ro
parent: mprotect a rw
parent: store a.0 "new"
parent: uring_write b -> sent
parent: uring_unregister b

always parent.sent = "new"
expect v4.8 v5.6 breaks
expect v5.7..v5.18 breaks pins-stay-coherent
expect v5.19.. holds
expect count-strict-copy gup-owner-min breaks pins-stay-coherent
expect unshare-mapcount count-strict-skip gup-owner-full holds
`,
);
