import { entry } from './entry.ts';

export const diskAnyTime = entry(
  'disk-any-time',
  'v5.9',
  `
scenario A disk that writes at any moment
about The direct read is in flight while the process forks and stores on
  another thread. The disk is an actor of its own: it writes whenever it
  likes until the read is complete. Taken as a plain reference (until v6.1),
  the page is shared by fork, the parent's store moves it to a copy, and what
  the disk writes from then on reaches only the child. A pin makes fork copy.
source mail of 12 January 2021 (O_DIRECT and fork); commit 70e806e4e645

process parent
region a anon 1 page
actors dma

parent:   store a.0 "old"
parent:   dio_read a.0 as io
parallel
  parent:   fork child
  parent/2: store a.0 "new"
end
-:        complete io "disk"
parent:   load a.0 -> seen

never parent.seen = "new"
expect v4.8..v6.1 breaks direct-io-survives-fork
expect v6.4.0.. holds
`,
);
