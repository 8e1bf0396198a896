export default `lesson: Every reference counts
about: v5.9 asks for the refcount and nothing else. Simple, safe against the
  leak, and hard on everybody who write-protects pages under a pin.
source: commit 09854ba94c6a (v5.9); mail of 8 January 2021 (seed 000)
part: The debate
order: 7
minutes: 8
scenario: vmsplice-leak
scenario: read-pin-write
scenario: mprotect-under-pin
scenario: soft-dirty-pinned
scenario: swap-under-pin

## One rule for all
model: v5.9
at: child@munmap.end
look: f0
predict: copy or reuse
fact: f0.refcount = 2 and f0.mapcount = 1

v5.9 goes to the root: that a page is mapped once means nothing. Other
references are every bit as good as a mapping, be it a pipe, the page cache or
the swap cache. So a process may write in place only if its reference is the
only one. The parent is about to store “secret”.

## The leak is closed again
at: parent@store~2.end
look: f1
fact: f0.bytes = "old" and f1.bytes = "secret"
claim: v5.9.. holds

Two references, so the parent moves to a copy, and the pipe keeps “old”. And
looking is only looking again: the change of v5.8 is gone.

COW can never happen too much, says the mail. The next beats are about those
to whom it does make a difference which page it is.

## A pin for reading
scenario: read-pin-write
at: parent@pin.end
look: f0
fact: f0.refcount = 1025 and f0.mapcount = 1 and f0.pins = 1
fact: not parent.a.0.writable

There was a child, and it has exited: f0 is the parent’s alone. What is left
is a read-only entry. A device now pins the page, to read what the parent is
going to write. To pin for reading the entry need not be writable, so nothing
happens to it.

## The parent writes
at: parent@pin.end
predict: what parent.saw

The parent stores “new”. After that, what does the device see through its pin?

## One reference too many
at: parent@store~2.end
look: f0
fact: f0.mapcount = 0 and f0.pins = 1 and f0.bytes = "old"
fact: f1.bytes = "new"
claim: v5.9..v5.18 breaks pins-stay-coherent
claim: v4.8..v5.8 v5.19..v7.2 holds

1025 is not 1. The parent gets a copy, and the device stays behind with a page
that no process maps. Both are sure that they look at the same memory.

The rule had asked whether somebody else has the page. It was the parent’s own
device.

## No fork at all
scenario: mprotect-under-pin
at: parent@mprotect~2.end
look: f0
predict: copy or reuse
fact: f0.refcount = 1025 and f0.mapcount = 1
fact: not parent.a.0.writable

This process never forks. A device has pinned the page for writing; the
process makes its memory read-only and writable again. It ends where it began,
but the entry has lost its write bit on the way.

## The device writes into the void
at: end
compare: v5.8
fact: parent.seen = "new"
claim: v5.9..v5.18 breaks pins-stay-coherent

A copy again. The device wrote its data into the old page, and the parent
loads what it stored itself.

Here is the turn of the argument. The mail wants the rule to stay simple, and
a pinned page to be writable and to remain so. That is hard for whoever takes
the write permission away from a page for reasons of his own. mprotect is the
first of them.

## The same once more: soft-dirty
scenario: soft-dirty-pinned
model: v5.9
at: parent/2@store.end
look: f0
fact: f0.mapcount = 0 and f0.pins = 1
claim: v5.9 breaks pins-stay-coherent
claim: v5.11.. holds

clear_refs takes write permissions away, to see which pages will be written
to. Under a pin it has the same end. v5.11 mends this one where it arises: it
leaves pinned pages writable.

## And once more: swap
scenario: swap-under-pin
model: v5.9
at: parent@load.end
look: f0
fact: f0.refcount = 1026 and f0.pins = 1 and f0.mapcount = 1
claim: v5.9 breaks pins-stay-coherent
claim: v5.11.. holds

Reclaim could not free a pinned page, and tried all the same: it took the
entry away, and the next load brought the page back read-only. v5.11 lets
reclaim pass by pages that are pinned.

So each of those who write-protect learns to ask for pins. A rule that is
simple in one place has its price in many.

## Mend it
scenario: mprotect-under-pin
model: v5.9
at: start
challenge: mend
answer: parent: mprotect a ro =>
hint: The write bit must not be lost while the pin is there. One line less is
  enough.

Change one line of this scenario in the editor, so that the device and the
process stay together on v5.9, and let the check try it.
`;
