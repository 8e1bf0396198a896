import { entry } from './entry.ts';

export const mlockBreaksCow = entry(
  'mlock-breaks-cow',
  'v5.7',
  `
scenario Locked memory is copied before it is lent
about The child locks the inherited page before it lends it to a pipe. Locking
  private writable memory faults it in as for a write, so that no store has
  to wait later: the child has a page of its own, and that is what the pipe
  gets. The leak of the first scenario does not happen, even where mappings
  decide.
source mm/gup.c, populate_vma_page_range(); CVE-2020-29374

process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
child:  mlock a
child:  vmsplice a.0 -> p
child:  munmap a
parent: store a.0 "secret"
child:  read p -> got

never child.got = "secret"
expect v4.8.. holds
`,
);
