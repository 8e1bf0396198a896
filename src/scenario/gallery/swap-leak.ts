import { entry } from './entry.ts';

export const swapLeak = entry(
  'swap-leak',
  'v5.9',
  `
scenario The leak through swap
about The child's page was swapped out before the fork. It lends the page to a
  pipe and unmaps it; then the parent stores, and its fault brings the page
  back from swap. Until 5.17 that fault counted page tables and swap entries
  only, also where do_wp_page had long counted references, so that the child
  reads what the parent wrote.
source CVE-2020-29374; commit c145e0b47c77 (2022)

process parent
region a anon 1 page

parent: store a.0 "old"
parent: reclaim a.0
parent: fork child
child:  vmsplice a.0 -> p
child:  munmap a
parent: store a.0 "secret"
child:  read p -> got

never child.got = "secret"
expect v4.8..v5.7 v5.9..v5.12 breaks private-writes-stay-private
expect v5.8 v5.18.. holds
`,
);
