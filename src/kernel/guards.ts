/**
 * Protective steps that can be switched off on any model, so that a check can show the bug that each
 * prevents; and extra ones, which no kernel has and which can be switched on.
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

const all: Guard[] = [],
  offered: Guard[] = [];
const on = new Uint8Array(64).fill(1);
/** Numbers of the extras; a guard's number is its place in `all`. */
const EXTRA = 48;
function guard(id: string, title: string, where: string, prevents: string): number {
  all.push({ id, title, where, prevents });
  return all.length - 1;
}
function extra(id: string, title: string, where: string, prevents: string): number {
  offered.push({ id, title, where, prevents });
  return EXTRA + offered.length - 1;
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
export const COW_FAULT_RECHECKS_NONE = guard(
  'cow-fault-rechecks-none',
  'Look again whether the entry is still empty, after the page of the file was copied.',
  'do_cow_fault',
  'Two threads map a copy at one address; a store is lost.',
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

export const REUSE_UNLOCKS_FIRST = guard(
  'reuse-unlocks-first',
  'Unlock the page while the page-table lock still keeps it mapped.',
  'do_wp_page',
  'The page is unlocked after somebody else has unmapped and freed it.',
);
export const TRY_GET_REFUSES_OVERFLOW = guard(
  'try-get-refuses-overflow',
  'Take no reference when the counter is half full.',
  'try_get_page',
  'The counter wraps to zero, and a page that is in use is freed.',
);

/** The check that Hildenbrand suggests in the mail on wp_page_copy. No kernel has it. */
export const COPY_RECHECKS_EXCLUSIVE = extra(
  'copy-rechecks-exclusive',
  'Back off if the old page has become exclusive meanwhile.',
  'wp_page_copy',
  'Where the entry looks as before, a copy replaces a page that was found unshared.',
);

export const UFFD_WP_FLUSHES = guard(
  'uffd-wp-flushes',
  'Flush before UFFDIO_WRITEPROTECT returns.',
  'mwriteprotect_range',
  'Stores go on that the monitor is never told of.',
);
export const WP_FLUSHES_IF_PENDING = guard(
  'wp-flushes-if-pending',
  'In a userfaultfd area, flush what others have not flushed yet before deciding to copy.',
  'do_wp_page',
  'A store through a stale entry goes to a page that was just copied.',
);
export const CLEAR_REFS_FLUSHES = guard(
  'clear-refs-flushes',
  'Flush before clear_refs lets go of mmap_lock.',
  'clear_refs_write',
  'Stores leave no soft-dirty mark, or are lost to a copy.',
);
export const CLEAR_REFS_SKIPS_PINNED = guard(
  'clear-refs-skips-pinned',
  'Leave pinned pages writable.',
  'clear_refs_pte_range',
  'A device and its process part at the next store.',
);

export const KSM_FLUSHES_FIRST = guard(
  'ksm-flushes-first',
  'Clear the entry and flush before the references are counted.',
  'write_protect_page',
  'A lockless look-up takes the page behind the count, and a device writes to a page of many.',
);
export const MIGRATE_CHECKS_COUNT = guard(
  'migrate-checks-count',
  'Leave a page where it is that has references beyond its mappings.',
  'migrate_page_move_mapping',
  'A device goes on with the old page, and the process with the new one.',
);
export const MIGRATE_CHECKS_PINNED = guard(
  'migrate-checks-pinned',
  'Set no migration entry for an exclusive page that is pinned.',
  'try_to_migrate_one',
  'fork meets the entry, does not see the pin, and shares the page.',
);
export const KSM_CHECKS_COUNT = guard(
  'ksm-checks-count',
  'Leave a page alone that has references beyond page tables.',
  'write_protect_page',
  'A pinned page is merged, and parts from its process.',
);

export const SWAPIN_RECHECKS_PTE = guard(
  'swapin-rechecks-pte',
  'Compare the entry with what was read before the page came back.',
  'do_swap_page',
  'Bytes of a slot that is gone replace what was written meanwhile.',
);
export const SWAPIN_LOOKS_AGAIN = guard(
  'swapin-looks-again',
  'Ask under the page lock whether the page is still in the swap cache for that slot.',
  'do_swap_page',
  'A page is mapped that has another slot by now, or none.',
);
export const SWAPIN_PINS_SLOT = guard(
  'swapin-pins-slot',
  'Mark a slot that is read without the swap cache, so that nobody else reads it meanwhile.',
  'do_swap_page',
  'The slot is freed and used again, and a stale copy passes for the page.',
);
export const RECLAIM_FLUSHES = guard(
  'reclaim-flushes',
  'Flush an entry that is taken away before the page is written out.',
  'try_to_unmap_one',
  'A CPU goes on storing to a page whose bytes are in swap already.',
);
export const RECLAIM_ASKS_REFS = guard(
  'reclaim-asks-refs',
  'Free a page only if the swap cache and reclaim itself hold the only references.',
  '__remove_mapping',
  'Somebody who holds the page and its process part.',
);
export const RECLAIM_SKIPS_PINNED = guard(
  'reclaim-skips-pinned',
  'Give no slot to a page that may be pinned, and undo the unmapping of an exclusive one.',
  'shrink_folio_list',
  'A pinned page is unmapped, and the next fault or fork does not see the pin.',
);
export const OWNERS_MARK_SHARED = guard(
  'owners-mark-shared',
  'Note that a large folio may be shared when a second process maps it.',
  '__folio_add_rmap',
  'A store keeps a page that another process maps.',
);
export const OWNER_COUNTS_REFS = guard(
  'owner-counts-refs',
  'Keep a page of a large folio only if all references to the folio are mappings.',
  'wp_can_reuse_anon_folio',
  'A store goes to a page that a pipe or a device has for somebody else.',
);

export const SPLIT_LOCKS_FOLIO = guard(
  'split-locks-folio',
  'Lock a folio before its mappings are taken apart.',
  '__split_huge_pmd',
  'Whoever counts the mappings meanwhile finds too few, and takes a page that others have for its own.',
);
export const SPLIT_ASKS_REFS = guard(
  'split-asks-refs',
  'Split a folio only if nobody but its mappings has a reference.',
  'split_huge_page_to_list',
  'A reference that was taken meanwhile is forgotten, and its page is freed under it.',
);

export const guards: readonly Guard[] = all;
/** Off unless they are asked for. */
export const extras: readonly Guard[] = offered;
/** Guards that a step has come to since this was last wiped. */
const asked = new Uint8Array(64);
export function guarded(g: number): boolean {
  asked[g] = 1;
  return on[g] !== 0;
}
export const forgetAsked = (): void => void asked.fill(0);
/** Ids of the guards that steps have come to since forgetAsked(). */
export const askedGuards = (): string[] => all.filter((_, g) => asked[g] !== 0).map((g) => g.id);
/** How an extra step that is switched on stands among the guards that are switched off: `+id`. */
export const withExtra = (id: string): string => `+${id}`;
/** Switches guards off by id, and extras on by `+id`. Throws a RangeError naming an unknown id. */
export function switchOff(ids: readonly string[]): void {
  on.fill(1).fill(0, EXTRA);
  for (const id of ids) {
    const more = offered.findIndex((g) => withExtra(g.id) === id);
    if (more >= 0) {
      on[EXTRA + more] = 1;
      continue;
    }
    const i = all.findIndex((g) => g.id === id);
    if (i < 0) throw new RangeError(`no guard is called ${id}; there are ${all.map((g) => g.id).join(', ')}`);
    on[i] = 0;
  }
}
