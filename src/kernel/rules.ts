/**
 * The questions in which the rule sets differ, and the model that answers them now. Shared routines ask;
 * they never compare versions.
 */
import type { Names } from './models/names.ts';
import type { Routine } from './steps.ts';

export interface Rules {
  /** What this era calls the functions of the shared tables. */
  readonly names: Names;
  /** `mmap_sem` until 5.7. */
  readonly mmapLockName: 'mmap_sem' | 'mmap_lock' | 'range lock';
  /** PageAnonExclusive exists: new anonymous pages are born with it. 6c287605fd56, 5.19. */
  readonly hasExclusive: boolean;
  /**
   * A read-only GUP of a copy-on-write mapping acts as a write. 17839856fd58, 5.8; reverted a308c71bf1e6,
   * 5.9.
   */
  readonly gupBreaksCow: boolean;
  /** GUP marks the address space when it pins: `mm->has_pinned`. 008cfe4418b3, 5.9. */
  readonly marksPinned: boolean;
  /** GUP-fast reads the entry again after it took the reference. Generic code, on x86 since about 4.13. */
  readonly gupFastRechecksPte: boolean;
  /**
   * A forced write (FOLL_FORCE) to a mapping without VM_WRITE, after its fault broke copy-on-write:
   * `forgets-write`: looks again as for a read (CVE-2016-5195); `dirty`: takes a dirty read-only entry,
   * FOLL_COW, 19be0eaffa3a, 4.9; `exclusive`: takes an exclusive page, 5535be309971, 6.0.
   */
  readonly forcedWrites: 'forgets-write' | 'dirty' | 'exclusive';
  /** fork copies pinned pages for the child. 70e806e4e645, 5.9. */
  readonly forkCopiesPinned: boolean;
  /** ... and splits the PMD entry of a huge page that is pinned. d042035eaf5f, 5.9. */
  readonly forkSplitsPinnedHuge: boolean;
  /** A read-only pin of a page that is not exclusive faults to unshare it first. c89357e27f20, 5.19. */
  readonly unsharesReadPins: boolean;
  /**
   * A long-term read-only pin also unshares what is not anonymous: the page of zeros, a private file page.
   * 84209e87c696, 6.2.
   */
  readonly unsharesNonAnonLongterm: boolean;
  /** Pins are told from plain references: a pin counts GUP_PIN_COUNTING_BIAS. 3faa52c03f44, 5.7. */
  readonly countsPins: boolean;
  /** Direct I/O pins the pages of its user; before, it took plain references. Between 6.1 and 6.12. */
  readonly directIoPins: boolean;
  /**
   * RDMA registers memory as for writing even for a region that the device only reads (with FOLL_FORCE).
   * Until 6.1.
   */
  readonly rdmaAlwaysWrites: boolean;
  /** try_get_page refuses a counter that is half full. 8fde12ca79af, 5.1. */
  readonly refusesOverflow: boolean;
  /** GUP-fast pins notice a concurrent fork. 57efa1fe5957, 5.11. */
  readonly hasWriteProtectSeq: boolean;
  /** Faults try the lock of their VMA before mmap_lock. 6.4. */
  readonly hasVmaLocks: boolean;
  /** fork write-locks the VMAs that it copies. fb49c455323f, 6.4.3. */
  readonly forkLocksVmas: boolean;
  /** MADV_DONTNEED runs under the lock of its VMA alone. 6.17. */
  readonly madviseUnderVmaLock: boolean;
  /** mprotect may set the write bit of an exclusive page itself. 64fe24a3e05e, 6.1. */
  readonly mprotectMakesWritable: boolean;
  /** ... but only where the entry is dirty already. Until about 6.2. */
  readonly mprotectWantsDirty: boolean;
  /** Pins of the zero page are not counted. c8070b787519, 6.5. */
  readonly zeroPagePinsCounted: boolean;
  /** Advice that madvise did not know yet: _WIPEONFORK until 4.13, _COLD 5.3, _POPULATE_* 5.13. */
  readonly adviceMissing: readonly ('wipeonfork' | 'cold' | 'populate')[];
  /** mremap moves a range of several VMAs, and holes between them. 6.17. */
  readonly mremapMovesManyVmas: boolean;
  /** What keeps the NUMA scan from taking a private page away. */
  readonly numaSkips: 'mapcount' | 'refcount' | 'pinned or mapped';
  /** An entry that was taken away for a NUMA hint keeps its write bit; since 6.2 the fault decides anew. */
  readonly numaKeepsWriteBit: boolean;
  /** GUP takes a NUMA hint as a reason to fault first. Until 6.5. */
  readonly gupHonoursNumaHints: boolean;
  /** wp_page_copy drops the mapping's reference to the old page after it has let go of the page table. */
  readonly dropsMappingRefLate: boolean;

