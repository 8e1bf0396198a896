/** Sizes that a scenario may have. A world keeps indices in bytes, so every count stays below 251. */

/** Bytes of a text as UTF-8. A longer one is not looked at. */
export const TEXT_MAX = 256 * 1024;
/** Lines; operations that share a line by `;` count as a line each. */
export const LINES_MAX = 2000;
/** More are summed up in one. */
export const DIAGNOSTICS_MAX = 100;

/** Letters of a name, and of a stored string: it must fit on a folio's card. */
export const NAME_MAX = 24,
  STORED_MAX = 24;
export const PROCESSES_MAX = 16,
  THREADS_MAX = 32;
/** Page slots of all regions together, and pages that an mmap may ask for. */
export const PAGES_MAX = 64;
/** Huge pages in the pool. */
export const HUGEPAGES_MAX = 64;
/**
 * Stored strings, observations, holds and pipe buffers each come from an operation, so this bounds them
 * too.
 */
export const OPS_MAX = 128;
/** Operations of one free choice: a cell of the world has a bit for each. */
export const CHOICES_MAX = 8;
/** Folios that a plan may ask for: an index, the zero page and "none" share a byte. */
export const FOLIOS_MAX = 250;
