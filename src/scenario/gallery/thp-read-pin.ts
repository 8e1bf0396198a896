import { entry } from './entry.ts';

export const thpReadPin = entry(
  'thp-read-pin',
  'v5.18',
  `
scenario A read pin of a huge page, then a store
about A huge page is read-only after fork, also when the child is gone. A
  device pins one page of it for reading; then the process stores. Until
  5.17 the only mapping was enough to write in place. 5.18 counts
  references, finds that of the pin, splits the PMD entry and copies the
  page away from the device. Since 5.19 the pin makes it exclusive first.
source commit 3bff7e3f1f16; mail of 8 January 2021

process parent
region a thp 512 pages

parent: store a.0 "old"
parent: fork child
child:  exit
parent: pin a.0 read as h
parent: store a.0 "new"
parent: release h -> saw

always parent.saw = "new"
expect v4.8..v5.12 holds
expect v5.18 breaks pins-stay-coherent
expect v5.19..v7.2 holds
`,
);
