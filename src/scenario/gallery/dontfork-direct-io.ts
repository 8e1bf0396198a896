import { entry } from './entry.ts';

export const dontforkDirectIo = entry(
  'dontfork-direct-io',
  'v5.9',
  `
scenario MADV_DONTFORK keeps direct I/O at home
about What user space was told to do for twenty years. The buffer is marked
  as not for children before the process forks with a direct read in
  flight. Fork leaves it out: nothing is shared, nothing is write-protected,
  and the data of the disk arrives where the process looks, on every kernel.
source man 2 open (O_DIRECT and fork); mail of 12 January 2021

process parent
region a anon 1 page

parent: store a.0 "old"
parent: madvise a dontfork
parent: dio_read a.0 as io
parent: fork child
parent: store a.0 "new"
-:      complete io "disk"
parent: load a.0 -> seen

always parent.seen = "disk"
expect v4.8.. holds
expect count-strict-skip gup-owner-min holds
`,
);
