import { entry } from './entry.ts';

export const forcedWriteZeroPage = entry(
  'forced-write-zero-page',
  'v4.8',
  `
scenario A forced write meets MADV_DONTNEED
about Dirty COW on anonymous memory. A forced write to a read-only mapping
  breaks copy-on-write and looks again; v4.8 does that as for a read. When
  another thread throws the page away in between, the look finds the page of
  zeros that all processes share, and the write goes there. Later kernels
  stay writers until they hold a page of their own.
source CVE-2016-5195; commit 19be0eaffa3a (v4.9)

process app other
region a anon 1 page ro
region b anon 1 page in other

parallel
  app:   poke a.0 "dirty"
  app/2: madvise a dontneed
end
other: load b.0 -> fresh

never other.fresh = "dirty"
expect v4.8 breaks zero-page-stays-zero
expect v5.6..v7.2 holds
schedule app@poke.__get_user_pages.broke_cow, app/2@madvise.end
`,
);
