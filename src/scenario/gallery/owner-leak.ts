import { entry } from './entry.ts';

export const ownerLeak = entry(
  'owner-leak',
  'gup-owner-min',
  `
scenario The mark says whose, not how many
about Not in the mail, but in its rule: the parent has a pin when it forks,
  so the page is marked as its own. The child lends the page to a pipe and
  unmaps it. The parent is alone in the page tables and takes all references
  for its own, the pipe among them: what it writes, the child can read. The
  leak of 2020 is back for every process that has a pin.
source mail of 12 January 2021; found by the checker

process parent
region a anon 1 page

parent: store a.0 "old"
parent: pin a.0 write as dma
parent: fork child
child:  vmsplice a.0 -> p
child:  munmap a
parent: store a.0 "secret"
child:  read p -> got

never child.got = "secret"
expect v4.8..v5.7 breaks private-writes-stay-private
expect v5.8..v7.2 holds
expect gup-owner-min gup-owner-full breaks private-writes-stay-private
`,
);
