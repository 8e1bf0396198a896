export default `lesson: Large pages, the same questions
about: Huge pages and large folios have one count for many pages. The leak
  lived on there for two years, and a count of 512 says little.
source: commits 3bff7e3f1f16 and 19eaf44954df; mm/huge_memory.c
part: Research
order: 13
minutes: 8
scenario: thp-leak
scenario: thp-part
scenario: mthp-leak

## One entry for 512 pages
model: v5.9
at: parent@store.end
look: f0
fact: f0.refcount = 1 and f0.mapcount = 1

A transparent huge page: 2 MB, 512 pages side by side, mapped by a single
entry one level up, in the PMD. It is one folio: one refcount for all its
pages. The picture shows the first page, which the scenario names, and the
others as one.

## The leak once more
at: child@munmap.end
look: f0
predict: who sees "secret"
fact: f0.refcount = 2 and f0.mapcount = 1

The child has lent one of the 512 pages to a pipe, and unmapped all. The
kernel is v5.9, which counts references. Who will see what the parent stores
now?

## Half a fix
at: end
fact: child.got = "secret"
claim: v5.9..v5.12 breaks private-writes-stay-private
claim: v5.18.. holds

v5.9 had changed do_wp_page(), the path for small pages. Huge pages have one
of their own, do_huge_pmd_wp_page(), and that still counted mappings. The
models in this strip leak up to v5.12, and v5.18 does not.

Where a rule is written twice, it is easily changed once.

## How v6.18 answers
model: v6.18
at: parent@store~2.__split_huge_pmd.unlock
look: f0
fact: f0.refcount = 513

It finds two references, and does not copy 2 MB. It splits: the one entry
becomes 512 small ones, each with a reference of its own. With the pipe that
makes 513. Then the fault goes on with one page.

## One page is copied
at: parent@store~2.end
look: f2
fact: f2.bytes = "secret" and f0.bytes = "old"

Only the page that is stored to gets a copy. The other 511 are as they were.

## A part of a pinned page
scenario: thp-part
model: v5.9
at: parent@mprotect.end
look: f0
predict: copy or reuse
fact: f0.refcount = 513 and f0.pins = 1

Nothing is shared here. A device has pinned one page of a huge page; mprotect
changes only that page and back, so the entry was split. Now the process
stores there. v5.9 wants the refcount to be 1.

## A count that can never be one
at: parent@store~2.end
look: f0
fact: f0.pins = 1 and f0.mapcount = 0
claim: v5.9..v5.18 breaks pins-stay-coherent
claim: v5.19.. holds

Each of 512 entries holds a reference. By such a count every page of a split
huge page looks shared, pinned or not. The mark of v5.19 is on each page, not
on the folio, and gives the right answer.

## Folios of 64 kB
scenario: mthp-leak
model: v6.18
at: child@munmap.end
look: f0
fact: f0.refcount = 17 and f0.mapcount = 1

Since 6.8 anonymous memory may come in folios of other sizes, here of 16
pages. They are mapped by ordinary entries, 16 of them, and so 16 references
are as few as there can be. One more is the pipe’s.

## Who is alone?
at: child@munmap.end
predict: copy or reuse

The page that is stored to has lost its mark at fork. v6.18 knows, for such
folios, how many of the mappings are the process’s own, and compares: are
there as many references as mappings?

## One reference too many
at: end
compare: v6.12
fact: child.got = "old"
claim: v5.8.. holds

17 references and 16 mappings: somebody else holds it, so the page is copied.
v6.12 did not even ask, and copied every page of a large folio that is not
marked. The question has not changed since the first lesson: am I alone?
`;
