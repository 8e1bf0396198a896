import { entry } from './entry.ts';

export const threeOwners = entry(
  'three-owners',
  'v6.18',
  `
scenario Two names, three processes
about A large folio remembers two of the processes that map it, and a bit that
  says: perhaps there are more. The grandchild is the third, of whom nobody
  keeps count. When the child goes, one name is left, that of the parent; but
  its mappings are not all, so that the bit stays, and the store copies. With
  the grandchild gone, too, the page is kept.
source commits 1da190f4d0a6 and 19eaf44954df

process parent
region a mthp 16 pages

parent: store a.0 "old"
parent: fork child
child:  fork kid
child:  exit
parent: store a.0 "new"
kid:    load a.0 -> got
kid:    exit
parent: store a.1 "more"
parent: load a.0 -> seen

never kid.got = "new"
always parent.seen = "new"
expect v4.8..v7.2 holds
`,
);
