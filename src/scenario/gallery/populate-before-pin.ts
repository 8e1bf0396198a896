import { entry } from './entry.ts';

export const populateBeforePin = entry(
  'populate-before-pin',
  'v5.12',
  `
scenario Populated for writing, then pinned for reading
about After a fork the entry stays read-only, even when the child is gone. A
  device that pins the page for reading now would be left behind by the next
  store where references decide. MADV_POPULATE_WRITE breaks copy-on-write
  first, so that the pin gets a page that stays. Kernels before v5.14 do not
  know the advice.
source commit 4ca9b3859dac (v5.14); bug R6a of the step lists

process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
child:  exit
parent: madvise a populate_write
parent: pin a.0 read as dma
parent: store a.0 "new"
parent: release dma -> sent

always parent.sent = "new"
expect v5.9..v5.12 breaks pins-stay-coherent
expect ..v5.8 v5.18.. holds
`,
);
