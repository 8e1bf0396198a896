export default `lesson: Lazy copies, and who pays
about: Most pages are never copied. When they are, it is sometimes for
  nothing, and one kernel’s caution is another one’s waste.
source: fork(2), execve(2); commits 09854ba94c6a (v5.9), d4c470970d45 (v5.18)
part: First contact
order: 3
minutes: 6
scenario: fork-exec
  scenario Fork, then another program

  process shell
  region a anon 2 pages

  shell: store a.0 "one"
  shell: store a.1 "two"
  shell: fork child
  child: exec
  shell: store a.0 "three"
scenario: needless-copy

## A shell starts a program
model: v6.18
at: shell@fork.end
look: f0
fact: f0.mapcount = 2 and f1.mapcount = 2

A shell does this all day: fork, and the child starts another program at once.
Two pages are shared here. In a real shell it would be thousands.

## What was all that for?
at: child@exec.end
look: f0
fact: f0.refcount = 1 and f1.refcount = 1
fact: f0.mapcount = 1

exec throws the child’s memory away. Neither page was written to in between,
so neither was copied. Had fork copied them, it would have been work for the
dustbin.

This is why copying waits: not because it is slow, but because it is mostly
not needed.

## What is left behind
at: child@exec.end
free: Step on from here, and watch the shell’s next store.
fact: not shell.a.0.writable and not shell.a.1.writable

The child is gone, and its traces are not: the entries of the shell are still
read-only. Its next store will fault.

## A fault, and no copy
at: shell@store~3.end
look: f0
fact: f0.bytes = "three" and f0.refcount = 1
fact: shell.a.0.writable and not shell.a.1.writable

The kernel finds that nobody else has the page and just opens the entry. So
the shell pays for its fork with one fault for each page that it writes to
again; here one of two.

## A page that seems to be shared
scenario: needless-copy
model: v5.9
at: app@store.end
look: f0
fact: f0.refcount = 2 and f0.mapcount = 1

Another program, another kernel, and no fork at all. app has stored “one”: one
mapping. But look at the references: two. The second is in the hands of the
kernel. New pages wait in a small batch, one for each CPU, before they go onto
the LRU list, and the batch holds a reference.

## Read-only and back
at: app@mprotect~2.end
predict: copy or reuse
fact: f0.refcount = 2 and not app.a.0.writable

app makes its memory read-only and writable again. The entry stays read-only:
the kernel leaves it to the next store to find out. This kernel, v5.9, counts
references.

## Copied for nothing
at: app@store~2.end
look: f1
fact: f0.mapcount = 0 and f1.bytes = "two"
claim: v5.9 holds

Two references, so v5.9 makes a copy, of a page that nobody else could see. It
is not wrong. What app reads is right, and no promise is broken. It is only
waste.

Remember the trade, as it will come back: a rule that is simple and always
safe may be safe too often.

## Look before counting
model: v5.18
at: app@store~2.end
look: f0
free: Choose other kernels in the strip above and see who copies here.
fact: f0.bytes = "two" and f0.refcount = 1

v5.18 empties the batch of its own CPU before it counts. One reference is
left, and the page is written in place.
`;
