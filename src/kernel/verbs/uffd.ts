/**
 * userfaultfd's queue of faults, the count of flushes to come, and the ghost that notes stores which nobody
 * heard of. fs/userfaultfd.c, include/linux/mm_types.h.
 */
import { is_vm_hugetlb_page } from './hugetlb.ts';
import { MMAP_READ, MMAP_WRITE, heldBy, unprotected } from '../locks.ts';
import {
  OP,
  cells,
  effect,
  missed,
  mm,
  mmOf,
  now,
  opsOfThread,
  read,
  self,
  taskOf,
  tlb_flush_pending,
  userfault,
  write,
} from '../world.ts';
import { PTE_SOFT_DIRTY, PTE_UFFD_WP, pte_offset, pte_present } from './pte.ts';
import { VM_MAPPED, VM_SHARED, VM_SOFTDIRTY, VM_UFFD_MISSING, VM_UFFD_WP, vma_of } from './vma.ts';

export const userfaultfd_wp = (vma: number): boolean => (vma & VM_UFFD_WP) !== 0;
export const userfaultfd_missing = (vma: number): boolean => (vma & VM_UFFD_MISSING) !== 0;
export const userfaultfd_armed = (vma: number): boolean => (vma & (VM_UFFD_WP | VM_UFFD_MISSING)) !== 0;

// ---- tlb_flush_pending: atomic, part of the step that changes entries or flushes ----

function pending(by: number): void {
  if (tlb_flush_pending.size === 0) return;
  const at = tlb_flush_pending.at + mm;
  write(at, read(at) + by);
  effect('flush_pending', mm, cells[at]!);
}
/** From before the first change of an entry until after the flush. */
export const inc_tlb_flush_pending = (): void => pending(1);
export const dec_tlb_flush_pending = (): void => pending(-1);
export function mm_tlb_flush_pending(): boolean {
  unprotected('tlb_flush_pending');
  return tlb_flush_pending.size !== 0 && read(tlb_flush_pending.at + mm) !== 0;
}

// ---- the queue: one place for each thread, 2 * (page slot + 1), + 1 once the monitor has read it ----

const placeOf = (t: number): number => userfault.at + t;
const slotOf = (t: number): number => (cells[placeOf(t)]! >> 1) - 1;
/** The own fault waits for the monitor from here on. The queue has a lock of its own. */
export function userfault_queue(va: number): void {
  unprotected('userfaultfd queue');
  write(placeOf(self), 2 * (va + 1));
  effect('userfault', self, va, 1);
}
export function userfault_cancel(): void {
  unprotected('userfaultfd queue');
  if (read(placeOf(self)) !== 0) write(placeOf(self), 0);
}
export const userfault_over = (): boolean => cells[placeOf(self)] === 0;
/** Faults at these page slots try again. */
export function wake_userfault(from: number, to: number): void {
  unprotected('userfaultfd queue');
  for (let t = 0; t < now.counts.threads; t++) {
    if (mmOf[t] !== mm || cells[placeOf(t)] === 0 || slotOf(t) < from || slotOf(t) >= to) continue;
    write(placeOf(t), 0);
    effect('userfault', t, 0, 0);
  }
}
/** A thread whose fault at these page slots the monitor has not read yet, or -1. */
export function userfault_unread(from: number, to: number): number {
  for (let t = 0; t < now.counts.threads; t++) {
    const v = cells[placeOf(t)]!;
    if (mmOf[t] === mm && v !== 0 && (v & 1) === 0 && slotOf(t) >= from && slotOf(t) < to) return t;
  }
  return -1;
}
export function userfault_read(t: number): void {
  unprotected('userfaultfd queue');
  write(placeOf(t), read(placeOf(t)) | 1);
  effect('userfault', t, slotOf(t), 2);
}
/** Page slot at which thread `t` waits for the monitor, or -1. For observers. */
export const userfaultOf = (t: number): number =>
  userfault.size === 0 || cells[placeOf(t)] === 0 ? -1 : slotOf(t);

// ---- ghost: stores that should have been heard of ----

export const MISSED_BY_MONITOR = 1,
  MISSED_SOFT_DIRTY = 2;
/** A thread of this address space is in the middle of it: it holds mmap_lock all the while. */
function underWay(syscall: string): boolean {
  for (let t = 0; t < now.counts.threads; t++) {
    if (mmOf[t] !== mm || (heldBy(t) & (MMAP_READ | MMAP_WRITE)) === 0) continue;
    if (opsOfThread(t)[cells[taskOf[t]! + OP]!]?.syscall === syscall) return true;
  }
  return false;
}
/** The running thread has stored to `va`. */
export function note_store(va: number): void {
  if (missed.size === 0 || cells[missed.at] !== 0) return;
  const e = cells[pte_offset(va)]!,
    vma = vma_of(va);
  if (!pte_present(e) || (vma & VM_MAPPED) === 0) return;
  const wp = userfaultfd_wp(vma) && (e & PTE_UFFD_WP) !== 0 && !underWay('uffd_writeprotect');
  // clear_refs leaves huge pages out.
  const tracked =
    !is_vm_hugetlb_page(va) && now.counts.softDirty !== 0 && (vma & (VM_SHARED | VM_SOFTDIRTY)) === 0;
  const unseen = tracked && (e & PTE_SOFT_DIRTY) === 0 && !underWay('clear_refs');
  if (!wp && !unseen) return;
  write(missed.at, wp ? MISSED_BY_MONITOR : MISSED_SOFT_DIRTY);
  write(missed.at + 1, self);
}
