import { entry } from './entry.ts';

export const speculativeFault = entry(
  'speculative-fault',
  'spf',
  `
scenario A speculative fault beside fork
about A fork takes all write permissions away, and flushes the CPUs only
  at its end; mmap_lock keeps faults away meanwhile. A speculative fault
  does not take it. It copies the page, a store through an entry that was
  not flushed goes to the old page, and the copy goes in: the store is gone.
  Linux 6.4.0 had this bug, with its per-VMA locks.
source mail of 5 January 2021; commit fb49c455323f (v6.4.3)

process app
region a anon 1 page

app/3: store a.0 "old"
parallel
  app:   fork child
  app/2: store a.0 "two"
  app/3: store a.0 "three"
  app/3: load a.0 -> seen
end
app:   load a.0 -> last

never app/3.seen = "old"
never app.last = "old"
expect v6.4.0 spf breaks stores-are-not-lost
expect v4.8..v6.1 v6.12..v7.2 holds
expect spf-flush-under-ptl copy-under-ptl range-lock holds
`,
);
