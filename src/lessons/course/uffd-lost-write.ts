export default `lesson: The store that userfaultfd lost
about: An entry is changed, and the CPUs are told later. Three threads, one
  late flush, and a discussion of what mmap_lock is for.
source: mail of 5 January 2021 (seed 004); commit 6ce64428d620 (v5.12)
part: Races
order: 11
minutes: 8
scenario: uffd-lost-write

## Three threads
model: v5.9
schedule: parent/2@uffd_writeprotect.mwriteprotect_range.flush,
  parent/3@store.wp_page_copy.flush,parent@store~2.end,
  parent/3@store.wp_page_copy.unmap_old,parent@load.end
at: parent@uffd_register.end
look: f0
fact: f0.refcount = 2 and f0.mapcount = 1
fact: parent.a.0.writable

A process with three threads. The first has stored “old” and goes on storing.
The second is a userfaultfd monitor, which changes the write protection of
pages. The third stores as well.

The CPU of the first thread has the entry in its TLB: writable.

## The entry changes
at: parent/2@uffd_writeprotect.mwriteprotect_range.unlock_pte
look: parent.a.0
fact: not parent.a.0.writable
fact: parent.a.0.stale = parent

The monitor ends a protection. It leaves the entry read-only: the next store
shall decide what is to become of it. The picture shows a ghost: the CPU of
the first thread still has the old, writable entry.

The flush that will tell it comes later, in one go for the whole range. And
all this happens under mmap_lock for reading, beside page faults.

## The third thread
at: parent/3@store.do_wp_page.count
look: f0
predict: copy or reuse
fact: f0.refcount = 2 and f0.mapcount = 1

The third thread stores, and faults on the read-only entry. f0 is mapped once.
But a second reference is there: the page is still in a batch for the LRU
list.

## A copy of a page that is in use
at: parent/3@store.wp_page_copy.clear
look: f0
fact: f0.bytes = "old" and f1.bytes = "old"
fact: parent.a.0.stale = parent

v5.9 copies. The bytes “old” are in f1 now, and the entry has not changed
since. All is as the code expects it.

One assumption is silent: that nobody can write to f0 any more, since the
entry is read-only.

## The ghost writes
at: parent@store~2.end
look: f0
predict: what parent.seen
until: parent@load.end
fact: f0.bytes = "mine" and f1.bytes = "old"

The first thread stores “mine”. Its CPU asks no page table: it has an entry
that says writable. The store goes to f0, after the copy.

Then it reads what it has just written.

## Lost
at: parent@load.end
look: f1
fact: parent.seen = "old" and f0.bytes = "mine"
claim: v5.9..v5.11 breaks stores-are-not-lost

The copy was put in, the old page is left behind, and “mine” with it. Nobody
did anything that looked wrong from where he stood.

## Why not before 5.9?
model: v5.8
schedule: none
at: end
compare: v5.9
claim: ..v5.8 holds

By mapcount the page is the process’s own: no copy, and a store through a
stale entry goes to the same page. The late flush was harmless. v5.9 made
copies more frequent, and a harmless thing became a bug.

## The fix: flush first
model: v5.12
at: end
claim: v5.12.. holds

Since v5.12 a fault on such memory looks whether a flush is pending, and does
it itself before it copies.

## What is mmap_lock for?
model: uffdwp-mmap-write
at: end
fact: parent.seen = "mine"
claim: uffdwp-mmap-write uffdwp-flush-under-ptl copy-under-ptl holds

The mail discusses other ways. Torvalds: whoever changes what may be written
has to take mmap_lock for writing, and then no fault can come between. A page
fault, COW included, is no such change: it is a look-up.

Zijlstra notes what it would take otherwise: to copy while the page-table lock
is held, and to flush under it. The checker agrees: with any of these nothing
is lost here.

## A warning for later
model: spf
at: end
free: Check this scenario on spf and open the shortest run.
claim: spf breaks stores-are-not-lost
claim: range-lock holds

He adds a worry. Speculative page faults take no mmap_lock at all, and walk
right into this race. Range locks would not. This was in January 2021; the
last lesson shows what came of it.
`;
