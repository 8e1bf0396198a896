import { entry } from './entry.ts';

export const directWriteOldBytes = entry(
  'direct-write-old-bytes',
  'v6.1',
  `
scenario A direct write sends old bytes
about The disk is to read the page, which a child still shares, and the parent
  stores to it meanwhile. A reference for reading leaves the page shared, so
  the store goes to a copy and the disk gets what was there before. v5.8
  copied the page for the parent before the disk had it; a pin unshares it
  first. Nobody promises what a write in flight sends.
source mail of 12 October 2021; commit c89357e27f20 (v5.19)

process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
parent: dio_write a.0 as io
parent: store a.0 "new"
-:      complete io -> sent

always -.sent = "new"
expect v4.8..v5.7 v5.9..v6.1 breaks
expect v5.8 v6.4.0.. holds
expect v5.4-gup-breaks-cow gup-break-cow-flag unshare-mapcount holds
`,
);
