import { entry } from './entry.ts';

export const splitUnderIo = entry(
  'split-under-io',
  'v6.18',
  `
scenario A huge page is split while I/O takes a reference
about One thread hands a page of a huge page to I/O, by a lockless look-up;
  the other says with MADV_COLD that the page beside it is not used much, and
  so the huge page is split. Its entries become migration entries first, and
  only then, when nobody can find it any more, the references are counted:
  I/O that came before keeps the folio whole, and I/O that comes later waits
  until each page has a count of its own.
source commit 9c276cc65a58; split_huge_page_to_list(), mm/huge_memory.c

process app
region a thp 512 pages

app:   store a.0 "old"
parallel
  app:   get a.0 read fast as io
  app/2: madvise a.1 cold
end
app:   release io -> saw

always app.saw = "old"
expect v4.8..v7.2 holds
`,
);
