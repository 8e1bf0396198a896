export default `lesson: Stronger rules, and an objection
about: What if a page that anybody holds simply never became read-only? Three
  ways to do it, the answer from the list, and what a checker finds.
source: mails of 11 and 12 January 2021 (seed 001)
part: The debate
order: 8
minutes: 12
scenario: strict-counts
scenario: strict-mprotect
scenario: page-of-nobody
scenario: owner-leak
scenario: vmsplice-leak
scenario: pin-fork-write
scenario: mprotect-under-pin
scenario: monitor-waits-for-itself
scenario: unmap-gap

## The rules, thought to their end
model: count-strict-skip
at: parent@get.end
look: f0
fact: f0.refcount = 2 and f0.pins = 0 and parent.a.0.writable

Here is a proposal of the mails, which no kernel ever had. Rule (a): an
anonymous page is made writable only when it has a single reference. It
follows (b): what is writable starts out with nobody but page tables. And the
new one, (c): what is writable is never made read-only as long as it has more
than one.

Then pins would not have to be told from other references. Direct I/O has
taken a plain one here, and fork is next.

## What will fork do?
at: parent@get.end
predict: mapcount f0
until: parent@fork.end

fork makes private pages read-only in both processes. By rule (c) it may not:
f0 has two references.

## A copy at once, for the child
at: parent@fork.end
look: f0
fact: f0.mapcount = 1 and f1.mapcount = 1
fact: parent.a.0.writable

So the child gets its copy at fork, and the parent’s page stays as it was. The
data that the disk delivers will reach it.

## No kernel did this
model: v6.18
at: end
fact: parent.seen = "new"
claim: v5.9..v7.2 breaks direct-io-survives-fork
claim: count-strict-skip holds

The same run on a kernel. A plain reference promises nothing across a fork,
and the data is lost; programs keep such buffers out of forks. On this run the
stronger rules are better than any kernel since.

## The objection: mprotect
scenario: strict-mprotect
model: count-strict-skip
at: parent@mprotect.end
look: parent.a.0
predict: what parent.seen
fact: parent.a.0.writable and f0.pins = 1

Glisse answers the next day: rule (c) breaks mprotect. Here the process makes
its memory read-only while a device has a pin. By the rule the entry stays
writable. Then the process stores.

## Read-only, and written to
at: end
fact: parent.seen = "new"
claim: count-strict-skip breaks stores-need-permission
claim: v4.8..v7.2 holds

The store went through, into memory that mprotect had declared read-only, and
reported to be so. There are programs whose safety rests on that.

## Copy instead?
model: count-strict-copy
at: parent@mprotect.end
look: f0
fact: f0.pins = 1 and f0.mapcount = 0 and f1.mapcount = 1
claim: count-strict-copy breaks pins-stay-coherent

He tries a way out himself: let mprotect copy the pages that somebody holds.
Then the device is left behind, as in v5.9. He is uneasy about it: direct I/O
may be racing with that very mprotect, and RDMA holds its pages without end.

## Then let it fail
model: count-strict-fail
at: end
fact: parent.a.0.writable
claim: count-strict-fail breaks

The third way is our own completion: mprotect says no. Nothing is lost, and
nothing is protected. The scenario’s question is whether the store is kept
out, and it is not.

## Glisse’s own idea: whose page is it?
scenario: page-of-nobody
model: gup-owner-min
at: parent@munmap.end
look: f0
predict: copy or reuse
fact: f0.mapcount = 1 and f0.pins = 1 and f0.refcount = 1025

Do not copy at fork, he says. Protect the page, and forbid the child to ever
reuse it: then fork stays fast. Here the parent had a pin, forked, and
unmapped. The child alone maps the page. It stores.

## A page that belongs to nobody
at: end
fact: child.mine = "secret" and parent.saw = "old"
claim: gup-owner-min holds
claim: v4.8..v5.8 breaks private-writes-stay-private

The child had to copy, although nobody else maps the page. The pin lingers on
a page that is in no address space any more. That is wasteful, and it is safe.

## The judge is a machine
scenario: owner-leak
model: gup-owner-min
at: parent@store~2.do_wp_page.maps
look: f0
predict: who sees "secret"
fact: f0.refcount = 1026 and f0.mapcount = 1

The idea says whose the references are, and not how many. The parent has one
pin, and the child has lent the page to a pipe before it unmapped it. The
parent is asked: is it your page, and are you the only one who maps it?

## What a checker is for
at: end
free: Take any scenario of the gallery and look at the proposals in the strip.
  Which of them would you have merged?
fact: child.got = "secret"
claim: gup-owner-min gup-owner-full breaks private-writes-stay-private

The old leak is back. It is in no mail: the checker found it, by trying every
order on every rule. An argument on a list tries those that come to mind.

## Now you
scenario: mprotect-under-pin
model: v5.11
at: parent@store~2.end
look: f0
sandbox: v5.11 reuse lookup fork protect
answer: v5.11~reuse.exclusive~huge.exclusive~swapin.refcount~lookup.unshare
hint: The map count and look-ups that unshare come close, until a CPU has not
  heard of an unmap yet. A count of any kind says how many hold a page. What
  says that it is mine?
fact: f0.pins = 1 and f0.mapcount = 0
claim: v5.11 breaks pins-stay-coherent
must: vmsplice-leak holds: a child reads no secret of its parent
must: pin-fork-write holds: a pinned page stays with its process over a fork
must: mprotect-under-pin holds: and it stays over mprotect
must: strict-mprotect holds: memory that was made read-only is read-only
must: monitor-waits-for-itself holds: whoever only looks need not copy
must: unmap-gap holds: nothing leaks while CPUs have not heard of an unmap

The kernel of those weeks closes the leak, and pays: a pin parts from its
process as soon as mprotect was there. Put together rules that do better. Take
answers of any kernel and of any mail; the checker tries all orders of all
that is asked.

What you find need not be what the kernel does since v5.19. But it took the
list two years more.
`;
