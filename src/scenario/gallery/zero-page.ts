import { entry } from './entry.ts';

export const zeroPage = entry(
  'zero-page',
  'v5.8',
  `
scenario A reference to the zero page
about Memory that was only read is backed by the one page of zeros, which
  nobody owns and nobody counts. The pipe gets that page, so it shows zeros
  whatever is stored later. Only v5.8 treats the reference like a write and
  gives the parent a page of its own first; there the pipe shows what the
  parent stores. Neither is a leak.
source commit 17839856fd58 (v5.8); mail of 12 October 2021

process parent
region a anon 1 page

parent: load a.0
parent: vmsplice a.0 -> p
parent: fork child
child:  store a.0 "child"
parent: store a.0 "parent"
parent: read p -> got
parent: load a.0 -> mine
child:  load a.0 -> mine

never parent.got = "child"
always parent.mine = "parent"
always child.mine = "child"
expect v4.8..v7.2 holds
expect v5.4-gup-breaks-cow gup-break-cow-flag holds
`,
);
