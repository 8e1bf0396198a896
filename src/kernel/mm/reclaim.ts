/**
 * Pages are taken away: one page goes to swap, or is dropped because nobody needs its bytes.
 * shrink_folio_list() (shrink_page_list() before) and try_to_unmap(), mm/vmscan.c and mm/rmap.c. Each entry
 * is flushed as it is cleared: that Linux may put this off until the page is written is not here
 * (docs/limits.md).
 */
import { RECLAIM_ASKS_REFS, RECLAIM_FLUSHES, RECLAIM_SKIPS_PINNED, guarded } from '../guards.ts';
import { walkToTable } from '../locks.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref } from '../steps.ts';
import {
  ClearPageAnonExclusive,
  PageAnonExclusive,
  folio_maybe_dma_pinned,
  folio_put,
  folio_ref_count,
  folio_remove_rmap,
  folio_trylock,
  folio_unlock,
} from '../verbs/folio.ts';
import { entireMaps, folio_test_large, headOf, largeMaps, pagesOf } from '../verbs/large.ts';
import { lazy_page_gone } from '../verbs/mm.ts';
import { splitOf } from '../verbs/pmd.ts';
import {
  PTE_DIRTY,
  PTE_SOFT_DIRTY,
  PTE_SWP_EXCLUSIVE,
  PTE_UFFD_WP,
  mk_pte,
  mk_swap_pte,
  pte_counted,
  pte_folio,
  pte_offset_of,
  ptep_get,
  set_pte_at_other,
} from '../verbs/pte.ts';
import {
  add_to_swap,
  folio_mark_dirty,
  folio_putback_lru,
  folio_swap,
  folio_test_dirty,
  folio_test_lazy,
  folio_test_swapcache,
  remove_mapping,
  set_lazy,
  swap_duplicate,
  swap_free,
  swap_writepage,
  delete_from_swap_cache,
  refsOfCache,
} from '../verbs/swap.ts';
import { isHuge } from '../verbs/region.ts';
import { can_split_folio, isPartiallyMapped } from '../verbs/split.ts';
import { every_cpu_answers_of, flush_tlb_page_of } from '../verbs/tlb.ts';
import { VM_LOCKED, region_of, vmaFlags } from '../verbs/vma.ts';
import { vmf } from '../vmf.ts';
import { cells, decided, folio_maps, leave, now, pages, pte, visit } from '../world.ts';
import { toReclaim } from './aged.ts';
import { split_folio, takeParts } from './split-folio.ts';
import { split_huge_pmd } from './split-huge.ts';

/**
 * In `vmf`: `orig_pte` names the page; `around` and `how` are the process and the page slot of the entry that
 * the walk has come to; `flags` the bits that this entry had.
 */
const folio = (): number => pte_folio(vmf.orig_pte);
const va = (): number => vmf.how.get(0);
const ptep = (): number => pte_offset_of(vmf.around, va());
const maps = (e: number): boolean => pte_counted(e) && headOf(pte_folio(e)) === headOf(folio());
/** Reclaim's own reference: the page is off the LRU. */
export const isolated: Ref = { label: 'reclaim', folios: () => [folio()] };
/** The entry that was cleared, and counts until it names the slot. */
const unmapping: Ref = { label: 'entry on its way out', folios: () => [folio()], mapped: true };
const slotted: Ref = { label: 'entry to be', folios: () => [folio_swap(folio())] };
const walking = ['folio_lock', 'ptl:other'] as const;
const locked = ['folio_lock'] as const;

/** Some entry of those that are cleared together says that its page was written: folio_unmap_pte_batch(). */
function batchIsDirty(): boolean {
  const { at, pages: n } = now.plan!.regions[region_of(va())]!;
  for (let i = va(); i < at + n; i++) {
    const e = ptep_get(pte_offset_of(vmf.around, i));
    if (!maps(e)) return false;
    if ((e & PTE_DIRTY) !== 0) return true;
  }
  return false;
}

