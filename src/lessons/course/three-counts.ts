export default `lesson: What a reference is
about: Refcount, mapcount and pins: three numbers on one page, and three
  questions that are easily mixed up.
source: include/linux/mm_types.h; Documentation/core-api/pin_user_pages.rst
part: First contact
order: 4
minutes: 7
scenario: three-counts
  scenario Three ways to hold a page

  process parent
  region a anon 1 page

  parent: store a.0 "old"
  parent: fork child
  child:  exit
  parent: vmsplice a.0 -> p
  parent: read p -> got
  parent: store a.0 "new"
  parent: pin a.0 write as dma
  parent: release dma "device"
  parent: load a.0 -> seen

  always parent.got = "old"
  always parent.seen = "device"

## Who can see it?
model: v6.18
at: parent@fork.end
look: f0
fact: f0.refcount = 2 and f0.mapcount = 2

Two page tables point at f0. That is the mapcount: how many entries map this
page? It says who can reach the bytes by an address, by simply reading.

Each of these entries also holds a reference: the refcount is two as well.

## Who needs it?
at: child@exit.end
look: f0
fact: f0.refcount = 1 and f0.mapcount = 1

The child has exited, and took its entry and its reference along. The refcount
answers another question: how many would be hurt if the page went away? A page
is freed when that number comes to zero, and not before.

## A pipe without an address
at: child@exit.end
predict: refcount f0
until: parent@vmsplice.end

vmsplice lends a page to a pipe: the bytes shall travel without being copied.
The pipe has no page table. What becomes of the refcount?

## The numbers part
at: parent@vmsplice.end
look: f0
fact: f0.refcount = 2 and f0.mapcount = 1
fact: not f0.exclusive

The refcount has grown and the mapcount has not. The pipe needs the page, and
nobody can see that in a page table.

So “is it mapped once?” and “is it held once?” are two questions, and on this
page they have two answers. Kernels up to 5.8 asked the first one before they
let a process write in place. From 5.9 on they ask the second, and since 5.19
only if a mark on the page has not settled it.

## And now?
at: parent@vmsplice.end
predict: refcount f0
until: parent@read.end

The parent reads the pipe empty. Nothing else happens to the page.

## A hold that means business
at: parent@pin.end
look: f0
fact: f0.pins = 1 and f0.refcount = 1025 and f0.mapcount = 1
fact: f0.exclusive

A device is about to write into this page, so a driver pins it: FOLL_PIN. For
the kernel that is no ordinary reference. The one who holds it will touch the
bytes, and the process expects to see what was written.

A small page has no room for a third counter. A pin adds 1024 to the refcount
instead, GUP_PIN_COUNTING_BIAS. So 1025 reads: one mapping, one pin.

## Maybe pinned
at: parent@pin.end
free: Select f0 and see who holds it, and since when.

With one number for two things the kernel can never be quite sure. A page with
1024 ordinary references looks like a pinned one. Hence the name of the
question in the source: folio_maybe_dma_pinned(). The wrong answer costs a
copy too many, and never one too few.

## What the device wrote
at: end
fact: parent.seen = "device"
fact: f0.refcount = 1
claim: v4.8.. holds

The device has written, and the parent reads that. All three numbers are back
where they were. This is what a pin promises: as long as it is there, the page
of the process and the page of the device are one and the same.

Keep that promise in mind. Some kernels will break it.
`;
