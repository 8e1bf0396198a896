export default `lesson: Dirty COW
about: The most famous bug of copy-on-write: a flag that was dropped too
  early, and a page that was thrown away in between.
source: CVE-2016-5195; commit 19be0eaffa3a (v4.9)
part: Races
order: 12
minutes: 7
scenario: dirty-cow

## A file that everybody runs
model: v4.8
schedule: app@poke.__get_user_pages.broke_cow,
  app/2@madvise.zap_pte_range.flush,app@poke.end
at: start
look: f0
fact: f0.bytes = 50 and f0.mapcount = 0

f0 is a page of a file, in the page cache: of a program that other processes
run, say. app maps that file privately and read-only. It may not write to the
file.

## A write by force
at: app@poke.do_cow_fault.map
look: f1
fact: f1.bytes = 50 and f0.bytes = 50

A debugger may write into read-only memory of its target: through
/proc/PID/mem, for a breakpoint. For private memory that is safe, as such a
write gets a copy first. app does this to itself.

get_user_pages() finds no page, and faults as for a store. The copy f1 is
made.

## Look again
at: app@poke.handle_pte_fault.peek#2
look: app.code.0
fact: app.code.0.folio = f1 and not app.code.0.writable

The page is there, but its entry is read-only, since the mapping is. To look
again for a writable entry would never end. So another fault comes, and
do_wp_page() is to say: copy-on-write is broken, it is your own page.

## The flag is dropped
at: app@poke.wp_page_reuse.reuse
look: f1
fact: step.thread = app and f1.mapcount = 1

It says so. And v4.8 concludes: from here on a look for reading will do, the
page is ours. It forgets that it wanted to write.

That is true at this moment. Between this step and the next look there is no
lock.

## Thrown away
at: app/2@madvise.zap_pte_range.unlock
look: app.code.0
fact: not app.code.0.present

A second thread of app says madvise(MADV_DONTNEED): I do not need these pages.
The entry is cleared, and the copy with it.

## Which page will be found?
at: app/2@madvise.zap_pte_range.unlock
predict: what other.runs

The first thread looks again, for reading. The entry is empty, so it faults,
for reading.

## The page of the file
at: app@poke.__get_user_pages.grab
look: f0
fact: app.code.0.folio = f0

For a read fault of a private file mapping the page cache’s own page will do.
It is not a copy. It is the file.

And the caller does not know: he asked for a page to write to, and gets one.

## Into the file
at: app@poke.mem_rw.put
look: f0
fact: f0.bytes = "evil"
claim: v4.8 breaks files-keep-their-bytes

The kernel writes through its own mapping, which asks no entry for permission.
The program of all others is changed now, and nobody had the right to do it.

## The fix
model: v5.6
at: end
fact: other.runs = 50
claim: v5.6.. holds

v4.9 stays a writer. Instead of dropping the flag it remembers that
copy-on-write was broken, and takes a read-only page only if its entry is dirty:
a copy is, the page of the file is not. In the same order of threads the
second look finds nothing, and makes another copy.

## Find it yourself
model: v4.8
schedule: app@poke.end
at: start
challenge: find files-keep-their-bytes
hint: The second thread must be in time: after the copy was declared to be
  ours, and before the next look.

In this run the write is over before the pages are thrown away. Find the order
in which the file is changed.
`;