/** Goes to the next entry that maps the page, as far as a look without its lock can tell. */
function nextMapping(): boolean {
  for (let i = vmf.around * pages + va(), n = now.counts.mms * pages; i < n; i++) {
    const e = cells[pte.at + 2 * i]! | (cells[pte.at + 2 * i + 1]! << 8);
    if (!maps(e)) continue;
    vmf.around = Math.trunc(i / pages);
    vmf.how.set(0, i % pages);
    walkToTable(region_of(va()));
    return true;
  }
  walkToTable(-1);
  return false;
}
/** The entry is that of a huge page, which is split first. */
const isHugeThere = (): boolean => isHuge(vmf.around, region_of(va()));
const afterWalk = (): 'drop_lazy' | 'unmapped' => (isLazy() ? 'drop_lazy' : 'unmapped');
/** What cannot go as it is: without slots in one row, until 4.13; mapped by PTEs, until 6.9. */
function splitsFirst(): boolean {
  if (rules.reclaimSplits === 'all') return true;
  return rules.reclaimSplits === 'no pmd' ? entireMaps(folio()) === 0 : isPartiallyMapped(folio());
}
const isLazy = (): boolean => folio_test_lazy(folio());
const pinsMatter = (): boolean => rules.reclaimSkipsPinned && guarded(RECLAIM_SKIPS_PINNED);

/**
 * Entered with the page in `vmf.orig_pte`, off the LRU, and a reference to it. Exits when the page is gone,
 * and the reference with it; or when it is to be kept: then the caller puts it back.
 */
