import { entry } from './entry.ts';

export const vmspliceLeak = entry(
  'vmsplice-leak',
  'v5.7',
  `
scenario The child keeps a reference
about A child lends its page to a pipe and unmaps it. No page table but the
  parent's shows the page now, so a kernel that counts mappings takes it for
  the parent's own and lets the parent write into it. What the parent writes
  then can be read from the pipe.
source CVE-2020-29374; mail of 8 January 2021

process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
child:  vmsplice a.0 -> p
child:  munmap a
parent: store a.0 "secret"
child:  read p -> got

never child.got = "secret"
expect v4.8..v5.7 breaks private-writes-stay-private
expect v5.8..v7.2 holds
expect v5.4-gup-breaks-cow unshare-mapcount count-strict-skip holds
`,
);
