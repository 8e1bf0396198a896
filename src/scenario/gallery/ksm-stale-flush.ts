import { entry } from './entry.ts';

export const ksmStaleFlush = entry(
  'ksm-stale-flush',
  'v4.8',
  `
scenario Merged, while a CPU can still write to it
about MADV_FREE makes the entry of a page clean, clear_refs makes it
  read-only, and both put off their flush. ksmd sees an entry that nobody can
  write through, and until 4.12 it spared itself the flush: the page becomes
  a merged page, while a CPU has it as writable and dirty. The store of that
  CPU goes to a page that stands for several.
source commit b3a81d0841a9 (2017)

process parent
region a anon 2 pages

parent:   store a.0 "same"
parent/2: store a.1 "same"
parent:   madvise a mergeable
parallel
  parent/3: madvise a.1 free
  parent/4: clear_refs
  -:        ksm
  parent/2: store a.1 "new"
end
parent:   load a.0 -> other

never parent.other = "new"
expect v4.8 breaks merged-pages-stay-equal
expect v5.6..v5.11 breaks soft-dirty-is-not-missed
expect v5.12..v7.2 holds
`,
);
