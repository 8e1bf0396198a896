/**
 * The pool of 2 MB pages (hugetlbfs), and what its mappings were promised. mm/hugetlb.c. Only private
 * mappings: each has a nameless file of its own, with nothing in its page cache. A free page may be promised
 * (`resv_huge_pages`) to the mapping that reserved it in mmap; a child of fork was promised nothing.
 */
import { unprotected } from '../locks.ts';
import {
  cells,
  effect,
  folio_hugetlb,
  mm,
  now,
  op,
  pages,
  read,
  resv_huge_pages,
  vma_resv,
  write,
} from '../world.ts';
import { folio_alloc } from './folio.ts';
import { region_of } from './region.ts';
import { vmaFlags } from './vma.ts';

/** Pages of the pool where a scenario says nothing: what the recorder asks for. */
export const HUGEPAGES = 8;
/** Bits of `vma.resv`: it reserved its page; that is taken; the page was taken away for want of others. */
export const RESV_OWNER = 1,
  RESV_USED = 2,
  RESV_UNMAPPED = 4;

/** The page slot is a page of 2 MB. A region is of one kind all the time: is_vm_hugetlb_page(). */
export const is_vm_hugetlb_page = (va: number): boolean =>
  now.counts.huge !== 0 && isHugetlbRegion(region_of(va));
export const isHugetlbRegion = (region: number): boolean => now.plan!.regions[region]!.kind === 'huge';

const resvAt = (m: number, va: number): number => vma_resv.at + m * pages + va;
/** Written under mmap_lock, or by unmap_ref_private(), which the fault mutex keeps out. */
const resvOf = (m: number, va: number): number => cells[resvAt(m, va)]!;
export const is_vma_resv_set = (m: number, va: number, flag: number): boolean => (resvOf(m, va) & flag) !== 0;
const set_resv = (m: number, va: number, bits: number): void => write(resvAt(m, va), bits);

/** Pages that the machine has, that are free, and free ones that somebody was promised. */
export const poolSize = (): number => now.plan!.switches.hugepages ?? HUGEPAGES;
export function freeHugePages(): number {
  let used = 0;
  for (let f = 1; f < now.counts.folios; f++) if (cells[folio_hugetlb.at + f] !== 0) used += 1;
  return poolSize() - used;
}
export const reservedPages = (): number => cells[resv_huge_pages.at]!;
function reserve(by: number): void {
  write(resv_huge_pages.at, read(resv_huge_pages.at) + by);
  effect('reserved', cells[resv_huge_pages.at]!, by);
}

/** mmap: a page of the pool is promised to the mapping. False: there are too few. */
export function hugetlb_reserve_pages(m: number, va: number): boolean {
  if (freeHugePages() <= reservedPages()) return false;
  reserve(1);
  set_resv(m, va, RESV_OWNER);
  return true;
}
/** The mappings go, and with them what they were promised and have not used. hugetlb_vm_op_close(). */
export function hugetlb_vm_op_close(from: number, to: number): void {
  for (let va = from; now.counts.huge !== 0 && va < to; va++) {
    const resv = resvOf(mm, va);
    if (resv === 0) continue;
    if ((resv & (RESV_OWNER | RESV_USED)) === RESV_OWNER) reserve(-1);
    set_resv(mm, va, 0);
  }
}

/**
 * A zeroed page of the pool with one reference, the caller's; -1: none is free that is not promised to
 * others. `avoid`: what the mapping was promised is not for this. One step, by hugetlb_lock.
 */
export function alloc_hugetlb_folio(va: number, avoid: boolean): number {
  unprotected('the pool of huge pages');
  const resv = resvOf(mm, va),
    promised = !avoid && (resv & (RESV_OWNER | RESV_USED)) === RESV_OWNER;
  if (!promised && freeHugePages() <= reservedPages()) return -1;
  const f = folio_alloc();
  write(folio_hugetlb.at + f, 1);
  if (promised) {
    reserve(-1);
    set_resv(mm, va, resv | RESV_USED);
  }
  return f;
}
/** The VMA's page is gone for good: set_vma_resv_flags(). */
export function set_vma_resv_flags(m: number, va: number): void {
  set_resv(m, va, resvOf(m, va) | RESV_UNMAPPED);
  effect('unmapped', m, va);
}
/** From process `m` on, one that maps this file and reserved nothing in it: its number + 1, 0 = none. */
export function nextWithoutReserve(m: number): number {
  for (let i = m; i < now.counts.mms; i++)
    if (i !== mm && vmaFlags(i, op.va) !== 0 && (resvOf(i, op.va) & RESV_OWNER) === 0) return i + 1;
  return 0;
}
