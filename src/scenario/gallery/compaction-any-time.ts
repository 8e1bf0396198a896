import { entry } from './entry.ts';

export const compactionAnyTime = entry(
  'compaction-any-time',
  'v6.18',
  `
scenario Memory is compacted at any moment
about Whoever needs a large range moves the pages that lie in it, when it
  suits him. Here that may begin between any two steps, also while a device
  looks the page up without locks. The entry is emptied and flushed before
  the references are counted, so that the look-up is seen, or waits for the
  new page. Switch the guard migrate-checks-count off, and it is neither.
source commits 2e3468778dbe and 088b8aa537c2; migrate_pages in mm/migrate.c

process parent
region a anon 1 page
actors migrate

parent: store a.0 "old"
parent: pin a.0 write fast as dma
parent: release dma "device"
parent: load a.0 -> seen

always parent.seen = "device"
expect v4.8..v7.2 holds
`,
);
