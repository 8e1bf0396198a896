/**
 * Migration: a page moves to another folio, of another NUMA node. Its entries become migration entries, then
 * the references are counted, and whoever else has one keeps the page where it is. mm/migrate.c, mm/rmap.c.
 */
import { locals } from '../frame.ts';
import { MIGRATE_CHECKS_COUNT, guarded } from '../guards.ts';
import { rules } from '../rules.ts';
import { call, routine } from '../steps.ts';
import type { Ref, Step } from '../steps.ts';
import {
  FOLIO_ANON,
  PageAnonExclusive,
  SetPageAnonExclusive,
  ZERO_PAGE,
  allocLarge,
  copy_huge_page,
  copy_user_highpage,
  folio_add_anon_rmap_pmd,
  folio_add_lru,
  folio_alloc,
  folio_get,
  folio_mapcount,
  folio_put,
  folio_ref_count,
  folio_remove_rmap_pmd,
  folio_test_anon,
  folio_test_lru,
  folio_unlock,
  hasFreeFolios,
  has_free_folio,
  lru_add_drain,
  lru_add_drain_all,
  onLru,
  pageAt,
} from '../verbs/folio.ts';
import { entireMaps, folio_test_large, headOf, pagesIn, slotOf } from '../verbs/large.ts';
import { folio_migrate_flags, folio_nid } from '../verbs/migrate.ts';
import { spanOf } from '../verbs/mthp.ts';
import {
  hugeFolio,
  isHugeHere,
  pmdRevalidate,
  pmdp_get,
  pmdp_invalidate,
  setHugePmd,
  splitOf,
} from '../verbs/pmd.ts';
import { mk_pte, pte_counted, pte_folio, pte_offset, pte_offset_of, ptep_get } from '../verbs/pte.ts';
import { likelyShared, mapsOfPage } from '../verbs/split.ts';
import { refsOfCache, swap_cache_moves } from '../verbs/swap.ts';
import { every_cpu_answers, flush_tlb_range } from '../verbs/tlb.ts';
import { vmf } from '../vmf.ts';
import { cells, decided, folio_flags, now, op } from '../world.ts';
import { remove_migration_ptes, try_to_migrate } from './rmap.ts';

// The folio that moves is that of `vmf.orig_pte`, so that its lock is found; `vmf.new_folio` where it moves
// to.

/** In `vmf.flags`, where no fault is meanwhile: the bytes are in the new folio; its node; it stays. */
const MOVED = 1,
  NODE = 2,
  STAYS = 4;
const from = (): number => pte_folio(vmf.orig_pte);
const entry = (): number => ptep_get(pte_offset(op.va));

const target: Ref = {
  label: 'migration, new page',
  folios: () => (vmf.new_folio === 0 ? [] : [vmf.new_folio]),
};
const both = [target];
const locked = ['folio_lock'] as const;
const restore_entries = remove_migration_ptes(
  (page) => headOf(page) === headOf(from()),
  (page) => {
    if ((vmf.flags & MOVED) === 0) return page;
    return folio_test_large(page) ? pageAt(vmf.new_folio, slotOf(page)) : vmf.new_folio;
  },
);
/** Of a large folio, each page has its place in the new one. */
function copies(): void {
  const pages = pagesIn(vmf.new_folio),
    node = (vmf.flags & NODE) !== 0 ? 1 : 0;
  if (folio_test_large(from())) copy_huge_page(vmf.new_folio, from());
  else copy_user_highpage(vmf.new_folio, from());
  pagesIn(from()).forEach((page, i) => folio_migrate_flags(pages[i]!, page, node));
  vmf.flags |= MOVED;
}
/** Somebody else maps it: do_pages_move() leaves it, as far as it can tell. */
const isShared = (f: number): boolean => {
  if (!folio_test_large(f)) return folio_mapcount(f) !== 1;
  return rules.adviceSplits === 'batch' ? likelyShared(f) : mapsOfPage(f) !== 1;
};
const mapping: Ref = { label: 'old mapping', folios: () => [from()] };
const inPmd = ['folio_lock', 'pmd_lock'] as const;

