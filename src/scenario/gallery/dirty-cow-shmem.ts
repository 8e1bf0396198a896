import { entry } from './entry.ts';

export const dirtyCowShmem = entry(
  'dirty-cow-shmem',
  'v5.19',
  `
scenario Dirty COW, once more
about From v4.9 on, a dirty read-only entry is the proof that a forced write
  has its own copy. UFFDIO_CONTINUE maps the page of a file in memory
  read-only, and since v5.16 always dirty. When that comes between the copy
  and the last look, the write goes into the file. v6.0 asks whether the
  page is exclusive instead: a page of a file never is.
source CVE-2022-2590; commits 9ae0f87d009c (v5.16), 5535be309971 (v6.0)

process app other
region code file 1 page ro
region code file 1 page in other

app:   uffd_register code missing
parallel
  app:   poke code.0 "evil"
  app/2: madvise code dontneed
  app/2: uffd_continue code.0
end
other: load code.0 -> runs

always other.runs = 50
expect v4.8 breaks files-keep-their-bytes
expect v5.6..v5.12 holds
expect v5.18 v5.19 breaks files-keep-their-bytes
expect v6.1..v7.2 holds
`,
);
