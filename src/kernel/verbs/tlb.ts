/** The hardware: each CPU's cached translations, its page walks, and the flushes that end stale ones. */
import { IRQS_OFF, heldBy, unprotected } from '../locks.ts';
import { cells, effect, mm, mmOf, now, pages, read16, self, tlb, write16 } from '../world.ts';
import {
  PTE_ACCESSED,
  PTE_DIRTY,
  PTE_PRESENT,
  PTE_PROTNONE,
  PTE_SOFT_DIRTY,
  PTE_UFFD_WP,
  PTE_WRITE,
  pte_offset,
} from './pte.ts';
import { isHidden, isHuge, region_of } from './region.ts';

const entry = (t: number, va: number): number => tlb.at + 2 * (t * pages + va);

/** The own CPU's entry for `va`, 0 if there is none. Nobody else reads it. */
export const tlb_lookup = (va: number): number => read16(entry(self, va));

/**
 * The CPU walks the page table: an atomic read that sets A, and D for a store, and caches the entry. False:
 * the entry does not permit the access, the CPU raises a fault, and caches nothing.
 */
export function page_walk(va: number, store: boolean): boolean {
  unprotected('page walk');
  const ptep = pte_offset(va),
    e = read16(ptep),
    huge = now.counts.thp !== 0 ? region_of(va) : -1;
  if (
    (huge >= 0 && isHidden(mm, huge)) ||
    (e & PTE_PRESENT) === 0 ||
    (e & PTE_PROTNONE) !== 0 ||
    (store && (e & PTE_WRITE) === 0)
  ) {
    if (read16(entry(self, va)) !== 0) write16(entry(self, va), 0);
    return false;
  }
  const set = e | PTE_ACCESSED | (store ? PTE_DIRTY : 0);
  if (set !== e) {
    write16(ptep, set);
    effect('set_pte_at', ptep, set);
    if (huge >= 0 && isHuge(mm, huge)) markHuge(huge, set & (PTE_ACCESSED | PTE_DIRTY));
  }
  write16(entry(self, va), set & ~(PTE_ACCESSED | PTE_SOFT_DIRTY | PTE_UFFD_WP));
  effect('tlb_fill', self, va, set);
  return true;
}

/** One entry maps the whole region: the bits that the CPU sets are those of all its pages. */
function markHuge(region: number, bits: number): void {
  const { at, pages: n } = now.plan!.regions[region]!;
  for (let va = at; va < at + n; va++) {
    const ptep = pte_offset(va),
      e = read16(ptep);
    if ((e | bits) === e) continue;
    write16(ptep, e | bits);
    effect('set_pte_at', ptep, e | bits);
  }
}

/** Removes `va` from every CPU that runs this address space. Complete when it returns. */
export function flush_tlb_page(va: number): void {
  flush_tlb_page_of(mm, va);
}
export function flush_tlb_page_of(m: number, va: number): void {
  for (let t = 0; t < now.counts.threads; t++) {
    if (mmOf[t] === m && read16(entry(t, va)) !== 0) write16(entry(t, va), 0);
  }
  effect('flush_tlb', m, va, 1);
}
export function flush_tlb_range(va: number, n: number): void {
  for (let i = 0; i < n; i++) flush_tlb_page(va + i);
}
export function flush_tlb_mm(): void {
  flush_tlb_range(0, pages);
}

/**
 * On x86 a flush is an interrupt: it cannot finish while another CPU of this address space has interrupts
 * off. Where the hardware broadcasts it, nobody waits.
 */
export const every_cpu_answers = (): boolean => every_cpu_answers_of(mm);
export function every_cpu_answers_of(m: number): boolean {
  if (now.plan!.switches.flush === 'broadcast') return true;
  for (let t = 0; t < now.counts.threads; t++)
    if (t !== self && mmOf[t] === m && (heldBy(t) & IRQS_OFF) !== 0) return false;
  return true;
}
/** Ghost: some other CPU of this address space has an entry for `va`. */
export function cached_by_others(va: number): boolean {
  for (let t = 0; t < now.counts.threads; t++) {
    if (t !== self && mmOf[t] === mm && cells[entry(t, va)] !== 0) return true;
  }
  return false;
}
/** A CPU drops a translation by itself: it may at any time. */
export const is_cached = (t: number, va: number): boolean => cells[entry(t, va)] !== 0;
export function evict(t: number, va: number): void {
  write16(entry(t, va), 0);
  effect('tlb_evict', t, va);
}
/** For observers. */
export const tlbOf = (t: number, va: number): number =>
  cells[entry(t, va)]! | (cells[entry(t, va) + 1]! << 8);
