/** Folios: references, pins, map counts, the folio lock, the LRU batches, and the bytes. */
import { OWNER_COUNTS_REFS, TRY_GET_REFUSES_OVERFLOW, guarded } from '../guards.ts';
import {
  FOLIO_LOCK,
  LOCKS,
  held,
  needs,
  take,
  unprotected,
  drop,
  MMAP_READ,
  MMAP_WRITE,
  VMA_READ,
  PTL,
  PTL_CHILD,
  PTL_OTHER,
  PMD_LOCK,
  PMD_LOCK_CHILD,
} from '../locks.ts';
import { collectNames, nameAt, nameBias } from '../names.ts';
import { rules } from '../rules.ts';
import {
  LARGE_FIELDS,
  addOwner,
  entireMaps,
  folio_test_large,
  headOf,
  isMaybeShared,
  largeMaps,
  mostMaps,
  noteEntire,
  pagesIn,
  pagesOf,
  removeOwner,
} from './large.ts';
import {
  cells,
  cpuOf,
  effect,
  epoch,
  folio_batch,
  folio_entire,
  folio_epoch,
  folio_flags,
  folio_head,
  folio_hugetlb,
  folio_ksm,
  folio_lock,
  folio_maps,
  folio_node,
  folio_owner,
  folio_pins,
  folio_refs,
  folio_refs_more,
  folio_slot,
  folio_stored,
  mm,
  now,
  pages,
  pte,
  read,
  self,
  swap_state,
  vm_flags,
  write,
  broke,
} from '../world.ts';
import { VM_LOCKED } from './vma.ts';

/** What each pin adds to the counter that the kernel reads. GUP_PIN_COUNTING_BIAS, include/linux/mm.h. */
export const GUP_PIN_COUNTING_BIAS = 1024;
/** Always there, never allocated or freed. */
export const ZERO_PAGE = 0;
/** Bits of `folio.flags`. */
export const FOLIO_ANON = 1,
  FOLIO_EXCLUSIVE = 2,
  FOLIO_SHMEM = 4;
/**
 * PG_referenced and PG_active, of anonymous pages where a scenario can tell (`ages`); and what a batch is to
 * do with a folio that is on the LRU already.
 */
const FOLIO_REFERENCED = 8,
  FOLIO_ACTIVE = 16,
  FOLIO_ACTIVATES = 32,
  FOLIO_DEACTIVATES = 64,
  FOLIO_MOVES = FOLIO_ACTIVATES | FOLIO_DEACTIVATES;

/** A page of the pool of huge pages: it goes back there when it is freed. */
export const folio_test_hugetlb = (f: number): boolean =>
  folio_hugetlb.size !== 0 && cells[folio_hugetlb.at + f] !== 0;

/** Kinds of illegal access that `broke` records. */
export const BROKE_USE_AFTER_FREE = 1,
  BROKE_BELOW_ZERO = 2;

/** References without pins. */
export const refsOf = (f: number): number =>
  folio_refs_more.size === 0
    ? cells[folio_refs.at + f]!
    : cells[folio_refs.at + headOf(f)]! | (cells[folio_refs_more.at + headOf(f)]! << 8);
/** Pins. */
export const pinsOf = (f: number): number => cells[folio_pins.at + headOf(f)]!;
export const isFreed = (f: number): boolean => f !== ZERO_PAGE && refsOf(f) === 0 && pinsOf(f) === 0;
/** A swap slot has a number of its own: `swap.ts`. */
const isSlot = (f: number): boolean => now.counts.swap !== 0 && (cells[swap_state.at + f]! & 1) !== 0;
function breaks(kind: number, f: number): void {
  if (cells[broke.at] !== 0) return;
  write(broke.at, kind);
  write(broke.at + 1, f);
  effect('broke', kind, f);
}
/** A folio that only its allocator knows: one reference, no mapping. Touching it races with nobody. */
const isPrivate = (f: number): boolean =>
  refsOf(f) === 1 && cells[folio_maps.at + f] === 0 && pinsOf(f) === 0 && entireMaps(f) === 0;
