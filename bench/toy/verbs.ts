/**
 * What the rows of the toy kernel do to the world, on fields of the product's own schema. The reduced model
 * is coarser than the product's tables: its rows may look at several counters in one step, which the
 * product's verbs refuse.
 */
import { locals } from '../../src/kernel/frame.ts';
import { PTE_PRESENT, PTE_WRITE, pte_folio, pte_write } from '../../src/kernel/verbs/pte.ts';
import { tlb_lookup } from '../../src/kernel/verbs/tlb.ts';
import {
  broke,
  cells,
  expected,
  folio_flags,
  folio_maps,
  folio_refs,
  folio_stored,
  mm,
  mmOf,
  now,
  op,
  pages,
  pipe_slot,
  pte,
  read,
  read16,
  self,
  tlb,
  write,
  write16,
} from '../../src/kernel/world.ts';
import { FOLIO_EXCLUSIVE } from '../../src/kernel/verbs/folio.ts';

/** What a thread is about: operations that it has begun; of the present one the page, and what it zaps. */
export const current = locals({ ops: 1, va: 1, folio: 'folio' });

export const LEAK = 1,
  STORE_LOST = 2,
  STALE_COPY = 3;
/** Ghost: the first thing that should not be, where the plan wants it noted (`op.slot`). */
export function violated(what: number): void {
  if (op.slot >= 0 && cells[broke.at] === 0) write(broke.at, what);
}

// ---- folios ----

export const folio_ref_count = (f: number): number => read(folio_refs.at + f);
export const folio_mapcount = (f: number): number => read(folio_maps.at + f);
export const PageAnonExclusive = (f: number): boolean => read(folio_flags.at + f) !== 0;
export function SetPageAnonExclusive(f: number): void {
  write(folio_flags.at + f, FOLIO_EXCLUSIVE);
}
export function folio_get(f: number): void {
  write(folio_refs.at + f, read(folio_refs.at + f) + 1);
}
export function folio_put(f: number): void {
  const refs = read(folio_refs.at + f) - 1;
  write(folio_refs.at + f, refs);
  if (refs !== 0) return;
  write(folio_maps.at + f, 0);
  write(folio_flags.at + f, 0);
  write(folio_stored.at + f, 0);
}
/** Of the mapping's reference, while somebody else still has one. */
export function folio_put_shared(f: number): void {
  write(folio_refs.at + f, read(folio_refs.at + f) - 1);
}
/** The first free folio, or -1. Folio 0 stands for none, as the page of zeros does in the product. */
export function free_folio(): number {
  for (let f = 1; f < now.counts.folios; f++) if (cells[folio_refs.at + f] === 0) return f;
  return -1;
}
export function folio_alloc(): number {
  const f = free_folio();
  write(folio_refs.at + f, 1);
  return f;
}
export function folio_add_new_rmap(f: number): void {
  write(folio_maps.at + f, 1);
}
export function folio_remove_rmap(f: number): void {
  write(folio_maps.at + f, read(folio_maps.at + f) - 1);
}
export const folio_bytes = (f: number): number => read(folio_stored.at + f);
export function set_folio_bytes(f: number, bytes: number): void {
  write(folio_stored.at + f, bytes);
}

// ---- what a program stored last (ghost): the process in the upper bits, a round of three below ----

export const lastStore = (va: number): number => read(expected.at + mm * pages + va);
export function setLastStore(va: number, bytes: number): void {
  write(expected.at + mm * pages + va, bytes);
}
export const nextStore = (last: number): number => mm * 4 + 1 + ((last & 3) % 3);
export const STORED_MAX = 8;
/** Bytes of another process than `m`, and not those from before fork. */
export const isForeign = (bytes: number, m: number): boolean => (bytes & 3) !== 0 && bytes >> 2 !== m;

// ---- the hardware ----

const entry = (t: number, va: number): number => tlb.at + 2 * (t * pages + va);
export { tlb_lookup };
/** A walk for a store: fills the TLB if the entry permits it, else empties it. */
export function page_walk(va: number): boolean {
  const e = read16(pte.at + 2 * (mm * pages + va)),
    ok = pte_write(e);
  const next = ok ? (pte_folio(e) << 8) | PTE_PRESENT | PTE_WRITE : 0;
  if (read16(entry(self, va)) !== next) write16(entry(self, va), next);
  return ok;
}
export function flush_tlb_page(va: number): void {
  for (let t = 0; t < now.counts.threads; t++)
    if (mmOf[t] === mm && read16(entry(t, va)) !== 0) write16(entry(t, va), 0);
}
/** The entry of `va`, for guards: no access is counted. */
export const peek_pte = (va: number): number => read16(pte.at + 2 * (mm * pages + va));

// ---- one pipe of one buffer ----

export const pipe_empty = (): boolean => cells[pipe_slot.at] === 0;
export function pipe_fill(f: number): void {
  write(pipe_slot.at, f + 1);
  write(pipe_slot.at + 1, mm + 1);
}
export function pipe_drain(): { readonly folio: number; readonly from: number } {
  const folio = read(pipe_slot.at) - 1,
    from = read(pipe_slot.at + 1) - 1;
  write(pipe_slot.at, 0);
  write(pipe_slot.at + 1, 0);
  return { folio, from };
}
