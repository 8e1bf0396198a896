import { entry } from './entry.ts';

export const unlockAfterUnmap = entry(
  'unlock-after-unmap',
  'v5.9',
  `
scenario A page is unlocked when it may be gone
about A store that finds a page unshared holds two locks: that of the page,
  for the count, and that of the page table. In 5.9-rc4 it let go of the
  table first. Another thread may throw the page away in between, and then
  the lock of a freed page is opened. All released kernels unlock the page
  first. Switch the guard reuse-unlocks-first off to see it.
source commit be068f29034f (2020)

process parent
region a anon 1 page

parent:   store a.0 "old"
parent:   fork child
child:    exit
parallel
  parent:   store a.0 "new"
  parent/2: madvise a dontneed
end
parent:   load a.0 -> seen

never parent.seen = "old"
expect v4.8..v7.2 holds
`,
);