  // ---- large folios ----

  /**
   * What lets a store keep a huge page that a PMD entry maps: the map count of all its pages, until 5.17; its
   * references, 3bff7e3f1f16, 5.18; the exclusive mark, 5.19.
   */
  readonly hugeReuse: 'mapcount' | 'refcount' | 'exclusive';
  /** ... and is asked under the folio lock. Between 4.8 and 5.6. */
  readonly hugeReuseLocks: boolean;
  /** A store to a shared huge page copies all of it. Until 17839856fd58, 5.8: since then the PMD is split. */
  readonly hugeCopies: boolean;
  /** A store where the huge page of zeros is mapped gets a huge page. Until 5.7, and again in 6.15. */
  readonly hugeZeroAllocates: boolean;
  /** The split of a PMD entry takes the folio lock, as the test does. c444eb564fb1, 5.8; not since 5.18. */
  readonly splitLocksFolio: boolean;
  /**
   * May a page of a large folio that PTEs map be kept, without an exclusive mark? `count`: as any page, by
   * the counts of the folio; `never`: since 6.7; `owner`: if one process has all mappings, and nobody else a
   * reference, 1da190f4d0a6, 6.15.
   */
  readonly largeReuse: 'count' | 'never' | 'owner';
  /**
   * /proc/PID/pagemap tells of each page of a huge one whether it is mapped once; other kernels tell of the
   * first, for all that a PMD entry maps. In 6.12, no longer in 6.16: pagemap_pmd_range().
   */
  readonly pagemapTellsEachPage: boolean;
  /** MADV_DONTNEED of all that a page table maps frees the table: 6375e95f381e, 6.14. */
  readonly dontneedFreesTables: boolean;
  /** Anonymous memory may have folios of 64 kB. 19eaf44954df, 6.8. */
  readonly hasMthp: boolean;
  /** MADV_COLLAPSE. 7d8faaf15545, 6.1. */
  readonly hasCollapse: boolean;
  /** ... also where no page is writable. 6.18. */
  readonly collapsesReadOnly: boolean;

  /**
   * How MADV_COLD, _PAGEOUT and _FREE see that nobody else maps a large folio of PTEs: by the count of the
   * page; by that of the folio, which then has one page mapped, 07e8c82b5eff, 6.3; or, from 6.10 on, they
   * look whether all of it is mapped in the range, and split it only if not: 3931b871c494.
   */
  readonly adviceSplits: 'page' | 'folio' | 'batch';
  readonly freeSplits: 'page' | 'folio' | 'batch';
  /**
   * Which large folios reclaim splits before it gives them slots: all; those that no PMD entry maps, since
   * 4.14 (38d8b4e6bdc8); those that are mapped in part, 5ed890ce5147, 6.10.
   */
  readonly reclaimSplits: 'all' | 'no pmd' | 'partial';
  /** A page of a split folio that has nothing but zeros comes back as that of zeros. b1f202060afe, 6.12. */
  readonly splitUsesZeroPage: boolean;
  /**
   * What is read back from swap at once: one page; 64 kB that went there together, without the swap cache,
   * 242d12c98174, 6.12; or also through it, 7.0.
   */
  readonly swapinLarge: 'never' | 'alone' | 'cached';

  // ---- userfaultfd and soft-dirty ----

