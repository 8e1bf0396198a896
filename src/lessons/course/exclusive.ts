export default `lesson: A mark instead of a count
about: PageAnonExclusive, since v5.19: who may write in place is written on
  the page, and a page is made exclusive before it is pinned.
source: commits 6c287605fd56 and c89357e27f20 (v5.19)
part: The answer
order: 9
minutes: 8
scenario: pin-fork-write
scenario: read-pin-write
scenario: vmsplice-leak
scenario: uffd-under-pin

## Born exclusive
model: v6.18
at: parent@store.end
look: f0
fact: f0.exclusive and f0.refcount = 1

All rules so far guess from numbers whether a page is shared. Since v5.19 it
is written down: a page that was just made for one process is marked as
exclusive to it, and the mark goes when it is shared.

## A pin, and a fork
at: parent@pin.end
look: f0
predict: mapcount f0
until: parent@fork.end
fact: f0.exclusive and f0.pins = 1 and f0.refcount = 1025

A device has pinned the page for writing. Now the process forks. To share the
page, fork would have to take the mark away.

## Pinned pages stay exclusive
at: parent@fork.end
look: f0
fact: f0.exclusive and f1.exclusive
fact: f0.mapcount = 1 and parent.a.0.writable
claim: v5.9.. holds
claim: v5.7 v5.8 breaks pins-stay-coherent

The mark of a pinned page cannot be taken away, so fork copies the page for
the child, at once. Two pages, each exclusive to its process. The parent’s
entry was not even made read-only.

(v5.9 copies here, too. It has no mark, and asks whether the page may be
pinned.)

## An ordinary fork
scenario: vmsplice-leak
at: parent@fork.end
look: f0
fact: not f0.exclusive and f0.mapcount = 2

Without a pin fork shares as ever: the mark is gone. It does not come back by
itself, even if one of the two exits.

## Not marked: count
at: parent@store~2.do_wp_page.exclusive
look: f0
predict: copy or reuse
fact: f0.refcount = 2 and f0.mapcount = 1 and not f0.exclusive

The leak of 2020 again. The pipe holds the page, and the child has unmapped
it. First v6.18 looks at the mark. It is not there.

## The old question is the second one
at: parent@store~2.end
look: f1
fact: f1.exclusive and f1.bytes = "secret" and f0.bytes = "old"
claim: v5.19.. holds

Without the mark references decide, as in v5.9. Two of them: a copy, and that
is exclusive again. So the simple rule has kept its place, for pages of which
nothing is known.

## A pin on a page that may be shared
scenario: read-pin-write
at: child@exit.end
look: f0
predict: refcount f0
until: parent@pin.end
fact: not f0.exclusive and f0.refcount = 1

Here v5.9 failed: the child is gone, the entry is read-only, and a device
wants to pin the page for reading. The page is not marked, so it may be
shared, for all the kernel knows. Must there be a copy first?

## Unshare first
at: parent@pin.end
look: f0
compare: v5.9
fact: f0.exclusive and f0.pins = 1 and not parent.a.0.writable

Since v5.19 no page is pinned that is undecided. There is a fault of a new kind:
FAULT_FLAG_UNSHARE, “make it mine, without writing”. One reference was left,
so the page is kept and marked; else there would have been a copy. The entry
stays read-only. It is the idea of 17839856fd58, to settle it when somebody
looks, and it asks only those who pin.

## The mark outweighs the count
at: parent@store~2.do_wp_page.exclusive
look: f0
predict: copy or reuse
fact: f0.refcount = 1025

The parent stores. 1025 references; v5.9 copied here.

## Together
at: end
fact: parent.saw = "new"
claim: v5.9..v5.18 breaks pins-stay-coherent
claim: v5.19.. holds

It is exclusive, so it is written in place, whatever the counts say. The
device sees “new”.

## And those who write-protect
scenario: uffd-under-pin
at: end
look: f0
fact: parent.seen = "device" and f0.exclusive
claim: v5.19.. holds
claim: v5.9..v5.18 breaks pins-stay-coherent

mprotect, userfaultfd, soft-dirty: each may take the write bit away and leave
the mark alone. That an entry is read-only says nothing about sharing any
more. This is what the debate had been about, and why one bit on the page
ended it.
`;
