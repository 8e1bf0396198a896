import { entry } from './entry.ts';

export const sourceGoesAway = entry(
  'source-goes-away',
  'v6.18',
  `
scenario What the reference of the copy is for
about The page is copied without any lock. Meanwhile the child exits, and
  another thread throws the page of this process away: nobody is left who
  holds it but the thread that copies. Without the reference that it takes
  first it would read a page that belongs to somebody else by now. Switch
  the guard copy-holds-old-folio off, and a check finds that order.
source mail on wp_page_copy, the answer (folio_get); commit 6c287605fd56

process app
region a anon 1 page

app:   store a.0 "old"
app:   fork child
parallel
  app:   store a.0 "new"
  app/2: madvise a dontneed
  child: exit
end
app:   load a.0 -> seen

sometimes app.seen = "new"
sometimes app.seen = 00
expect v4.8.. holds
expect unshare-mapcount count-strict-skip spf copy-under-ptl holds
schedule app@store~2.wp_page_copy.copy, child@exit.end, app/2@madvise.end
`,
);
