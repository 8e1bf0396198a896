export default `lesson: Faults without mmap_lock
about: Speculative faults, per-VMA locks, range locks: a warning of 2021 and a
  bug of 2023, which are the same race.
source: mail of 5 January 2021 (seed 004); commit fb49c455323f (v6.4.3)
part: Research
order: 14
minutes: 8
scenario: speculative-fault
scenario: range-locks

## The lock that all faults take
model: v6.1
at: app/3@store.end
look: app

Every page fault takes mmap_lock for reading, and fork, mmap and mprotect take
it for writing. In a process with a hundred threads it is the lock that
everybody waits for. So there were many ideas how a fault could do without.

## A proposal: speculate
model: spf
schedule: app@fork.dup_mmap.unlock_child_pte,
  app/2@store.wp_page_copy.flush,app/3@store~2.end,
  app/2@store.wp_page_copy.unmap_old,app/3@load.end
at: app/2@store.user_store.access
look: app.a.0
fact: not app.a.0.writable and app.a.0.stale = app/3

Speculative page faults take no mmap_lock: they look whether the VMA is being
changed, and rely on the page-table lock for the rest.

One thread forks. It has made the entry read-only for both, and has not
flushed yet. The CPU of the third thread can still store: a ghost.

## A fault beside fork
at: app/2@store.do_wp_page.count
look: f0
predict: who can move
fact: f0.refcount = 2

With mmap_lock the second thread would wait here until fork is over.
Speculating it goes on, and finds a page that is shared.

## You have seen this
at: app/3@store~2.end
look: f0
predict: what app/3.seen
until: app/3@load.end
fact: f0.bytes = "three" and f1.bytes = "old"

The page was copied; then the third thread has stored through its stale entry,
into the old one. It reads next.

## Lost, as announced
at: app/3@load.end
fact: app/3.seen = "old"
claim: spf breaks stores-are-not-lost

Zijlstra’s mail of January 2021 says that speculative faults step right into this:
they avoid mmap_lock altogether and have only the page-table lock. They were
never merged.

## Two years later
model: v6.4.0
at: app/3@load.end
look: f1
fact: app/3.seen = "old"
claim: v6.4.0 breaks stores-are-not-lost

Linux 6.4 had faults without mmap_lock: each VMA has a lock of its own. A
thread that changes a VMA locks it for writing. fork took mmap_lock for
writing, which had always been enough, and did not lock the VMAs. Step by step
it is the same run.

## The fix
model: v6.18
schedule: none
at: app@fork.dup_mmap.seq_odd
look: app
fact: app.holds = mmap_lock.write
claim: v6.12.. holds

v6.4.3 has fork lock each VMA before it copies it: a fault under such a lock
waits again, or had been over before. A rule that holds because everybody
takes one lock has to be found again in every place when that lock goes.

## Flush under the lock instead?
model: spf-flush-under-ptl
at: end
claim: spf-flush-under-ptl copy-under-ptl holds

Two other repairs of the mail also pass: to copy only after the flush, under
the page-table lock. Then a store through a stale entry comes before the copy,
and is in it.

## Range locks
scenario: range-locks
model: range-lock
at: end
fact: app/3.seen = "three"
claim: range-lock holds

And a lock for just the range that is being changed? It does not have this
problem, says the mail: whoever faults in the range waits for whoever changes
it. What it would cost is another question, and one that no checker answers.

## Try all orders
scenario: speculative-fault
model: v6.4.0
schedule: app@fork.end
at: start
challenge: find stores-are-not-lost
hint: Stop fork when it has write-protected the entry and not flushed yet.
  Then the second thread has to copy, and the third has to store in between.

Here fork is over before the others begin. Find an order that loses a store on
v6.4.0.
`;
