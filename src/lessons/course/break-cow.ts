export default `lesson: Break COW when somebody looks
about: The first fix, 17839856fd58: a look-up takes a copy first. It closed
  the leak, and it turned looking into writing.
source: commit 17839856fd58 (v5.8); mail of 12 October 2021 (seed 002)
part: The debate
order: 6
minutes: 7
scenario: vmsplice-leak
scenario: read-copies-file
scenario: monitor-waits-for-itself
scenario: lookup-leak

## COW can break either way
model: v5.8
at: child@vmsplice.__get_user_pages.follow
look: f0
fact: f0.mapcount = 2 and f0.refcount = 2

A shared page will be copied by whoever writes to it first. Usually that is
the other one, and whoever had looked the page up keeps the old one. But the
commit message points at a gap: if he who looked has unmapped the page
meanwhile, the writer is left alone and takes the old page over. So nobody can
say in advance whose page it will be that was looked up.

Its answer: do not look at a page that is still undecided.

## What does the child lend?
at: child@vmsplice.__get_user_pages.follow
predict: copy or reuse

In v5.8 the look-up of a copy-on-write page for reading is treated as one for
writing. The child only wants to lend the page to a pipe.

## The child gets its own page first
at: child@vmsplice.end
look: f1
fact: f1.refcount = 2 and f0.refcount = 1
fact: child.a.0.folio = f1

The look-up faulted as a store would, and the child got a copy, f1. That page
is the one in the pipe. The parent’s page was never lent to anybody.

## The leak is closed
at: end
compare: v5.7
fact: child.got = "old"
claim: v5.8 holds

The parent’s store still asks for the mapcount, as ever. Here it may: whoever
looked the page up has got one of his own. The child reads “old”.

It is a small change, and the mail of January 2021 says that it was not wrong
as such. But every look-up was a write now, and some of them were never meant
to be.

## A look that parts from the file
scenario: read-copies-file
at: reader@vmsplice.end
look: f1
fact: f1.refcount = 2
fact: reader.a.0.folio = f1

A reader maps a file privately and only ever reads. It lends the page to a
pipe, and v5.8 gives it a private copy of the file’s page, as if it had
stored.

## What will it read?
at: reader@vmsplice.end
predict: what reader.seen

Another process writes “new” into the file. Then the reader looks again.

## Old news
at: end
fact: reader.seen = 50
claim: v5.8 breaks
claim: v5.7 v5.9 holds

The reader goes on seeing the old byte: it no longer maps the file. mmap
promises nothing here, so no rule of this laboratory is broken. What is broken
is a program that got on well for years: the scenario’s own line “always” is
not kept on v5.8, and is kept before and after.

## A monitor that waits for itself
scenario: monitor-waits-for-itself
at: end
fact: parent.waits
claim: v5.8 breaks no-deadlock

Here a process protects its own page by userfaultfd, and then wants to save
the page by lending it to a pipe. A look, and v5.8 makes a write of it; the
write hits the protection; the fault is reported to the monitor. The monitor
is the one who waits.

The mail of October 2021 names userfaultfd first among what broke, when it was
asked whether older kernels should get this change.

## The look-up that could not wait
scenario: lookup-leak
schedule: child@lookup.get_user_pages_fast_only.look,
  child/2@munmap.zap_pte_range.unlock,parent@store~2.end
at: child@lookup.end
look: f0
fact: child.seen = "secret"
claim: v5.8 breaks private-writes-stay-private
claim: v5.9.. holds

And one hole stayed open, with a notice in the commit message: a caller that
must not sleep cannot fault, so it takes the page that is there. If its
mapping goes in the same moment, the old story starts again, in a window of a
few steps.

The rule guards all doors but the one that has no time.
`;
