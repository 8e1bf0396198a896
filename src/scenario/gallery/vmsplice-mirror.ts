import { entry } from './entry.ts';

export const vmspliceMirror = entry(
  'vmsplice-mirror',
  'v5.7',
  `
scenario The parent keeps a reference
about The leak in the other direction. Here the parent lends the shared page
  to a pipe and unmaps it, and the child is the one who believes that the
  page is its own. Whoever writes last is not the victim by rank, but by
  being left alone in the page tables.
source CVE-2020-29374; mail of 8 January 2021

process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
parent: vmsplice a.0 -> p
parent: munmap a
child:  store a.0 "secret"
parent: read p -> got

never parent.got = "secret"
expect v4.8..v5.7 breaks private-writes-stay-private
expect v5.8..v7.2 holds
expect v5.4-gup-breaks-cow unshare-mapcount count-strict-skip holds
`,
);
