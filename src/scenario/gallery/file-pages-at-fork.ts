import { entry } from './entry.ts';

export const filePagesAtFork = entry(
  'file-pages-at-fork',
  'v6.18',
  `
scenario What fork does with the pages of a file
about Fork copies no page table of a file mapping that nobody has written to:
  the child finds the same pages by faults of its own. Once one page was
  written, the whole mapping has an owner, and fork shares its entries, of
  copies and of pages of the file alike. A later store copies in either
  case, whatever the counts say.
source mm/memory.c, vma_needs_copy(); commit 70e806e4e645 (v5.9)

process parent
region clean file 1 page
region used file 2 pages

parent: load clean.0
parent: store used.0 "old"
parent: load used.1
parent: fork child
parallel
  child:  store used.1 "child"
  parent: store clean.0 "parent"
end
child:  load clean.0 -> seen
parent: load used.1 -> mine

always child.seen = 50
always parent.mine = 51
expect v4.8..v7.2 holds
`,
);
