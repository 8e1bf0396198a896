export default `lesson: Why a reference is a lock
about: A question on the list about wp_page_copy(): three threads, and what
  keeps a page from being reused while it is copied.
source: mail on wp_page_copy and its answer (seed 003); v6.18
part: Races
order: 10
minutes: 10
scenario: copy-while-child-exits
scenario: source-goes-away
scenario: aba-copy

## A copy is made without the lock
model: v6.18
at: app@store~2.wp_page_copy.alloc
look: f0
notes: The question came from a kernel developer who was reading the code.
fact: f0.refcount = 3 and f0.mapcount = 2

A process app with two threads, and a child that shares its page. The first
thread stores, finds two references, and has to copy. It has dropped the
page-table lock. From here on everybody else may act.

## The child goes away
at: child@exit.end
look: f0
fact: f0.refcount = 2 and f0.mapcount = 1
fact: f1.bytes = "old"

The first thread has copied the bytes to f1 and stands before the lock.
Meanwhile the child exits. f0 is mapped only once now, by app.

The question of the mail: a second thread of app stores here. Will it find the
page to be exclusive, write in place, and then lose its store when the first
thread puts its old copy in?

## What does the second thread do?
at: child@exit.end
predict: copy or reuse
until: app/2@store.end

Count who has a reference.

## Two copies
at: app/2@store.wp_page_copy.lock
look: f0
fact: f0.refcount = 3 and f1.refcount = 1 and f2.refcount = 1

The answer of the mail: the first thread took a reference to f0 before it let
go of the lock. So the second finds two references, and cannot reuse the page.
It copies, too. Both copies are waiting; only one can be put in.

A reference keeps a page from being freed. Here it does more: it keeps others
from taking the page for their own. As long as it is there, f0 can only be
copied, and bytes that can only be copied do not change under the copier.

## The loser looks again
at: app@store~2.wp_page_copy.raced
look: app.a.0
fact: app.a.0.folio = f2
fact: app.a.0.bytes = "two"

The second thread was faster. The first one takes the lock and compares the
entry with the one that it had copied from: it is another one. So it throws
its copy away and starts over.

## Nothing is lost
at: end
fact: app.seen = "one"
claim: v4.8.. holds

It finds an entry that it may write to, and stores. Both stores have happened,
one after the other. Every order of these threads ends well, on every kernel.

## The reference as a reference
scenario: source-goes-away
at: app/2@madvise.end
look: f0
free: Have the first thread go on from here, and see what it does with its
  copy.
fact: f0.mapcount = 0 and f0.refcount = 1
claim: v6.18 holds

Another run: while the first thread is about to copy, the child exits and the
second thread throws the page away. One reference is left on f0, that of the
thread which is reading it. Without it the page would be free, and could
belong to somebody else by now.

## Which of them can go?
at: end
challenge: remove copy-holds-old-folio copy-rechecks-pte copy-flushes-first
  zap-flushes-first
hint: Ask of each what it protects from whom, and whether that somebody is
  here. Which CPU could still have the old page in its TLB?

Four steps protect this run. Without one of them nothing goes wrong here, in
any order: it is there for somebody who is not in this scenario. A kernel
developer who wants to take a lock or a flush away has to know all those who
are not in the picture; a checker tells about those who are.

## Three threads, on an old rule
scenario: aba-copy
model: v5.7
schedule: parent@get.wp_page_copy.lock,child@exit.end, parent/2@clear_refs.end
at: parent/2@store.do_wp_page.count
look: f0
predict: copy or reuse
fact: f0.refcount = 2 and f0.mapcount = 1

In his answer the developer adds: the old approach, by mapcount, could have
had this very problem, but he may be wrong. Let us see. v5.7 does not count
the reference of the thread that is copying.

## The entry is the same
at: parent@get.wp_page_copy.lock
look: f0
fact: f0.bytes = "new" and f1.bytes = "old"
fact: not parent.a.0.writable

The second thread wrote in place: “new” is in f0. That would still be noticed,
as the entry is writable now. But then it asks for soft-dirty tracking, which
makes the entry read-only again. Now it is bit for bit what the first thread
has seen.

## And the page is not
at: parent@get.wp_page_copy.unmap_old
look: f1
fact: parent.a.0.folio = f1 and f1.bytes = "old"
claim: ..v5.8 breaks stores-are-not-lost
claim: v5.9.. holds

“It has not changed”, finds the first thread, and puts the old copy in place.
The store is lost. Such a thing is called ABA: to look at the same value twice
does not mean that nothing was in between.

He was not wrong. Every kernel that decides by mapcount can lose this store;
those that count references cannot.
`;
