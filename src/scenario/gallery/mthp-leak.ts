import { entry } from './entry.ts';

export const mthpLeak = entry(
  'mthp-leak',
  'v6.18',
  `
scenario A page of a 64 kB folio in a pipe
about The old leak, on one page of a folio of 64 kB. Before 6.8 these are
  ordinary pages. Then the folio has one count for 16 pages, and the store of
  the parent, whose mappings are all that are left, finds the reference of
  the pipe in it: 6.12 copies pages of such folios in any case, 6.15 and
  later because more references than mappings are there.
source commits 19eaf44954df and 1da190f4d0a6

process parent
region a mthp 16 pages

parent: store a.0 "old"
parent: fork child
child:  vmsplice a.0 -> p
child:  munmap a
parent: store a.0 "secret"
child:  read p -> got

never child.got = "secret"
expect v4.8..v5.7 breaks private-writes-stay-private
expect v5.8..v7.2 holds
`,
);
