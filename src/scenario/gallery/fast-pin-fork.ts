import { entry } from './entry.ts';

export const fastPinFork = entry(
  'fast-pin-fork',
  'v5.9',
  `
scenario A fast pin meets a fork
about One thread pins a page for a device, without any lock; another forks.
  On v5.9 fork may look for pins an instant too early, share the page all
  the same, and the parent's next store moves it away from the device. From
  5.11 on the pin notices that a fork was under way, and waits for it.
source commit 57efa1fe5957

process parent
region a anon 1 page

parent:   store a.0 "old"
parallel
  parent/2: pin a.0 write fast as dma
  parent:   fork child
end
parent:   store a.0 "new"
parent:   release dma "device"
parent:   load a.0 -> seen

sometimes parent.seen = "device"
expect v5.7..v5.9 breaks pins-stay-coherent
expect v4.8 v5.6 v5.11..v7.2 holds
schedule parent@fork.dup_mmap.get, parent/2@pin.end
`,
);
