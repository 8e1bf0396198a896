import { entry } from './entry.ts';

export const uffdRoundTrip = entry(
  'uffd-round-trip',
  'v6.18',
  `
scenario A store waits for the monitor
about The page is shared with a child, and write-protected by a monitor. A
  store waits on a thread of its own; the monitor reads what happened, ends
  the protection, and only then the store breaks copy-on-write and lands.
  The child keeps what it had.
source Linux 5.7 (2020), commit 292924b26024

process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
parent: uffd_register a wp
parent: uffd_writeprotect a.0 on
parent: &store a.0 "new"
parent: uffd_wait a
parent: uffd_writeprotect a.0 off
parent: join
parent: load a.0 -> seen
child:  load a.0 -> kept

always parent.seen = "new"
always child.kept = "old"
expect v4.8.. holds
`,
);
