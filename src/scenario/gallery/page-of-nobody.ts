import { entry } from './entry.ts';

export const pageOfNobody = entry(
  'page-of-nobody',
  'gup-owner-min',
  `
scenario A page that belongs to nobody
about The parent has the page pinned, forks and unmaps it. Whose is it now?
  Where mappings are counted the child is alone, takes it over, and the
  parent's device reads what the child writes. Glisse lets the child copy
  although nobody else maps the page: the pin is left on a page that no
  process has. Kernels from v5.9 on have given the child its own page.
source mail of 12 January 2021, the answer

process parent
region a anon 1 page

parent: store a.0 "old"
parent: pin a.0 read as dma
parent: fork child
parent: munmap a
child:  store a.0 "secret"
parent: release dma -> saw
child:  load a.0 -> mine

never parent.saw = "secret"
always child.mine = "secret"
expect v4.8..v5.8 breaks private-writes-stay-private
expect v5.9..v7.2 gup-owner-min gup-owner-full holds
`,
);
