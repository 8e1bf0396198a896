import { entry } from './entry.ts';

export const forcedWriteReadOnly = entry(
  'forced-write-read-only',
  'v5.7',
  `
scenario A debugger writes where nobody may
about A debugger sets a breakpoint: it writes into a read-only page of the
  child, by force. The page is still shared with the parent, so the child
  gets a copy first. Its entry stays read-only all the same. Up to v5.19 a
  dirty read-only entry is the proof that the copy was made; later kernels
  ask whether the page is exclusive. The parent never sees the write.
source commits 19be0eaffa3a (FOLL_COW), 5535be309971

process parent
region a anon 1 page

parent: store a.0 "code"
parent: fork child
child:  mprotect a ro
parent: poke a.0 "trap" in child
child:  load a.0 -> seen
parent: load a.0 -> mine

always child.seen = "trap"
always parent.mine = "code"
expect v4.8..v7.2 holds
`,
);
