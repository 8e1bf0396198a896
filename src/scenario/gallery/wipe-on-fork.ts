import { entry } from './entry.ts';

export const wipeOnFork = entry(
  'wipe-on-fork',
  'v5.9',
  `
scenario Wipe on fork keeps a seed from the child
about A library keeps the state of its random numbers in memory that is wiped
  on fork, so that parent and child never draw the same numbers. The child
  has the mapping, but its page table is empty: it finds zeros, and what it
  stores is its own. Kernels before v4.14 do not know the advice, and the
  child has the seed.
source commit d2cd9ede6e19 (v4.14)

process parent
region a anon 1 page

parent: store a.0 "seed"
parent: madvise a wipeonfork
parent: fork child
child:  load a.0 -> got
child:  store a.0 "other"
parent: load a.0 -> mine

never child.got = "seed"
always parent.mine = "seed"
expect v4.8 breaks
expect v5.6.. holds
`,
);
