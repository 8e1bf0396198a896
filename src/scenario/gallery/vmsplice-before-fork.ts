import { entry } from './entry.ts';

export const vmspliceBeforeFork = entry(
  'vmsplice-before-fork',
  'v5.8',
  `
scenario The reference is older than the fork
about When the parent lends the page, nobody shares it yet, so there is no
  copy-on-write to break and v5.8 hands out the page as it is. The fork
  shares it afterwards, the parent unmaps it, and the child is alone in the
  page tables: on a kernel that counts mappings it writes into the page that
  the parent's pipe still holds.
source commit 17839856fd58 (v5.8); mails of 8 January and 12 October 2021

process parent
region a anon 1 page

parent: store a.0 "old"
parent: vmsplice a.0 -> p
parent: fork child
parent: munmap a
child:  store a.0 "secret"
parent: read p -> got

never parent.got = "secret"
expect v4.8..v5.8 breaks private-writes-stay-private
expect v5.9..v7.2 holds
expect v5.4-gup-breaks-cow unshare-mapcount breaks private-writes-stay-private
expect gup-break-cow-flag breaks private-writes-stay-private
expect count-strict-skip gup-owner-min holds
`,
);
