/** What a fault carries along, as `struct vm_fault` in Linux. Shared by every routine of the fault path. */
import { locals } from './frame.ts';

export const FAULT_FLAG_WRITE = 1,
  FAULT_FLAG_UNSHARE = 2;
/** Ours: this fault broke copy-on-write, and ends with VM_FAULT_WRITE. */
export const FAULT_BROKE_COW = 4;

/**
 * `new_folio` is a folio number, 0 = none (the zero page is never allocated); `around` walks the neighbours
 * of a read fault.
 */
export const vmf = locals({ flags: 1, orig_pte: 2, new_folio: 1, around: 1 });

/**
 * Exits of the fault path. VM_FAULT_WRITE: copy-on-write is broken for the caller, even if the entry is
 * still read-only.
 */
export const FAULT_EXITS = ['done', 'VM_FAULT_WRITE'] as const;
export const fault_result = (): 'done' | 'VM_FAULT_WRITE' =>
  (vmf.flags & FAULT_BROKE_COW) !== 0 ? 'VM_FAULT_WRITE' : 'done';
