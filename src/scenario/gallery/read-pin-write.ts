import { entry } from './entry.ts';

export const readPinWrite = entry(
  'read-pin-write',
  'v5.9',
  `
scenario A read pin, then a store
about The child that shared the page is gone, but its trace is left: the
  entry is read-only. A pin for reading needs no write permission, so it
  takes the page as it is. v5.9 then sees one reference too many at the
  parent's store and copies: the pin goes on showing the old bytes. From
  v5.19 on the page is made exclusive before it is pinned.
source commits 09854ba94c6a, 6c287605fd56 (v5.19); mail of 8 January 2021

process parent
region a anon 1 page

parent: store a.0 "old"
parent: fork child
child:  exit
parent: pin a.0 read as h
parent: store a.0 "new"
parent: release h -> saw

always parent.saw = "new"
expect v5.9..v5.18 breaks pins-stay-coherent
expect v4.8..v5.8 v5.19..v7.2 holds
expect unshare-mapcount count-strict-skip holds
`,
);