function touches(f: number, what: string): void {
  if (isFreed(f)) breaks(BROKE_USE_AFTER_FREE, f);
  if (!isPrivate(f)) unprotected(what);
}

/** What each pin adds to the counter of the folio. A large one has its pins in a counter of their own. */
export const pinBias = (f: number): number => (folio_test_large(f) ? 1 : GUP_PIN_COUNTING_BIAS);
/** The counter as the kernel reads it: references, and the bias for each pin. */
export function folio_ref_count(f: number): number {
  touches(f, 'folio_ref_count');
  read(folio_refs.at + headOf(f));
  return refsOf(f) + pinBias(f) * read(folio_pins.at + headOf(f));
}
/** Of a large folio: of the page that is mapped most, and by PMD entries. page_trans_huge_mapcount(). */
export function folio_mapcount(f: number): number {
  touches(f, 'folio_mapcount');
  return folio_test_large(f) ? mostMaps(f) + entireMaps(f) : read(folio_maps.at + f);
}
/** The two parts of that sum, which some kernels read one after the other. */
export function mapcountOfPages(f: number): number {
  touches(f, 'page mapcounts');
  return mostMaps(f);
}
export function entireMapcount(f: number): number {
  touches(f, 'folio_entire_mapcount');
  return entireMaps(f);
}
/** A large folio that several processes map, perhaps; or of which one page alone is mapped. */
export function isLargeShared(f: number): boolean {
  touches(f, 'folio_maybe_mapped_shared');
  return largeMaps(f) <= 1 || isMaybeShared(f);
}
/**
 * All references to a large folio are mappings of one process: asked under the lock bit of its owner slots,
 * with which mappings come and go, so that the reference count is the one access here.
 */
export function isLargeOwned(f: number): boolean {
  const n = folio_ref_count(f);
  return !isMaybeShared(f) && (n === largeMaps(f) || !guarded(OWNER_COUNTS_REFS));
}
/** True for more references than the bias, too: a false positive only costs a copy. */
export function folio_maybe_dma_pinned(f: number): boolean {
  const n = folio_ref_count(f);
  return folio_test_large(f) ? pinsOf(f) > 0 : n >= GUP_PIN_COUNTING_BIAS;
}

/** Takes a reference to a folio that cannot go away now; `n`: for an entry that stands for so many pages. */
export function folio_get(f: number, n = 1): void {
  touches(f, 'folio_get');
  bump(f, n);
}
/** Takes a reference (or a pin) unless the folio is free already. */
export function try_grab_folio(f: number, pin: boolean): boolean {
  unprotected('try_grab_folio');
  if (isFreed(f) || (isHalfFull(f) && guarded(TRY_GET_REFUSES_OVERFLOW))) return false;
  if (pin) bumpPins(f, 1);
  else bump(f, 1);
  return true;
}
export function folio_put(f: number, n = 1): void {
  if (isFreed(f)) {
    breaks(BROKE_BELOW_ZERO, f);
    return;
  }
  touches(f, 'folio_put');
  bump(f, -n);
  freeIfUnused(f);
}
/** Drops a pin. */
export function unpin_folio(f: number): void {
  if (pinsOf(f) === 0) {
    breaks(BROKE_BELOW_ZERO, f);
    return;
  }
  unprotected('unpin_folio');
  bumpPins(f, -1);
  freeIfUnused(f);
}
/**
 * With a counter of that many bits: its upper half counts as negative. A pin stands for one reference here,
 * as a small counter has no room for the bias.
 */
