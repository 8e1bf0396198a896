export default `lesson: One process, one page
about: Memory that was asked for is not there yet. What happens between a
  store in a program and a page that holds its bytes.
source: mm/memory.c: do_anonymous_page(), wp_page_copy()
part: First contact
order: 1
minutes: 5
scenario: one-page
  scenario One process, one page

  process app
  region a anon 1 page

  app: load a.0 -> first
  app: store a.0 "hello"
  app: load a.0 -> second
  app: munmap a
  app: load a.0 -> third

## A promise, and no page
model: v6.18
at: start
look: app
notes: Let the class guess how many bytes of memory app uses at this moment.
fact: not app.a.0.present

On the left stands a process, app. It was given a range of addresses, called
a, one page long. The kernel has noted that promise in a VMA, and did no more:
the entry of a.0 in the page table is empty, and on the right there is no
page.

Programs ask for much more than they touch. So a page comes when it is needed,
and not before.

## The CPU cannot go on
at: app@load.handle_pte_fault.peek
look: app.a.0
fact: not app.a.0.present

app reads a.0. The CPU looks into the page table, finds nothing, and cannot go on:
it raises a page fault. That is no error. It is how the kernel gets to know
that somebody needs the page now.

The kernel has asked the VMA: is this address promised, and may it be read? It
is, and it may.

## A page of zeros for everybody
at: app@load.end
fact: app.first = 00
fact: app.a.0.present and not app.a.0.writable
claim: v6.18 holds

Fresh memory reads as zeros, and zeros are the same for everybody. So the
kernel maps one page that is full of them and that all processes share. It is read-only:
what is shared may be looked at, and not changed.

No page was taken for app. Reading alone has cost it none.

## Will the store go through?
at: app@load.end
predict: what app.second

Now app stores “hello” at the same address, where the entry points at the
shared page of zeros; and then it reads again. Say what it will find.

## A page of its own
at: app@store.wp_page_copy.install
look: f0
fact: f0.bytes = zeros
fact: f0.mapcount = 0

The entry is read-only, so the store faults. The kernel takes a fresh page,
f0. It is full of zeros as well, for that is what app believes to be there.

Look at the order: the old entry was cleared and every CPU told to forget it,
and only now the new page goes in. If two CPUs of app could use two different
pages for one address, one of them would lose what the other writes.

## The store happens at last
at: app@store.end
look: f0
fact: f0.bytes = "hello" and f0.refcount = 1 and f0.mapcount = 1
fact: app.a.0.writable and app.a.0.dirty

Back to the very instruction that failed. The CPU tries again, finds a
writable entry, and writes. It also sets the dirty bit, so that the kernel can
see later that the page was written to.

The page has one entry that maps it, and one reference. In this course the two
numbers will soon stop being the same.

## What does a second look cost?
at: app@load~2.end
free: Step back with the left arrow and count the steps of both loads.
fact: app.second = "hello"

The second load took a single step: the entry is there, and the CPU has it in
its TLB, a small memory of its own for entries that it has used. Nobody asks
the kernel.

That is the whole bargain: slow once, fast ever after. And it is the reason
for much trouble later on, as a CPU that remembers an entry may remember an
old one.

## Giving it back
at: app@munmap.zap_pte_range.put
look: f0
fact: f0.mapcount = 0 and f0.refcount = 1
fact: not app.a.0.present

munmap takes the promise back: first the entry, then a flush of the TLBs, and
the reference last. At this step nothing maps f0, yet it is not free: until
the flush was over, another CPU of app could have been using it.

## After the end
at: end
fact: app.third = none
claim: v4.8.. holds

The last load finds no VMA. Nothing was promised there, so the process is
killed with SIGSEGV: the same fault as in the beginning, and another answer.
`;
