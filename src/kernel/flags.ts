/** Bits that scenarios hand to system calls. Values are ours; names are Linux's. */

/** mmap, mprotect. */
export const PROT_READ = 1,
  PROT_WRITE = 2,
  MAP_SHARED = 4;

/**
 * get_user_pages and friends. Two are ours. FOLL_FAST_PATH: the caller starts in the lockless walk.
 * FOLL_NAMED: the reference becomes the hold `op.slot`; set by the system calls that make holds, never by a
 * scenario.
 */
export const FOLL_WRITE = 1,
  FOLL_GET = 2,
  FOLL_PIN = 4,
  FOLL_FAST_PATH = 8,
  FOLL_NAMED = 16;
