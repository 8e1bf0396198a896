import { entry } from './entry.ts';

export const fileComesBack = entry(
  'file-comes-back',
  'v6.18',
  `
scenario Thrown away, and the file is there again
about A private mapping of a file is written to and thrown away with
  MADV_DONTNEED: the next load finds the file, not zeros. What another
  process stores to the file meanwhile is seen then; while the private copy
  was there, it was not.
source madvise(2); mm/memory.c, zap_pte_range(), do_read_fault() (2015)

process app writer
region a file 1 page
region a shared-file 1 page in writer

app:    store a.0 "mine"
writer: store a.0 "new"
app:    load a.0 -> copy
app:    madvise a dontneed
app:    load a.0 -> file

always app.copy = "mine"
always app.file = "new"
expect v4.8..v7.2 holds
`,
);
