import { entry } from './entry.ts';

export const twoLooks = entry(
  'two-looks',
  'unshare-mapcount',
  `
scenario Found unshared while a copy is made
about Two threads pin a shared page for reading, so each wants it unshared,
  and the child exits meanwhile. Unsharing need not change the entry, so
  comparing entries says nothing. The reference that the first one takes
  before it copies makes the second one copy too, where references count.
  Where mappings count, the second one pins the page that is then replaced.
source mail on wp_page_copy; the trees of January 2021

process app
region a anon 1 page

app:   store a.0 "old"
app:   fork child
parallel
  app:   pin a.0 read fast as one
  app/2: pin a.0 read fast as two
  child: exit
end
app:   store a.0 "new"
app:   release one -> first
app/2: release two -> second

always app.first = "new"
always app/2.second = "new"
expect v4.8..v5.8 v5.19..v7.2 holds
expect v5.9..v5.18 unshare-mapcount breaks pins-stay-coherent
`,
);
