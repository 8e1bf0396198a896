export default `lesson: How a child reads its parent’s secret
about: One run: what fork shares, what a pipe keeps, and which number the
  kernel looked at. The bug that began the debate.
source: CVE-2020-29374; mail of 8 January 2021 (seed 000)
part: The debate
order: 5
minutes: 7
scenario: vmsplice-leak
scenario: zygote-exec
scenario: leak-any-order

## One page, two page tables
model: v5.7
at: parent@fork.end
look: f0
fact: f0.refcount = 2 and f0.mapcount = 2
fact: not parent.a.0.writable

The parent stored “old” and forked. Nothing was copied: both page tables point
at f0. To notice the next store, fork took the write permission away on both
sides. Two mappings, two references.

## The pipe takes a reference
at: child@vmsplice.end
look: f0
fact: f0.refcount = 3 and f0.mapcount = 2

vmsplice lends the child’s page to a pipe. The pipe holds a third reference to
f0. No page table shows it: the refcount is 3, the mapcount still 2.

## The child lets go, and keeps hold
at: child@munmap.end
look: f0
fact: f0.mapcount = 1 and f0.refcount = 2
fact: not child.a.0.present

munmap clears the child’s entry. One page table is left, the parent’s. But the
pipe still holds the page: mapcount 1, refcount 2. From here on the two
numbers tell two stories.

## Copy, or reuse?
at: parent@store~2.do_wp_page.count
look: f0
predict: copy or reuse

The parent stores “secret”. Its entry is read-only, so it faults, and v5.7 has
to decide.

## The question that decides
at: parent@store~2.do_wp_page.unlock_reuse
look: f0
compare: v5.9
fact: step.answer = reuse

v5.7 asks how many page tables map f0. One: so it takes the page for the
parent’s own, and makes it writable in place. Nobody looks at the refcount.

The parent now believes that this page is private, and stores what it would
never have put on a shared one.

## Who reads the secret?
at: parent@store~2.end
predict: who sees "secret"
fact: f0.bytes = "secret" and f0.refcount = 2

The bytes are in f0. The parent maps it. Who else will see them before the run
is over?

## The child reads it
at: child@read.pipe_read.release
look: f0
fact: child.got = "secret"
claim: v4.8..v5.7 breaks private-writes-stay-private

The pipe was never told. It hands out the bytes that f0 holds now, and those
are the parent’s, written after fork into memory that is private.

The mail insists on one point: vmsplice is not to blame. It is only the
easiest way to hold a page without mapping it. Anything that looks up a page
of a process and keeps it, by get_user_pages(), can do the same.

## Why it was never a problem
scenario: zygote-exec
model: v5.7
at: app@exec.end
fact: f0.refcount = 2 and f0.mapcount = 1

In every traditional use of fork, the mail goes on, this does not matter:
parent and child are one program, and who does not trust the child cannot
trust the parent either.

Then came Android’s Zygote: a process that prepares everything, and forks once
for every app. Technically it is any other fork. But here the parent has
reason not to trust the child. Even exec does not help: the pipe outlives it.

## Find the order
scenario: leak-any-order
model: v5.7
schedule: parent@store~2.end
at: start
challenge: find private-writes-stay-private
hint: Let the child finish its munmap before the parent stores. In the lanes
  below, choose the child for the next steps.
claim: v5.7 breaks private-writes-stay-private
claim: v5.8..v7.2 holds

Here child and parent run at the same time, and in this run the parent is faster:
nothing leaks. Go to a step where both can move, and choose who goes first,
until the child reads the secret.
`;
