import { entry } from './entry.ts';

export const thpGap = entry(
  'thp-gap',
  'v5.12',
  `
scenario A huge page is reused before the flush
about The child throws a huge page away: its map count falls at once, and
  the flush comes later. A kernel that counts mappings gives the page to the
  parent meanwhile, whose bytes the other thread of the child reads through
  the entry that its CPU still has. Small pages are safe from 5.9 on, as
  references fall after the flush.
source commit 3bff7e3f1f16; mm/huge_memory.c, zap_huge_pmd()

process parent
region a thp 512 pages

parent:  store a.0 "old"
parent:  fork child
parallel
  child:   madvise a dontneed
  child/2: load a.0 -> first
  child/2: load a.0 -> got
  parent:  store a.0 "secret"
end

never child/2.got = "secret"
expect v4.8..v5.12 breaks private-writes-stay-private
expect v5.18..v7.2 holds
`,
);
