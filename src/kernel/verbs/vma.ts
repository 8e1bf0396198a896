/**
 * Virtual memory areas: flags for each page slot. Equal neighbours of a region are one VMA, as Linux merges
 * them.
 */
import {
  MMAP_CHILD,
  MMAP_READ,
  MMAP_WRITE,
  VMA_READ,
  VMA_SRCU,
  VMA_WRITE,
  drop,
  held,
  needs,
  take,
  unprotected,
  vmaLockAt,
} from '../locks.ts';
import {
  WRITER,
  cells,
  effect,
  mm,
  mmap_lock,
  now,
  op,
  pages,
  read,
  vm_flags,
  vm_flags_more,
  vma_lock,
  vma_seq,
  write,
} from '../world.ts';
import { PTE_PROTNONE } from './pte.ts';
import { region_of } from './region.ts';

export { region_of } from './region.ts';

export const VM_MAPPED = 1,
  VM_READ = 2,
  VM_WRITE = 4,
  VM_SHARED = 8;
/** The VMA has an anon_vma: fork copies its page tables. */
export const VM_ANON_VMA = 16;
/** madvise and mlock: not copied at fork, empty in the child, populated and never reclaimed. */
export const VM_DONTCOPY = 32,
  VM_WIPEONFORK = 64,
  VM_LOCKED = 128;
/** Hints that change nothing for small pages, but part VMAs that differ in them. Need `vmaMore`. */
export const VM_HUGEPAGE = 0x2000,
  VM_NOHUGEPAGE = 0x4000,
  VM_MERGEABLE = 0x8000;

/** A mapping of a file; shared anonymous memory has a nameless one, and does not count. Needs `vmaMore`. */
export const VM_FILE = 0x800;

/**
 * Of a child: was locked in the parent. The child's VMAs are not, but fork merges none, so that they stay
 * apart
 * from their neighbours until something changes there. Needs `vmaMore`.
 */
export const VM_APART = 0x1000;

/** Registered with userfaultfd; and soft-dirty: the whole VMA counts as written to. */
export const VM_UFFD_MISSING = 0x100,
  VM_UFFD_WP = 0x200,
  VM_SOFTDIRTY = 0x400;

/**
 * Flags of process `m` at page slot `va`, both cells of them. Reads for observers and guards: no access is
 * counted.
 */
export function vmaFlags(m: number, va: number): number {
  const i = m * pages + va;
  return cells[vm_flags.at + i]! | (vm_flags_more.size === 0 ? 0 : cells[vm_flags_more.at + i]! << 8);
}
function setFlags(m: number, va: number, flags: number): void {
  const i = m * pages + va;
  write(vm_flags.at + i, flags & 255);
  if (vm_flags_more.size !== 0) write(vm_flags_more.at + i, flags >> 8);
}
/** Before the first step. */
export const first_vma = setFlags;
export const vma_of = (va: number): number => vmaFlags(mm, va);
/** Entries of a VMA without any permission are there, and no CPU may use them: vm_page_prot. */
export const prot_none = (flags: number): number => ((flags & VM_READ) === 0 ? PTE_PROTNONE : 0);
export const is_cow_mapping = (flags: number): boolean => (flags & (VM_MAPPED | VM_SHARED)) === VM_MAPPED;

/**
 * Flags of the VMA at `va`, 0 if none. Stable under mmap_lock or the VMA lock; under SRCU alone they may
 * change, and the sequence count tells.
 */
export function find_vma(va: number): number {
  needs(MMAP_READ | MMAP_WRITE | VMA_READ | VMA_SRCU, 'find_vma');
  read(vm_flags.at + mm * pages + va);
  return vmaFlags(mm, va);
}
export function vm_flags_set(va: number, flags: number): void {
  needs(MMAP_WRITE, 'changing a VMA');
  setFlags(mm, va, flags);
  effect('vma', mm, va, flags);
}
export function set_child_vma(va: number, flags: number): void {
  needs(MMAP_CHILD, 'changing a VMA of the child');
  setFlags(op.child, va, flags);
  effect('vma', op.child, va, flags);
}

/** What is not mapped yet is found in the page cache. */
export const is_cached = (flags: number): boolean => (flags & (VM_SHARED | VM_FILE)) !== 0;

