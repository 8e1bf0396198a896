import { entry } from './entry.ts';

export const twoWriters = entry(
  'two-writers',
  'v5.19',
  `
scenario Two threads write one shared page
about After fork, two threads of app store to the same page at the
  same time. Both may decide to copy; the page-table lock lets one copy in,
  and the look at the entry that follows sends the other one back. No store
  is lost, in any order.
source mail on wp_page_copy; commit 6c287605fd56

process app
region a anon 1 page

app:   store a.0 "old"
app:   fork child
parallel
  app:   store a.0 "one"
  app/2: store a.0 "two"
end
app:   load a.0 -> seen
child: load a.0 -> got

never app.seen = "old"
always child.got = "old"
expect v4.8..v7.2 holds
schedule app@store~2.wp_page_copy.flush,app/2@store.do_anonymous_page.lock
`,
);
