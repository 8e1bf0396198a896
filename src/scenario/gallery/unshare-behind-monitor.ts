import { entry } from './entry.ts';

export const unshareBehindMonitor = entry(
  'unshare-behind-monitor',
  'v6.18',
  `
scenario An entry that is the same again
about A pin for reading unshares the page, and a protection by userfaultfd
  does not stop it. While it copies, the monitor ends the protection, stores
  and protects again, and the entry looks as before. The reference of the
  copy keeps that store from being made in place; a second look at the
  exclusive mark, which the answer suggests, would do the same.
source mail on wp_page_copy (FAULT_FLAG_UNSHARE, uffd-wp); commit c89357e27f20

process app
region a anon 1 page

app:   store a.0 "old"
app:   uffd_register a wp
app:   fork child
app:   uffd_writeprotect a.0 on
parallel
  app:   pin a.0 read as dma
  app/2: uffd_writeprotect a.0 off
  app/2: store a.0 "new"
  app/2: uffd_writeprotect a.0 on
  child: exit
end
app/2: load a.0 -> seen

always app/2.seen = "new"
expect v4.8 v5.6 holds
expect v5.7 v5.9..v5.18 breaks pins-stay-coherent
expect v5.8 breaks no-deadlock
expect v5.19.. holds
expect unshare-mapcount breaks pins-stay-coherent
`,
);
