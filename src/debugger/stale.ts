/** A TLB entry that shows what the page table no longer says. */
import { PTE_PRESENT, PTE_WRITE } from '../kernel/verbs/pte.ts';

/** Entries as `tlbAt` and `pteAt` give them. One that permits less than the page table is not stale. */
export function isStale(tlb: number, pte: number): boolean {
  if (tlb === 0) return false;
  if ((pte & PTE_PRESENT) === 0 || tlb >> 8 !== pte >> 8) return true;
  return (tlb & PTE_WRITE) !== 0 && (pte & PTE_WRITE) === 0;
}
