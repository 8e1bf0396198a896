import { entry } from './entry.ts';

export const needlessCopy = entry(
  'needless-copy',
  'v5.9',
  `
scenario A fresh page is copied for nothing
about A page that was just faulted in waits in a batch for the LRU list, and
  the batch counts as a reference. From v5.9 to v5.17 that is one reference
  too many: the page is nobody else's, and yet the store after mprotect
  copies it. v5.18 empties the batch of its own CPU before it counts. The
  older kernels, which count mappings, and the younger ones never copy here.
source mail of 8 January 2021, rule (a); commits 09854ba94c6a, 53a05ad9f21d

process app
region a anon 1 page
lru batched

app: store a.0 "one"
app: mprotect a ro
app: mprotect a rw
app: store a.0 "two"
app: load a.0 -> seen

always app.seen = "two"
expect v4.8..v7.2 holds
`,
);