  /** Write-protection by userfaultfd exists. 292924b26024, 5.7. */
  readonly hasUffdWp: boolean;
  /** A write fault in a write-protected area flushes what others have not flushed yet. 6ce64428d620, 5.12. */
  readonly wpFlushesIfPending: boolean;
  /** UFFDIO_WRITEPROTECT that ends a protection sets the write bit of exclusive pages. After 6.1, by 6.12. */
  readonly uffdResolveSetsWrite: boolean;
  /** UFFDIO_WRITEPROTECT takes ranges of several VMAs, also with holes. After 6.1, by 6.12. */
  readonly uffdWpSpansVmas: boolean;
  /** userfaultfd watches files in memory, too. cac673292b9b, 4.11. */
  readonly uffdOnFiles: boolean;
  /** UFFDIO_CONTINUE of such files. c949b097ef2e, 5.14. */
  readonly hasUffdContinue: boolean;
  /** fork asks the child's VMA, not the parent's, whether entries keep their uffd-wp bit. 5.14. */
  readonly forkAsksChildUffdWp: boolean;
  /** clear_refs walks under mmap_lock held for writing. 29a951dfb3c3, 5.11. */
  readonly clearRefsLock: 'read' | 'write';
  /** ... and write-locks the VMAs, where there are such locks. 49b0638502da, 6.4.x. */
  readonly clearRefsLocksVmas: boolean;
  /** ... and flushes before it lets go of mmap_lock. Lost from about 4.13, until 912efa17e512, 5.12. */
  readonly clearRefsFlushes: boolean;
  /** ... and a PMD entry at once, as pmdp_invalidate() does. With the series of ced108037c2a, 4.11. */
  readonly clearRefsFlushesHuge: boolean;
  /** ... and leaves pinned pages alone. 9348b73c2e1b, 5.11. */
  readonly clearRefsSkipsPinned: boolean;

  // ---- KSM and migration ----

  /** A store to a KSM page that nobody else has takes it over: reuse_ksm_page(), 5.1 to 5.8. 1a0cf26323c8. */
  readonly ksmReuses: boolean;
  /** ksmd flushes, too, what others have changed and not flushed yet. b3a81d0841a9, about 4.13. */
  readonly ksmChecksFlushPending: boolean;
  /** A KSM page is taken back by an unshare fault, no longer by a write fault. 6.2. */
  readonly ksmUnshares: boolean;
  /** A migration entry remembers whether the page was used, and dirty. 2e3468778dbe, 6.1. */
  readonly migrationKeepsAccessed: boolean;

  // ---- swap, and pages that are freed lazily ----

  /**
   * A store that brings a page back from swap may write to it at once: if one page table or swap entry uses
   * it (reuse_swap_page()), or if nobody has a reference; from 5.18 on, c145e0b47c77.
   */
  readonly swapinReuses: 'mapcount' | 'refcount';
  /** The swap entry of an exclusive page says so. 1493a1913e34, 5.19. */
  readonly swapMarksExclusive: boolean;
  /** Also a load may bring an exclusive page back writable. After 6.1, by 6.12. */
  readonly swapinMapsWrite: boolean;
  /** A slot that one entry names is read without the swap cache. 0bcac06f27d7, 4.15; gone in 7.0. */
  readonly swapinSkipsCache: boolean;
  /** ... and is marked meanwhile. 13ddaf26be32, 6.8, and the stable kernels of the time. */
  readonly swapinPinsSlot: boolean;
  /** A page that is back leaves the swap cache with the last entry that names its slot. 7.0. */
  readonly swapinFreesCache: boolean;
  /** Pages that may be pinned are not unmapped for swap. feb889fb40fa, 5.11. */
  readonly reclaimSkipsPinned: boolean;
  /** A lazily freed page that somebody holds is kept. 6c8e2a256915, 5.18. */
  readonly lazyFreeAsksRefs: boolean;
  /** All entries of a large folio that is lazily freed are cleared together: 354dffd29575, 6.16. */
  readonly lazyUnmapsTogether: boolean;
  /** After a copy, the page that nobody maps any more leaves the swap cache. About 5.13. */
  readonly copyFreesSwapCache: boolean;

  // ---- huge pages ----

