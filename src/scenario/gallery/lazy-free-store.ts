import { entry } from './entry.ts';

export const lazyFreeStore = entry(
  'lazy-free-store',
  'v6.18',
  `
scenario A lazily freed page is stored to
about After MADV_FREE a page has a clean entry that is still writable. A store
  takes no fault: the CPU sets the dirty bit, and reclaim, which clears the
  entry, finds it there and puts the entry back. If reclaim comes first the
  store finds an empty entry, and zeros beside what it writes.
source commit 854e9ed09ded (2015), Documentation of madvise(2)

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   madvise a free
parallel
  parent:   store a.0 "new"
  parent/2: reclaim a.0
end
parent:   load a.0 -> seen

always parent.seen = "new"
expect v4.8.. holds
`,
);
