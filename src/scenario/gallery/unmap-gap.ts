import { entry } from './entry.ts';

export const unmapGap = entry(
  'unmap-gap',
  'v5.7',
  `
scenario A page is unmapped, not yet flushed
about When a page is thrown away, the count of its mappings falls at once and
  the other CPUs hear of it later. A kernel that counts mappings lets the
  parent write in place in between, and a thread of the child whose CPU still
  has the translation loads the parent's new bytes. The reference is dropped
  after the flush: whoever counts references copies.
source R12, derived from zap_pte_range() and do_wp_page(), commit 09854ba94c6a

process parent
region a anon 1 page

parent:  store a.0 "old"
parent:  fork child
parallel
  child:   madvise a dontneed
  child/2: load a.0
  child/2: load a.0 -> late
  parent:  store a.0 "secret"
end

never child/2.late = "secret"
expect v4.8..v5.8 breaks private-writes-stay-private
expect v5.9..v7.2 holds
expect unshare-mapcount breaks private-writes-stay-private
`,
);
