import { entry } from './entry.ts';

export const rangeLocks = entry(
  'range-locks',
  'range-lock',
  `
scenario Permissions change beside faults
about One thread takes the write permission of a page away and gives it back,
  others store to it, and one CPU still has it cached as writable. All is
  well as long as faults keep out until the flush: with mmap_lock, with a
  lock of just this range, and even without a lock, where the fault finds
  that the sequence count of the VMA has moved.
source mail of 5 January 2021, the last lines

process app
region a anon 1 page

app/3: store a.0 "old"
app:   vmsplice a.0 -> p
parallel
  app:   mprotect a ro
  app:   mprotect a rw
  app/2: store a.0 "two"
  app/3: store a.0 "three"
  app/3: load a.0 -> seen
end

sometimes app/3.seen = "three"
expect v4.8..v7.2 range-lock spf spf-flush-under-ptl holds
expect count-strict-skip breaks stores-need-permission
`,
);