export const shrink_folio = routine(
  'try_to_unmap',
  { file: 'mm/rmap.c', exits: ['gone', 'kept'], locals: vmf },
  {
    trylock: {
      says: 'Lock {folio}, but never sleep for it.',
      keeps: [isolated],
      run: () => (folio_trylock(folio()) ? 'look' : 'kept'),
      so: { kept: 'Somebody has {folio} locked: leave it alone.' },
    },
    look: {
      says: 'Has {folio} a place in swap already, or needs it none?',
      holds: locked,
      keeps: [isolated],
      run: () => (isLazy() || folio_test_swapcache(folio()) ? 'walk' : pinsMatter() ? 'pinned' : 'add'),
    },
    can_split: {
      where: 'splits',
      before: 'add',
      says: 'Is it a large folio, and has anybody a reference that is no mapping?',
      holds: locked,
      keeps: [isolated],
      run: () => {
        if (!folio_test_large(folio())) return 'add';
        if (!can_split_folio(folio())) return 'unlock_keep';
        return splitsFirst() ? 'split' : 'add';
      },
      so: {
        unlock_keep: 'Somebody has a reference to the large folio: leave it alone.',
        split: 'The large folio is split first: its pages go one by one.',
      },
    },
    split: {
      where: 'splits',
      says: 'Take {folio} apart.',
      holds: locked,
      keeps: [isolated],
      run: () => {
        splitOf(folio());
        return 'split_folio';
      },
    },
    split_folio: {
      where: 'splits',
      ...call(split_folio, { done: 'add', failed: 'unlock_keep' }, () => {
        takeParts(toReclaim);
        splitOf(0);
      }),
      keeps: [isolated],
    },
    pinned: {
      on: pinsMatter,
      says: 'May {folio} be pinned? Then it cannot go, and it must not be unmapped.',
      holds: locked,
      keeps: [isolated],
      run: () => {
        const yes = folio_maybe_dma_pinned(folio());
        decided('pinned?', folio(), yes ? 1 : 0, yes ? 'leave it alone' : 'go on');
        return yes ? 'unlock_keep' : 'add';
      },
      so: { unlock_keep: '{folio} is pinned: leave it alone.' },
    },
    add: {
      says: 'Give {folio} a slot, and put it into the swap cache.',
      holds: locked,
      keeps: [isolated],
      run: () => {
        if (add_to_swap(folio())) return 'walk';
        return folio_test_large(folio()) ? 'split' : 'unlock_keep';
      },
      so: {
        unlock_keep: 'Swap is full.',
        split: 'There are not that many slots in one row: its pages go one by one.',
      },
    },
    walk: {
      says: 'Find the next page table that maps {folio}.',
      holds: locked,
      keeps: [isolated],
      run: () => {
        if (!nextMapping()) return afterWalk();
        return isHugeThere() ? 'visit_huge' : 'lock_pte';
      },
      so: {
        unmapped: 'No page table maps {folio} any more.',
        drop_lazy: 'No page table maps {folio} any more.',
        visit_huge: 'A PMD entry maps all of {folio}.',
      },
    },
    visit_huge: {
      where: 'splits',
      says: 'A PMD entry maps all of {folio}: it is split first.',
      holds: locked,
      keeps: [isolated],
      run: () => {
        visit(vmf.around, va());
        return 'split_huge';
      },
    },
    split_huge: {
      where: 'splits',
      ...call(split_huge_pmd, { done: 'lock_pte' }, leave),
      keeps: [isolated],
    },
    lock_pte: {
      says: 'Take its lock: does it still map {folio}?',
      holds: locked,
      takes: 'ptl:other',
      keeps: [isolated],
      run: () => {
        if (!maps(ptep_get(ptep())) || isHugeThere()) return 'unlock_pte';
        return (vmaFlags(vmf.around, va()) & VM_LOCKED) !== 0 ? 'give_up' : 'clear';
      },
      so: { unlock_pte: 'It does not.', give_up: 'The memory is locked: leave the page where it is.' },
    },
    clear: {
      says: 'Clear the entry; what it said is kept for the one that takes its place.',
      holds: walking,
      keeps: [isolated],
      run: () => {
        // Which page it is, of a large folio; its lock is that of the whole.
        vmf.orig_pte = mk_pte(pte_folio(ptep_get(ptep())), 0);
        vmf.flags = ptep_get(ptep()) & 255;
        const together = isLazy() && folio_test_large(folio()) && rules.lazyUnmapsTogether,
          dirty = together ? batchIsDirty() : (vmf.flags & PTE_DIRTY) !== 0;
        set_pte_at_other(ptep(), 0);
        if (dirty) folio_mark_dirty(folio());
        return 'flush';
      },
    },
    flush: {
      says: 'Flush it on all CPUs of that process: nobody may store to {folio} any more.',
      holds: walking,
      keeps: [isolated, unmapping],
      when: () => every_cpu_answers_of(vmf.around),
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        if (guarded(RECLAIM_FLUSHES)) flush_tlb_page_of(vmf.around, va());
        return isLazy() ? 'lazy' : 'duplicate';
      },
    },
    duplicate: {
      says: 'One more entry is going to name the slot.',
      holds: walking,
      keeps: [isolated, unmapping],
      run: () => {
        swap_duplicate(folio_swap(folio()));
        return rules.hasExclusive ? 'exclusive' : 'set_entry';
      },
    },
    exclusive: {
      on: () => rules.hasExclusive,
      says: 'Is {folio} exclusive, and pinned by now?',
      holds: walking,
      keeps: [isolated, unmapping, slotted],
      run: () => {
        if (!PageAnonExclusive(folio())) return 'set_entry';
        return pinsMatter() && folio_maybe_dma_pinned(folio()) ? 'undo' : 'set_entry';
      },
      so: { undo: 'Somebody has pinned {folio}: put the entry back.' },
    },
    undo: {
      on: () => rules.hasExclusive,
      says: 'The slot is not needed.',
      holds: walking,
      keeps: [isolated, unmapping, slotted],
      run: () => {
        swap_free(folio_swap(folio()));
        return 'restore';
      },
    },
    restore: {
      says: 'Put the entry back as it was.',
      holds: walking,
      keeps: [isolated, unmapping],
      run: () => {
        set_pte_at_other(ptep(), mk_pte(folio(), vmf.flags));
        return 'give_up';
      },
    },
    give_up: {
      says: 'Let go of the page table.',
      holds: walking,
      drops: ['ptl:other'],
      keeps: [isolated],
      next: 'unlock_keep',
    },
    set_entry: {
      says: 'The entry names the slot now, and the map count falls.',
      holds: walking,
      keeps: [isolated, unmapping, slotted],
      run: () => {
        const own = rules.hasExclusive && PageAnonExclusive(folio());
        if (own) ClearPageAnonExclusive(folio());
        const kept = vmf.flags & (PTE_SOFT_DIRTY | PTE_UFFD_WP);
        const mark = own && rules.swapMarksExclusive ? PTE_SWP_EXCLUSIVE : 0;
        set_pte_at_other(ptep(), mk_swap_pte(folio_swap(folio()), kept | mark));
        folio_remove_rmap(folio(), vmf.around);
        return 'put_mapping';
      },
    },
    put_mapping: {
      says: 'Drop the reference that the entry had.',
      holds: walking,
      keeps: [isolated, unmapping],
      run: () => {
        folio_put(folio(), pagesOf(folio()));
        return 'unlock_pte';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: walking,
      drops: ['ptl:other'],
      keeps: [isolated],
      next: 'walk',
    },

    // ---- a page that MADV_FREE has given up ----

    lazy: {
      where: 'lazy',
      says: 'Nobody needs the bytes of {folio}, unless somebody has stored there since. Who holds it?',
      holds: walking,
      keeps: [isolated, unmapping],
      run: () => {
        if (folio_test_dirty(folio())) return 'unlazy';
        if (!rules.lazyFreeAsksRefs) return 'discard';
        // The entry is still counted, and so is reclaim itself.
        const n = folio_ref_count(folio()),
          expected = 1 + mapsNow();
        decided('other references?', folio(), n - expected, n === expected ? 'drop the page' : 'keep it');
        return n === expected ? 'discard' : 'unlazy';
      },
      so: {
        unlazy: '{folio} was written since, or may be: somebody holds it.',
        discard: 'Nobody has stored to {folio} since, and nobody holds it.',
      },
    },
    unlazy: {
      where: 'lazy',
      says: '{folio} is ordinary memory again.',
      holds: walking,
      keeps: [isolated, unmapping],
      run: () => {
        set_lazy(folio(), false);
        return 'restore';
      },
    },
    discard: {
      where: 'lazy',
      says: 'Leave the entry empty: the next use finds zeros.',
      holds: walking,
      keeps: [isolated, unmapping],
      run: () => {
        lazy_page_gone(vmf.around, va());
        folio_remove_rmap(folio(), vmf.around);
        return 'put_mapping';
      },
    },
    drop_lazy: {
      where: 'lazy',
      says: 'Nothing maps {folio} any more, and its bytes are not kept. Does anybody hold it?',
      holds: locked,
      keeps: [isolated],
      run: () => (folio_ref_count(folio()) === 1 ? 'unlock_gone' : 'unlock_keep'),
    },

    // ---- the page itself ----

    unmapped: {
      says: 'Does anybody still hold {folio}, or map it again?',
      holds: locked,
      keeps: [isolated],
      run: () => {
        if (!guarded(RECLAIM_ASKS_REFS)) return 'write';
        const n = folio_ref_count(folio()),
          alone = n === 1 + refsOfCache(folio());
        decided('swap cache and reclaim only?', folio(), n, alone ? 'write it out' : 'keep it');
        return alone ? 'write' : 'unlock_keep';
      },
      so: { unlock_keep: 'Somebody holds {folio}: it stays in the swap cache.' },
    },
    write: {
      says: 'Write {folio} to its slot.',
      holds: locked,
      keeps: [isolated],
      mark: 'copy',
      run: () => {
        swap_writepage(folio());
        return 'remove';
      },
    },
    remove: {
      says: 'If still nobody else holds {folio}, take it out of the swap cache.',
      holds: locked,
      keeps: [isolated],
      run: () => {
        if (!guarded(RECLAIM_ASKS_REFS)) delete_from_swap_cache(folio());
        else if (!remove_mapping(folio())) return 'unlock_keep';
        return 'unlock_gone';
      },
      so: {
        unlock_keep: 'Somebody holds {folio} by now: it stays in the swap cache.',
        unlock_gone: '{folio} has left the swap cache: only the slot has its bytes.',
      },
    },
    unlock_gone: {
      says: 'Unlock {folio}.',
      holds: locked,
      keeps: [isolated],
      run: () => {
        walkToTable(-1);
        folio_unlock();
        return 'free';
      },
    },
    free: {
      says: 'Drop the last reference: {folio} is free.',
      keeps: [isolated],
      run: () => {
        folio_putback_lru(folio());
        folio_put(folio());
        vmf.orig_pte = 0;
        return 'gone';
      },
    },
    unlock_keep: {
      says: 'Unlock {folio}.',
      holds: locked,
      keeps: [isolated],
      run: () => {
        walkToTable(-1);
        folio_unlock();
        return 'kept';
      },
    },
  },
);
/** Read with the reference count, in one look: both are atomic, and the order does not matter here. */
const mapsNow = (): number =>
  folio_test_large(folio()) ? largeMaps(folio()) : cells[folio_maps.at + folio()]!;
