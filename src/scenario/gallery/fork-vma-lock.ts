import { entry } from './entry.ts';

export const forkVmaLock = entry(
  'fork-vma-lock',
  'v6.4.0',
  `
scenario A fault slips past a fork
about A fork write-protects the pages and flushes the CPUs once, at the end.
  That is safe as long as no fault runs meanwhile. In v6.4.0 faults took the
  lock of their VMA only, and fork did not: one thread copies a page while
  another still stores into the old one through its TLB. The store is lost
  for its process. fb49c455323f lets fork lock every VMA.
source commit fb49c455323f (v6.4.3)

process app
region a anon 1 page

app/3: store a.0 "old"
parallel
  app:   fork child
  app/2: store a.0 "two"
  app/3: store a.0 "three"
  app/3: load a.0 -> seen
end

never app/3.seen = "old"
expect v6.4.0 breaks stores-are-not-lost
expect v4.8..v6.1 v6.12..v7.2 holds
expect spf breaks stores-are-not-lost
expect spf-flush-under-ptl copy-under-ptl range-lock holds
`,
);
