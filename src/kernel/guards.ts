/**
 * Protective steps that can be switched off on any model, so that a check can show the bug that each
 * prevents.
 */

export interface Guard {
  readonly id: string;
  /** What it does. */
  readonly title: string;
  /** The Linux function that has it. */
  readonly where: string;
  /** What goes wrong without it. */
  readonly prevents: string;
}

const all: Guard[] = [];
const on = new Uint8Array(64).fill(1);
function guard(id: string, title: string, where: string, prevents: string): number {
  all.push({ id, title, where, prevents });
  return all.length - 1;
}
export const COPY_HOLDS_OLD_FOLIO = guard(
  'copy-holds-old-folio',
  'Take a reference to the old page before the unlocked copy.',
  'do_wp_page',
  'The source of the copy is freed, or found unshared and reused.',
);
export const COPY_RECHECKS_PTE = guard(
  'copy-rechecks-pte',
  'Compare the page-table entry again before installing the copy.',
  'wp_page_copy',
  'A copy of old bytes replaces a page that was written meanwhile.',
);
export const COPY_FLUSHES_FIRST = guard(
  'copy-flushes-first',
  'Clear and flush before the copy becomes visible.',
  'wp_page_copy',
  'CPUs of one process see two pages at one address.',
);
export const FORK_FLUSHES = guard(
  'fork-flushes',
  'Flush the parent before fork returns.',
  'dup_mmap',
  'Threads of the parent go on writing to shared pages.',
);
export const ZAP_FLUSHES_FIRST = guard(
  'zap-flushes-first',
  'Flush before the references of unmapped pages are dropped.',
  'zap_pte_range',
  'A CPU uses a page that was freed.',
);
export const GUP_FAST_RECHECKS_PTE = guard(
  'gup-fast-rechecks-pte',
  'Read the entry again after the reference is taken.',
  'gup_pte_range',
  'The reference is to a page that is no longer mapped.',
);
export const GUP_FAST_CHECKS_SEQ = guard(
  'gup-fast-checks-seq',
  'Compare write_protect_seq after pinning.',
  'gup_fast',
  'fork shares a page that was pinned in the same moment.',
);
export const ANON_RECHECKS_NONE = guard(
  'anon-rechecks-none',
  'Look again whether the entry is still empty.',
  'do_anonymous_page',
  'Two threads map a fresh page at one address; a store is lost.',
);
export const FAULT_RECHECKS_PTE = guard(
  'fault-rechecks-pte',
  'Compare the entry with what was read before the lock.',
  'handle_pte_fault',
  'The fault acts on an entry that is gone.',
);
export const MPROTECT_FLUSHES = guard(
  'mprotect-flushes',
  'Flush before mmap_lock is released.',
  'change_protection',
  'Stores go on after mprotect took the permission.',
);

export const guards: readonly Guard[] = all;
export const guarded = (g: number): boolean => on[g] !== 0;
/** Switches guards off by id; all others on. Throws a RangeError naming an unknown id. */
export function switchOff(ids: readonly string[]): void {
  on.fill(1);
  for (const id of ids) {
    const i = all.findIndex((g) => g.id === id);
    if (i < 0) throw new RangeError(`no guard is called ${id}; there are ${all.map((g) => g.id).join(', ')}`);
    on[i] = 0;
  }
}
