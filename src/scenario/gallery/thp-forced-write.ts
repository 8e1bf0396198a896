import { entry } from './entry.ts';

export const thpForcedWrite = entry(
  'thp-forced-write',
  'v4.8',
  `
scenario A forced write to a huge page
about Dirty COW where huge pages are. The debugger breaks copy-on-write of a
  read-only mapping, forgets that it wanted to write, and looks again;
  meanwhile the page is thrown away, and what it finds is the huge page of
  zeros, of all processes. From 4.9 on a forced write takes only what it has
  made itself.
source CVE-2016-5195; commit 19be0eaffa3a; CVE-2017-1000405

process parent
region a thp 512 pages

parent:   mprotect a ro
parallel
  parent:   poke a.0 "dirty"
  parent/2: madvise a dontneed
end
parent:   load a.1 -> seen

never parent.seen = "dirty"
expect v4.8 breaks zero-page-stays-zero
expect v5.6..v7.2 holds
`,
);
