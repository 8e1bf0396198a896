import { entry } from './entry.ts';

export const thpLeak = entry(
  'thp-leak',
  'v5.9',
  `
scenario The leak lives on in transparent huge pages
about When small pages went over to counting references, a huge page still
  counted mappings. A child lends one of its 512 pages to a pipe and unmaps
  all of them: one PMD entry is left, so the parent writes in place, and the
  pipe shows it. Where looking a page up breaks copy-on-write, the child has
  split the huge page and lends a copy.
source commit 3bff7e3f1f16; CVE-2020-29374 on a huge page

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: fork child
child:  vmsplice a.0 -> p
child:  munmap a
parent: store a.0 "secret"
child:  read p -> got

never child.got = "secret"
expect v4.8..v5.7 breaks private-writes-stay-private
expect v5.8 holds
expect v5.9..v5.12 breaks private-writes-stay-private
expect v5.18..v7.2 holds
`,
);
