import { entry } from './entry.ts';

export const twoFirstStores = entry(
  'two-first-stores',
  'v6.18',
  `
scenario Two threads make the first store to a page
about Both threads find nothing mapped, and both copy the page of the file
  while it is locked. Whoever comes second to the page table finds the copy
  of the other there, throws its own away and stores to that one. Without
  this second look the first store would be lost with its page.
source mm/memory.c, do_cow_fault() and finish_fault() (2017)

process app
region a file 1 page

parallel
  app:   store a.0 "one"
  app:   load a.0 -> seen
  app/2: store a.0 "two"
end

never app.seen = 50
expect v4.8..v7.2 holds
`,
);
