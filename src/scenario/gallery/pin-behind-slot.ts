import { entry } from './entry.ts';

export const pinBehindSlot = entry(
  'pin-behind-slot',
  'v5.9',
  `
scenario A swap entry hides a pin from fork
about A fork copies pages that are pinned, where it can see them. A page that
  reclaim has unmapped is behind a swap entry: the child gets an entry for
  the same slot, and nobody is asked. The next store of the parent makes a
  copy, and the device goes on with the old page. From 5.11 on reclaim
  unmaps no pinned page.
source commit feb889fb40fa (2021); commit 70e806e4e645

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   pin a.0 write as mr
parallel
  parent:   fork child
  parent/2: reclaim a.0
end
parent:   store a.0 "new"
parent:   release mr "device"
parent:   load a.0 -> seen

always parent.seen = "device"
expect v4.8 v5.6 breaks
expect v5.7..v5.9 breaks pins-stay-coherent
expect v5.11.. holds
`,
);