function isHalfFull(f: number): boolean {
  const { counter } = now.plan!.switches;
  if (counter === 0 || !rules.refusesOverflow) return false;
  return refsOf(f) + pinsOf(f) >= 1 << (counter - 1);
}
/** A counter that is full begins again at zero. */
function wrapped(n: number): number {
  const { counter } = now.plan!.switches;
  return counter === 0 ? n : n & ((1 << counter) - 1);
}
function bump(f: number, by: number): void {
  const head = headOf(f),
    n = wrapped(refsOf(head) + by);
  read(folio_refs.at + head);
  write(folio_refs.at + head, n & 255);
  if (folio_refs_more.size !== 0 && cells[folio_refs_more.at + head] !== n >> 8)
    write(folio_refs_more.at + head, n >> 8);
  effect('refs', head, n, by);
}
/** References that the swap cache takes, or drops while its caller has one. */
export const addRefs = bump;
export function dropRefs(f: number, by: number): void {
  bump(f, -by);
  freeIfUnused(f);
}
function bumpPins(f: number, by: number): void {
  const head = headOf(f);
  write(folio_pins.at + head, read(folio_pins.at + head) + by);
  effect('pins', head, cells[folio_pins.at + head]!, by);
}
function freeIfUnused(f: number): void {
  if (f === ZERO_PAGE || !isFreed(f)) return;
  if (folio_test_large(f)) for (const page of pagesIn(f)) wipeLarge(page);
  else wipe(f);
}
function wipeLarge(f: number): void {
  for (const { at, size } of LARGE_FIELDS) if (size !== 0 && cells[at + f] !== 0) write(at + f, 0);
  wipe(f);
}
function wipe(f: number): void {
  for (const field of [folio_stored, folio_epoch, folio_maps, folio_flags, folio_batch])
    if (cells[field.at + f] !== 0) write(field.at + f, 0);
  if (folio_owner.size !== 0 && cells[folio_owner.at + f] !== 0) write(folio_owner.at + f, 0);
  if (swap_state.size !== 0 && cells[swap_state.at + f] !== 0) write(swap_state.at + f, 0);
  if (folio_ksm.size !== 0 && cells[folio_ksm.at + f] !== 0) write(folio_ksm.at + f, 0);
  if (folio_node.size !== 0 && cells[folio_node.at + f] !== 0) write(folio_node.at + f, 0);
  if (folio_test_hugetlb(f)) write(folio_hugetlb.at + f, 0);
  effect('freed', f, 0);
}

/** Some folio is free. */
export function has_free_folio(): boolean {
  for (let f = 1; f < now.counts.folios; f++) if (isFreed(f) && !isSlot(f)) return true;
  return false;
}
/** Allocations that could choose between several freed folios which somebody remembers. */
export let ties = 0;
export function forgetTies(): void {
  ties = 0;
}
/**
 * The free folio that an allocation gets, or -1: one that somebody still remembers, if there is one, so that
 * whoever goes by its number alone is found out. The choice never depends on the numbers of folios, so that a
 * check may rename them: all free folios that nobody names are alike.
 */
export function free_folio(): number {
  let found = -1;
  for (let i = 0, n = collectNames(); i < n; i++) {
    const f = cells[nameAt[i]!]! - nameBias[i]!;
    if (f <= ZERO_PAGE || f === found || !isFreed(f) || isSlot(f)) continue;
    if (found >= 0) {
      ties += 1;
      return found;
    }
    found = f;
  }
  for (let f = 1; f < now.counts.folios && found < 0; f++) if (isFreed(f) && !isSlot(f)) found = f;
  return found;
}
/** A zeroed folio with one reference, the caller's. */
export function folio_alloc(): number {
  const f = free_folio();
  write(folio_refs.at + f, 1);
  effect('alloc', f, 1, 1);
  return f;
}

/**
 * A zeroed large folio for page slots `from` to `to`: a page number for each, and one reference, the
 * caller's.
 */
export function allocLarge(from: number, to: number): number {
  const head = folio_alloc();
  for (let slot = from; slot < to; slot++) {
    const f = slot === from ? head : free_folio();
    write(folio_head.at + f, head);
    write(folio_slot.at + f, slot);
  }
  return head;
}
/** So many are free. */
export function hasFreeFolios(n: number): boolean {
  let free = 0;
  for (let f = 1; f < now.counts.folios && free < n; f++) if (isFreed(f)) free += 1;
  return free >= n;
}
/** The page of a large folio for a page slot. */
export const pageAt = (f: number, slot: number): number =>
  pagesIn(f).find((g) => cells[folio_slot.at + g] === slot) ?? f;

