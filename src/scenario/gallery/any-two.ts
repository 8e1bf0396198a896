import { entry } from './entry.ts';

export const anyTwo = entry(
  'any-two',
  'v5.7',
  `
scenario Any two of four
about Nobody says here how to leak. The child does any two of four operations,
  in any order, while the parent stores; then the reference that it may have
  taken is looked through. A check finds the two that matter: take a
  reference, unmap, and let the parent store into the page that is left.
source CVE-2020-29374, found by search

process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
parallel
  child:  any 2 of load a.0 | munmap a | mprotect a ro | get a.0 read as h
  parent: store a.0 "secret"
end
child:  release h -> got

never child.got = "secret"
exists child.got = "old"
expect v4.8..v5.7 breaks private-writes-stay-private
expect v5.8..v7.2 holds
schedule child@get.end, child@munmap.end
`,
);
