import { entry } from './entry.ts';

export const rdmaMprotect = entry(
  'rdma-mprotect',
  'v5.9',
  `
scenario RDMA against mprotect
about The network card may write into the registered page at any moment. The
  process makes the page read-only and writable again, and stores. With the
  rule of v5.9 the pin makes that store copy: from then on process and card
  mean different pages. It was the first objection to counting references;
  the rules that look at mappings, or at an exclusive bit, do not mind.
source mail of 12 January 2021 (RDMA and mprotect)

process parent
region a anon 1 page

parent: store a.0 "old"
parent: rdma_register a.0 as mr
parallel
  parent: mprotect a ro
  parent: mprotect a rw
  parent: store a.0 "new"
  -:      device_write mr "net"
end
-:      device_read mr -> card
parent: load a.0 -> seen
parent: rdma_deregister mr

never parent.seen = "old"
sometimes parent.seen = "net"
expect v5.9..v5.18 breaks pins-stay-coherent
expect v4.8..v5.8 v5.19.. holds
expect count-strict-copy gup-owner-full breaks pins-stay-coherent
expect unshare-mapcount count-strict-skip count-strict-fail holds
`,
);
