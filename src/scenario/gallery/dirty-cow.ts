import { entry } from './entry.ts';

export const dirtyCow = entry(
  'dirty-cow',
  'v4.8',
  `
scenario Dirty COW: a write gets into the file
about A forced write to a read-only private mapping of a file breaks
  copy-on-write and looks again; v4.8 does that as for a read. When another
  thread throws the copy away in between, the second look finds the page of
  the file itself, and the write goes into the file: of a program that
  everybody runs, say. v4.9 stays a writer, and wants to see a dirty entry.
source CVE-2016-5195; commit 19be0eaffa3a (v4.9)

process app other
region code file 1 page ro
region code file 1 page in other

parallel
  app:   poke code.0 "evil"
  app/2: madvise code dontneed
end
other: load code.0 -> runs

always other.runs = 50
expect v4.8 breaks files-keep-their-bytes
expect v5.6..v7.2 holds
`,
);