/** A PMD entry maps the folio as a whole, for process `m`. folio_add_anon_rmap_pmd(). */
export function folio_add_anon_rmap_pmd(f: number, m = mm): void {
  needs(PMD_LOCK | PMD_LOCK_CHILD, 'folio_add_anon_rmap_pmd');
  write(folio_entire.at + headOf(f), read(folio_entire.at + headOf(f)) + 1);
  noteEntire(f, 1);
  addOwner(f, m, 1);
}
/** A fresh one: anonymous, and exclusive where there is such a mark. */
export function addNewHugeRmap(f: number, exclusive: boolean): void {
  for (const page of pagesIn(f)) write(folio_flags.at + page, FOLIO_ANON | (exclusive ? FOLIO_EXCLUSIVE : 0));
  folio_add_anon_rmap_pmd(f);
}
export function folio_remove_rmap_pmd(f: number): void {
  needs(PMD_LOCK, 'folio_remove_rmap_pmd');
  write(folio_entire.at + headOf(f), read(folio_entire.at + headOf(f)) - 1);
  noteEntire(f, -1);
  removeOwner(f, mm, 1);
}
/** Each page of the folio has an entry of its own from here on. */
export function folio_add_anon_rmap_ptes(f: number): void {
  needs(PMD_LOCK | PTL, 'folio_add_anon_rmap_ptes');
  for (const page of pagesIn(f)) {
    write(folio_maps.at + page, read(folio_maps.at + page) + 1);
    addOwner(page, mm, pagesOf(page));
  }
  effect('maps', headOf(f), cells[folio_maps.at + headOf(f)]!, 1);
}

export function folio_add_new_anon_rmap(f: number, exclusive: boolean): void {
  needs(PTL | PTL_CHILD | PTL_OTHER, 'folio_add_new_anon_rmap');
  write(folio_flags.at + f, FOLIO_ANON | (exclusive ? FOLIO_EXCLUSIVE : 0));
  write(folio_maps.at + f, 1);
  addOwner(f, mm, pagesOf(f));
  effect('maps', f, 1, 1);
}
export function folio_add_rmap(f: number, m = mm): void {
  needs(PTL | PTL_CHILD, 'folio_add_rmap');
  touches(f, 'folio_add_rmap');
  write(folio_maps.at + f, read(folio_maps.at + f) + 1);
  addOwner(f, m, pagesOf(f));
  effect('maps', f, cells[folio_maps.at + f]!, 1);
}
export function folio_remove_rmap(f: number, m = mm): void {
  needs(PTL | PTL_OTHER | PTL_CHILD, 'folio_remove_rmap');
  touches(f, 'folio_remove_rmap');
  write(folio_maps.at + f, read(folio_maps.at + f) - 1);
  removeOwner(f, m, pagesOf(f));
  effect('maps', f, cells[folio_maps.at + f]!, -1);
}

/** A mapping and the `n` references of its entry go in one step. */
export function folio_unmap(f: number, n: number): void {
  folio_remove_rmap(f);
  bump(f, -n);
  freeIfUnused(f);
}
/**
 * All references are mappings, and those of the swap cache: is_refcount_suitable(), mm/khugepaged.c; in 6.18
 * folio_expected_ref_count().
 */
export function is_refcount_suitable(f: number, cached: number): boolean {
  const n = folio_ref_count(f) - cached;
  return n === (folio_test_large(f) ? largeMaps(f) : cells[folio_maps.at + f]!);
}
export const folio_test_anon = (f: number): boolean => (read(folio_flags.at + f) & FOLIO_ANON) !== 0;
/**
 * Stable under the page-table lock of the only address space that maps the folio; without a lock, one
 * unprotected access.
 */
export function PageAnonExclusive(f: number): boolean {
  if ((held & (PTL | PTL_CHILD | PTL_OTHER | PMD_LOCK)) === 0) unprotected('PageAnonExclusive');
  return (read(folio_flags.at + f) & FOLIO_EXCLUSIVE) !== 0;
}
export function SetPageAnonExclusive(f: number): void {
  needs(PTL | PMD_LOCK, 'SetPageAnonExclusive');
  write(folio_flags.at + f, read(folio_flags.at + f) | FOLIO_EXCLUSIVE);
  effect('exclusive', f, 1);
}
export function ClearPageAnonExclusive(f: number): void {
  needs(PTL | PTL_OTHER | PMD_LOCK, 'ClearPageAnonExclusive');
  write(folio_flags.at + f, read(folio_flags.at + f) & ~FOLIO_EXCLUSIVE);
  effect('exclusive', f, 0);
}
/** A page that comes back from swap is anonymous from its first mapping on. */
export function folio_set_anon(f: number): void {
  if ((cells[folio_flags.at + f]! & FOLIO_ANON) === 0)
    write(folio_flags.at + f, cells[folio_flags.at + f]! | FOLIO_ANON);
}
export function folio_set_shmem(f: number): void {
  write(folio_flags.at + f, FOLIO_SHMEM);
}

