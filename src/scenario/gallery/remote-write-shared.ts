import { entry } from './entry.ts';

export const remoteWriteShared = entry(
  'remote-write-shared',
  'v5.9',
  `
scenario A write from outside, and mprotect
about A write with process_vm_writev pins a page of the child, lets go of its
  locks and copies. Meanwhile the child takes its write permission away and
  back, and stores. Where the reference count decides, the pin makes that
  store copy the page, and the bytes from outside go into the old one: a
  write that was reported as done is gone. The parent's page is safe.
source mail of 12 January 2021 (mprotect); commit 6c287605fd56 (v5.19)

process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
parallel
  parent: process_vm_writev a.0 "remote" in child
  child:  mprotect a ro
  child:  mprotect a rw
  child:  store a.0 "own"
end
child:  load a.0 -> seen
parent: load a.0 -> mine

never child.seen = "old"
always parent.mine = "old"
expect v5.9..v5.18 breaks pins-stay-coherent
expect v4.8..v5.8 v5.19..v7.2 holds
expect count-strict-copy breaks pins-stay-coherent
expect unshare-mapcount count-strict-skip count-strict-fail holds
`,
);