  /** What decides whether a page of 2 MB is written in place: hugetlb_wp(). In all kernels its mappings. */
  readonly hugetlbReuses: 'mapcount' | 'refcount';
  /** fork copies pinned huge pages. 4eae4efa2c29, 5.12. */
  readonly forkCopiesPinnedHuge: boolean;
  /** GUP that breaks copy-on-write does so of huge pages, too. */
  readonly gupBreaksCowHuge: boolean;
  /** MADV_DONTNEED of huge pages: 90e7e7f5ef3f, 5.18; a part of one: 8ebe0a5eaaeb, 6.1. */
  readonly dontneedHugetlb: 'refused' | 'rounds up' | 'rounds down';
  /** mremap moves huge pages. 550a7d60bd5e, 5.16. */
  readonly mremapMovesHugetlb: boolean;
  /**
   * A forced write to a mapping without VM_WRITE: makes the entry writable; is refused, f347454d0341, 6.1;
   * or is as that to a small page.
   */
  readonly hugetlbForcedWrites: 'writable' | 'refused' | 'exclusive';
  /** Faults of huge pages do with the lock of their VMA. 6.7. */
  readonly hugetlbUnderVmaLock: boolean;

  // ---- userfaultfd write-protect: where proposals differ from the kernels ----

  /** UFFDIO_WRITEPROTECT takes mmap_lock. `write`: the default that the mail of 5 Jan 2021 asks for. */
  readonly uffdWpLock: 'read' | 'write';
  /** When the CPUs hear of it: after the page-table lock, or under it (mail of 5 Jan 2021). */
  readonly uffdWpFlush: 'late' | 'under ptl';

  // ---- proposals of the mails (docs/proposals.md) ----

  /** A plain read reference unshares too, not only a pin. */
  readonly unsharesReadGets: boolean;
  /** What tells GUP that a page must be unshared first. */
  readonly sharedIf: 'not exclusive' | 'mapped twice';
  /** GUP that breaks copy-on-write leaves the page of zeros alone: FOLL_BREAK_COW. */
  readonly gupSparesZeroPage: boolean;
  /** What becomes of a writable page with other references when its write permission is to go. */
  readonly protectsReferenced: 'always' | 'skip' | 'copy' | 'fail';
  /** fork copies a writable page that has any other reference. */
  readonly forkCopiesReferenced: boolean;
  /** fork marks a page that has other references as its parent's: `gup_owner`. */
  readonly forkMarksOwner: boolean;
  /** wp_page_copy flushes first, and copies while it holds the page-table lock. */
  readonly copiesUnderPtl: boolean;
  /** Faults try without mmap_lock first, and validate with the sequence count of the VMA. */
  readonly speculatesFaults: boolean;
  /** fork, and UFFDIO_WRITEPROTECT, make that sequence count odd while they run. */
  readonly spfCoversFork: boolean;
  readonly spfCoversUffdwp: boolean;
  /** Locks of page ranges stand in for mmap_lock. */
  readonly locksRanges: boolean;
}

export interface Model {
  /** Mainline tag, or the name of a proposal. */
  readonly id: string;
  readonly title: string;
  readonly rule: string;
  readonly since: string;
  readonly replaces: string;
  readonly breaks: string;
  readonly notHere: string;
  /** What decides reuse, for people. */
  readonly looksAt: string;
  /** A base plus another era's rule: judges recordings, stays out of strip and matrix. */
  readonly composed: boolean;
  /** Never merged: an idea of the mails. No part of ranges such as `v5.8..`. */
  readonly proposal: boolean;
  /** Of a proposal: what the mail itself says, in our words, and how we completed it. Else ''. */
  readonly mailSays: string;
  readonly ours: string;
  readonly rules: Rules;
  /** Routines that fill the hooks of the shared tables. */
  readonly routines: Readonly<Record<string, Routine>>;
}

export let model: Model;
/** Of `model`: one object for all of them, as what is always the same one is read the fastest. */
export const rules = {} as Rules;
export function setModel(m: Model): void {
  model = m;
  Object.assign(rules, m.rules);
}
