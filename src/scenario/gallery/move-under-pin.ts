import { entry } from './entry.ts';

export const moveUnderPin = entry(
  'move-under-pin',
  'v5.9',
  `
scenario A pinned page is moved
about A region moves to another address while a device has its page pinned and
  another thread stores to it. The entry is taken out and put in again with
  all its bits, under the page-table lock; who comes in between faults and
  waits. The page stays the same, so the pin stays good on every kernel.
source commit eb66ae030829 (flush before the page tables are let go)

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   pin a.0 write as dma
parallel
  parent:   mremap a
  parent/2: store a.0 "two"
end
parent:   release dma "device"
parent:   load a.0 -> seen

always parent.seen = "device"
expect v4.8.. holds
`,
);
