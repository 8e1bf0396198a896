import { entry } from './entry.ts';

export const migrationUnderIo = entry(
  'migration-under-io',
  'v6.18',
  `
scenario Direct I/O begins while the page moves
about A disk is to write into a page that move_pages is taking to another
  node. Either the look-up is first: then the reference is one too many, and
  the page stays; or it comes to a migration entry, waits, and gets the new
  page. Switch the guard migrate-checks-count off, and the disk writes into a
  page that nobody maps any more.
source commit 2e3468778dbe; migrate_page_move_mapping in mm/migrate.c

process parent
region a anon 1 page

parent:   store a.0 "old"
parallel
  parent:   get a.0 write fast as io
  parent/2: move_pages a.0 1
end
parent:   release io "disk"
parent:   load a.0 -> seen

always parent.seen = "disk"
expect v4.8..v7.2 holds
`,
);