/** The lock's place is that of the fault's folio (`locks.ts`); `f` must be it. */
export function folio_trylock(f: number): boolean {
  unprotected('folio_trylock');
  if (read(folio_lock.at + headOf(f)) !== 0) return false;
  take('folio_lock', true);
  return true;
}
export function folio_unlock(): void {
  needs(FOLIO_LOCK, 'folio_unlock');
  const f = folioLockAt() - folio_lock.at;
  if (isFreed(f)) breaks(BROKE_USE_AFTER_FREE, f);
  drop('folio_lock');
}
/** Nobody has the folio locked. For guards of rows. */
export const isUnlocked = (f: number): boolean => cells[folio_lock.at + f] === 0;
export const folioLockAt = (): number => LOCKS.folio_lock.at();

/** Puts a new folio into this CPU's batch: it holds a reference until the batch is drained. mm/swap.c */
export function folio_add_lru(f: number): void {
  needs(PTL | PTL_CHILD | MMAP_READ | MMAP_WRITE | VMA_READ | FOLIO_LOCK, 'folio_add_lru');
  // A large folio does not wait in the batch, and takes along what does.
  if (folio_test_large(f)) {
    lru_add_drain();
    return;
  }
  write(folio_batch.at + f, cpuOf[self]! + 1);
  bump(f, 1);
}
/** False while the folio is in some CPU's batch on its way to the LRU; true if it only moves there. */
export function folio_test_lru(f: number): boolean {
  unprotected('folio_test_lru');
  return onLru(f);
}
/** No access is counted. */
export function onLru(f: number): boolean {
  // Reclaim has taken it off: FOLIO_ISOLATED of `swap.ts`.
  if (swap_state.size !== 0 && (read(swap_state.at + headOf(f)) & 4) !== 0) return false;
  return read(folio_batch.at + f) === 0 || (read(folio_flags.at + f) & FOLIO_MOVES) !== 0;
}

// ---- which pages are in use, as reclaim would ask: mm/swap.c ----

function setFlags(f: number, flags: number): void {
  if (cells[folio_flags.at + f] !== flags) write(folio_flags.at + f, flags);
}
const hasAge = (f: number): boolean =>
  now.counts.ages !== 0 &&
  !folio_test_large(f) &&
  !folio_test_hugetlb(f) &&
  (cells[folio_flags.at + f]! & FOLIO_ANON) !== 0;
