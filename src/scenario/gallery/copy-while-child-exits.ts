import { entry } from './entry.ts';

export const copyWhileChildExits = entry(
  'copy-while-child-exits',
  'v6.18',
  `
scenario The question of the mail
about One thread finds the page shared, lets go of the lock and copies. Now
  the child exits, and a second thread stores: is the page alone by then,
  and written in place, while the first copy is about to replace it? The
  first thread took a reference before it let go, so the second one copies
  too, and the loser of the two finds that the entry has changed.
source mail on wp_page_copy, the question; commit 6c287605fd56 (v5.19)

process app
region a anon 1 page

app:   store a.0 "old"
app:   fork child
parallel
  app:   store a.0 "one"
  app/2: store a.0 "two"
  child: exit
end
app:   load a.0 -> seen

never app.seen = "old"
sometimes app.seen = "one"
sometimes app.seen = "two"
expect v4.8.. holds
expect unshare-mapcount count-strict-skip spf copy-under-ptl holds
schedule app@store~2.wp_page_copy.lock, child@exit.end, app/2@store.end
`,
);
