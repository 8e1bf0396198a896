import { entry } from './entry.ts';

export const cardAnyTime = entry(
  'card-any-time',
  'v5.8',
  `
scenario A network card that writes at any moment
about A registered region has no end of its own: the card reads and writes
  whenever it likes, beside a fork and a store. v5.7 counts pins, but fork
  does not ask for them, so that the store parts process and card. Since v5.9
  the child gets a copy, and both keep their page. Before v5.7 a pin is a
  plain reference, and nobody promises anything across a fork.
source mail of 12 January 2021 (fork copies pinned pages); commit 70e806e4e645

process parent
region a anon 1 page
actors dma

parent:   store a.0 "old"
parent:   rdma_register a.0 as mr
parallel
  parent:   fork child
  parent/2: store a.0 "new"
end
parent:   load a.0 -> seen
parent:   rdma_deregister mr

never parent.seen = "old"
expect v5.7..v5.8 breaks pins-stay-coherent
expect v4.8..v5.6 v5.9.. holds
`,
);