/** First and end slot of the VMA around `va`: the run of equal flags in its region. */
export function vma_range(va: number): { start: number; end: number } {
  const region = now.plan!.regions[region_of(va)]!,
    flags = vma_of(va) & ~VM_ANON_VMA;
  let start = va,
    end = va + 1;
  while (start > region.at && (vma_of(start - 1) & ~VM_ANON_VMA) === flags) start--;
  while (end < region.at + region.pages && (vma_of(end) & ~VM_ANON_VMA) === flags) end++;
  return { start, end };
}
/** The VMA can own anonymous pages from now on. Serialised by the anon_vma's own lock; write-once. */
export function anon_vma_prepare(va: number): void {
  needs(MMAP_READ | MMAP_WRITE | VMA_READ | VMA_SRCU, 'anon_vma_prepare');
  if ((vma_of(va) & VM_ANON_VMA) !== 0) return;
  const { start, end } = vma_range(va);
  for (let i = start; i < end; i++) setFlags(mm, i, vma_of(i) | VM_ANON_VMA);
}
/** The VMAs on both sides of `va`, one of which has changed, are no longer kept apart. */
function join(va: number): void {
  const both = vma_of(va) ^ vma_of(va - 1);
  if ((both & ~VM_ANON_VMA) !== VM_APART) return;
  const apart = (vma_of(va) & VM_APART) !== 0 ? va : va - 1,
    { start, end } = vma_range(apart);
  for (let i = start; i < end; i++) setFlags(mm, i, vma_of(i) & ~VM_APART);
}
/**
 * VMAs that have become alike are one from now on, with the anon_vma that one of them had. vma_merge(). The
 * slots [from, to) have changed.
 */
export function vma_merge(region: number, from = op.va, to = op.va + op.pages): void {
  needs(MMAP_WRITE, 'vma_merge');
  const { at, pages: n } = now.plan!.regions[region]!;
  const share = (va: number, with_: number): void => {
    if ((vma_of(va) ^ vma_of(with_)) !== VM_ANON_VMA || (vma_of(va) & VM_ANON_VMA) !== 0) return;
    setFlags(mm, va, vma_of(with_));
  };
  for (let va = Math.max(at + 1, from); va < at + n && va <= to; va++) join(va);
  for (let va = at + 1; va < at + n; va++) share(va, va - 1);
  for (let va = at + n - 2; va >= at; va--) share(va, va + 1);
}

/** Read-locks the VMA without waiting; false while a writer has it. include/linux/mm.h since 6.4. */
export function vma_start_read(): boolean {
  if (cells[vmaLockAt(op.region)] === WRITER) return false;
  take('vma_lock:read', true);
  return true;
}
/** True when no fault runs under the lock of the VMA's region. */
export const vma_can_write_lock = (region: number): boolean =>
  cells[vmaLockAt(region)] === 0 || cells[vmaLockAt(region)] === WRITER;
/** Write-locks a VMA until mmap_lock is released. */
export function vma_start_write(region: number): void {
  needs(MMAP_WRITE, 'vma_start_write');
  if ((held & VMA_WRITE) === 0) take('vma_lock:write', true);
  write(vmaLockAt(region), WRITER);
  effect('vma_lock', mm, region, 1);
}
/** Drops mmap_lock held for writing, and with it every VMA write lock of the address space. */
export function mmap_write_unlock(): void {
  vma_end_write_all();
  drop('mmap_lock:write');
}
export function mmap_write_downgrade(): void {
  vma_end_write_all();
  drop('mmap_lock:write');
  take('mmap_lock:read', true);
}
function vma_end_write_all(): void {
  vm_write_end_all();
  if ((held & VMA_WRITE) === 0) return;
  drop('vma_lock:write');
  for (let r = 0; r < now.counts.regions; r++) {
    const at = vma_lock.at + mm * now.counts.regions + r;
    if (cells[at] === WRITER) write(at, 0);
  }
}
/** Drops whichever lock the fault ran under. */
export function release_fault_lock(): void {
  if ((held & VMA_SRCU) !== 0) drop('vma_srcu');
  else drop((held & VMA_READ) !== 0 ? 'vma_lock:read' : 'mmap_lock:read');
}
// ---- the sequence count of speculative faults: odd while a writer is at work ----

const vmaSeqAt = (region: number): number => vma_seq.at + mm * now.counts.regions + region;
export function vma_read_seq(region: number): number {
  unprotected('vma.seq');
  return read(vmaSeqAt(region));
}
/** Announces a change to speculative faults; mmap_write_unlock() ends it. Wraps, and keeps its parity. */
export function vm_write_begin(region: number): void {
  needs(MMAP_READ | MMAP_WRITE, 'vma.seq');
  if ((cells[vmaSeqAt(region)]! & 1) === 0) vm_write_bump(region);
}
function vm_write_bump(region: number): void {
  write(vmaSeqAt(region), (read(vmaSeqAt(region)) + 1) & 255);
  effect('vma_seq', mm, region, cells[vmaSeqAt(region)] ?? 0);
}
/** Also for a writer that holds mmap_lock for reading: UFFDIO_WRITEPROTECT, where it announces itself. */
export function vm_write_end_all(): void {
  for (let r = 0; vma_seq.size !== 0 && r < now.counts.regions; r++)
    if ((cells[vmaSeqAt(r)]! & 1) !== 0) vm_write_bump(r);
}
export const mmapLockOf = (m: number): number => mmap_lock.at + m;
