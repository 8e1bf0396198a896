/** Bits that scenarios hand to system calls. Values are ours; names are Linux's. */

/** mmap, mprotect. */
export const PROT_READ = 1,
  PROT_WRITE = 2,
  MAP_SHARED = 4,
  MAP_POPULATE = 8,
  /** Ours: the memory is a file's. In Linux that is what is not MAP_ANONYMOUS. */
  MAP_FILE = 16,
  /** Ours: the memory was advised to have large folios, as by madvise(MADV_HUGEPAGE), when it was mapped. */
  MAP_HUGEPAGE = 32;

/** Advice of madvise, but MADV_DONTNEED, which is an operation of its own. */
export const MADV_DONTFORK = 10,
  MADV_DOFORK = 11,
  MADV_MERGEABLE = 12,
  MADV_UNMERGEABLE = 13,
  MADV_HUGEPAGE = 14,
  MADV_NOHUGEPAGE = 15,
  MADV_WIPEONFORK = 18,
  MADV_KEEPONFORK = 19,
  MADV_COLD = 20,
  MADV_POPULATE_READ = 22,
  MADV_POPULATE_WRITE = 23,
  /** Ours: MADV_NOHUGEPAGE of memory that was mapped so. Only what MADV_HUGEPAGE changed is taken back. */
  MADV_NOHUGEPAGE_AGAIN = 215;

/** Ours: an operation on some 4 kB of a huge page; and not on its first ones. */
export const PART = 1,
  PART_UNALIGNED = 2,
  /** The same beside a MADV_* that changes VMAs. */
  ADVISED_PART = 1 << 8;

/**
 * get_user_pages and friends. Two are ours. FOLL_FAST_PATH: the caller starts in the lockless walk.
 * FOLL_NAMED: the reference becomes the hold `op.slot`; set by the system calls that make holds, never by a
 * scenario.
 */
export const FOLL_WRITE = 1,
  FOLL_GET = 2,
  FOLL_PIN = 4,
  FOLL_FAST_PATH = 8,
  FOLL_NAMED = 16,
  /** A pin that may last: for a device that is registered, not for one transfer. */
  FOLL_LONGTERM = 32,
  /** Only what the lockless walk finds: no fault, no slow way. get_user_pages_fast_only(). */
  FOLL_FAST_ONLY = 64,
  /** A debugger's access: what mprotect took away does not count. */
  FOLL_FORCE = 128,
  /** Ours: the caller goes on under mmap_lock, and drops it itself. access_remote_vm(). */
  FOLL_KEEPS_LOCK = 256,
  /** Ours: a reference for one copy in one call. What it reads may be older than what comes meanwhile. */
  FOLL_BRIEF = 512,
  /** Ours: all pages of the operation, one hold for each. Named holds only. */
  FOLL_RANGE = 1024;

/** A ring's buffer is asked for by the address of a page of the process, not by its number. */
export const RING_BY_ADDRESS = 1;
