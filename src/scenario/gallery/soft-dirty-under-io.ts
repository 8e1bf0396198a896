import { entry } from './entry.ts';

export const softDirtyUnderIo = entry(
  'soft-dirty-under-io',
  'v5.18',
  `
scenario Soft-dirty tracking beside direct I/O
about A disk fills a page through a plain reference, and somebody clears the
  soft-dirty marks of the process. Pinned pages are left alone since 5.11;
  plain references do not count as pins, so that the page becomes read-only.
  The next store finds a second reference and leaves the page to the disk.
  The exclusive mark ends that.
source commits 9348b73c2e1b and 6c287605fd56; mail of 8 January 2021

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   get a.0 write as io
parent:   clear_refs
parent/2: store a.0 "new"
parent:   release io "disk"
parent/2: load a.0 -> seen

always parent/2.seen = "disk"
expect v4.8..v5.8 holds
expect v5.9..v5.18 breaks gets-stay-coherent
expect v5.19..v7.2 holds
`,
);
