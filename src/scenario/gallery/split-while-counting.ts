import { entry } from './entry.ts';

export const splitWhileCounting = entry(
  'split-while-counting',
  'v5.7',
  `
scenario A huge page is split while it is counted
about The parent counts who maps a huge page: first the PTEs of its pages,
  then the PMD entries. In between the child splits its PMD entry, to give
  one page back: its mapping moves from one count to the other. The parent
  finds one mapping in all, its own, and writes where the child still reads.
  Since 5.8 the split takes the folio lock, which the count holds.
source CVE-2020-29368; c444eb564fb1

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: fork child
parallel
  parent: store a.0 "secret"
  child:  madvise a.1 dontneed
end
child:  load a.0 -> got

never child.got = "secret"
expect v4.8..v5.7 breaks private-writes-stay-private
expect v5.8..v7.2 holds
`,
);
