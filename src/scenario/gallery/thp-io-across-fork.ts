import { entry } from './entry.ts';

export const thpIoAcrossFork = entry(
  'thp-io-across-fork',
  'v6.18',
  `
scenario A plain reference to a huge page, and fork
about Fork looks for pins only, and a huge page that somebody refers to for
  writing becomes shared like any other. The store of the parent leaves it:
  as a whole until 5.7, as one small page later. What the disk writes then
  is seen by the child, if by anybody. No kernel promises more.
source mail of 8 January 2021; commit 70e806e4e645

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: get a.0 write as io
parent: fork child
parent: store a.0 "new"
parent: release io "disk"
parent: load a.0 -> seen

sometimes parent.seen = "new"
expect v4.8..v7.2 breaks direct-io-survives-fork
`,
);
