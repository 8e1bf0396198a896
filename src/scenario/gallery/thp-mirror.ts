import { entry } from './entry.ts';

export const thpMirror = entry(
  'thp-mirror',
  'v5.8',
  `
scenario A huge page in a pipe before fork
about The parent lends one page of a huge page to a pipe, forks, and unmaps.
  The child is the only one who maps the huge page now. Counting mappings
  lets it write in place, so that the pipe shows what the child has written
  after fork. Looking pages up as for writing is no help: nothing was shared
  when the reference was taken.
source commit 3bff7e3f1f16; CVE-2020-29374 on a huge page

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: vmsplice a.0 -> p
parent: fork child
parent: munmap a
child:  store a.0 "secret"
parent: read p -> got

never parent.got = "secret"
expect v4.8..v5.12 breaks private-writes-stay-private
expect v5.18..v7.2 holds
`,
);
