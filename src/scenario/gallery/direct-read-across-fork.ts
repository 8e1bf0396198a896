import { entry } from './entry.ts';

export const directReadAcrossFork = entry(
  'direct-read-across-fork',
  'v5.9',
  `
scenario A direct read is in flight when its process forks
about The disk is to write straight into the page. Until v6.1 direct I/O takes
  plain references, which fork cannot tell from anybody else's: it shares
  the page, the parent's next store moves the parent to a copy, and the disk
  fills a page that the parent has left. Kernels that pin for direct I/O
  give the child a copy at fork, and the parent keeps its page.
source mail of 12 January 2021 (O_DIRECT and fork); commit 70e806e4e645

process parent
region a anon 1 page

parent: store a.0 "old"
parent: dio_read a.0 as io
parent: fork child
parent: store a.0 "new"
-:      complete io "disk"
parent: load a.0 -> seen

always parent.seen = "disk"
expect v4.8..v6.1 breaks direct-io-survives-fork
expect v6.4.0.. holds
expect unshare-mapcount gup-owner-min breaks direct-io-survives-fork
expect count-strict-skip gup-owner-full holds
`,
);
