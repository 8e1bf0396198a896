import { entry } from './entry.ts';

export const childExitReuse = entry(
  'child-exit-reuse',
  'v5.9',
  `
scenario The last one may keep the page
about After the child's exit the page belongs to the parent alone, so its
  next store need not copy. Every kernel gives the same bytes. But a fresh
  page still waits in a batch for the LRU list, and the batch holds a
  reference: where every reference counts, as in v5.9, that is enough for a
  needless copy.
source commits 09854ba94c6a (v5.9) and d4c470970d45 (v5.18)

process parent
region a anon 1 page
lru batched

parent: store a.0 "old"
parent: fork child
child:  exit
parent: store a.0 "new"
parent: load a.0 -> seen

always parent.seen = "new"
expect v4.8..v7.2 holds
`,
);
