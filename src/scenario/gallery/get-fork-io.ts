import { entry } from './entry.ts';

export const getForkIo = entry(
  'get-fork-io',
  'v5.9',
  `
scenario A plain reference is parted by fork
about A device is to write into the page, and all that it has is a plain
  reference: direct I/O did so for twenty years. The process forks and goes
  on working, and its next store finds the page shared and moves to a copy.
  What the device writes goes to the page that is left behind. No kernel
  ever promised more; user space had to keep such buffers out of forks.
source mail of 12 January 2021 (O_DIRECT and fork); commit 70e806e4e645

process parent
region a anon 1 page

parent: store a.0 "old"
parent: get a.0 write fast as io
parent: fork child
parent: store a.0 "new"
parent: release io "from the disk"
parent: load a.0 -> seen

sometimes parent.seen = "new"
expect v4.8..v7.2 breaks direct-io-survives-fork
expect unshare-mapcount gup-owner-min breaks direct-io-survives-fork
`,
);