/** Entered with a reference to the folio, and without locks. migrate_folio_unmap(), move_to_new_folio(). */
const unmap_and_move = routine(
  'unmap_and_move',
  { file: 'mm/migrate.c', exits: ['done'], locals: vmf },
  {
    alloc: {
      says: 'Take a page on the other node, {folio}.',
      keeps: both,
      when: () => {
        const n = pagesIn(from()).length;
        return n === 1 ? has_free_folio() : hasFreeFolios(n);
      },
      awaits: 'waits for a free page',
      run: () => {
        const span = spanOf(from());
        vmf.new_folio = folio_test_large(from()) ? allocLarge(span.from, span.to) : folio_alloc();
        return 'lock_page';
      },
    },
    lock_page: {
      says: 'Lock the page that is to move.',
      keeps: both,
      takes: 'folio_lock',
      run: () => {
        splitOf(from());
        return entireMaps(from()) === 0 ? 'unmap' : 'lock_pmd';
      },
    },

    // ---- a huge page that a PMD entry maps, which its lock keeps from everybody meanwhile ----

    lock_pmd: {
      where: 'thp',
      says: 'Lock the PMD table: does its entry still map the huge page?',
      takes: 'pmd_lock',
      keeps: both,
      run: () => (isHugeHere() && hugeFolio(op.region) === headOf(from()) ? 'invalidate' : 'unlock_pmd'),
    },
    invalidate: {
      where: 'thp',
      says: 'Mark the entry as not present, and flush: nobody finds the huge page any more.',
      holds: inPmd,
      keeps: both,
      when: every_cpu_answers,
      awaits: 'waits for a CPU that has interrupts off',
      mark: 'flush',
      run: () => {
        const { at, pages } = now.plan!.regions[op.region]!;
        pmdp_invalidate(op.region);
        flush_tlb_range(at, pages);
        return 'count_huge';
      },
    },
    count_huge: {
      where: 'thp',
      says: 'Has anybody but the entry and the migration a reference?',
      holds: inPmd,
      keeps: both,
      run: () => {
        const n = folio_ref_count(from());
        decided('refcount 2?', from(), n, n === 2 ? 'move it' : 'leave it');
        return n === 2 || !guarded(MIGRATE_CHECKS_COUNT) ? 'copy_huge' : 'revalidate';
      },
      so: { revalidate: '{folio} has {refcount} references: it stays where it is.' },
    },
    revalidate: {
      where: 'thp',
      says: 'Put the entry back as it was.',
      holds: inPmd,
      keeps: both,
      run: () => {
        pmdRevalidate(op.region);
        vmf.flags |= STAYS;
        return 'unlock_pmd';
      },
    },
    copy_huge: {
      where: 'thp',
      says: 'Copy the huge page. Nobody can reach it meanwhile.',
      holds: inPmd,
      keeps: both,
      mark: 'copy',
      run: () => {
        copies();
        return 'install_huge';
      },
    },
    install_huge: {
      where: 'thp',
      says: 'The entry maps {folio}, with the rights that it had.',
      holds: inPmd,
      keeps: both,
      run: () => {
        const bits = ptep_get(pte_offset(now.plan!.regions[op.region]!.at)) & 255,
          pages = pagesIn(vmf.new_folio);
        folio_get(vmf.new_folio);
        pagesIn(from()).forEach((page, i) => {
          if (rules.hasExclusive && PageAnonExclusive(page)) SetPageAnonExclusive(pages[i]!);
        });
        folio_add_anon_rmap_pmd(vmf.new_folio);
        folio_remove_rmap_pmd(from());
        pmdRevalidate(op.region);
        setHugePmd(op.region, vmf.new_folio, bits);
        return 'put_mapping';
      },
    },
    put_mapping: {
      where: 'thp',
      says: 'Drop the reference that the entry had to the old one.',
      holds: inPmd,
      keeps: [...both, mapping],
      run: () => {
        folio_put(from());
        return 'unlock_pmd';
      },
    },
    unlock_pmd: {
      where: 'thp',
      says: 'Unlock the PMD table.',
      holds: inPmd,
      drops: ['pmd_lock'],
      keeps: both,
      run: () => ((vmf.flags & (MOVED | STAYS)) !== 0 ? 'unlock_page' : 'unmap'),
    },

    // ---- entries ----

    unmap: { ...call(try_to_migrate, { done: 'mapped', failed: 'restore' }), keeps: both },

    // ---- move_to_new_folio() ----

    mapped: {
      says: 'Does any page table still map it?',
      holds: locked,
      keeps: both,
      run: () => (folio_mapcount(from()) === 0 ? 'count' : 'restore'),
    },
    count: {
      says: 'Has anybody but the migration a reference? Whoever has would be left with the old page.',
      holds: locked,
      keeps: both,
      run: () => {
        const n = folio_ref_count(from()),
          alone = n === 1 + (now.counts.swap === 0 ? 0 : refsOfCache(from()));
        decided('refcount 1?', from(), n, alone ? 'move it' : 'leave it');
        return alone || !guarded(MIGRATE_CHECKS_COUNT) ? 'copy' : 'restore';
      },
      so: {
        copy: 'Nobody else has {folio}: it may move.',
        restore: '{folio} has {refcount} references: it stays where it is.',
      },
    },
    copy: {
      says: 'Copy the page. Nobody can reach it meanwhile.',
      holds: locked,
      keeps: both,
      mark: 'copy',
      run: () => {
        copies();
        swap_cache_moves(from(), vmf.new_folio);
        return 'add_lru';
      },
    },
    add_lru: {
      says: 'The new page goes to the LRU list, by way of the batch of this CPU.',
      holds: locked,
      keeps: both,
      run: () => {
        folio_add_lru(vmf.new_folio);
        return 'restore';
      },
    },

    restore: { ...call(restore_entries, { done: 'unlock_page' }), keeps: both },
    unlock_page: {
      says: 'Unlock the page: who waits for it goes on.',
      holds: locked,
      keeps: both,
      run: () => {
        folio_unlock();
        splitOf(0);
        return 'put_new';
      },
    },
    put_new: {
      says: 'Drop the reference to the new page: its entries have their own, or it was not needed.',
      keeps: both,
      run: () => {
        const f = vmf.new_folio;
        vmf.new_folio = 0;
        folio_put(f);
        return 'done';
      },
    },
  },
);

