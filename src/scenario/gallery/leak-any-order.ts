import { entry } from './entry.ts';

export const leakAnyOrder = entry(
  'leak-any-order',
  'v5.7',
  `
scenario The leak, in any order
about The child lends its page to a pipe and unmaps it while the parent
  stores. Who goes first? Choose at each step, or let a check try every
  order: on v5.7 one order is enough to leak, and one switch of threads to
  get there.
source CVE-2020-29374; mail of 8 January 2021

process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
parallel
  child:  vmsplice a.0 -> p
  child:  munmap a
  parent: store a.0 "secret"
end
child:  read p -> got

never child.got = "secret"
expect v4.8..v5.7 breaks private-writes-stay-private
expect v5.8..v7.2 holds
expect v5.4-gup-breaks-cow unshare-mapcount count-strict-skip holds
schedule child@munmap.end
`,
);
