import { entry } from './entry.ts';

export const fastPinUnmap = entry(
  'fast-pin-unmap',
  'v6.18',
  `
scenario A fast pin meets MADV_DONTNEED
about A lockless walk reads an entry, and only then takes a reference to the
  page it names. Meanwhile another thread drops the page and stores into a new
  one. That the walk reads the entry again, with the reference in its hands,
  is what keeps the device from a page that nobody maps. It is no bug of any
  kernel: switch the guard gup-fast-rechecks-pte off to see what it prevents.
source commit 2667f50e8b81; gup_pte_range in mm/gup.c

process parent
region a anon 1 page

parent:   store a.0 "old"
parallel
  parent:   pin a.0 write fast as dma
  parent/2: madvise a dontneed
  parent/2: store a.0 "new"
end
parent:   release dma "device"
parent:   load a.0 -> seen

sometimes parent.seen = "device"
expect v4.8..v7.2 holds
`,
);
