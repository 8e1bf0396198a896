import { entry } from './entry.ts';

export const ownerAfterFork = entry(
  'owner-after-fork',
  'gup-owner-min',
  `
scenario Fork shares, and remembers whose
about Glisse would rather not copy at fork: share the pinned page, remember
  that the pin is the parent's, and let the child never reuse it. If the
  child writes first, the parent is alone and keeps page and pin. If the
  parent writes first, it has to copy and leaves its pin behind, unless it
  takes the page back from the child.
source mail of 12 January 2021, the answer

process parent
region a anon 1 page

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: fork child
parallel
  parent: store a.0 "new"
  child:  store a.0 "child"
end
parent: release dma "device"
parent: load a.0 -> seen
child:  load a.0 -> got

always parent.seen = "device"
always child.got = "child"
expect v4.8 v5.6 breaks
expect v5.7 v5.8 gup-owner-min breaks pins-stay-coherent
expect v5.9..v7.2 gup-owner-full holds
`,
);