const move = locals({ page: 'folio' });
const followed: Ref = { label: 'migration', folios: () => (move.page === 0 ? [] : [move.page]) };
const putMoved = <To extends string>(next: To): Step<To> => ({
  says: 'Drop the reference of the migration: a page that has moved is freed now.',
  keeps: [followed],
  run: () => {
    const f = move.page;
    move.page = 0;
    folio_put(f);
    return next;
  },
});

/** move_pages() of one page. What could not be moved is told in a status that nobody here reads. */
export const move_pages = routine(
  'do_pages_move',
  { file: 'mm/migrate.c', exits: ['end'], locals: move },
  {
    drain: {
      says: 'Empty the LRU batches of all CPUs: a page in one cannot be isolated.',
      run: () => {
        lru_add_drain_all();
        return 'lock';
      },
    },
    lock: {
      says: 'Keep the mappings from changing: {mmap_lock} for reading.',
      takes: 'mmap_lock:read',
      next: 'lock_pte',
    },
    pmd: {
      where: 'tables',
      before: 'lock_pte',
      says: 'Is there a page table?',
      holds: ['mmap_lock:read'],
      run: () => {
        const kind = pmdp_get(op.va);
        return kind === 'none' ? 'unlock' : kind === 'huge' ? 'look_huge' : 'lock_pte';
      },
      so: { look_huge: 'The PMD entry maps a huge page, which moves as a whole.' },
    },
    look_huge: {
      where: 'thp',
      says: 'Lock the PMD table: is it on the other node, and does nobody else map it? Then hold it.',
      holds: ['mmap_lock:read'],
      takes: 'pmd_lock',
      run: () => {
        const f = isHugeHere() ? hugeFolio(op.region) : ZERO_PAGE;
        if (f !== ZERO_PAGE && folio_nid(f) !== op.flags && !isShared(f)) move.page = f;
        return move.page === 0 ? 'unlock_look' : 'get_huge';
      },
    },
    get_huge: {
      where: 'thp',
      says: 'Take a reference to {folio}.',
      holds: ['mmap_lock:read', 'pmd_lock'],
      run: () => {
        folio_get(move.page);
        return 'unlock_look';
      },
    },
    unlock_look: {
      where: 'thp',
      says: 'Unlock the PMD table.',
      holds: ['mmap_lock:read', 'pmd_lock'],
      drops: ['pmd_lock'],
      keeps: [followed],
      run: () => (move.page === 0 ? 'unlock' : 'isolate'),
    },
    lock_pte: {
      says: 'Look at the entry: is there a private page, and on the other node?',
      holds: ['mmap_lock:read'],
      takes: 'ptl',
      run: () => {
        const pte = entry(),
          f = pte_folio(pte);
        return pte_counted(pte) && folio_test_anon(f) && folio_nid(f) !== op.flags ? 'maps' : 'unlock_pte';
      },
      so: { unlock_pte: 'There is nothing to move at {page}.' },
    },
    maps: {
      says: 'Does any other process map it? Those pages are left alone.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        const f = pte_folio(entry()),
          others = isShared(f);
        decided('mapped by others?', f, others ? 1 : 0, others ? 'leave it' : 'move it');
        return others ? 'unlock_pte' : 'get';
      },
    },
    get: {
      says: 'Take a reference to {folio}.',
      holds: ['mmap_lock:read', 'ptl'],
      run: () => {
        move.page = pte_folio(entry());
        folio_get(move.page);
        return 'unlock_pte';
      },
    },
    unlock_pte: {
      says: 'Let go of the page table.',
      holds: ['mmap_lock:read', 'ptl'],
      drops: ['ptl'],
      keeps: [followed],
      run: () => (move.page === 0 ? 'unlock' : 'isolate'),
    },
    isolate: {
      says: 'Take it off its LRU list.',
      holds: ['mmap_lock:read'],
      keeps: [followed],
      run: () => {
        if (!folio_test_lru(move.page)) return 'busy';
        return 'unlock_isolated';
      },
      so: { busy: 'It is on its way to a list: leave it.' },
    },
    unlock_isolated: {
      says: 'Let the mappings go: the page is moved without their lock.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      keeps: [followed],
      run: () => {
        vmf.orig_pte = mk_pte(move.page, 0);
        vmf.flags = op.flags !== 0 ? NODE : 0;
        return 'migrate';
      },
    },
    migrate: { ...call(unmap_and_move, { done: 'put' }), keeps: [followed] },
    busy: {
      says: 'Let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      keeps: [followed],
      next: 'put',
    },
    put: putMoved('end'),
    unlock: {
      says: 'Let the mappings go.',
      holds: ['mmap_lock:read'],
      drops: ['mmap_lock:read'],
      next: 'end',
    },
  },
);

