import { entry } from './entry.ts';

export const forkTwoMoments = entry(
  'fork-two-moments',
  'v6.4.0',
  `
scenario A fork that is not one moment
about Two regions, each with a page table and so a lock of its own. Fork
  copies one table after the other. In v6.4.0 faults do not wait for it: a
  thread stores to the first region, which is copied already, and then to
  the second, which is not. The child sees the second store but not the
  first. With one table for both (tables together) its lock hides this.
source commit fb49c455323f (v6.4.3)

process app
region a anon 1 page
region b anon 1 page
tables apart

app:   store a.0 "old"
app:   store b.0 "old"
parallel
  app:   fork child
  app/2: store a.0 "new"
  app/2: store b.0 "new"
end
child: load b.0 -> second
child: load a.0 -> first

never child.first = "old" and child.second = "new"
expect v6.4.0 breaks
expect v4.8..v6.1 v6.12..v7.2 holds
`,
);
