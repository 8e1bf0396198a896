import { entry } from './entry.ts';

export const zeroPagePinned = entry(
  'zero-page-pinned',
  'gup-break-cow-flag',
  `
scenario Need the zero page be spared?
about The message of 17839856fd58 says that its rule is coarse: the page of
  zeros, for one, need not be broken, and a flag FOLL_BREAK_COW could say
  so. For isolation that is right. But a device that has pinned the page of
  zeros does not see what the process stores afterwards: v5.8 copied first,
  and so does nobody else for a short pin.
source mail of 12 October 2021; commit 17839856fd58 (v5.8)

process parent
region a anon 1 page

parent: load a.0
parent: pin a.0 read as dma
parent: store a.0 "new"
parent: release dma -> saw
parent: load a.0 -> mine

always parent.mine = "new"
expect v4.8 v5.6 v5.8 holds
expect v5.7 v5.9..v7.2 breaks pins-stay-coherent
expect gup-break-cow-flag breaks pins-stay-coherent
expect v5.4-gup-breaks-cow holds
`,
);
