export default `lesson: Fork copies nothing
about: Two processes, one page: what fork shares, how the kernel notices the
  first store, and why the second one is cheap.
source: fork(2); mm/memory.c: copy_present_ptes(), do_wp_page()
part: First contact
order: 2
minutes: 6
scenario: fork-cow
  scenario Fork, and who writes first

  process parent
  region a anon 1 page

  parent: store a.0 "old"
  parent: fork child
  child:  load a.0 -> sees
  child:  store a.0 "child"
  parent: store a.0 "parent"
  child:  load a.0 -> mine
  parent: load a.0 -> mine

  always child.sees = "old"
  always child.mine = "child"
  always parent.mine = "parent"

## One process
model: v6.18
at: parent@store.end
look: f0
fact: f0.refcount = 1 and f0.mapcount = 1
fact: parent.a.0.writable

The parent has stored “old”. The page f0 belongs to it alone: one entry maps
it, and that entry is writable.

Next it calls fork. The child must get the same memory, and from then on each
must have its own. Copying everything would keep that promise, and be slow.

## How many pages after fork?
at: parent@store.end
predict: mapcount f0

fork makes a process with memory that looks exactly like the parent’s. The
kernel does not copy the page. What does it do to f0?

## Two entries, one page
at: parent@fork.end
look: f0
fact: f0.refcount = 2 and f0.mapcount = 2
fact: not parent.a.0.writable and not child.a.0.writable

Both page tables point at f0 now: two mappings, two references, and still one
page.

And both entries are read-only. The parent may write to its memory, and so may
the child: the VMAs say so. The entries say less than that, on purpose. It is
a trip wire: whoever stores first will fault, and the kernel will see it.

## Reading is free
at: child@load.end
fact: child.sees = "old"
fact: f0.refcount = 2

The child reads what the parent wrote. No fault, no copy: reading does not
touch the wire.

## The wire
at: child@store.do_wp_page.count
look: f0
predict: copy or reuse
fact: f0.refcount = 2

The child stores. The VMA permits it and the entry does not, so this is the
place for copy-on-write: do_wp_page(). One question decides all: may the child
write into f0 as it is, or must it have a copy?

## A copy, made without locks
at: child@store.wp_page_copy.lock
look: f0
fact: f0.refcount = 3 and f1.refcount = 1 and f1.bytes = "old"

Somebody else has f0 too, so the bytes are copied to a fresh page, f1. Copying
takes time, so it is done without holding the page table. In exchange the
kernel takes a reference to f0 first, the third one: nobody may free the page
that is just being read.

## Apart
at: child@store.end
look: f1
fact: f0.refcount = 1 and f0.mapcount = 1 and f0.bytes = "old"
fact: f1.bytes = "child" and child.a.0.writable

Before the copy went in, the kernel looked again: had the entry changed
meanwhile? It had not. Now the child has f1 and may write to it, and f0 is
left to the parent.

The parent’s entry is still read-only. Nobody has told it that it is alone.

## And the parent?
at: child@store.end
predict: copy or reuse

Now the parent stores. Its entry is read-only, so it faults just like the
child did. But this time the page table of the child points somewhere else.

## The last one keeps the page
at: parent@store~2.end
look: f0
fact: f0.bytes = "parent" and f0.refcount = 1 and f0.exclusive
claim: v4.8.. holds

One reference is left, and it is the parent’s own: it writes in place. Two
processes, two pages, and one copy. Whoever comes first pays for it.

All kernels agree on this run. They part in what they count when they ask “am
I alone?”, and that question is what this course is about.
`;
