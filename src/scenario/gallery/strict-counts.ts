import { entry } from './entry.ts';

export const strictCounts = entry(
  'strict-counts',
  'count-strict-skip',
  `
scenario A plain reference, and the child writes first
about Direct I/O holds the page by a plain reference while the process forks.
  Kernels that count mappings copy for the child, which writes first, and
  the parent keeps the page. Kernels that count references then copy for the
  parent as well: the data is lost. The rules of the mail let no page that
  anybody holds become read-only, so fork gives the child its copy at once.
source mail of 12 January 2021, rules (a), (b) and (c)

process parent
region a anon 1 page

parent: store a.0 "old"
parent: get a.0 write as io
parent: fork child
child:  store a.0 "child"
parent: store a.0 "new"
parent: release io "data"
parent: load a.0 -> seen
child:  load a.0 -> got

always parent.seen = "data"
always child.got = "child"
expect v4.8..v5.8 holds
expect v5.9..v7.2 breaks direct-io-survives-fork
expect count-strict-skip count-strict-copy count-strict-fail holds
expect gup-owner-min gup-owner-full holds
`,
);