/** The entry that names what an actor moves. Compaction finds pages by their frames: it looks at none. */
const victim = (): number => {
  const at = pte_offset_of(op.slot, op.va);
  return cells[at]! | (cells[at + 1]! << 8);
};
/** A private page that is on an LRU list. Pure. */
function mayMove(): boolean {
  const e = victim(),
    f = pte_folio(e);
  return (
    pte_counted(e) && (cells[folio_flags.at + f]! & FOLIO_ANON) !== 0 && onLru(f) && !folio_test_large(f)
  );
}
/** Compaction, memory that goes offline, a device that wants one range: a page moves at any time. */
export const compact = routine(
  'migrate_pages',
  { file: 'mm/migrate.c', exits: ['end'], locals: move },
  {
    isolate: {
      says: 'Take {folio} off its LRU list, with a reference, to move it.',
      when: mayMove,
      awaits: 'has no page to move',
      run: () => {
        move.page = pte_folio(victim());
        folio_get(move.page);
        vmf.orig_pte = mk_pte(move.page, 0);
        vmf.flags = folio_nid(move.page) !== 0 ? NODE : 0;
        return 'migrate';
      },
    },
    migrate: { ...call(unmap_and_move, { done: 'put' }), keeps: [followed] },
    put: putMoved('drain'),
    drain: {
      says: 'The new page leaves the LRU batch of this CPU.',
      run: () => {
        if (now.plan!.switches.lru === 'drained') lru_add_drain();
        return 'isolate';
      },
    },
  },
);
