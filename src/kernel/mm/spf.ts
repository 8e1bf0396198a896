/**
 * Speculative page faults: a proposal of 2017 to 2021, never merged. The fault runs under SRCU instead of
 * mmap_lock; a sequence count of the VMA, odd while a writer changes it, tells whether what the fault saw
 * still counts. It is read before the walk, and again whenever the page-table lock has been taken; if it
 * differs, the fault starts again. The order of the steps is ours (docs/proposals.md). The series tried the
 * page-table lock with interrupts off and gave up at once; here the fault waits for it.
 */
import { rules } from '../rules.ts';
import { pmdp_get } from '../verbs/pmd.ts';
import { tablesApart } from '../verbs/table.ts';
import { VM_ANON_VMA, is_cached, vm_write_begin, vma_of, vma_read_seq } from '../verbs/vma.ts';
import { FAULT_FLAG_SPECULATIVE, vmf } from '../vmf.ts';
import { now, op } from '../world.ts';

export const speculates = (): boolean => rules.speculatesFaults;
export const is_speculative = (): boolean => (vmf.flags & FAULT_FLAG_SPECULATIVE) !== 0;

/** Reads the count. False while a writer is at work. */
export function spf_begin(): boolean {
  const seq = vma_read_seq(op.region);
  if ((seq & 1) !== 0) return false;
  vmf.seq.set(0, seq);
  return true;
}
export function spf_give_up(): void {
  vmf.seq.set(0, 0);
}
/** Private memory that had a fault before: nothing of the VMA has to be prepared. */
export const spf_handles = (vma: number): boolean => (vma & VM_ANON_VMA) !== 0 && !is_cached(vma);
/** It makes no page tables either. */
export const spf_no_table = (): boolean => tablesApart() && pmdp_get(op.va) !== 'table';
export const spf_vma = (): number => vma_of(op.va);

/** Under the page-table lock: has a writer begun since this speculative fault did? */
export const vma_changed = (): boolean => is_speculative() && vma_read_seq(op.region) !== vmf.seq.get(0);

/** A writer announces itself. mmap_write_unlock() makes the counts even again, after the flush. */
export const announce = <R extends string>(to: R) => ({
  on: () => rules.speculatesFaults,
  says: 'Make the sequence count of the VMA odd: speculative faults that have begun must start again.',
  holds: ['mmap_lock:write'] as const,
  run: (): R => {
    vm_write_begin(op.region);
    return to;
  },
});
/** The same for all VMAs. */
export const announce_all = <R extends string>(to: R) => ({
  on: () => rules.speculatesFaults,
  says: 'Make the sequence count of each VMA odd: speculative faults that have begun must start again.',
  holds: ['mmap_lock:write'] as const,
  run: (): R => {
    for (let region = 0; region < now.counts.regions; region++) vm_write_begin(region);
    return to;
  },
});