/** Locked memory is on no list that has an order. */
function isUnevictable(f: number): boolean {
  for (let m = 0; m < now.counts.mms; m++) {
    for (let va = 0; va < pages; va++) {
      const at = pte.at + 2 * (m * pages + va);
      const maps = cells[at + 1] === f && cells[at] !== 0;
      if (maps && (cells[vm_flags.at + m * pages + va]! & VM_LOCKED) !== 0) return true;
    }
  }
  return false;
}
/** The folio moves to another list with the next drain; until then the batch has a reference to it. */
function moveLater(f: number, how: number): void {
  if (cells[folio_batch.at + f] !== 0 || !onLru(f)) return;
  setFlags(f, cells[folio_flags.at + f]! | how);
  write(folio_batch.at + f, cpuOf[self]! + 1);
  bump(f, 1);
}
/** GUP-fast: the page was used. */
export function markReferenced(f: number): void {
  if (!hasAge(f)) return;
  unprotected('PG_referenced');
  setFlags(f, cells[folio_flags.at + f]! | FOLIO_REFERENCED);
}
/** Used once: referenced. Used twice: active, as soon as the batch is drained. */
export function folio_mark_accessed(f: number): void {
  if (!hasAge(f)) return;
  unprotected('folio_mark_accessed');
  const flags = cells[folio_flags.at + f]!;
  if ((flags & FOLIO_REFERENCED) === 0) {
    setFlags(f, flags | FOLIO_REFERENCED);
    return;
  }
  if ((flags & FOLIO_ACTIVE) !== 0 || isUnevictable(f)) return;
  const isNew = cells[folio_batch.at + f] !== 0 && (flags & FOLIO_MOVES) === 0;
  setFlags(f, (flags & ~FOLIO_REFERENCED) | (isNew ? FOLIO_ACTIVE : 0));
  if (!isNew) moveLater(f, FOLIO_ACTIVATES);
}
/** MADV_COLD: not used lately. */
export function folio_deactivate(f: number): void {
  if (!hasAge(f)) return;
  unprotected('folio_deactivate');
  const flags = cells[folio_flags.at + f]! & ~FOLIO_REFERENCED;
  setFlags(f, flags);
  if ((flags & FOLIO_ACTIVE) !== 0 && !isUnevictable(f)) moveLater(f, FOLIO_DEACTIVATES);
}
/** Empties the batch of this CPU, and only of this one. A local lock makes it one step. */
export function lru_add_drain(): void {
  drain(cpuOf[self]! + 1);
}
/** The batches of all CPUs, by work on each of them that is waited for. */
export function lru_add_drain_all(): void {
  for (let t = 0, n = now.counts.threads; t < n; t++) drain(cpuOf[t]! + 1);
}
function drain(mine: number): void {
  for (let f = 1; f < now.counts.folios; f++) {
    if (cells[folio_batch.at + f] !== mine) continue;
    write(folio_batch.at + f, 0);
    const flags = cells[folio_flags.at + f]!;
    if ((flags & FOLIO_ACTIVATES) !== 0) setFlags(f, (flags & ~FOLIO_ACTIVATES) | FOLIO_ACTIVE);
    if ((flags & FOLIO_DEACTIVATES) !== 0) setFlags(f, flags & ~(FOLIO_DEACTIVATES | FOLIO_ACTIVE));
    bump(f, -1);
    effect('drained', f, 0);
    freeIfUnused(f);
  }
}

/** Bytes of a folio: an index into `Plan.stored`. One unprotected access unless nobody else can reach it. */
export function folio_bytes(f: number): number {
  touches(f, 'reading the page');
  return read(folio_stored.at + f);
}
/** `old`: they count as written before every fork. */
export function set_folio_bytes(f: number, stored: number, old = false): void {
  touches(f, 'writing the page');
  write(folio_stored.at + f, stored);
  write(folio_epoch.at + f, old ? 0 : read(epoch.at));
  effect('store', f, stored);
}
/**
 * Copies a whole page. The target is private to the copier; reading the source is the one unprotected
 * access.
 */
export function copy_user_highpage(to: number, from: number): void {
  touches(from, 'copying the page');
  write(folio_stored.at + to, read(folio_stored.at + from));
  write(folio_epoch.at + to, read(folio_epoch.at + from));
  effect('copy', to, from);
}

/** The same for all pages of a huge page. */
export function copy_huge_page(to: number, from: number): void {
  touches(from, 'copying the huge page');
  const source = pagesIn(from);
  pagesIn(to).forEach((page, i) => {
    write(folio_stored.at + page, read(folio_stored.at + source[i]!));
    write(folio_epoch.at + page, read(folio_epoch.at + source[i]!));
    effect('copy', page, source[i]!);
  });
}

// ---- the owner of a page that had other references when it was shared: a proposal ----

/** Process whose references fork left on the page, -1 = none. */
export function folio_gup_owner(f: number): number {
  unprotected('gup_owner');
  return read(folio_owner.at + f) - 1;
}
/** Atomic, as a bit of the page flags would be: other processes map the page, too. */
export function folio_set_gup_owner(f: number, m: number): void {
  needs(PTL, 'gup_owner');
  unprotected('gup_owner');
  write(folio_owner.at + f, m + 1);
  effect('gup_owner', f, m);
}
