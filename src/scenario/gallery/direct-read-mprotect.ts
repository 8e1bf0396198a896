import { entry } from './entry.ts';

export const directReadMprotect = entry(
  'direct-read-mprotect',
  'v5.9',
  `
scenario A direct read against mprotect
about No fork, and memory that belongs to nobody else: the disk is to write
  into the page while the process makes it read-only, writable again, and
  stores. Counting references, v5.9 takes the disk for a second user and
  copies; what the disk writes then is lost. The same detour harms no
  kernel that counts mappings, and none that has the exclusive bit.
source mail of 12 January 2021 (O_DIRECT and mprotect)

process parent
region a anon 1 page

parent: store a.0 "old"
parent: dio_read a.0 as io
parent: mprotect a ro
parent: mprotect a rw
parent: store a.0 "new"
-:      complete io "disk"
parent: load a.0 -> seen

always parent.seen = "disk"
expect v5.9..v5.18 breaks gets-stay-coherent
expect v4.8..v5.8 v5.19.. holds
expect count-strict-copy breaks gets-stay-coherent
expect unshare-mapcount count-strict-skip count-strict-fail holds
`,
);
