import { entry } from './entry.ts';

export const uffdFill = entry(
  'uffd-fill',
  'v6.18',
  `
scenario A page that the monitor fills
about The region is registered for missing pages: a load of fresh memory does
  not find zeros, it waits. The monitor reads which page is wanted, gives it
  its bytes, and the load returns them. So a virtual machine starts on a new
  host before its memory has arrived.
source Linux 4.3 (2015), userfaultfd by Andrea Arcangeli

process parent
region a anon 1 page

parent: uffd_register a missing
parent: &load a.0 -> seen
parent: uffd_wait a
parent: uffd_copy a.0 "sent"
parent: join
parent: store a.0 "new"
parent: load a.0 -> last

always parent/2.seen = "sent"
always parent.last = "new"
expect v4.8.. holds
`,
);
