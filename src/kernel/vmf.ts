/** What a fault carries along, as `struct vm_fault` in Linux. Shared by every routine of the fault path. */
import { folios, locals } from './frame.ts';

export const FAULT_FLAG_WRITE = 1,
  FAULT_FLAG_UNSHARE = 2;
/** The fault runs without mmap_lock: a proposal. */
export const FAULT_FLAG_SPECULATIVE = 8;
/** Ours: this fault broke copy-on-write, and ends with VM_FAULT_WRITE. */
export const FAULT_BROKE_COW = 4;
/** Ours: the fault goes to the userfaultfd monitor for the sake of write-protection. */
export const FAULT_UFFD_WP = 16;

/**
 * `new_folio` is a folio number, 0 = none (the zero page is never allocated); `around` walks the neighbours
 * of a read fault, or the processes that map a page. Of proposals: `seq`, the VMA's sequence count when a
 * speculative fault began; `seen`, bits of another process's entry. `maps`: mappings of a huge page that
 * were counted so far. `skip`: where a walk over entries goes on if a folio stays whole.
 * `swapin`: the folio that a fault brings back from a swap slot, `how` (SWAPIN_* of `mm/swapin.ts`),
 * and `row`, the slots of a large one.
 */
export const vmf = locals({
  flags: 1,
  orig_pte: 'pte',
  new_folio: 'folio',
  around: 1,
  seq: (n) => n.spf,
  seen: (n) => n.owners,
  maps: (n) => n.thp,
  skip: (n) => n.splits,
  swapin: folios((n) => n.swap),
  how: (n) => n.swap,
  row: folios((n) => n.swap * n.large * n.pages),
});

/**
 * Exits of the fault path. VM_FAULT_WRITE: copy-on-write is broken for the caller, even if the entry is
 * still read-only. VM_FAULT_SIGBUS: there is no page to be had, of huge pages.
 */
export const FAULT_EXITS = ['done', 'VM_FAULT_WRITE', 'VM_FAULT_SIGBUS'] as const;
export const fault_result = (): 'done' | 'VM_FAULT_WRITE' =>
  (vmf.flags & FAULT_BROKE_COW) !== 0 ? 'VM_FAULT_WRITE' : 'done';
